/* SPDX-License-Identifier: MIT */
/* What Lua gives a call, as its parameters want it; anything else is an error that says what would fit. */
#include "lua/state.h"

#include <string.h>

#include "lib/interrupt.h"
#include "call/type.h"
#include "kernel/symbol.h"

/* registry: the names of functions that were given to the kernel */
#define FUNCTIONS "devsh.functions"
/* registry: the functions that stand for tables */
#define CALLABLES "devsh.callables"

static int misfit(lua_State *L, const struct call *c, const struct param *p, int index,
		  const char *wants)
{
	if (lua_type(L, index) == LUA_TNUMBER && !lua_isinteger(L, index))
		return luaL_error(L, "%s: %s: wants %s, got %s", c->name, p->name, wants,
				  luaL_tolstring(L, index, NULL));
	return luaL_error(L, "%s: %s: wants %s, got %s", c->name, p->name, wants,
			  lua_isnil(L, index) ? "nil" : luaL_typename(L, index));
}

/* Text goes the way that words of the shell go. */
static void text_value(lua_State *L, struct script *s, const struct call *c,
		       const struct param *p, const char *text, struct value *out)
{
	char why[200];

	if (call_value(s->machine, c, p, text, out, why, sizeof(why)))
		luaL_error(L, "%s: %s", c->name, why);
}

/* A number, a pointer, a handle, true or false, nil: as what the parameter takes. */
static bool typed_value(lua_State *L, struct script *s, const struct call *c,
			const struct param *p, int index, struct value *out)
{
	char why[200];
	int whole = 0;

	*out = (struct value){ 0 };
	if (lua_type(L, index) == LUA_TNUMBER)
		*out = (struct value){ .type = V_INT, .i = lua_tointegerx(L, index, &whole) };
	else if (is_pointer(L, index))
		*out = (struct value){ .type = V_ADDR, .u = check_pointer(L, s, index) };
	else if (!to_value(L, s, index, out) && !lua_isnil(L, index))
		return false;
	if (out->type == V_INT && !whole)
		return false;
	if (!call_fits(s->machine, p, out, true, why, sizeof(why)))
		return true;
	if (*why)
		luaL_error(L, "%s: %s", c->name, why);
	return false;
}

/* The code itself is made when no argument can be wrong any more: make_code(). */
static void code_value(lua_State *L, const struct call *c, const struct param *p, int index,
		       struct value *out)
{
	if (!lua_isfunction(L, index))
		misfit(L, c, p, index, "a function");
	*out = (struct value){ .type = V_CODE, .i = index };
}

bool make_code(lua_State *L, struct value *v)
{
	if (v->type == V_CODE)
		v->code = callback_code(L, (int)v->i);
	return v->type != V_CODE || v->code;
}

/*
 * A function that the kernel can name: the same Lua function is the same
 * symbol, so that devm_remove_action() finds what devm_add_action() added.
 */
static void function_value(lua_State *L, struct script *s, const struct call *c,
			   const struct param *p, int index, struct value *out)
{
	sig_atomic_t before;
	lua_Debug ar;
	const char *file;
	char name[64];

	if (!lua_isfunction(L, index))
		misfit(L, c, p, index, "a function or its name");
	lua_getfield(L, LUA_REGISTRYINDEX, FUNCTIONS);
	lua_pushvalue(L, index);
	lua_rawget(L, -2);
	if (lua_isstring(L, -1)) {
		struct symbol *known;
		uint64_t addr;

		before = interrupt_hold();
		addr = text_symbol(&s->machine->kernel, lua_tostring(L, -1));
		known = text_lookup(&s->machine->kernel, addr);
		interrupt_release(before);
		/* a boot forgets what functions do */
		if (known && known->fn) {
			*out = (struct value){ .type = V_ADDR, .u = addr };
			lua_pop(L, 2);
			return;
		}
	}
	lua_pop(L, 1);
	lua_pushvalue(L, index);
	lua_getinfo(L, ">S", &ar);
	if (*ar.what == 'C') {
		snprintf(ar.short_src, sizeof(ar.short_src), "callable");
		ar.linedefined = 0;
	}
	file = strrchr(ar.short_src, '/');
	snprintf(name, sizeof(name), "%.30s:%d#%u", file ? file + 1 : ar.short_src,
		 ar.linedefined, ++s->names);
	for (char *at = name; *at; at++)
		if (*at == ' ' || *at == '/')
			*at = '_';
	lua_pushvalue(L, index);
	lua_pushstring(L, name);
	lua_rawset(L, -3);
	lua_pop(L, 1);
	code_value(L, c, p, index, out);
	if (!make_code(L, out))
		luaL_error(L, "%s: not enough memory", c->name);
	before = interrupt_hold();
	*out = (struct value){
		.type = V_ADDR, .u = call_function(s->machine, name, out->code),
	};
	interrupt_release(before);
}

/* The string key that follows `after` in order; pushes it, or false. */
static bool next_key(lua_State *L, int table, const char *after)
{
	const char *best = NULL;

	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;

		/* the table keeps its keys alive */
		if (key && strcmp(key, after) > 0 && (!best || strcmp(key, best) < 0))
			best = key;
	}
	if (best)
		lua_pushstring(L, best);
	return best;
}

/* Appends a separator, a key and the value on the top of the stack, which it pops. */
static void join(lua_State *L, const struct call *c, const struct param *p, int all,
		 const char *sep, const char *key)
{
	int type = lua_type(L, -1);

	if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN)
		misfit(L, c, p, -1, "text in the table");
	if (p->type->list == ' ' && p->type->takes == ONE_WORD && type == LUA_TSTRING &&
	    strchr(lua_tostring(L, -1), ' '))
		luaL_error(L, "%s: %s '%s': an item contains a blank", c->name, p->name,
			   lua_tostring(L, -1));
	luaL_tolstring(L, -1, NULL);
	lua_pushfstring(L, "%s%s%s%s%s", lua_tostring(L, all), sep, key, *key ? "=" : "",
			lua_tostring(L, -1));
	lua_replace(L, all);
	lua_pop(L, 2);
}

/*
 * { "a", "b" } or { release = "4.19" }: one string on the stack. Keys are in
 * order, because the order of a Lua table is another one in every process.
 */
static const char *join_table(lua_State *L, const struct call *c, const struct param *p,
			      int index)
{
	const char sep[] = { p->type->list, '\0' };
	lua_Integer n = (lua_Integer)lua_rawlen(L, index);
	int all;

	lua_pushliteral(L, "");
	all = lua_gettop(L);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, index, i);
		join(L, c, p, all, sep, "");
	}
	lua_pushliteral(L, "");
	while (p->type->takes == REST_AS_TEXT && next_key(L, index, lua_tostring(L, all + 1))) {
		lua_replace(L, all + 1);
		lua_getfield(L, index, lua_tostring(L, all + 1));
		join(L, c, p, all, sep, lua_tostring(L, all + 1));
	}
	lua_settop(L, all);
	return lua_tostring(L, all) + (lua_rawlen(L, all) > 0);
}

static int call_table(lua_State *L)
{
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
	return lua_gettop(L);
}

/* A table that can be called, such as a spy: always the same function for it, on the stack. */
static bool is_callable_table(lua_State *L, int index)
{
	if (!lua_istable(L, index) || luaL_getmetafield(L, index, "__call") == LUA_TNIL)
		return false;
	lua_getfield(L, LUA_REGISTRYINDEX, CALLABLES);
	lua_pushvalue(L, index);
	if (lua_rawget(L, -2) == LUA_TNIL) {
		lua_pushvalue(L, index);
		lua_pushcclosure(L, call_table, 1);
		lua_replace(L, -2);
		lua_pushvalue(L, index);
		lua_pushvalue(L, -2);
		lua_rawset(L, -4);
	}
	return true;
}

void check_value(lua_State *L, struct script *s, const struct call *c,
		 const struct param *p, int index, struct value *out)
{
	int type = lua_type(L, index);

	index = lua_absindex(L, index);
	if (p->type->code && is_callable_table(L, index)) {
		index = lua_gettop(L); /* it stays there, for make_code() */
		type = LUA_TFUNCTION;
	}
	if (p->type->code == NAMED_CODE && type == LUA_TFUNCTION)
		function_value(L, s, c, p, index, out);
	else if (p->type->code == CODE && (type == LUA_TFUNCTION || !p->type->fits))
		code_value(L, c, p, index, out);
	else if (type == LUA_TSTRING)
		text_value(L, s, c, p, lua_tostring(L, index), out);
	else if (typed_value(L, s, c, p, index, out))
		;
	else if (type == LUA_TTABLE && p->type->list)
		/* stays on the stack, so that the text lives as long as the call */
		*out = (struct value){ .type = V_STR, .s = join_table(L, c, p, index) };
	else if (type == LUA_TNUMBER && p->type->digits)
		text_value(L, s, c, p, luaL_tolstring(L, index, NULL), out);
	else
		misfit(L, c, p, index, p->type->wants);
}

void arguments_open(lua_State *L)
{
	/* weak keys: an unreachable function needs no name */
	for (const char *const *name = (const char *const[]){ FUNCTIONS, CALLABLES, NULL }; *name; name++) {
		lua_newtable(L);
		lua_createtable(L, 0, 1);
		lua_pushliteral(L, "k");
		lua_setfield(L, -2, "__mode");
		lua_setmetatable(L, -2);
		lua_setfield(L, LUA_REGISTRYINDEX, *name);
	}
}
