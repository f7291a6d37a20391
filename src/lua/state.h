/* SPDX-License-Identifier: MIT */
/* Private to src/lua: what its files share. Only these files use lua.h. */
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

/* registry: math.randomseed, which starts from the machine's seed */
#define RANDOM_SEED "devsh.randomseed"

/* What a userdata is. */
enum handle_kind { HANDLE_NONE, HANDLE_POINTER, HANDLE_DEVICE, HANDLE_DRIVER, HANDLE_KINDS };

struct script {
	struct list one_of_all;
	lua_State *L;
	struct list blocks;    /* of host memory that the state holds */
	const void *metatable[HANDLE_KINDS];
	struct machine *machine;
	struct machine_roots roots;  /* the pointers that Lua holds, for the machine */
	struct script_host host;
	size_t bytes, limit;   /* bytes that the state uses, and their limit */
	int entered;           /* calls of user's code that have not returned */
	int inside;            /* ... and of our own code */
	bool reading_words;    /* vocabulary_load() runs */
	bool aborting;         /* Ctrl-C: pcall does not catch it */
	struct buf pending;    /* errors of callbacks, one per line */
	struct buf raised;     /* an error that is being raised in Lua */
	/*
	 * Called when user's code failed, with the error value at index 1 and its text;
	 * or NULL.
	 */
	void (*failed)(struct script *s, lua_State *L, const char *text);
	bool no_leaks;         /* a scenario that leaks memory fails */
	uint32_t names;        /* number of functions that were given a name */
	char unseen[100];      /* note about the last wrong write that no checker saw */
	uint64_t unseen_start; /* ... in this part of an object, which is reported once */
	uint32_t unseen_step;  /* ... that was allocated in this step */

	struct watcher watcher;  /* on the machine while events are recorded */
	bool recording;
	uint32_t event_boot;     /* the boot that is being watched */
	struct seen *event;      /* in order; event n is at n - 1 */
	size_t events, event_room;
	size_t releases_told;    /* events that assert.released_in_order has checked */
	struct buf event_text;   /* strings of the events */
	bool in_scenario;
	struct outcome *failure; /* errors of a running scenario, with the machine as it was */
	size_t failures, failure_room;
	struct scenario *scenario; /* described by the files */
	size_t scenarios;
};

/* The script that owns a Lua state. */
struct script *script_of(lua_State *L);

/* --- door.c: the way into Lua ------------------------------------------- */

/* The script of any machine whose code is running; NULL: none. */
extern struct script *door_inside;

/*
 * Calls user's code: a function and n arguments are on the stack. It can be interrupted.
 * On error, one line of text is on the stack.
 */
int door_call(struct script *s, int nargs, int nresults);

/*
 * Calls our own code, fn(ctx, ...), with n arguments on the stack, if it may raise an
 * error, such as out of memory. On error nothing is on the stack.
 */
int door_do(struct script *s, lua_CFunction fn, void *ctx, int nargs, int nresults);

/* The message if there is no memory even for Lua's own. */
#define NO_MEMORY "not enough memory"

/*
 * To be called after anything that may have killed the task: a dead task's callback runs
 * no more Lua, not even in a pcall().
 */
void door_end_dead(lua_State *L, struct script *s);

/* Appends the message on top of the stack as one line, and pops it. */
void door_message(struct script *s, struct buf *why);

/* --- callback.c: Lua functions that the model calls -------------------------- */

/* Makes code of the function at index. Raises nothing. NULL: no memory. */
struct code *callback_code(lua_State *L, int index);
/* For a lua_CFunction after a call on the machine: raises the error of a callback. */
void callback_raise(lua_State *L, struct script *s);

/* --- values.c ------------------------------------------------------------ */

/* Makes the metatable of a kind and leaves it on the stack. Scripts cannot access it. */
void handle_metatable(lua_State *L, enum handle_kind kind);
void push_value(lua_State *L, struct script *s, const struct value *v);
/* The same for a cell of a row: an address read there is not a reference. */
void push_cell(lua_State *L, struct script *s, const struct value *v);
/* The same for a shell variable, in which NULL is a pointer. */
void push_variable(lua_State *L, struct script *s, const struct value *v);
/* Converts a Lua value; false: it has no counterpart. */
bool to_value(lua_State *L, struct script *s, int index, struct value *out);
/* True: there is a pointer at index, of any boot. */
bool is_pointer(lua_State *L, int index);
/* The address of the pointer at index; raises an error if it is from an earlier boot. */
uint64_t check_pointer(lua_State *L, struct script *s, int index);

/* True: the value at index is an address: a pointer of this boot, or a number. */
bool is_address(lua_State *L, struct script *s, int index, uint64_t *addr);

/* --- handles.c: devices and drivers ------------------------------------------ */

struct lua_handle {
	uint32_t id;        /* never reused */
};

void handles_open(lua_State *L);
/* Raises an error: the key at index 2 is none of `names`, which end with NULL. */
int no_such_field(lua_State *L, const char *type, const char *const *names);

/* --- arguments.c ---------------------------------------------------------- */

void arguments_open(lua_State *L);
/* Converts argument `index` for a parameter; raises an error if it does not fit. */
void check_value(lua_State *L, struct script *s, const struct call *c,
		 const struct param *p, int index, struct value *out);
/* Turns a checked function argument into code. Raises nothing. False: no memory. */
bool make_code(lua_State *L, struct value *v);

/* --- roots.c: pointers that Lua holds ------------------------------------------ */

void roots_each(struct machine_roots *r, machine_root_fn root, void *to);

/* --- events.c: events of the machine ------------------------------------------- */

void events_open(lua_State *L);
void events_close(struct script *s);
/* Starts recording events. */
void events_record(struct script *s);
/* Call these around a boot, because watchers belong to the machine. */
void events_pause(struct script *s);
void events_resume(struct script *s);
/* Discards the recorded events and stops recording. */
void events_forget(struct script *s);
/* lua_CFunction: returns the releases since its last call, as rows. */
int events_releases(lua_State *L);

/* --- memory.c: p[0], p:read() and the like ------------------------------- */

void memory_open(lua_State *L);
/* Shows the last paragraph of a report: prints "NAME: note". */
void show_note(struct script *s, const char *name, const char *note);
/* The same for a wrong write that no checker sees; assert.warns reads it. */
void show_unseen(struct script *s, const char *name, const char *note);

/* --- calls.c: a function for each entry of the table --------------------- */

void calls_open(lua_State *L);

/* --- sandbox.c ----------------------------------------------------------- */

void sandbox_open(lua_State *L);

/* --- vocabulary.c: scenario.lua ------------------------------------------ */

void vocabulary_open(lua_State *L);
/* Reads scenario.lua if this was not done yet. True: there are more globals now. */
bool vocabulary_load(lua_State *L);
/* The function that writes a table on one line. */
void push_show(lua_State *L);

/* --- scenario.c ---------------------------------------------------------- */

void scenario_open(lua_State *L);
/* Collects the scenarios described so far. False: no memory. */
bool scenario_collect(struct script *s);
void scenario_close(struct script *s);

#endif
