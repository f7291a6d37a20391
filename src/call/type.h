/* SPDX-License-Identifier: MIT */
/*
 * What a parameter takes. A type is one row: how it is read from text, which values
 * it takes as they are, what completes it, how Lua writes it. Nothing else asks
 * which type a parameter has; a file of calls may have a type of its own.
 */
#ifndef DEVSH_CALL_TYPE_H
#define DEVSH_CALL_TYPE_H

#include <devsh/call.h>

#include "lib/buf.h"

/* A value on its way to an argument. */
struct bind {
	struct machine *m;
	const struct param *p;
	const char *text;      /* of bind() */
	struct value *out;
	bool c_numbers;        /* of fits(): a number converts as it does in C, -1 is SIZE_MAX */
	char *why;             /* one line, when it does not fit */
	size_t whysize;
};

/* "NAME 'TEXT': ..."; returns err. */
__attribute__((format(printf, 3, 4)))
int bind_error(const struct bind *b, int err, const char *fmt, ...);

/* What may stand where the cursor is. */
struct offers {
	struct machine *m;
	const struct param *p;
	const char *prefix;    /* what is typed of the word; fn() sorts out what does not begin so */
	void (*fn)(void *to, const char *word);
	void *to;
};

/* How much of a line a parameter takes. */
enum takes { ONE_WORD, REST_AS_TEXT, REST_AS_CALLS };

/* What a block or a Lua function becomes. */
enum takes_code { NO_CODE, CODE, NAMED_CODE /* a symbol of the kernel */ };

struct param_type {
	const char *wants;     /* what a script has to hand over: "a pointer" */
	/* 0, or -errno with a line in why. NULL: any text. */
	int (*bind)(const struct bind *b);
	/* A value with a type, made into the one that the call gets. -EINVAL without a
	 * line: it does not fit. NULL: none does. */
	int (*fits)(const struct bind *b, struct value *v);
	/* What the word is followed by: ' ', '/', or nothing. NULL: nobody knows. */
	char (*offer)(const struct offers *o);
	/* Text as a Lua literal. NULL: a string. */
	void (*lua)(struct buf *out, const char *text);
	enum takes takes;
	enum takes_code code;
	const char *args;      /* of code: its arguments where the entry does not say */
	char list;             /* what separates several of them; 0: there is one */
	bool digits;           /* a number of a script is its digits */
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
#define P_GROUP (&type_group)     /* a pointer, or a word: the address of a constant that says so */
#define P_CODE (&type_code)       /* { calls } or a Lua function */
#define P_FN (&type_fn)           /* a function's name, or code */
#define P_MATCH (&type_match)     /* a match function: its name, or code; or a pointer to take only that */
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
 * args.c: a value with a type as its parameter takes it. 0, or -EINVAL: it does not
 * fit, with a line in why where there is more to say.
 * @c_numbers: numbers convert as in C
 */
int call_fits(struct machine *m, const struct param *p, struct value *v, bool c_numbers,
	      char *why, size_t whysize);
/* The parameter takes a pointer as it is. */
bool takes_pointer(struct machine *m, const struct param *p);
/* type_text.c: files of the host */
char offer_files(const struct offers *o);

#endif
