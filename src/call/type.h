/* SPDX-License-Identifier: MIT */
/*
 * Parameter types. A type is one row: how it is read from text, which values it accepts,
 * what completes it, how Lua writes it. No other code asks for the type of a parameter. A
 * file of calls may define a type of its own.
 */
#ifndef DEVSH_CALL_TYPE_H
#define DEVSH_CALL_TYPE_H

#include <devsh/call.h>

#include "lib/buf.h"

/* A value on its way to becoming an argument. */
struct bind {
	struct machine *m;
	const struct param *p;
	const char *text;      /* for bind() */
	struct value *out;
	bool c_numbers;        /* for fits(): convert numbers as C does; -1 is SIZE_MAX */
	char *why;             /* one line, if it does not fit */
	size_t whysize;
};

/* Formats "NAME 'TEXT': ..."; returns err. */
__attribute__((format(printf, 3, 4)))
int bind_error(const struct bind *b, int err, const char *fmt, ...);

/* Completions for the word at the cursor. */
struct offers {
	struct machine *m;
	const struct param *p;
	const char *prefix;    /* the word so far; fn() drops what does not begin with it */
	void (*fn)(void *to, const char *word);
	void *to;
};

/* How much of a line a parameter takes. */
enum takes { ONE_WORD, REST_AS_TEXT, REST_AS_CALLS };

/* What a block or a Lua function is turned into. */
enum takes_code { NO_CODE, CODE, NAMED_CODE /* a symbol of the kernel */ };

struct param_type {
	const char *wants;     /* what a script has to pass: "a pointer" */
	/* 0, or -errno with a line in why. NULL: accepts any text. */
	int (*bind)(const struct bind *b);
	/*
	 * Converts a typed value into what the call gets. -EINVAL without a line: it does
	 * not fit. NULL: accepts none.
	 */
	int (*fits)(const struct bind *b, struct value *v);
	/*
	 * Offers completions; returns what follows the word: ' ', '/', or '\0'. NULL: no
	 * completion.
	 */
	char (*offer)(const struct offers *o);
	/* Writes the text as a Lua literal. NULL: as a string. */
	void (*lua)(struct buf *out, const char *text);
	enum takes takes;
	enum takes_code code;
	const char *args;      /* arguments of code, unless the entry has its own */
	char list;             /* separator of a list; 0: not a list */
	bool digits;           /* a script's number is passed as its digits */
};

/* numbers: type_number.c */
extern const struct param_type
	type_size, type_int, type_node, type_gfp, type_bool;
/* devices, pointers and code: type_thing.c */
extern const struct param_type
	type_device, type_driver, type_thing, type_addr, type_cstr, type_group, type_code, type_fn,
	type_match, type_calls;
/* words and text: type_text.c */
extern const struct param_type
	type_str, type_names, type_strings, type_words, type_choice, type_bus, type_class,
	type_module, type_cache, type_path, type_file, type_boot, type_cmdline;

#define P_DEVICE (&type_device)   /* name, or a handle */
#define P_DRIVER (&type_driver)
#define P_THING (&type_thing)     /* a device, a driver or a pointer */
#define P_SIZE (&type_size)       /* bytes or a count: 0, 64, 0x40, 4k, 16M */
#define P_INT (&type_int)
#define P_NODE (&type_node)       /* NUMA node, -1 for none */
#define P_GFP (&type_gfp)         /* flags by name or number */
#define P_BOOL (&type_bool)       /* yes or no */
#define P_ADDR (&type_addr)       /* pointer */
#define P_CSTR (&type_cstr)       /* text, or a pointer to a string in memory */
#define P_GROUP (&type_group)     /* a pointer, or a word: the address of a constant with this
				   * text */
#define P_CODE (&type_code)       /* { calls } or a Lua function */
#define P_FN (&type_fn)           /* a function's name, or code */
#define P_MATCH (&type_match)     /* a match function by name, or code; or a pointer, to match
				   * only that */
#define P_CALLS (&type_calls)     /* the rest of the line as calls */
#define P_STR (&type_str)
#define P_WORDS (&type_words)     /* the rest of the line as text */
#define P_NAMES (&type_names)     /* names, separated by commas */
#define P_STRINGS (&type_strings) /* texts that may have commas, separated by blanks */
#define P_CHOICE (&type_choice)   /* one of the entry's choices */
#define P_BUS (&type_bus)         /* a bus' name */
#define P_CLASS (&type_class)     /* a class' name */
#define P_MODULE (&type_module)   /* a module's name */
#define P_CACHE (&type_cache)     /* a cache's name */
#define P_PATH (&type_path)       /* a path of the machine: /sys/bus */
#define P_FILE (&type_file)       /* a file of the host */
#define P_BOOT (&type_boot)       /* a boot parameter: release=4.19 */
#define P_CMDLINE (&type_cmdline) /* the rest of the line as boot parameters */

/* The entry's choices of a P_CHOICE. */
#define CHOICES(...) .choices = (const char *const[]){ __VA_ARGS__, NULL }

/*
 * args.c: converts a typed value into what the parameter takes. 0, or -EINVAL: it does
 * not fit, with a line in why if there is more to say. @c_numbers: numbers convert as in
 * C
 */
int call_fits(struct machine *m, const struct param *p, struct value *v, bool c_numbers,
	      char *why, size_t whysize);
/* Whether the parameter accepts a pointer. */
bool takes_pointer(struct machine *m, const struct param *p);
/* type_text.c: files of the host */
char offer_files(const struct offers *o);

#endif
