/* SPDX-License-Identifier: MIT */
/*
 * The table of calls, and how to make one.
 *
 * Every call is declared once: name, parameters, result, summary, example.
 * A caller fills one value per parameter (call_defaults() gives those that
 * have a default), runs the call, and reads the result. Results own all that
 * they point to; values that go in stay the caller's, except for code, which
 * the call takes over.
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
	V_INT,    /* i; also an errno, negative */
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

/* What the model makes of what code returns; a script that returns something else is told. */
enum code_answer {
	ANSWER_ANY,   /* nothing, or it is the business of who wrote it */
	ANSWER_ERRNO, /* a number: 0 or -errno; nothing is 0 */
	ANSWER_MATCH, /* yes or no, or a number: 1, 0 or -errno; nothing is no */
	ANSWER_FAULTS, /* what may be handled: a number, or what an allocation gave */
};

/*
 * Something of the front end's that the model calls: the body of a probe, an
 * action. run() gets the arguments and may set *ret; 0 or -errno. It must
 * come back: errors of a script are kept and raised later. drop() is called
 * once, when nobody needs the code any more.
 */
struct code {
	int (*run)(struct code *code, const struct value *arg, int args, struct value *ret);
	void (*drop)(struct code *code);
	/* Takes an error of the script as one line; false: there was none. May be NULL. */
	bool (*take_error)(struct code *code, char *why, size_t size);
	enum code_answer answer; /* who calls it sets this */
};

/* --- results ----------------------------------------------------------- */

/* Either one value, or rows under columns, or both empty. */
struct result {
	int err;              /* 0 or -errno */
	char why[256];        /* one clear line when err is set */
	char note[400];       /* what Linux would not say: whose memory it was, a few lines; or "" */
	bool unseen;          /* the note is about a wrong write that no checker sees */
	struct value value;
	const char *const *column;
	unsigned columns;
	struct value *cell;   /* rows * columns */
	size_t rows, room;
	struct strings *strings;
};

#define RESULT_INIT { 0 }

void result_reset(struct result *r);
void result_finish(struct result *r);

static inline const struct value *result_cell(const struct result *r, size_t row, unsigned column)
{
	return &r->cell[row * r->columns + column];
}

/* The column's number, -1: no such column. */
int result_column(const struct result *r, const char *name);

/* --- the table --------------------------------------------------------- */

struct param {
	const char *name;
	const struct param_type *type; /* src/call/type.h; NULL: behind the last one */
	const char *def;   /* default as text; NULL: must be given */
	bool named;        /* only as name=value */
	const char *help;
	int since;         /* RELEASE() that brought it; 0: as old as the call */
	const char *const *choices; /* one of these, NULL behind the last; NULL: anything */
	const char *args;  /* of code: the names of its arguments, "dev, data"; NULL: the type's */
};

#define PARAMS_MAX 10

enum call_flags {
	CALL_BOOT = 2,     /* makes every handle of before invalid */
	CALL_POINTER = 4,  /* NULL means that the call failed */
	CALL_LOOKS = 8,    /* changes nothing, and is no step */
	CALL_STALE = 16,   /* runs with a handle of a driver that is gone, too */
	CALL_LOOKS_BARE = 32, /* looks where its first argument is not given */
	CALL_LIVE = 64,    /* looks its devices up: does not run with one that was released */
	CALL_RETURNS = 128, /* a block ends with the errno that it answers, which is no mistake */
	CALL_COPIES = 256, /* a front end may have a way of its own, on copies of the machine */
};

struct call_ctx {
	struct machine *machine;
	const struct call *call;
	struct value *arg;     /* one per parameter; code that was taken is set to NULL */
	uint32_t complaints;   /* of the kernel when the call began */
	bool kept_back;        /* it had more to complain about than it printed */
	uint32_t stale;        /* a device among its arguments that is gone, unseen; 0: none */
	struct result *result;
};

struct call {
	const char *name;
	const char *subject;   /* heading in help */
	const char *summary;
	struct param param[PARAMS_MAX + 1]; /* ends with one without a type */
	const char *returns;
	const char *detail;    /* a paragraph, or NULL */
	const char *example;   /* shell lines; run by a test */
	int since;             /* RELEASE() that brought it; 0: always there */
	int backport;          /* an older one whose stable releases have it, too; 0: none */
	int until;             /* the last one that had it; 0: still there */
	unsigned flags;
	const char *view;      /* how the rows look best; NULL: a plain table */
	int (*run)(struct call_ctx *c); /* NULL: a front end's own, and no function in Lua */
};

/* The i-th call, NULL behind the end. Subjects stand together. */
const struct call *call_at(size_t i);
const struct call *call_find(const char *name);
/* The nearest name to a misspelt one, or NULL. */
const char *call_suggest(const char *name);

int call_params(const struct call *c);
/* Index of the parameter, -1: none has this name. */
int call_param(const struct call *c, const char *name);
/* "since 6.15, and in the stable releases of 6.12; until 7.0"; "": in all releases */
void call_versions(const struct call *c, char *out, size_t size);
/* Whether the machine's release has this call; if not, why in one line. */
bool call_exists(const struct machine *m, const struct call *c, char *why, size_t size);
/* "devm_kmalloc DEV SIZE [GFP]" */
void call_usage(const struct call *c, char *out, size_t size);

/*
 * call_value - a value from text, as its parameter's type wants it
 *
 * Strings in *out are text itself. Code is the front end's to make. 0, or -EINVAL/-ENODEV/-ERANGE with one line in why.
 */
int call_value(struct machine *m, const struct call *c, const struct param *p,
	       const char *text, struct value *out, char *why, size_t whysize);

/* Parameters whose value is V_NONE get their default. -EINVAL: one is missing. */
int call_defaults(struct machine *m, const struct call *c, struct value *arg,
		  char *why, size_t whysize);

/*
 * call_run - make a call
 * @arg: one value per parameter
 *
 * Returns r->err: 0, or -errno with r->why. Code that the call did not take
 * is dropped. When the host runs out of memory in a call, the answer is -ENOMEM
 * and nothing else, and so are those of all calls that follow, up to a boot.
 */
int call_run(struct machine *m, const struct call *c, struct value *arg, struct result *r);

/* True when a script should stop here: an error, or NULL from an allocation. */
bool call_failed(const struct call *c, const struct result *r);

/*
 * call_function - make code a function of the simulated kernel
 *
 * Takes the code. Returns the function's address, 0 when the host has no
 * memory. A function of the same name does something else from now on.
 */
uint64_t call_function(struct machine *m, const char *name, struct code *code);

#endif
