/* SPDX-License-Identifier: MIT */
/*
 * Scenarios: what describe() and it() collected, each run on a machine that
 * was just booted. The vocabulary itself is scenario.lua; here is what it
 * needs of the machine, and the verdict.
 */
#include "lua/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/interrupt.h"
#include "lib/array.h"
#include "lib/host_memory.h"
#include "machine/leaks.h"
#include "mm/track.h"

#define FAILURES 8 /* errors that are kept, the first ones and the last */
#define LEFT_NAMED 8 /* objects */

/* --- what happened during a scenario ------------------------------------- */

static int host_complaints(lua_State *L)
{
	lua_pushinteger(L, report_complaints(script_of(L)->machine));
	return 1;
}

static int host_expected(lua_State *L)
{
	lua_pushinteger(L, report_expected(script_of(L)->machine));
	return 1;
}

static int host_excuse(lua_State *L)
{
	report_expect(script_of(L)->machine, (uint32_t)luaL_checkinteger(L, 1));
	return 0;
}

static void script_forget_unseen(struct script *s)
{
	*s->unseen = '\0';
	s->unseen_start = 0;
}

static int host_log_mark(lua_State *L)
{
	sig_atomic_t before = interrupt_hold();

	/* assert.warns is to see all that comes now */
	report_begin(script_of(L)->machine);
	interrupt_release(before);
	script_forget_unseen(script_of(L));
	lua_pushinteger(L, (lua_Integer)report_next(script_of(L)->machine));
	return 1;
}

/* In words, what was written wrongly since log_mark() and no checker saw; or nil. */
static int host_unseen(lua_State *L)
{
	struct script *s = script_of(L);

	if (!*s->unseen)
		return 0;
	lua_pushstring(L, s->unseen);
	return 1;
}

static int host_withheld(lua_State *L)
{
	lua_pushinteger(L, report_withheld(script_of(L)->machine));
	return 1;
}

static int host_log_has(lua_State *L)
{
	struct machine *m = script_of(L)->machine;
	uint64_t seq = (uint64_t)luaL_checkinteger(L, 1);
	const char *text = luaL_checkstring(L, 2);
	struct report_line line;
	bool found = false;

	for (; !found && report_line(m, seq, &line); seq = line.seq + 1)
		found = strstr(line.text, text) != NULL;
	lua_pushboolean(L, found);
	return 1;
}

/* Where the user's code called: file, line; and the last line of the function it passed. */
static int host_where(lua_State *L)
{
	lua_Debug ar;
	int last;

	lua_settop(L, 1);
	lua_getinfo(L, ">S", &ar);
	last = ar.lastlinedefined;

	for (int level = 1; lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Sl", &ar);
		if (ar.currentline <= 0 || !strcmp(ar.short_src, "devsh"))
			continue;
		/* a path is longer than short_src keeps */
		lua_pushstring(L, ar.source[0] == '@' ? ar.source + 1 : ar.short_src);
		lua_pushinteger(L, ar.currentline);
		lua_pushinteger(L, last > ar.currentline ? last : ar.currentline);
		return 3;
	}
	return 0;
}

void scenario_open(lua_State *L)
{
	static const luaL_Reg host[] = {
		{ "releases", events_releases }, { "complaints", host_complaints },
		{ "expected", host_expected }, { "excuse", host_excuse }, { "log_mark", host_log_mark },
		{ "log_has", host_log_has }, { "unseen", host_unseen }, { "withheld", host_withheld },
		{ "where", host_where }, { NULL, NULL },
	};

	luaL_newlib(L, host);
	lua_setfield(L, LUA_REGISTRYINDEX, SCENARIO_HOST);
}

/* --- the machine at the moment of a failure -------------------------------- */

/* "in function 'helper'", or what is known of one without a name. */
static void add_function(lua_State *L, int level, const lua_Debug *ar, struct buf *out)
{
	const char *name = ar->name;
	lua_Debug caller;

	if (lua_getstack(L, level + 1, &caller) && lua_getinfo(L, "Sn", &caller)) {
		if (!strcmp(caller.short_src, "devsh") && name && !strcmp(name, "run")) {
			buf_puts(out, "in the scenario");
			return;
		}
		if (!name && *caller.what == 'C' && caller.name) {
			buf_printf(out, "in a function called by %s", caller.name);
			return;
		}
	}
	buf_printf(out, name ? "in function '%s'" : "in a function", name);
}

/* Who called the line that failed, down to the scenario. */
static void add_callers(lua_State *L, struct buf *out)
{
	bool first = true;
	lua_Debug ar;

	for (int level = 1; lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Sln", &ar);
		if (ar.currentline <= 0 || !strcmp(ar.short_src, "devsh"))
			continue;
		if (!first) {
			buf_printf(out, "%s:%d: ", ar.source[0] == '@' ? ar.source + 1 : ar.short_src,
				   ar.currentline);
			add_function(L, level, &ar, out);
			buf_putc(out, '\n');
		}
		first = false;
	}
}

static void add_field(lua_State *L, const char *name, struct buf *out)
{
	if (lua_getfield(L, 1, name) == LUA_TSTRING)
		buf_puts(out, lua_tostring(L, -1));
	lua_pop(L, 1);
}

/*
 * Every error on its way out of a user's code, with the machine as it was: of a
 * callback, and of what called it. Most are handled, or are the same error once
 * more; the scenario's own error, when it comes, says which of them it was.
 */
static void capture(struct script *s, lua_State *L, const char *text)
{
	struct outcome *o;

	if (s->failures == FAILURES)
		outcome_finish(&s->failure[--s->failures]);
	if (!array_room(s->failure, s->failures, s->failure_room, FAILURES))
		return;
	o = &s->failure[s->failures++];
	*o = (struct outcome){ 0 };
	buf_puts(&o->text[OUTCOME_MESSAGE], text);
	outcome_capture(o, s->machine);
	if (!L)
		return;
	add_callers(L, &o->text[OUTCOME_TRACEBACK]);
	if (lua_istable(L, 1)) {
		add_field(L, "expected", &o->text[OUTCOME_EXPECTED]);
		add_field(L, "got", &o->text[OUTCOME_GOT]);
	}
}

/* The first error that is part of this text is the cause: the others passed it on. */
static void take_failure(struct script *s, const char *text, struct outcome *out)
{
	struct outcome *o = NULL;

	for (size_t i = 0; i < s->failures && !o; i++)
		if (strstr(text, buf_str(&s->failure[i].text[OUTCOME_MESSAGE])))
			o = &s->failure[i];
	for (int i = 0; o && i < OUTCOME_TEXTS; i++)
		if (i != OUTCOME_MESSAGE && i != OUTCOME_AT) {
			out->text[i] = o->text[i];
			o->text[i] = (struct buf)BUF_INIT;
		}
}

static void forget_failures(struct script *s)
{
	while (s->failures)
		outcome_finish(&s->failure[--s->failures]);
}

/* --- running ------------------------------------------------------------------ */

static char *copy_field(lua_State *L, int table, const char *name)
{
	sig_atomic_t before;
	char *copy;

	lua_getfield(L, table, name);
	before = interrupt_hold();
	copy = host_strdup(lua_tostring(L, -1));
	interrupt_release(before);
	lua_pop(L, 1);
	return copy;
}

/* What is new in the list that describe() and it() fill. */
static int collect(lua_State *L)
{
	struct script *s = lua_touserdata(L, 1);
	size_t all;

	lua_getfield(L, LUA_REGISTRYINDEX, SCENARIOS);
	all = (size_t)lua_rawlen(L, -1);
	while (s->scenarios < all) {
		sig_atomic_t before = interrupt_hold();
		struct scenario *more = host_realloc(s->scenario, all * sizeof(*more)), *new;

		s->scenario = more ? more : s->scenario;
		interrupt_release(before);
		if (!more)
			return luaL_error(L, NO_MEMORY);
		new = &more[s->scenarios];
		*new = (struct scenario){ 0 };
		lua_rawgeti(L, 2, (lua_Integer)s->scenarios + 1);
		lua_getfield(L, 3, "line");
		new->line = (int)lua_tointeger(L, -1);
		lua_getfield(L, 3, "last");
		new->last = (int)lua_tointeger(L, -1);
		lua_getfield(L, 3, "pending");
		new->pending = lua_toboolean(L, -1);
		lua_settop(L, 3);
		new->tags = copy_field(L, 3, "tags");
		new->name = copy_field(L, 3, "name");
		new->file = copy_field(L, 3, "file");
		s->scenarios++;
		if (!new->name || !new->file || !new->tags)
			return luaL_error(L, NO_MEMORY);
		lua_settop(L, 2);
	}
	return 0;
}

bool scenario_collect(struct script *s)
{
	return !door_do(s, collect, s, 0, 0);
}

void scenario_close(struct script *s)
{
	for (size_t i = 0; i < s->scenarios; i++) {
		free(s->scenario[i].name);
		free(s->scenario[i].file);
		free(s->scenario[i].tags);
	}
	free(s->scenario);
	free(s->failure);
}

bool script_scenario(struct script *s, size_t i, struct scenario *out)
{
	if (i >= s->scenarios)
		return false;
	*out = s->scenario[i];
	return true;
}

/* The function that runs the scenario of this number, from 0. */
static int push_run(lua_State *L)
{
	size_t i = *(size_t *)lua_touserdata(L, 1);

	lua_getfield(L, LUA_REGISTRYINDEX, RANDOM_SEED);
	lua_call(L, 0, 0);
	lua_getfield(L, LUA_REGISTRYINDEX, SCENARIOS);
	lua_rawgeti(L, -1, (lua_Integer)i + 1);
	lua_getfield(L, -1, "run");
	return 1;
}

/* "file:12: text" into place and text. */
static void split_message(struct outcome *o, const struct buf *all)
{
	const char *s = buf_str(all), *at = s;

	while ((at = strchr(at, ':'))) {
		size_t digits = strspn(at + 1, "0123456789");

		if (digits && at[1 + digits] == ':') {
			buf_add(&o->text[OUTCOME_AT], s, (size_t)(at + 1 + digits - s));
			s = at + 1 + digits + 1;
			s += *s == ' ';
			break;
		}
		at++;
	}
	buf_puts(&o->text[OUTCOME_MESSAGE], s);
}

struct left { struct buf *out; uint32_t objects; };

static void name_left(void *ctx, const struct machine_leak *leak)
{
	const struct track *t = leak->track;
	struct left *l = ctx;

	if ((leak->holder && !leak->over) || l->objects++ > LEFT_NAMED)
		return;
	if (l->objects > LEFT_NAMED)
		buf_puts(l->out, "\nand more");
	else
		buf_printf(l->out, "\n%llx, %zu bytes, by %.40s%s%.40s", (unsigned long long)leak->addr,
			   leak->size, t && t->alloc_by ? t->alloc_by : "?",
			   t && t->alloc_phase && *t->alloc_phase ? " in " : "",
			   t && t->alloc_phase ? t->alloc_phase : "");
}

/* What `leaks` would show now, in *out; true: there is some. */
static bool has_leaks(struct script *s, struct buf *out)
{
	struct buf names = BUF_INIT;
	struct left l = { &names, 0 };

	machine_leaks(s->machine, name_left, &l);
	if (l.objects)
		buf_printf(out, "%u object%s lost at the end:%s", l.objects,
			   l.objects == 1 ? " is" : "s are", buf_str(&names));
	buf_finish(&names);
	return l.objects;
}

static void judge(struct script *s, int rc, struct outcome *o)
{
	uint32_t n = report_complaints(s->machine);
	struct buf all = BUF_INIT;

	if (rc) {
		o->status = s->aborting ? OUTCOME_INTERRUPTED : OUTCOME_FAILED;
		door_message(s, &all);
		take_failure(s, buf_str(&all), o);
		split_message(o, &all);
		buf_finish(&all);
	} else if (n > report_expected(s->machine)) {
		o->status = OUTCOME_FAILED;
		buf_printf(&o->text[OUTCOME_MESSAGE], "the kernel complained %u time%s, the scenario expected %u",
			   n, n == 1 ? "" : "s", report_expected(s->machine));
		outcome_capture(o, s->machine);
	} else if (s->no_leaks && has_leaks(s, &o->text[OUTCOME_MESSAGE])) {
		o->status = OUTCOME_FAILED;
		outcome_capture(o, s->machine);
	} else {
		o->status = OUTCOME_PASSED;
	}
}

void script_no_leaks(struct script *s)
{
	s->no_leaks = true;
}

void script_scenario_run(struct script *s, size_t i, const char *cmdline, struct outcome *o)
{
	struct scenario about;
	char why[200];

	*o = (struct outcome){ 0 };
	if (!script_scenario(s, i, &about))
		return;
	if (about.pending) {
		o->status = OUTCOME_PENDING;
		return;
	}
	if (machine_reboot(s->machine, cmdline, why, sizeof(why))) {
		o->status = OUTCOME_FAILED;
		buf_puts(&o->text[OUTCOME_MESSAGE], why);
		return;
	}
	script_forget_unseen(s);
	s->in_scenario = true;
	s->failed = capture;
	events_forget(s);
	events_record(s);
	if (!door_do(s, push_run, &i, 0, 1)) {
		judge(s, door_call(s, 0, 0), o);
	} else {
		o->status = OUTCOME_FAILED;
		buf_puts(&o->text[OUTCOME_MESSAGE], NO_MEMORY);
	}
	if (o->status == OUTCOME_FAILED && !o->text[OUTCOME_AT].len)
		buf_printf(&o->text[OUTCOME_AT], "%s:%d", about.file, about.line);
	events_forget(s);
	forget_failures(s);
	s->failed = NULL;
	s->in_scenario = false;
}
