/* SPDX-License-Identifier: MIT */
/*
 * Memory through a pointer: p[0], p:read(off, len), p:write(off, text),
 * p:fill(byte). All of it goes through the model's checked accessors.
 */
#include "lua/state.h"

#include "lib/interrupt.h"
#include "explain/reports.h"
#include "kernel/compiler.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/page.h"
#include "view/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ACCESS_MAX (64u << 20)

struct lua_pointer_view {
	uint64_t addr;
	uint32_t boot;
};

/* The kernel's Oops is the answer; the script's line ends here. */
static int fault(lua_State *L, const char *what, uint64_t addr)
{
	struct script *s = script_of(L);
	char text[80];

	/* outside a callback there is no task that could be dead */
	if (!s->machine->kernel.nesting)
		s->machine->kernel.task_died = false;
	door_end_dead(L, s);
	snprintf(text, sizeof(text), "%s: no memory at %0*llx", what,
		 addr_digits(s->machine->kernel.arch), (unsigned long long)addr);
	return luaL_error(L, "%s", text);
}

void show_note(struct script *s, const char *name, const char *note)
{
	struct buf out = BUF_INIT;

	view_note(name, note, &(struct view_style){ .width = 80 }, &out);
	if (s->host.print)
		s->host.print(s->host.ctx, buf_str(&out), out.len);
	buf_finish(&out);
}

/* KASAN's report is in the log; the explanation follows it. */
static void show_report_note(lua_State *L)
{
	struct script *s = script_of(L);
	struct buf text = BUF_INIT;

	if (likely(!report_is_new(s->machine, REPORT_KASAN)) || !explain_report(s->machine, &text))
		return;
	if (s->host.called)
		s->host.called(s->host.ctx);
	show_note(s, "kasan", buf_str(&text));
	buf_finish(&text);
}

void show_unseen(struct script *s, const char *name, const char *note)
{
	snprintf(s->unseen, sizeof(s->unseen), "%s", note);
	show_note(s, name, note);
}

/* A loop over slack is one note, not one for each byte. */
static void show_unseen_write(struct script *s, uint64_t addr, size_t len)
{
	struct machine_place p;
	uint32_t step;
	struct buf text = BUF_INIT;

	if (!explain_unseen(s->machine, addr, len, &p, &text))
		return;
	step = p.track ? p.track->alloc_step : 0;
	/* its header and its slack are two */
	p.start += addr >= p.start + p.header;
	if (s->unseen_start != p.start || s->unseen_step != step)
		show_unseen(s, "write", buf_str(&text));
	s->unseen_start = p.start;
	s->unseen_step = step;
	buf_finish(&text);
}

/* After a write: explains a report, or else a wrong write that no checker sees. */
static void show_write_note(lua_State *L, uint64_t addr, size_t len)
{
	struct script *s = script_of(L);

	if (likely(!s->machine->mm.kasan.shadow))
		return;
	if (!report_is_new(s->machine, REPORT_KASAN))
		show_unseen_write(s, addr, len);
	else
		show_report_note(L);
}

/* A machine that panicked has no memory that anybody uses. */
static void check_panic(lua_State *L, const char *what)
{
	struct script *s = script_of(L);
	struct kernel *k = &s->machine->kernel;

	if (likely(!k->panic.panicked))
		return;
	if (!k->nesting)
		k->task_died = false;
	door_end_dead(L, s);
	luaL_error(L, "%s: Kernel panic - not syncing: %s", what, k->panic.text);
}

static void get(lua_State *L, uint64_t addr, void *out, size_t len)
{
	sig_atomic_t before = interrupt_hold();
	int rc = mm_read(&script_of(L)->machine->mm, addr, out, len);

	show_report_note(L);
	interrupt_release(before);
	check_panic(L, "read");
	if (rc)
		fault(L, "read", addr);
}

static void put(lua_State *L, uint64_t addr, const void *in, size_t len)
{
	sig_atomic_t before = interrupt_hold();
	int rc = mm_write(&script_of(L)->machine->mm, addr, in, len);

	show_write_note(L, addr, len);
	interrupt_release(before);
	check_panic(L, "write");
	if (rc)
		fault(L, "write", addr);
}

/* A method that changes memory is a step, as a call would be. */
static void count_step(lua_State *L)
{
	struct kernel *k = &script_of(L)->machine->kernel;

	if (!k->nesting)
		k->step++;
}

static uint64_t self(lua_State *L)
{
	return check_pointer(L, script_of(L), 1);
}

static size_t check_length(lua_State *L, int index)
{
	lua_Integer n = luaL_checkinteger(L, index);

	if (n < 0 || n > ACCESS_MAX)
		luaL_error(L, "length %I: wants 0 to 64 MiB", (LUAI_UACINT)n);
	return (size_t)n;
}

static int pointer_read(lua_State *L)
{
	uint64_t addr = self(L) + (uint64_t)luaL_optinteger(L, 2, 0);
	size_t len = check_length(L, 3);
	luaL_Buffer b;
	char *out = luaL_buffinitsize(L, &b, len);

	get(L, addr, out, len);
	luaL_pushresultsize(&b, len);
	return 1;
}

/* p:write(off, string); p:write(off, pointer): a word of the machine */
static int pointer_write(lua_State *L)
{
	uint64_t addr = self(L) + (uint64_t)luaL_checkinteger(L, 2);
	struct script *s = script_of(L);
	size_t len = s->machine->kernel.arch->word;
	uint64_t word;
	uint32_t half;

	if (lua_type(L, 3) != LUA_TUSERDATA) {
		const char *text = luaL_checklstring(L, 3, &len);

		count_step(L);
		put(L, addr, text, len);
		return 0;
	}
	word = check_pointer(L, s, 3);
	half = (uint32_t)word;
	count_step(L);
	put(L, addr, len == 8 ? (const void *)&word : &half, len);
	return 0;
}

/* The usable bytes from the pointer on. */
static size_t usable(lua_State *L, uint64_t addr)
{
	struct machine_place p;

	if (!machine_place(script_of(L)->machine, addr, &p) || !p.allocated ||
	    addr >= p.start + p.size)
		return 0;
	return p.start + p.size - addr;
}

/* The bytes that somebody asked for, from the pointer on. */
static size_t asked(lua_State *L, uint64_t addr)
{
	struct machine_place p;
	uint64_t end;

	if (!machine_place(script_of(L)->machine, addr, &p) || !p.allocated)
		return 0;
	end = p.start + p.header + p.asked;
	return addr < end ? end - addr : 0;
}

/* p:fill(byte [, len [, off]]); without len: what was asked for */
static int pointer_fill(lua_State *L)
{
	uint64_t addr = self(L);
	lua_Integer byte = luaL_checkinteger(L, 2);
	size_t len = lua_isnoneornil(L, 3) ? asked(L, addr) : check_length(L, 3);
	uint64_t at = addr + (uint64_t)luaL_optinteger(L, 4, 0);
	sig_atomic_t before;
	int rc;

	if (byte < 0 || byte > 255)
		return luaL_error(L, "fill: byte %I: wants 0 to 255", (LUAI_UACINT)byte);
	count_step(L);
	before = interrupt_hold();
	rc = mm_fill(&script_of(L)->machine->mm, at, (uint8_t)byte, len);
	show_write_note(L, at, len);
	interrupt_release(before);
	return rc == -EFAULT ? fault(L, "fill", at) : 0;
}

/* p:find_not(byte, len): offset of the first other byte and its value, or nil */
static int pointer_find_not(lua_State *L)
{
	uint64_t addr = self(L);
	uint8_t byte = (uint8_t)luaL_checkinteger(L, 2);
	size_t len = lua_isnoneornil(L, 3) ? asked(L, addr) : check_length(L, 3);
	struct mm *mm = &script_of(L)->machine->mm;
	const uint8_t *p = mm_ptr(mm, addr, len);

	if (!len)
		return 0;
	if (!p)
		return fault(L, "read", addr);
	for (size_t i = 0; i < len; i++) {
		if (p[i] == byte)
			continue;
		lua_pushinteger(L, (lua_Integer)i);
		lua_pushinteger(L, p[i]);
		return 2;
	}
	return 0;
}

static int pointer_size(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)asked(L, self(L)));
	return 1;
}

static int pointer_usable(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)usable(L, self(L)));
	return 1;
}

/* "allocated", "free" or "unmapped" */
static int pointer_state(lua_State *L)
{
	struct machine_place p;

	if (!machine_place(script_of(L)->machine, self(L), &p))
		lua_pushliteral(L, "unmapped");
	else
		lua_pushstring(L, p.allocated ? "allocated" : "free");
	return 1;
}

/* The name of the NUMA node, cache and owner of the object. */
static int pointer_node(lua_State *L)
{
	struct machine *m = script_of(L)->machine;
	void *p = mm_ptr(&m->mm, self(L), 1);

	if (!p)
		return 0;
	lua_pushinteger(L, pfn_node(&m->mm, mm_pfn(&m->mm, p)));
	return 1;
}

static int pointer_cache(lua_State *L)
{
	struct machine_place p;

	if (!machine_place(script_of(L)->machine, self(L), &p) || !p.has_object)
		return 0;
	lua_pushstring(L, object_cache_name(&p.object));
	return 1;
}

static int pointer_owner(lua_State *L)
{
	struct script *s = script_of(L);
	struct machine_place p;
	struct value v;

	if (!machine_place(s->machine, self(L), &p) || !p.owner)
		return 0;
	v = (struct value){ .type = V_DEVICE, .id = p.owner->id };
	push_value(L, s, &v);
	return 1;
}

static const luaL_Reg methods[] = {
	{ "read", pointer_read }, { "write", pointer_write }, { "fill", pointer_fill },
	{ "find_not", pointer_find_not }, { "size", pointer_size },
	{ "usable", pointer_usable }, { "state", pointer_state },
	{ "node", pointer_node }, { "cache", pointer_cache }, { "owner", pointer_owner },
	{ NULL, NULL },
};

static int no_such_method(lua_State *L)
{
	const char *names[COUNT(methods) + 1] = { "addr" };

	for (size_t i = 0; methods[i].name; i++)
		names[i + 1] = methods[i].name;
	return no_such_field(L, "pointer", names);
}

static int pointer_index(lua_State *L)
{
	uint8_t byte;

	/* n / 2 is a float: taken where it is whole, an error and not nil where it is not */
	if (lua_type(L, 2) == LUA_TNUMBER) {
		get(L, self(L) + (uint64_t)luaL_checkinteger(L, 2), &byte, 1);
		lua_pushinteger(L, byte);
		return 1;
	}
	if (lua_type(L, 2) == LUA_TSTRING && !strcmp(lua_tostring(L, 2), "addr")) {
		lua_pushinteger(L, (lua_Integer)self(L));
		return 1;
	}
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
		return no_such_method(L);
	return 1;
}

static int pointer_newindex(lua_State *L)
{
	lua_Integer i = luaL_checkinteger(L, 2), v = luaL_checkinteger(L, 3);
	uint8_t byte = (uint8_t)v;

	if (v < 0 || v > 255)
		return luaL_error(L, "byte %I: wants 0 to 255", (LUAI_UACINT)v);
	put(L, self(L) + (uint64_t)i, &byte, 1);
	return 0;
}

static int pointer_add(lua_State *L)
{
	struct script *s = script_of(L);
	int p = lua_type(L, 1) == LUA_TNUMBER ? 2 : 1;
	struct value v = {
		.type = V_ADDR,
		.u = check_pointer(L, s, p) + (uint64_t)luaL_checkinteger(L, 3 - p),
	};

	push_value(L, s, &v);
	return 1;
}

/* pointer - number is a pointer, pointer - pointer a distance in bytes */
static int pointer_sub(lua_State *L)
{
	struct script *s = script_of(L);
	struct value v = { .type = V_ADDR, .u = self(L) };

	if (lua_type(L, 2) == LUA_TNUMBER) {
		v.u -= (uint64_t)luaL_checkinteger(L, 2);
		push_value(L, s, &v);
	} else {
		lua_pushinteger(L, (lua_Integer)(v.u - check_pointer(L, s, 2)));
	}
	return 1;
}

static int pointer_eq(lua_State *L)
{
	struct lua_pointer_view *a = lua_touserdata(L, 1), *b = lua_touserdata(L, 2);

	lua_pushboolean(L, lua_rawlen(L, 1) == lua_rawlen(L, 2) && a->addr == b->addr &&
				   a->boot == b->boot);
	return 1;
}

static int pointer_tostring(lua_State *L)
{
	struct lua_pointer_view *p = lua_touserdata(L, 1);
	char text[24];

	snprintf(text, sizeof(text), "%0*llx", addr_digits(script_of(L)->machine->kernel.arch),
		 (unsigned long long)p->addr);
	lua_pushstring(L, !p->addr ? "NULL" : p->addr == 16 ? "ZERO_SIZE_PTR" : text);
	return 1;
}

void memory_open(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__newindex", pointer_newindex }, { "__add", pointer_add },
		{ "__sub", pointer_sub }, { "__eq", pointer_eq },
		{ "__tostring", pointer_tostring }, { NULL, NULL },
	};

	handle_metatable(L, HANDLE_POINTER);
	luaL_setfuncs(L, meta, 0);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, pointer_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
