/* SPDX-License-Identifier: MIT */
/*
 * Lua for a machine. Nothing of lua.h is visible here: scripts go in as text, values come
 * out as struct value, and errors as one line of text.
 *
 * A script owns its Lua state but not the machine. The machine must outlive the script,
 * because functions held by drivers belong to the state.
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
	/* Receives the output of print(); the text ends with '\n'. */
	void (*print)(void *ctx, const char *text, size_t len);
	/* Called after each call from Lua: the kernel log may have new lines. */
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
 * Compiles and runs text (never bytecode). Messages contain `name`, the path of the file.
 * On error `why` gets one line with "name:line: ".
 */
enum script_status script_run(struct script *s, const char *name, const char *text,
			      size_t len, struct buf *why);

/* The same for an expression or statements; values are printed. */
enum script_status script_eval(struct script *s, const char *text, struct buf *why);

/* True: the text is an expression, as after '=', and so probably changes nothing. */
bool script_is_expression(struct script *s, const char *text);

/* True: with more lines, the text could be a complete chunk. */
bool script_incomplete(struct script *s, const char *text);

/* Sets arg[0...n] for a script with arguments. False on error, with a line in why. */
bool script_set_args(struct script *s, const char *name, char *const *args, struct buf *why);

/* A global variable; `text` holds the text of a V_STR. False: not set, or not a value. */
bool script_get(struct script *s, const char *name, struct value *out, struct buf *text);
/* False: no memory. */
bool script_set(struct script *s, const char *name, const struct value *v);
/* Passes the names of all variables that the user set. */
void script_globals(struct script *s, void (*each)(void *ctx, const char *name), void *ctx);

/*
 * Names of globals, of whatever type, or of what the global table `library` has. For
 * completion: no code of a user's runs.
 */
void script_names(struct script *s, const char *library, void (*each)(void *ctx, const char *name),
		  void *ctx);

/*
 * Errors raised by Lua callbacks during a call that was not made by Lua. Returns them
 * only once, with a line for each; false: there were none.
 */
bool script_take_error(struct script *s, struct buf *why);
/* Around a callback: sets the errors of earlier callbacks aside. */
struct buf script_hold_error(struct script *s);
void script_join_error(struct script *s, struct buf held);

/* Bytes used by the variables and code of a script, and their limit. */
size_t script_memory(const struct script *s);
void script_limit(struct script *s, size_t bytes);

/*
 * Where Lua is now: "in string.find, x.lua:12". For the handler of a signal that ends the
 * process: it only reads, as the state may be inconsistent. Returns the length of the
 * text; 0: not in Lua.
 */
size_t script_where(const struct script *s, char *out, size_t size);

/* --- after a jump out of Lua (lib/interrupt.h) --------------------------- */

#define PLACE_FUNCTIONS 2

struct script_place {
	void (*function[PLACE_FUNCTIONS])(void); /* C functions of Lua, innermost first */
	char name[40];
	char line[100];  /* "x.lua:12" */
};

/* For the signal handler, before the jump: records where the innermost script is. */
void script_leave(struct script_place *p);
/* Appends "in string.find, x.lua:12", or nothing; s must be intact. */
void script_place_text(struct script *s, const struct script_place *p, struct buf *out);

/* True: its code is running, so a jump leaves it inconsistent. */
bool script_is_inside(const struct script *s);
/* Ends all other scripts and their machines. */
void script_abandon(struct script *keep);

/* --- scenarios --------------------------------------------------------- */

struct scenario {
	char *name;       /* "zeroing clears every byte" */
	char *file;       /* as passed when it was loaded */
	int line, last;   /* of it() and its function */
	bool pending;
	char *tags;       /* separated by blanks, or NULL */

	/* set by the runner */
	uint64_t key;     /* identifies it in its file, by name */
	uint64_t id;      /* ... and in its file's path; the same on every machine */
	uint32_t nth;     /* number in the file, from 0 */
	uint32_t repeat;  /* number of the repetition, from 0 */
	bool repeated;
	bool twin;        /* other scenarios are on the same line */
};

/* The i-th scenario described by the loaded files; false: past the end. */
bool script_scenario(struct script *s, size_t i, struct scenario *out);

/* From now on, a scenario also fails if it leaks memory. */
void script_no_leaks(struct script *s);

/* Runs the scenario on a freshly booted machine. */
void script_scenario_run(struct script *s, size_t i, const char *cmdline, struct outcome *o);

#endif
