/* SPDX-License-Identifier: MIT */
/*
 * Values between Lua and the table of calls. Devices and drivers are ids in a
 * userdata, pointers an address and the boot that it is of: neither can reach
 * host memory, and a stale one says so.
 */
#include "lua/state.h"

#include <string.h>

#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "kernel/symbol.h"
#include "mm/gfp.h"

/* As Lua's messages call them; their addresses are the keys of the registry. */
static const char *const kind_name[HANDLE_KINDS] = {
	[HANDLE_POINTER] = "pointer", [HANDLE_DEVICE] = "device", [HANDLE_DRIVER] = "driver",
};

struct lua_pointer {
	uint64_t addr;
	uint32_t boot;
	bool cell; /* from a row of a call that only looks: keeps nothing alive */
};

/* --- userdata ---------------------------------------------------------------- */

void handle_metatable(lua_State *L, enum handle_kind kind)
{
	luaL_newmetatable(L, kind_name[kind]);
	script_of(L)->metatable[kind] = lua_topointer(L, -1);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &kind_name[kind]);
	lua_pushliteral(L, "locked");
	lua_setfield(L, -2, "__metatable");
}

static void *new_handle(lua_State *L, enum handle_kind kind, size_t size)
{
	void *h = lua_newuserdatauv(L, size, 0);

	lua_rawgetp(L, LUA_REGISTRYINDEX, &kind_name[kind]);
	lua_setmetatable(L, -2);
	return h;
}

/* The userdata at index and what it is; NULL: it is none of ours. By the table alone: names cost. */
static void *handle_at(lua_State *L, int index, enum handle_kind *kind)
{
	const struct script *s = script_of(L);
	const void *metatable;

	*kind = HANDLE_NONE;
	if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index))
		return NULL;
	metatable = lua_topointer(L, -1);
	lua_pop(L, 1);
	for (int i = HANDLE_NONE + 1; i < HANDLE_KINDS; i++)
		if (s->metatable[i] == metatable) {
			*kind = (enum handle_kind)i;
			return lua_touserdata(L, index);
		}
	return NULL;
}

static struct lua_pointer *pointer_at(lua_State *L, int index)
{
	enum handle_kind kind;
	struct lua_pointer *p = handle_at(L, index, &kind);

	return kind == HANDLE_POINTER ? p : NULL;
}

/* --- to Lua ---------------------------------------------------------------- */

static void push_pointer(lua_State *L, struct script *s, uint64_t addr)
{
	struct lua_pointer *p = new_handle(L, HANDLE_POINTER, sizeof(*p));

	p->addr = addr;
	p->boot = machine_boot_number(s->machine);
	p->cell = false;
}

static void push_handle(lua_State *L, enum handle_kind kind, uint32_t id)
{
	struct lua_handle *h;

	if (!id) {
		lua_pushnil(L);
		return;
	}
	h = new_handle(L, kind, sizeof(*h));
	h->id = id;
}

void push_value(lua_State *L, struct script *s, const struct value *v)
{
	switch (v->type) {
	case V_INT: lua_pushinteger(L, v->i); break;
	case V_UINT: lua_pushinteger(L, (lua_Integer)v->u); break;
	case V_BOOL: lua_pushboolean(L, v->b); break;
	case V_STR: lua_pushstring(L, v->s); break;
	case V_DEVICE: push_handle(L, HANDLE_DEVICE, v->id); break;
	case V_DRIVER: push_handle(L, HANDLE_DRIVER, v->id); break;
	case V_ADDR:
		if (v->u)
			push_pointer(L, s, v->u);
		else
			lua_pushnil(L); /* NULL is nil, so tests on it read naturally */
		break;
	default: lua_pushnil(L); break;
	}
}

void push_cell(lua_State *L, struct script *s, const struct value *v)
{
	struct lua_pointer *p;

	push_value(L, s, v);
	p = pointer_at(L, -1);
	if (p)
		p->cell = true;
}

void push_variable(lua_State *L, struct script *s, const struct value *v)
{
	if (v->type == V_ADDR)
		push_pointer(L, s, v->u);
	else
		push_value(L, s, v);
}

/* --- from Lua -------------------------------------------------------------- */

uint64_t check_pointer(lua_State *L, struct script *s, int index)
{
	struct lua_pointer *p = pointer_at(L, index);

	if (!p)
		luaL_typeerror(L, index, kind_name[HANDLE_POINTER]);
	if (p->boot != machine_boot_number(s->machine))
		luaL_error(L, "this pointer is from an earlier boot of the machine");
	return p->addr;
}

bool is_pointer(lua_State *L, int index)
{
	return pointer_at(L, index);
}

bool is_address(lua_State *L, struct script *s, int index, uint64_t *addr)
{
	struct lua_pointer *p = pointer_at(L, index);

	if (p)
		*addr = p->addr;
	else if (lua_isinteger(L, index))
		*addr = (uint64_t)lua_tointeger(L, index);
	return p ? !p->cell && p->boot == machine_boot_number(s->machine)
		 : lua_isinteger(L, index);
}

bool to_value(lua_State *L, struct script *s, int index, struct value *out)
{
	enum handle_kind kind;
	struct lua_pointer *p;
	struct lua_handle *h;

	*out = (struct value){ 0 };
	switch (lua_type(L, index)) {
	case LUA_TBOOLEAN:
		*out = (struct value){ .type = V_BOOL, .b = lua_toboolean(L, index) };
		return true;
	case LUA_TNUMBER:
		if (!lua_isinteger(L, index))
			return false;
		*out = (struct value){ .type = V_INT, .i = lua_tointeger(L, index) };
		return true;
	case LUA_TSTRING:
		*out = (struct value){ .type = V_STR, .s = lua_tostring(L, index) };
		return true;
	case LUA_TUSERDATA:
		break;
	default:
		return false;
	}
	h = handle_at(L, index, &kind);
	switch (kind) {
	case HANDLE_DEVICE:
		*out = (struct value){ .type = V_DEVICE, .id = h->id };
		return true;
	case HANDLE_DRIVER:
		*out = (struct value){ .type = V_DRIVER, .id = h->id };
		return true;
	case HANDLE_POINTER:
		p = (struct lua_pointer *)h;
		*out = (struct value){ .type = V_ADDR, .u = p->addr };
		/* a pointer from an earlier boot is not a value any more */
		return p->boot == machine_boot_number(s->machine);
	default:
		return false;
	}
}
