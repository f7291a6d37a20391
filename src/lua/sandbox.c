/* SPDX-License-Identifier: MIT */
/*
 * What a script can reach: the language and its data, not the process. No io,
 * os, package, debug or bytecode; print() goes to the host; nothing prints an
 * address of the host.
 */
#include "lua/state.h"

#include <stdlib.h>
#include <string.h>

#include "lib/interrupt.h"

#define REP_MAX (64u << 20)

/* Like tostring(), but what has no text of its own is only its type. */
static const char *safe_tostring(lua_State *L, int index, size_t *len)
{
	switch (lua_type(L, index)) {
	case LUA_TTABLE:
	case LUA_TFUNCTION:
	case LUA_TTHREAD:
	case LUA_TLIGHTUSERDATA:
		if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
			lua_pop(L, 1);
			break;
		}
		lua_pushstring(L, luaL_typename(L, index));
		return lua_tolstring(L, -1, len);
	default:
		break;
	}
	return luaL_tolstring(L, index, len);
}

static int lua_tostring_(lua_State *L)
{
	luaL_checkany(L, 1);
	safe_tostring(L, 1, NULL);
	return 1;
}

/* Prints a table as its contents. */
static void print_value(lua_State *L, int index)
{
	if (lua_istable(L, index) && luaL_getmetafield(L, index, "__tostring") == LUA_TNIL) {
		push_show(L);
		lua_pushvalue(L, index);
		lua_call(L, 1, 1);
		return;
	}
	if (lua_istable(L, index))
		lua_pop(L, 1);
	safe_tostring(L, index, NULL);
}

static int lua_print(lua_State *L)
{
	struct script *s = script_of(L);
	int n = lua_gettop(L);
	luaL_Buffer b;
	size_t len;

	luaL_buffinit(L, &b);
	for (int i = 1; i <= n; i++) {
		if (i > 1)
			luaL_addchar(&b, '\t');
		print_value(L, i);
		luaL_addvalue(&b);
	}
	luaL_addchar(&b, '\n');
	luaL_pushresult(&b);
	if (s->host.print) {
		const char *text = lua_tolstring(L, -1, &len);
		sig_atomic_t before = interrupt_hold();

		s->host.print(s->host.ctx, text, len);
		interrupt_release(before);
	}
	return 0;
}

/* string.format whose %s never shows an address, and without %p. */
static int lua_format(lua_State *L)
{
	const char *fmt = luaL_checkstring(L, 1);
	int n = lua_gettop(L);

	for (const char *at = strchr(fmt, '%'); at; at = strchr(at + 1, '%')) {
		at += 1 + strspn(at + 1, "-+ #0123456789.");
		if (*at == 'p')
			return luaL_error(L, "string.format: %%p is not available");
		if (!*at)
			break;
	}
	for (int i = 2; i <= n; i++) {
		if (lua_type(L, i) != LUA_TTABLE && lua_type(L, i) != LUA_TFUNCTION &&
		    lua_type(L, i) != LUA_TTHREAD)
			continue;
		safe_tostring(L, i, NULL);
		lua_replace(L, i);
	}
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, n, 1);
	return 1;
}

/* string.rep, bounded: its loop cannot be interrupted. */
static int lua_rep(lua_State *L)
{
	size_t len, sep;
	lua_Integer n = luaL_checkinteger(L, 2);

	luaL_checklstring(L, 1, &len);
	luaL_optlstring(L, 3, "", &sep);
	if (n > 0 && (n > REP_MAX || (len + sep) * (size_t)n > REP_MAX))
		return luaL_error(L, "string.rep: at most 64 MiB");
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, 1);
	return 1;
}

/* load() of text only. */
static int lua_load_(lua_State *L)
{
	size_t len;
	const char *text = luaL_checklstring(L, 1, &len);
	const char *name = luaL_optstring(L, 2, "=load");
	bool env = !lua_isnone(L, 4);

	if (luaL_loadbufferx(L, text, len, name, "t")) {
		lua_pushnil(L);
		lua_insert(L, -2);
		return 2;
	}
	if (env) {
		lua_pushvalue(L, 4);
		if (!lua_setupvalue(L, -2, 1))
			lua_pop(L, 1);
	}
	return 1;
}

static int lua_collectgarbage(lua_State *L)
{
	static const char *const options[] = { "collect", "count", NULL };
	int option = luaL_checkoption(L, 1, "collect", options);

	if (option == 0) {
		lua_gc(L, LUA_GCCOLLECT);
		lua_pushinteger(L, 0);
	} else {
		lua_pushnumber(L, (lua_Number)lua_gc(L, LUA_GCCOUNT));
	}
	return 1;
}

/* Without a seed Lua takes the time of the day: the machine's seed is the same in a replay. */
static int lua_randomseed(lua_State *L)
{
	if (lua_isnone(L, 1))
		lua_pushinteger(L, (lua_Integer)script_of(L)->machine->kernel.params.seed);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, 0);
	return 0;
}

static void wrap(lua_State *L, int table, const char *name, lua_CFunction fn)
{
	lua_getfield(L, table, name);
	lua_pushcclosure(L, fn, 1);
	lua_setfield(L, table, name);
}

static void remove_field(lua_State *L, const char *name)
{
	lua_pushnil(L);
	lua_setfield(L, -2, name);
}

void sandbox_open(lua_State *L)
{
	static const luaL_Reg libs[] = {
		{ LUA_GNAME, luaopen_base }, { LUA_COLIBNAME, luaopen_coroutine },
		{ LUA_TABLIBNAME, luaopen_table }, { LUA_STRLIBNAME, luaopen_string },
		{ LUA_MATHLIBNAME, luaopen_math }, { LUA_UTF8LIBNAME, luaopen_utf8 },
		{ NULL, NULL },
	};
	static const luaL_Reg base[] = {
		{ "print", lua_print }, { "tostring", lua_tostring_ }, { "load", lua_load_ },
		{ "collectgarbage", lua_collectgarbage }, { NULL, NULL },
	};

	for (const luaL_Reg *lib = libs; lib->func; lib++) {
		luaL_requiref(L, lib->name, lib->func, 1);
		lua_pop(L, 1);
	}
	lua_pushglobaltable(L);
	luaL_setfuncs(L, base, 0);
	remove_field(L, "dofile");
	remove_field(L, "loadfile");
	remove_field(L, "_VERSION");
	lua_getfield(L, -1, "string");
	remove_field(L, "dump");
	wrap(L, lua_gettop(L), "format", lua_format);
	wrap(L, lua_gettop(L), "rep", lua_rep);
	lua_pop(L, 1);
	lua_getfield(L, -1, "math");
	/* the same numbers on every host */
	wrap(L, lua_gettop(L), "randomseed", lua_randomseed);
	lua_getfield(L, -1, "randomseed");
	lua_pushvalue(L, -1);
	lua_setfield(L, LUA_REGISTRYINDEX, RANDOM_SEED);
	lua_call(L, 0, 0);
	lua_pop(L, 2);
}
