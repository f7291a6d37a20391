/* SPDX-License-Identifier: MIT */
/* The shell's variables, which are Lua's globals, and "arg". */
#include "lua/state.h"

#include "lib/interrupt.h"

struct variable {
	struct script *s;
	const char *name;
	const struct value *in;
	struct value *out;
	struct buf *text;
	bool is_value;
};

static int get_variable(lua_State *L)
{
	struct variable *v = lua_touserdata(L, 1);
	size_t len;
	const char *str;

	lua_pushglobaltable(L);
	lua_pushstring(L, v->name);
	lua_rawget(L, -2);
	v->is_value = to_value(L, v->s, -1, v->out);
	if (v->is_value && v->out->type == V_STR) {
		sig_atomic_t before;

		str = lua_tolstring(L, -1, &len);
		before = interrupt_hold();
		buf_reset(v->text);
		buf_add(v->text, str, len);
		interrupt_release(before);
		v->out->s = buf_str(v->text);
	}
	return 0;
}

bool script_get(struct script *s, const char *name, struct value *out, struct buf *text)
{
	struct variable v = { .s = s, .name = name, .out = out, .text = text };

	*out = (struct value){ 0 };
	return !door_do(s, get_variable, &v, 0, 0) && v.is_value;
}

static int set_variable(lua_State *L)
{
	const struct variable *v = lua_touserdata(L, 1);

	lua_pushglobaltable(L);
	lua_pushstring(L, v->name);
	push_variable(L, v->s, v->in);
	lua_rawset(L, -3);
	return 0;
}

bool script_set(struct script *s, const char *name, const struct value *v)
{
	return !door_do(s, set_variable, &(struct variable){ .s = s, .name = name, .in = v }, 0, 0);
}

struct globals {
	struct script *s;
	void (*each)(void *ctx, const char *name);
	void *ctx;
};

static int visit_globals(lua_State *L)
{
	const struct globals *g = lua_touserdata(L, 1);
	struct value v;

	lua_pushglobaltable(L);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING && to_value(L, g->s, -1, &v)) {
			sig_atomic_t before = interrupt_hold();

			g->each(g->ctx, lua_tostring(L, -2));
			interrupt_release(before);
		}
	return 0;
}

void script_globals(struct script *s, void (*each)(void *ctx, const char *name), void *ctx)
{
	/* without memory it is those that were met before */
	(void)door_do(s, visit_globals, &(struct globals){ s, each, ctx }, 0, 0);
}

struct names {
	const char *library;
	void (*each)(void *ctx, const char *name);
	void *ctx;
};

static void visit_calls(const struct names *n)
{
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		if (c->run)
			n->each(n->ctx, c->name);
}

static int visit_names(lua_State *L)
{
	const struct names *n = lua_touserdata(L, 1);

	vocabulary_load(L);
	if (!n->library) {
		sig_atomic_t before = interrupt_hold();

		visit_calls(n);
		interrupt_release(before);
	}
	lua_pushglobaltable(L);
	if (n->library) {
		lua_pushstring(L, n->library);
		lua_rawget(L, -2);
	}
	if (!lua_istable(L, -1))
		return 0;
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING) {
			sig_atomic_t before = interrupt_hold();

			n->each(n->ctx, lua_tostring(L, -2));
			interrupt_release(before);
		}
	return 0;
}

void script_names(struct script *s, const char *library, void (*each)(void *ctx, const char *name),
		  void *ctx)
{
	(void)door_do(s, visit_names, &(struct names){ library, each, ctx }, 0, 0);
}

struct arguments {
	const char *name;
	char *const *args;
};

static int set_arguments(lua_State *L)
{
	const struct arguments *a = lua_touserdata(L, 1);

	lua_newtable(L);
	lua_pushstring(L, a->name);
	lua_rawseti(L, -2, 0);
	for (int i = 0; a->args && a->args[i]; i++) {
		lua_pushstring(L, a->args[i]);
		lua_rawseti(L, -2, i + 1);
	}
	lua_setglobal(L, "arg");
	return 0;
}

bool script_set_args(struct script *s, const char *name, char *const *args, struct buf *why)
{
	struct arguments a = { name, args };

	/* a metatable of the globals' may have code for it */
	lua_pushcfunction(s->L, set_arguments);
	lua_pushlightuserdata(s->L, &a);
	if (!door_call(s, 1, 0))
		return true;
	door_message(s, why);
	return false;
}
