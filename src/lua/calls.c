/* SPDX-License-Identifier: MIT */
/*
 * A Lua function for each entry of the table of calls, and the constants that
 * arguments and results are written with.
 *
 *   devm_kzalloc(dev, 64, GFP_KERNEL)        arguments in order
 *   device("eth0", { numa_node = 1 })        ... and by name, in a table
 *   driver{ name = "demo", probe = fn }
 *
 * What Linux answers comes back: 0 or -errno, a pointer or nil. What is wrong
 * with the call itself is a Lua error.
 */
#include "lua/state.h"

#include <string.h>

#include "lib/interrupt.h"
#include "base/link.h"
#include "call/type.h"
#include "kernel/event.h"
#include "mm/gfp.h"

static bool is_named_args(lua_State *L, const struct call *c, int index)
{
	if (!lua_istable(L, index))
		return false;
	/* a spy, in the place of a function */
	if (luaL_getmetafield(L, index, "__call") != LUA_TNIL) {
		lua_pop(L, 1);
		return false;
	}
	/* a list is the value of a parameter, as names are */
	if (lua_rawlen(L, index) && index > 1)
		return false;
	/* a call whose only parameter takes a table gets it */
	return !(call_params(c) == 1 && c->param[0].type->takes == REST_AS_TEXT);
}

static void named_args(lua_State *L, struct script *s, const struct call *c, int table,
		       struct value *arg)
{
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		if (lua_type(L, -2) == LUA_TSTRING) {
			if (call_param(c, lua_tostring(L, -2)) < 0)
				luaL_error(L, "%s: no argument is named '%s'", c->name,
					   lua_tostring(L, -2));
		} else {
			luaL_error(L, "%s: wants named arguments in the table", c->name);
		}
	}
	for (int i = 0; c->param[i].type; i++) {
		if (lua_getfield(L, table, c->param[i].name) == LUA_TNIL) {
			lua_pop(L, 1);
			continue;
		}
		if (arg[i].type != V_NONE)
			luaL_error(L, "%s: %s is given twice", c->name, c->param[i].name);
		check_value(L, s, c, &c->param[i], -1, &arg[i]);
		/* stays on the stack: strings live as long as the call */
	}
}

static void positional_args(lua_State *L, struct script *s, const struct call *c, int n,
			    struct value *arg)
{
	int i = 0;

	for (int index = 1; index <= n; index++, i++) {
		while (c->param[i].type && c->param[i].named)
			i++;
		if (!c->param[i].type) {
			char usage[256];

			call_usage(c, usage, sizeof(usage));
			luaL_error(L, "%s: too many arguments: %s", c->name, usage);
		}
		/* nil means the default, if there is one */
		if (lua_isnil(L, index) && c->param[i].def && c->param[i].type != P_ADDR)
			continue;
		check_value(L, s, c, &c->param[i], index, &arg[i]);
	}
}

static void push_rows(lua_State *L, struct script *s, const struct result *r)
{
	lua_createtable(L, (int)r->rows, 0);
	for (size_t row = 0; row < r->rows; row++) {
		lua_createtable(L, 0, (int)r->columns);
		for (unsigned col = 0; col < r->columns; col++) {
			push_cell(L, s, result_cell(r, row, col));
			lua_setfield(L, -2, r->column[col]);
		}
		lua_rawseti(L, -2, (lua_Integer)row + 1);
	}
}

/* The kernel's answer, or a Lua error that says what is wrong with the call. */
static int answer(lua_State *L, struct script *s, const struct call *c, const struct result *r)
{
	if (r->err && !(r->value.type == V_INT && r->value.i == r->err)) {
		lua_pushfstring(L, "%s: %s", c->name, r->why);
		return -1;
	}
	if (r->column)
		push_rows(L, s, r);
	else
		push_value(L, s, &r->value);
	return 1;
}

struct pcall_args {
	const struct call *c;
	struct result *r;
};

static int answer_protected(lua_State *L)
{
	struct pcall_args *a = lua_touserdata(L, 1);

	return answer(L, script_of(L), a->c, a->r) < 0 ? lua_error(L) : 1;
}

/* Scalars are pushed at once; only rows own memory that an error would lose. */
static int finish_call(lua_State *L, struct script *s, const struct call *c, struct result *r)
{
	sig_atomic_t before;
	int rc;

	if (!r->column && !r->strings) {
		rc = answer(L, s, c, r);
	} else {
		struct pcall_args a = { c, r };

		lua_pushcfunction(L, answer_protected);
		lua_pushlightuserdata(L, &a);
		rc = lua_pcall(L, 1, 1, 0) ? -1 : 1;
		before = interrupt_hold();
		result_finish(r);
		interrupt_release(before);
	}
	if (rc < 0) {
		/* with its place, as luaL_error does */
		luaL_where(L, 1);
		lua_insert(L, -2);
		lua_concat(L, 2);
		lua_error(L);
	}
	return 1;
}

static void before_boot(lua_State *L, struct script *s)
{
	uint32_t n = report_complaints(s->machine);
	sig_atomic_t before;

	/* a new log must not hide that the old one complained */
	if (s->in_scenario && n > report_expected(s->machine))
		luaL_error(L, "boot: the kernel has complained since the last boot");
	s->unseen_start = 0;
	before = interrupt_hold();
	events_pause(s);
	interrupt_release(before);
}

/* The call itself; what is of no use without an answer is shown. */
static void run_call(struct script *s, const struct call *c, struct value *arg, struct result *r)
{
	uint32_t complaints = report_complaints(s->machine);

	call_run(s->machine, c, arg, r);
	if (c->flags & CALL_BOOT)
		events_resume(s);
	if (s->host.called)
		s->host.called(s->host.ctx);
	/* other notes are for who types */
	if (r->unseen && *r->note)
		show_unseen(s, c->name, r->note);
	else if (*r->note && report_complaints(s->machine) != complaints)
		show_note(s, c->name, r->note);
	/* the callback's error is what there is to raise */
	if (s->pending.len)
		result_finish(r);
}

static int make_call(lua_State *L)
{
	struct script *s = script_of(L);
	const struct call *c = lua_touserdata(L, lua_upvalueindex(1));
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r;
	char why[200];
	int n = lua_gettop(L), named = n && is_named_args(L, c, n) ? n : 0;
	sig_atomic_t before;

	result_init(&r);
	luaL_checkstack(L, 2 * PARAMS_MAX + 8, NULL);
	positional_args(L, s, c, named ? n - 1 : n, arg);
	if (named)
		named_args(L, s, c, named, arg);
	if (call_defaults(s->machine, c, arg, why, sizeof(why)))
		return luaL_error(L, "%s: %s", c->name, why);
	if (c->flags & CALL_BOOT)
		before_boot(L, s);
	for (int i = 0; c->param[i].type; i++)
		make_code(L, &arg[i]);
	before = interrupt_hold();
	run_call(s, c, arg, &r);
	interrupt_release(before);
	door_end_dead(L, s);
	if (s->pending.len)
		callback_raise(L, s);
	return finish_call(L, s, c, &r);
}

/*
 * What is no global: a call, which becomes a function when it is first used. Few scripts
 * use many of them, and what goes through all globals meets those of the user alone.
 * Constants are looked up when they are read: the value of GFP_ATOMIC differs
 * between releases, and what a user sees as variables is what a user set.
 */
static bool memory_constant(const struct mm *mm, const char *name, lua_Integer *out)
{
	const struct profile *p = mm->kernel->profile;

	if (!strcmp(name, "PAGE_SIZE"))
		*out = (lua_Integer)page_size(mm);
	else if (!strcmp(name, "KMALLOC_MAX_SIZE"))
		*out = (lua_Integer)kmalloc_max_size(mm);
	else if (!strcmp(name, p->limit_name))
		*out = mm->max_order + p->limit_exclusive;
	else
		return false;
	return true;
}

static int global_index(lua_State *L)
{
	static const struct { const char *name; lua_Integer value; } number[] = {
		{ "SIZE_MAX", -1 }, { "NUMA_NO_NODE", NUMA_NO_NODE },
		{ "DL_FLAG_STATELESS", DL_FLAG_STATELESS },
		{ "DL_FLAG_AUTOREMOVE_CONSUMER", DL_FLAG_AUTOREMOVE_CONSUMER },
		{ "DL_FLAG_AUTOREMOVE_SUPPLIER", DL_FLAG_AUTOREMOVE_SUPPLIER },
		{ "DL_FLAG_AUTOPROBE_CONSUMER", DL_FLAG_AUTOPROBE_CONSUMER },
		{ "DL_FLAG_PM_RUNTIME", DL_FLAG_PM_RUNTIME },
		{ "DL_FLAG_RPM_ACTIVE", DL_FLAG_RPM_ACTIVE },
		{ "DL_FLAG_SYNC_STATE_ONLY", DL_FLAG_SYNC_STATE_ONLY },
	};
	struct script *s = script_of(L);
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
	lua_Integer n;
	gfp_t gfp;

	const struct call *c = call_find(name);

	if (c && c->run) {
		/* next time it is found without us */
		lua_pushlightuserdata(L, (void *)c);
		lua_pushcclosure(L, make_call, 1);
		lua_pushvalue(L, -1);
		lua_setfield(L, lua_upvalueindex(1), name);
		return 1;
	}
	if (errno_value(name)) {
		lua_pushinteger(L, errno_value(name));
		return 1;
	}
	if (!gfp_value(s->machine->kernel.profile, name, strlen(name), &gfp)) {
		lua_pushinteger(L, gfp_number(s->machine->kernel.profile, gfp));
		return 1;
	}
	if (!strcmp(name, "ZERO_SIZE_PTR")) {
		push_value(L, s, &(struct value){ .type = V_ADDR, .u = 16 });
		return 1;
	}
	if (memory_constant(&s->machine->mm, name, &n)) {
		lua_pushinteger(L, n);
		return 1;
	}
	for (size_t i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		if (!strcmp(name, number[i].name)) {
			lua_pushinteger(L, number[i].value);
			return 1;
		}
	if (!vocabulary_load(L))
		return 0;
	lua_settop(L, 2);
	lua_pushglobaltable(L);
	lua_insert(L, 2);
	lua_rawget(L, 2);
	return 1;
}

void calls_open(lua_State *L)
{
	lua_pushglobaltable(L);
	lua_createtable(L, 0, 1);
	lua_newtable(L); /* the calls that were used */
	lua_createtable(L, 0, 1);
	lua_pushvalue(L, -2);
	lua_pushcclosure(L, global_index, 1);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	lua_pop(L, 1);
}
