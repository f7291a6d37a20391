/* SPDX-License-Identifier: MIT */
/* Private to src/lua: what its files share. The only users of lua.h. */
#ifndef DEVSH_LUA_STATE_H
#define DEVSH_LUA_STATE_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "lib/list.h"
#include "lua/script.h"
#include "machine/machine.h"

_Static_assert(LUA_VERSION_NUM == 504, "devsh is written for Lua 5.4");

/* registry: scenario.lua's function that writes a table on one line, its list of
 * scenarios, and the functions that it is given */
#define SHOW_TABLE "devsh.show"
#define SCENARIOS "devsh.scenarios"
#define SCENARIO_HOST "devsh.host"

/* What a userdata is. */
enum handle_kind { HANDLE_NONE, HANDLE_POINTER, HANDLE_DEVICE, HANDLE_DRIVER, HANDLE_KINDS };

struct script {
	struct list one_of_all;
	lua_State *L;
	struct list blocks;    /* of host memory that the state holds */
	const void *metatable[HANDLE_KINDS];
	struct machine *machine;
	struct machine_roots roots;  /* the machine's: what Lua points to */
	struct script_host host;
	size_t bytes, limit;   /* that the state holds, and may hold */
	int entered;           /* calls of a user's Lua that have not returned */
	int inside;            /* ... and of our own */
	bool reading_words;    /* vocabulary_load() runs */
	bool aborting;         /* Ctrl-C: no pcall survives it */
	struct buf pending;    /* the errors of callbacks, a line each */
	struct buf raised;     /* one that is on its way to Lua */
	/* A user's code failed, with the error value at 1 and this text; or NULL. */
	void (*failed)(struct script *s, lua_State *L, const char *text);
	bool no_leaks;         /* a scenario fails that loses memory */
	uint32_t names;        /* functions that were given a name */
	char unseen[100];      /* the last wrong write that no checker saw, in words */
	uint64_t unseen_start; /* ... through a pointer: the part of the object: reported once */
	uint32_t unseen_step;  /* ... as it was allocated in this step */

	struct watcher watcher;  /* on the machine while events are recorded */
	bool recording;
	uint32_t event_boot;     /* it is watched in this boot */
	struct seen *event;      /* in order; the place of each is its number - 1 */
	size_t events, event_room;
	size_t releases_told;    /* events that assert.released_in_order has seen */
	struct buf event_text;   /* their strings */
	bool in_scenario;
	struct outcome *failure; /* errors while a scenario runs, with the machine as it was */
	size_t failures, failure_room;
	struct scenario *scenario; /* those that the files described */
	size_t scenarios;
};

/* The script of a state. */
struct script *script_of(lua_State *L);

/* --- door.c: the way into Lua ------------------------------------------- */

/* Whose code runs, of all scripts; NULL: none. */
extern struct script *door_inside;

/*
 * Code of a user's: a function and n arguments are on the stack. It can be
 * interrupted. On error one line of text is on the stack.
 */
int door_call(struct script *s, int nargs, int nresults);

/*
 * Our own code, fn(ctx, ...) with the n arguments on the stack: what may raise
 * an error for want of memory. On error nothing is on the stack.
 */
int door_do(struct script *s, lua_CFunction fn, void *ctx, int nargs, int nresults);

/* The message where there is not even memory for Lua's own. */
#define NO_MEMORY "not enough memory"

/*
 * After something that may have killed the task: no Lua of a dead task's callback
 * runs any more, not even inside a pcall().
 */
void door_end_dead(lua_State *L, struct script *s);

/* Appends the message on the top of the stack, one line, and pops it. */
void door_message(struct script *s, struct buf *why);

/* --- callback.c: Lua functions that the model calls -------------------------- */

/* The function at index as code; raises nothing. NULL: no memory. */
struct code *callback_code(lua_State *L, int index);
/* In a lua_CFunction, after a call on the machine: raise what a callback raised. */
void callback_raise(lua_State *L, struct script *s);

/* --- values.c ------------------------------------------------------------ */

/* Makes the metatable of a kind, and leaves it on the stack. Scripts cannot get at it. */
void handle_metatable(lua_State *L, enum handle_kind kind);
void push_value(lua_State *L, struct script *s, const struct value *v);
/* The same for a cell of a row: who reads of an address does not hold it. */
void push_cell(lua_State *L, struct script *s, const struct value *v);
/* The same, but NULL is a pointer: a variable of the shell that is set. */
void push_variable(lua_State *L, struct script *s, const struct value *v);
/* Any value that has a counterpart; false: it has none. */
bool to_value(lua_State *L, struct script *s, int index, struct value *out);
/* True: a pointer is at index, of whatever boot. */
bool is_pointer(lua_State *L, int index);
/* The address of the pointer at index; raises when it is of an earlier boot. */
uint64_t check_pointer(lua_State *L, struct script *s, int index);

/* True: the value at index holds an address: a pointer of this boot, or a number. */
bool is_address(lua_State *L, struct script *s, int index, uint64_t *addr);

/* --- handles.c: devices and drivers ------------------------------------------ */

struct lua_handle {
	uint32_t id;        /* which never repeats */
};

void handles_open(lua_State *L);
/* Raises: the key at 2 is none of these names, which end with NULL. */
int no_such_field(lua_State *L, const char *type, const char *const *names);

/* --- arguments.c ---------------------------------------------------------- */

void arguments_open(lua_State *L);
/* Argument `index` for a parameter; raises a Lua error when it does not fit. */
void check_value(lua_State *L, struct script *s, const struct call *c,
		 const struct param *p, int index, struct value *out);
/* Turns a checked function argument into code; false: no memory. Raises nothing. */
bool make_code(lua_State *L, struct value *v);

/* --- roots.c: what Lua points to ------------------------------------------- */

void roots_each(struct machine_roots *r, machine_root_fn root, void *to);

/* --- events.c: what the model did ------------------------------------------ */

void events_open(lua_State *L);
void events_close(struct script *s);
/* From here on. */
void events_record(struct script *s);
/* Around a boot: watchers are the machine's. */
void events_pause(struct script *s);
void events_resume(struct script *s);
/* What was recorded so far; and no more is. */
void events_forget(struct script *s);
/* lua_CFunction: the releases since it was called last, as rows. */
int events_releases(lua_State *L);

/* --- memory.c: p[0], p:read() and the like ------------------------------- */

void memory_open(lua_State *L);
/* What a report gets as its last paragraph: prints "NAME: note". */
void show_note(struct script *s, const char *name, const char *note);
/* The same for a wrong write that no checker sees; assert.warns asks for it. */
void show_unseen(struct script *s, const char *name, const char *note);

/* --- calls.c: a function for each entry of the table --------------------- */

void calls_open(lua_State *L);

/* --- sandbox.c ----------------------------------------------------------- */

void sandbox_open(lua_State *L);

/* --- vocabulary.c: scenario.lua ------------------------------------------ */

void vocabulary_open(lua_State *L);
/* Reads scenario.lua if that was not done yet: true, there are more globals now. */
bool vocabulary_load(lua_State *L);
/* The function that writes a table on one line. */
void push_show(lua_State *L);

/* --- scenario.c ---------------------------------------------------------- */

void scenario_open(lua_State *L);
/* Looks what files have described so far. False: no memory. */
bool scenario_collect(struct script *s);
void scenario_close(struct script *s);

#endif
