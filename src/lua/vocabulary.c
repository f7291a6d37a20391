/* SPDX-License-Identifier: MIT */
/*
 * The words of scenario.lua: describe, it, assert and the like. Most sessions use none
 * of them, so the file is read when a name is looked up that nothing else has; in a
 * process with many states it is compiled once.
 */
#include "lua/state.h"

#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"

/* scenario.lua as bytes, made by the build */
extern const char scenario_lua[];
extern const size_t scenario_lua_size;

/* registry: the table that scenario.lua's names are put into */
#define WORDS "devsh.words"

/* Of scenario.lua, made by this process: no script can bring its own. */
static struct { char *code; size_t size; } compiled;

static int add_code(lua_State *L, const void *p, size_t size, void *to)
{
	char **code = to, *more = host_realloc(*code, compiled.size + size);

	(void)L;
	if (!more)
		return 1;
	*code = more;
	memcpy(more + compiled.size, p, size);
	compiled.size += size;
	return 0;
}

/* The chunk, on the stack; raises where there is no memory. */
static void push_chunk(lua_State *L)
{
	sig_atomic_t held;
	char *code = NULL;

	if (compiled.code) {
		if (luaL_loadbufferx(L, compiled.code, compiled.size, "=devsh", "b"))
			lua_error(L);
		return;
	}
	if (luaL_loadbufferx(L, scenario_lua, scenario_lua_size, "=devsh", "t"))
		lua_error(L);
	held = interrupt_hold();
	if (lua_dump(L, add_code, &code, false)) {
		free(code); /* the next state tries again */
		code = NULL;
		compiled.size = 0;
	}
	compiled.code = code;
	interrupt_release(held);
}

static bool is_loaded(lua_State *L)
{
	bool loaded = lua_getfield(L, LUA_REGISTRYINDEX, SHOW_TABLE) != LUA_TNIL;

	lua_pop(L, 1);
	return loaded;
}

/* What the user has defined by then stays as it is. */
static void share_words(lua_State *L, int words)
{
	lua_pushglobaltable(L);
	for (lua_pushnil(L); lua_next(L, words); lua_pop(L, 1)) {
		lua_pushvalue(L, -2);
		if (lua_rawget(L, -4) == LUA_TNIL) {
			lua_pushvalue(L, -3);
			lua_pushvalue(L, -3);
			lua_rawset(L, -6);
		}
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

bool vocabulary_load(lua_State *L)
{
	struct script *s = script_of(L);
	int words;

	if (s->reading_words || is_loaded(L))
		return false;
	luaL_checkstack(L, 10, NULL);
	lua_getfield(L, LUA_REGISTRYINDEX, WORDS);
	words = lua_gettop(L);
	push_chunk(L);
	lua_pushvalue(L, words);
	lua_setupvalue(L, -2, 1);
	lua_getfield(L, LUA_REGISTRYINDEX, SCENARIO_HOST);
	s->reading_words = true;
	if (lua_pcall(L, 1, 2, 0)) {
		s->reading_words = false;
		lua_error(L);
	}
	s->reading_words = false;
	share_words(L, words);
	lua_setfield(L, LUA_REGISTRYINDEX, SHOW_TABLE);
	lua_setfield(L, LUA_REGISTRYINDEX, SCENARIOS);
	lua_pop(L, 1);
	return true;
}

void push_show(lua_State *L)
{
	vocabulary_load(L);
	lua_getfield(L, LUA_REGISTRYINDEX, SHOW_TABLE);
}

/* Its own pairs() and assert() come with the others. */
void vocabulary_open(lua_State *L)
{
	lua_newtable(L);
	lua_pushglobaltable(L);
	lua_getfield(L, -1, "pairs");
	lua_setfield(L, -3, "pairs");
	lua_pushnil(L);
	lua_setfield(L, -2, "pairs");
	lua_pushnil(L);
	lua_setfield(L, -2, "assert");
	/* what it does not define is global */
	lua_createtable(L, 0, 1);
	lua_insert(L, -2);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	lua_setfield(L, LUA_REGISTRYINDEX, WORDS);
}
