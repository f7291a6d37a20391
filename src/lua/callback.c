/* SPDX-License-Identifier: MIT */
/*
 * Lua functions that the model calls: a struct code that returns -errno. An
 * error in one is kept while the model unwinds, and raised again after it.
 */
#include "lua/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"

struct lua_code {
	struct code code;
	struct script *script;
	int ref;
};

/* --- errors that are kept ------------------------------------------------------- */

/* What is on the stack; it is an error also without any words. */
static void keep_message(struct script *s)
{
	door_message(s, &s->pending);
	if (!s->pending.len)
		buf_puts(&s->pending, "error without a message");
}

struct buf script_hold_error(struct script *s)
{
	struct buf held = s->pending;

	s->pending = (struct buf)BUF_INIT;
	return held;
}

void script_join_error(struct script *s, struct buf held)
{
	if (!held.len) {
		buf_finish(&held);
		return;
	}
	if (s->pending.len) {
		/* each is a line of its own */
		buf_putc(&held, '\n');
		buf_add(&held, buf_str(&s->pending), s->pending.len);
	}
	buf_finish(&s->pending);
	s->pending = held;
}

bool script_take_error(struct script *s, struct buf *why)
{
	if (!s->pending.len)
		return false;
	buf_add(why, buf_str(&s->pending), s->pending.len);
	buf_reset(&s->pending);
	return true;
}

void callback_raise(lua_State *L, struct script *s)
{
	sig_atomic_t before = interrupt_hold();

	/* if there is no memory for the text, that is the error, and the text waits here */
	buf_finish(&s->raised);
	s->raised = script_hold_error(s);
	interrupt_release(before);
	if (!s->raised.len)
		return;
	lua_pushlstring(L, buf_str(&s->raised), s->raised.len);
	lua_error(L);
}

/* --- the answer ----------------------------------------------------------------- */

static bool is_answer(lua_State *L, enum code_answer wanted)
{
	lua_Integer i;
	int whole;

	switch (lua_type(L, -1)) {
	case LUA_TNIL:
		return true;
	case LUA_TBOOLEAN:
		return wanted == ANSWER_MATCH;
	case LUA_TNUMBER:
		i = lua_tointegerx(L, -1, &whole);
		return whole && i == (int)i;
	case LUA_TUSERDATA:
		return wanted == ANSWER_FAULTS;
	default:
		return false;
	}
}

/*
 * "file:3: probe returned false; ..." of the value at 2: the line is that of
 * the function's first one.
 */
static int wrong_answer(lua_State *L)
{
	static const int value = 2;
	const struct lua_code *c = lua_touserdata(L, 1);
	const struct kernel *k = &c->script->machine->kernel;
	lua_Debug ar;

	lua_rawgeti(L, LUA_REGISTRYINDEX, c->ref);
	lua_getinfo(L, ">S", &ar);
	push_show(L);
	lua_pushvalue(L, value);
	if (lua_pcall(L, 1, 1, 0)) {
		lua_pushstring(L, luaL_typename(L, value));
		lua_replace(L, -2);
	}
	lua_pushfstring(L, "%s:%d: %s returned %s; expected %s", ar.short_src, ar.linedefined,
			c->code.answer == ANSWER_FAULTS ? "the function" :
			*k->context.phase ? k->context.phase : k->context.caller,
			lua_tostring(L, -1),
			c->code.answer == ANSWER_MATCH ? "true or false, 1 or 0, or a negative errno" :
			c->code.answer == ANSWER_FAULTS ? "0 or nothing for success, a negative errno, or a pointer" :
			"0 or nothing for success, or a negative errno such as -ENODEV");
	return 1;
}

/* Pops what a callback returned. False: it is not a valid answer, and the error is kept. */
static bool take_answer(struct lua_code *c, struct value *ret)
{
	struct script *s = c->script;
	lua_State *L = s->L;
	int whole;

	if (c->code.answer != ANSWER_ANY && !is_answer(L, c->code.answer)) {
		if (door_do(s, wrong_answer, c, 1, 1))
			buf_puts(&s->pending, NO_MEMORY);
		else
			keep_message(s);
		return false;
	}
	*ret = (struct value){ .type = V_NONE };
	if (lua_type(L, -1) == LUA_TNUMBER)
		*ret = (struct value){ .type = V_INT, .i = lua_tointegerx(L, -1, &whole) };
	else if (lua_isboolean(L, -1))
		*ret = (struct value){ .type = V_BOOL, .b = lua_toboolean(L, -1) };
	lua_pop(L, 1);
	return true;
}

/* --- the code ------------------------------------------------------------------- */

struct arguments {
	struct lua_code *code;
	const struct value *arg;
	int args;
};

static int push_call(lua_State *L)
{
	const struct arguments *a = lua_touserdata(L, 1);

	luaL_checkstack(L, a->args + 4, NULL);
	lua_rawgeti(L, LUA_REGISTRYINDEX, a->code->ref);
	for (int i = 0; i < a->args; i++)
		push_value(L, a->code->script, &a->arg[i]);
	return a->args + 1;
}

static int run_lua(struct code *code, const struct value *arg, int args, struct value *ret)
{
	struct lua_code *c = (struct lua_code *)code;
	struct arguments a = { c, arg, args };
	struct script *s = c->script;
	/* errors of earlier callbacks do not belong to this one */
	struct buf held = script_hold_error(s);
	int rc = 0;

	if (door_do(s, push_call, &a, 0, args + 1)) {
		buf_puts(&s->pending, NO_MEMORY);
		rc = -ENOMEM;
	} else if (door_call(s, args, 1)) {
		keep_message(s);
		rc = s->aborting ? -EINTR : -EIO;
	} else if (!take_answer(c, ret)) {
		rc = -EIO;
	}
	script_join_error(s, held);
	return rc;
}

static bool take_lua_error(struct code *code, char *why, size_t size)
{
	struct script *s = ((struct lua_code *)code)->script;
	struct buf text = BUF_INIT;
	bool taken = !s->aborting && script_take_error(s, &text);

	/* of several the first is the cause */
	if (taken)
		snprintf(why, size, "%.*s", (int)strcspn(buf_str(&text), "\n"), buf_str(&text));
	buf_finish(&text);
	return taken;
}

static void drop_lua(struct code *code)
{
	struct lua_code *c = (struct lua_code *)code;

	if (c->script->L)
		luaL_unref(c->script->L, LUA_REGISTRYINDEX, c->ref);
	free(c);
}

static int reference(lua_State *L)
{
	lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
	return 1;
}

struct code *callback_code(lua_State *L, int index)
{
	sig_atomic_t before = interrupt_hold();
	struct lua_code *c = host_malloc(sizeof(*c));

	interrupt_release(before);
	if (!c)
		return NULL;
	*c = (struct lua_code){
		.code = { run_lua, drop_lua, take_lua_error }, .script = script_of(L),
	};
	/* an error would skip the drop of what was made before */
	lua_pushvalue(L, index);
	lua_pushcfunction(L, reference);
	lua_insert(L, -2);
	if (lua_pcall(L, 1, 1, 0)) {
		lua_pop(L, 1);
		before = interrupt_hold();
		free(c);
		interrupt_release(before);
		return NULL;
	}
	c->ref = (int)lua_tointeger(L, -1);
	lua_pop(L, 1);
	return &c->code;
}
