/* SPDX-License-Identifier: MIT */
/*
 * The pointers that Lua holds, and with them the variables of the shell: all
 * that can be reached from the registry and from functions that run. A list of
 * values that wait takes the place of recursion.
 */
#include "lua/state.h"

#include <string.h>

#include "lib/interrupt.h"

enum { SEEN = 1, TODO, THREADS, FIRST };

struct visit {
	struct script *s;
	machine_root_fn root;
	void *to;
	lua_Integer todo, threads; /* entries of these tables */
	bool stack;
};

static void found(struct visit *v, uint64_t addr, const char *name, bool stack)
{
	sig_atomic_t before = interrupt_hold();

	v->root(v->to, addr, name, stack);
	interrupt_release(before);
}

/* Looks at the value on the top, and pops it; what holds others waits. */
static void visit(lua_State *L, struct visit *v)
{
	int type = lua_type(L, -1);
	uint64_t addr;

	if (is_address(L, v->s, -1, &addr)) {
		found(v, addr, NULL, v->stack);
	} else if (type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TTHREAD) {
		lua_pushvalue(L, -1);
		if (lua_rawget(L, SEEN) == LUA_TNIL) {
			bool thread = type == LUA_TTHREAD;

			lua_pushvalue(L, -2);
			lua_pushboolean(L, true);
			lua_rawset(L, SEEN);
			lua_pushvalue(L, -2);
			lua_rawseti(L, thread ? THREADS : TODO,
				    thread ? ++v->threads : ++v->todo);
		}
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

/* A weak table keeps nothing. */
static bool is_weak(lua_State *L, int table)
{
	bool weak;

	if (!lua_getmetatable(L, table))
		return false;
	lua_pushliteral(L, "__mode");
	weak = lua_rawget(L, -2) != LUA_TNIL;
	lua_pop(L, 2);
	return weak;
}

static void visit_table(lua_State *L, struct visit *v, int table)
{
	if (is_weak(L, table))
		return;
	for (lua_pushnil(L); lua_next(L, table);) {
		visit(L, v);
		lua_pushvalue(L, -1);
		visit(L, v);
	}
	if (lua_getmetatable(L, table))
		visit(L, v);
}

/* Locals, arguments and values that are just worked on, of all functions that run. */
static void visit_thread(lua_State *L, struct visit *v, lua_State *thread)
{
	lua_Debug ar;

	if (!lua_checkstack(thread, 4))
		return;
	for (int level = 0; lua_getstack(thread, level, &ar); level++)
		for (int n = 1; lua_getlocal(thread, &ar, n); n++) {
			lua_xmove(thread, L, 1);
			visit(L, v);
		}
	/* one that has not begun has its function and arguments only */
	for (int i = 1; !lua_getstack(thread, 0, &ar) && i <= lua_gettop(thread); i++) {
		lua_pushvalue(thread, i);
		lua_xmove(thread, L, 1);
		visit(L, v);
	}
}

static void visit_all(lua_State *L, struct visit *v)
{
	while (v->todo) {
		lua_rawgeti(L, TODO, v->todo--);
		if (lua_istable(L, -1))
			visit_table(L, v, lua_gettop(L));
		for (int n = 1; lua_isfunction(L, FIRST) && lua_getupvalue(L, FIRST, n); n++)
			visit(L, v);
		lua_settop(L, FIRST - 1);
	}
}

/* What the shell shows as $name. */
static void name_globals(lua_State *L, struct visit *v)
{
	uint64_t addr;

	lua_pushglobaltable(L);
	for (lua_pushnil(L); lua_next(L, FIRST); lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING && is_address(L, v->s, -1, &addr))
			found(v, addr, lua_tostring(L, -2), false);
	lua_pop(L, 1);
}

static int walk(lua_State *L)
{
	struct visit *v = lua_touserdata(L, 1);

	lua_settop(L, 0);
	luaL_checkstack(L, 32, NULL);
	for (int i = SEEN; i < FIRST; i++)
		lua_newtable(L);
	/* these are on the stack that is walked over */
	for (int i = SEEN; i < FIRST; i++) {
		lua_pushvalue(L, i);
		lua_pushboolean(L, true);
		lua_rawset(L, SEEN);
	}
	name_globals(L, v);
	lua_pushvalue(L, LUA_REGISTRYINDEX);
	visit(L, v);
	visit_all(L, v);
	v->stack = true;
	while (v->threads) {
		lua_rawgeti(L, THREADS, v->threads--);
		visit_thread(L, v, lua_tothread(L, FIRST));
		lua_settop(L, FIRST - 1);
		visit_all(L, v);
	}
	return 0;
}

void roots_each(struct machine_roots *r, machine_root_fn root, void *to)
{
	struct script *s = (struct script *)((char *)r - offsetof(struct script, roots));
	struct visit v = { .s = s, .root = root, .to = to };

	if (!s->L)
		return;
	/* a finalizer would change what is walked over, or not return */
	lua_gc(s->L, LUA_GCSTOP);
	/* no memory for it: what was met so far is held */
	(void)door_do(s, walk, &v, 0, 0);
	lua_gc(s->L, LUA_GCRESTART);
}
