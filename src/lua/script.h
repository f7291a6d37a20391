/* SPDX-License-Identifier: MIT */
/*
 * Lua on a machine. Nothing of lua.h shows here: scripts go in as text,
 * values come out as struct value, errors as one line of text.
 *
 * A script owns its Lua state and no machine; the machine must outlive it,
 * because functions that drivers hold belong to the state.
 */
#ifndef DEVSH_LUA_SCRIPT_H
#define DEVSH_LUA_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include <devsh/call.h>

#include "lib/buf.h"
#include "lua/outcome.h"

struct script;

struct script_host {
	void *ctx;
	/* What print() prints; text ends with '\n'. */
	void (*print)(void *ctx, const char *text, size_t len);
	/* After each call from Lua: there may be new lines in the kernel's log. */
	void (*called)(void *ctx);
};

/* NULL: the host has no memory. */
struct script *script_create(struct machine *m, const struct script_host *host);
void script_destroy(struct script *s);

enum script_status {
	SCRIPT_OK,
	SCRIPT_SYNTAX,
	SCRIPT_ERROR,
	SCRIPT_INTERRUPTED,
};

/*
 * Compile and run text (never bytecode). `name` appears in messages: a file's
 * path. On error `why` gets one line with "name:line: ".
 */
enum script_status script_run(struct script *s, const char *name, const char *text,
			      size_t len, struct buf *why);

/* The same for an expression, or statements; values are printed, if any. */
enum script_status script_eval(struct script *s, const char *text, struct buf *why);

/* True: the text is an expression, as after '=', and not a statement: most likely it only looks. */
bool script_is_expression(struct script *s, const char *text);

/* True: more lines could make this a chunk. */
bool script_incomplete(struct script *s, const char *text);

/* arg[0...n] for a script that is given arguments. False, and a line in why. */
bool script_set_args(struct script *s, const char *name, char *const *args, struct buf *why);

/* Global variables. Text of a V_STR goes to `text`. False: not set, or no value. */
bool script_get(struct script *s, const char *name, struct value *out, struct buf *text);
/* False: no memory. */
bool script_set(struct script *s, const char *name, const struct value *v);
/* All names that a user set. */
void script_globals(struct script *s, void (*each)(void *ctx, const char *name), void *ctx);

/*
 * An error that a Lua callback raised while a call ran on behalf of somebody
 * else than Lua: true once, with its text; of several errors each is a line.
 */
bool script_take_error(struct script *s, struct buf *why);
/* Around a callback: sets aside the errors of earlier callbacks. */
struct buf script_hold_error(struct script *s);
void script_join_error(struct script *s, struct buf held);

/* Bytes that the variables and code of a script take, and how many they may. */
size_t script_memory(const struct script *s);
void script_limit(struct script *s, size_t bytes);

/*
 * Where Lua is now: "in string.find, x.lua:12". For a handler of a signal that
 * ends the process: it only reads, but the state may be in the middle of
 * anything. Returns the length of the text, 0: it is not in Lua.
 */
size_t script_where(const struct script *s, char *out, size_t size);

/* --- after a jump out of Lua (lib/interrupt.h) --------------------------- */

#define PLACE_FUNCTIONS 2

struct script_place {
	void (*function[PLACE_FUNCTIONS])(void); /* of Lua's C functions, the innermost first */
	char name[40];
	char line[100];  /* "x.lua:12" */
};

/* In the handler, before the jump: where the innermost script is. */
void script_leave(struct script_place *p);
/* "in string.find, x.lua:12" or nothing; s is a script that works. */
void script_place_text(struct script *s, const struct script_place *p, struct buf *out);

/* True: its code runs, and a jump leaves it in the middle. */
bool script_is_inside(const struct script *s);
/* Ends all scripts but this one, and the machines that they work on. */
void script_abandon(struct script *keep);

/* --- scenarios --------------------------------------------------------- */

struct scenario {
	char *name;       /* "zeroing clears every byte" */
	char *file;       /* as it was loaded */
	int line, last;   /* of it() and its function */
	bool pending;
	char *tags;       /* words between blanks, or NULL */

	/* the runner's */
	uint64_t key;     /* what it is in its file: by name */
	uint64_t id;      /* ... and by the file's path: the same on every machine */
	uint32_t nth;     /* of the file, from 0 */
	uint32_t repeat;  /* of several runs, from 0 */
	bool repeated;
	bool twin;        /* others are at its line */
};

/* The i-th scenario that the loaded files described; false after the last. */
bool script_scenario(struct script *s, size_t i, struct scenario *out);

/* From now on a scenario also fails if it leaks memory. */
void script_no_leaks(struct script *s);

/* Run it on a freshly booted machine. */
void script_scenario_run(struct script *s, size_t i, const char *cmdline, struct outcome *o);

#endif
