/* SPDX-License-Identifier: MIT */
/*
 * The table of calls, and how to make a call.
 *
 * Each call is declared once: name, parameters, result, summary, example. A caller sets
 * one value per parameter (call_defaults() fills in those that have a default), runs the
 * call, and reads the result. Results own everything they point to. Arguments stay the
 * caller's, except for code, which the call takes over.
 */
#ifndef DEVSH_CALL_H
#define DEVSH_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <devsh/errno.h>
#include <devsh/machine.h>

/* --- values ------------------------------------------------------------ */

enum value_type {
	V_NONE,
	V_INT,    /* i; or a negative errno */
	V_UINT,   /* u: sizes, counts, flags */
	V_BOOL,   /* b */
	V_STR,    /* s, NUL-terminated */
	V_ADDR,   /* u: a simulated address; 0 is NULL */
	V_DEVICE, /* id */
	V_DRIVER, /* id */
	V_CODE,   /* code */
};

struct code;
struct param_type;

struct value {
	enum value_type type;
	union {
		int64_t i;
		uint64_t u;
		bool b;
		const char *s;
		uint32_t id;
		struct code *code;
	};
};

/*
 * How the model interprets the result of code; it is an error of the script to return
 * anything else.
 */
enum code_answer {
	ANSWER_ANY,   /* ignored */
	ANSWER_ERRNO, /* a number: 0 or -errno; nothing means 0 */
	ANSWER_MATCH, /* yes or no, or a number: 1, 0 or -errno; nothing means no */
	ANSWER_FAULTS, /* the result of code that may handle a failure: a number, or what an
			* allocation returned */
};

/*
 * Code of the front end that the model calls: the body of a probe, an action. run() gets
 * the arguments and may set *ret; it returns 0 or -errno. It must return: errors of a
 * script are stored and raised later. drop() is called once, when the code is no longer
 * needed.
 */
struct code {
	int (*run)(struct code *code, const struct value *arg, int args, struct value *ret);
	void (*drop)(struct code *code);
	/*
	 * Takes a pending error of the script as one line; false: there is none. May be
	 * NULL.
	 */
	bool (*take_error)(struct code *code, char *why, size_t size);
	enum code_answer answer; /* set by the caller */
};

/* --- results ----------------------------------------------------------- */

/* Contains one value, or rows with columns, or neither. */
struct result {
	int err;              /* 0 or -errno */
	char why[256];        /* one line, if err is set */
	char note[400];       /* what Linux would not say, such as whose memory it was, in a few
			       * lines; or "" */
	bool unseen;          /* the note is about a wrong write that no checker notices */
	struct value value;
	const char *const *column;
	unsigned columns;
	struct value *cell;   /* rows * columns */
	size_t rows, room;
	struct strings *strings;
};

#define RESULT_INIT { 0 }

/* As RESULT_INIT, without the texts' every byte. */
static inline void result_init(struct result *r)
{
	r->err = 0;
	r->why[0] = r->note[0] = '\0';
	r->unseen = false;
	r->value = (struct value){ 0 };
	r->column = NULL;
	r->columns = 0;
	r->cell = NULL;
	r->rows = r->room = 0;
	r->strings = NULL;
}

void result_reset(struct result *r);
void result_finish(struct result *r);

static inline const struct value *result_cell(const struct result *r, size_t row, unsigned column)
{
	return &r->cell[row * r->columns + column];
}

/* The number of a column; -1: there is no such column. */
int result_column(const struct result *r, const char *name);

/* --- the table --------------------------------------------------------- */

struct param {
	const char *name;
	const struct param_type *type; /* src/call/type.h; NULL: the end */
	const char *def;   /* default as text; NULL: must be given */
	bool named;        /* only as name=value */
	const char *help;
	int since;         /* RELEASE() that introduced it; 0: as old as the call */
	const char *const *choices; /* possible values, terminated by NULL; NULL: any */
	const char *args;  /* of code: names of its arguments, "dev, data"; NULL: as the type has
			    * them */
};

#define PARAMS_MAX 10

enum call_flags {
	CALL_BOOT = 2,     /* invalidates all existing handles */
	CALL_POINTER = 4,  /* NULL means that the call failed */
	CALL_LOOKS = 8,    /* changes nothing, so it is not a step */
	CALL_STALE = 16,   /* accepts a handle of a driver that is gone */
	CALL_LOOKS_BARE = 32, /* changes nothing if its first argument is not given */
	CALL_LIVE = 64,    /* looks its devices up: fails for one that was released */
	CALL_RETURNS = 128, /* a block may end with its errno, which is not a mistake */
	CALL_COPIES = 256, /* a front end may implement it itself, on copies of the machine */
};

struct call_ctx {
	struct machine *machine;
	const struct call *call;
	struct value *arg;     /* one per parameter; code that was taken over is set to NULL */
	uint32_t complaints;   /* the kernel's count when the call began */
	bool kept_back;        /* more complaints were made than printed */
	uint32_t stale;        /* id of a released device among the arguments, if nothing
				* noticed; 0: none */
	struct result *result;
};

struct call {
	const char *name;
	const char *subject;   /* heading in help */
	const char *summary;
	struct param param[PARAMS_MAX + 1]; /* terminated by one without a type */
	const char *returns;
	const char *detail;    /* a paragraph, or NULL */
	const char *example;   /* shell lines; run by a test */
	int since;             /* RELEASE() that introduced it; 0: all have it */
	int backport;          /* an older release whose stable versions have it, too; 0: none */
	int until;             /* the last release that had it; 0: not removed */
	unsigned flags;
	const char *view;      /* the view for its rows; NULL: a plain table */
	const char *others;    /* aliases in the shell, separated by blanks; or NULL */
	int (*run)(struct call_ctx *c); /* NULL: implemented by a front end, and not a function
					 * in Lua */
};

/* The i-th call, NULL past the end. Calls of one subject come together. */
const struct call *call_at(size_t i);
const struct call *call_find(const char *name);
/* The same, also by an alias. */
const struct call *call_find_word(const char *word);
/* The name closest to a misspelt one, or NULL. */
const char *call_suggest(const char *name);

int call_params(const struct call *c);
/* Index of a parameter; -1: there is none of this name. */
int call_param(const struct call *c, const char *name);
/* "since 6.15, and in the stable releases of 6.12; until 7.0"; "": in all releases */
void call_versions(const struct call *c, char *out, size_t size);
/* Whether the machine's release has this call; if not, `why` gets one line. */
bool call_exists(const struct machine *m, const struct call *c, char *why, size_t size);
/* "devm_kmalloc DEV SIZE [GFP]" */
void call_usage(const struct call *c, char *out, size_t size);

/*
 * call_value - convert text into a value of the parameter's type
 *
 * Strings in *out point to `text` itself. Code cannot be made from text. 0, or
 * -EINVAL/-ENODEV/-ERANGE with one line in why.
 */
int call_value(struct machine *m, const struct call *c, const struct param *p,
	       const char *text, struct value *out, char *why, size_t whysize);

/* Sets parameters that are V_NONE to their defaults. -EINVAL: one is missing. */
int call_defaults(struct machine *m, const struct call *c, struct value *arg,
		  char *why, size_t whysize);

/*
 * call_run - make a call
 * @arg: one value per parameter
 *
 * Returns r->err: 0, or -errno with r->why. Code that the call did not take over is
 * dropped. If the host runs out of memory during a call, the call returns only -ENOMEM,
 * and so do all later calls until a boot.
 */
int call_run(struct machine *m, const struct call *c, struct value *arg, struct result *r);

/* Whether a script should stop: after an error, or NULL from an allocation. */
bool call_failed(const struct call *c, const struct result *r);

/*
 * call_function - make code a function of the simulated kernel
 *
 * Takes over the code. Returns the function's address, or 0 if the host has no memory.
 * Replaces an existing function of the same name.
 */
uint64_t call_function(struct machine *m, const char *name, struct code *code);

#endif
