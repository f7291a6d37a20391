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

#define POINTER "pointer"
#define DEVICE "device"
#define DRIVER "driver"

struct lua_pointer {
	uint64_t addr;
	uint32_t boot;
	bool cell; /* from a row of a call that only looks: keeps nothing alive */
};

struct lua_handle {
	uint32_t id;
};

/* --- to Lua ---------------------------------------------------------------- */

static void push_pointer(lua_State *L, struct script *s, uint64_t addr)
{
	struct lua_pointer *p = lua_newuserdatauv(L, sizeof(*p), 0);

	p->addr = addr;
	p->boot = machine_boot_number(s->machine);
	p->cell = false;
	luaL_setmetatable(L, POINTER);
}

static void push_handle(lua_State *L, const char *type, uint32_t id)
{
	struct lua_handle *h;

	if (!id) {
		lua_pushnil(L);
		return;
	}
	h = lua_newuserdatauv(L, sizeof(*h), 0);
	h->id = id;
	luaL_setmetatable(L, type);
}

void push_value(lua_State *L, struct script *s, const struct value *v)
{
	switch (v->type) {
	case V_INT: lua_pushinteger(L, v->i); break;
	case V_UINT: lua_pushinteger(L, (lua_Integer)v->u); break;
	case V_BOOL: lua_pushboolean(L, v->b); break;
	case V_STR: lua_pushstring(L, v->s); break;
	case V_DEVICE: push_handle(L, DEVICE, v->id); break;
	case V_DRIVER: push_handle(L, DRIVER, v->id); break;
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
	p = luaL_testudata(L, -1, POINTER);
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
	struct lua_pointer *p = luaL_checkudata(L, index, POINTER);

	if (p->boot != machine_boot_number(s->machine))
		luaL_error(L, "this pointer is from an earlier boot of the machine");
	return p->addr;
}

bool is_pointer(lua_State *L, int index)
{
	return luaL_testudata(L, index, POINTER);
}

bool is_address(lua_State *L, struct script *s, int index, uint64_t *addr)
{
	struct lua_pointer *p = luaL_testudata(L, index, POINTER);

	if (p)
		*addr = p->addr;
	else if (lua_isinteger(L, index))
		*addr = (uint64_t)lua_tointeger(L, index);
	return p ? !p->cell && p->boot == machine_boot_number(s->machine)
		 : lua_isinteger(L, index);
}

bool to_value(lua_State *L, struct script *s, int index, struct value *out)
{
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
	if ((h = luaL_testudata(L, index, DEVICE))) {
		*out = (struct value){ .type = V_DEVICE, .id = h->id };
	} else if ((h = luaL_testudata(L, index, DRIVER))) {
		*out = (struct value){ .type = V_DRIVER, .id = h->id };
	} else {
		struct lua_pointer *p = luaL_testudata(L, index, POINTER);

		/* a pointer from an earlier boot is not a value any more */
		if (!p || p->boot != machine_boot_number(s->machine))
			return false;
		*out = (struct value){ .type = V_ADDR, .u = p->addr };
	}
	return true;
}

/* --- what handles can do -------------------------------------------------- */

static int handle_eq(lua_State *L)
{
	struct lua_handle *a = lua_touserdata(L, 1), *b = lua_touserdata(L, 2);

	lua_pushboolean(L, lua_rawlen(L, 1) == lua_rawlen(L, 2) && a->id == b->id);
	return 1;
}

static const char *handle_name(lua_State *L, const struct lua_handle *h, bool is_driver)
{
	struct driver_core *core = &script_of(L)->machine->core;

	if (is_driver) {
		struct device_driver *drv = driver_by_id(core, h->id);

		return drv ? drv->name : NULL;
	}
	struct device *dev = device_by_id(core, h->id);

	return dev ? dev->name : NULL;
}

static int handle_tostring(lua_State *L)
{
	bool is_driver = lua_toboolean(L, lua_upvalueindex(1));
	const char *name = handle_name(L, lua_touserdata(L, 1), is_driver);

	lua_pushstring(L, name ? name : is_driver ? "driver (gone)" : "device (gone)");
	return 1;
}

static int handle_index(lua_State *L)
{
	bool is_driver = lua_toboolean(L, lua_upvalueindex(1));
	const char *key = lua_tostring(L, 2);

	if (key && !strcmp(key, "name"))
		lua_pushstring(L, handle_name(L, lua_touserdata(L, 1), is_driver));
	else
		lua_pushnil(L);
	return 1;
}

static void handle_metatable(lua_State *L, const char *type, bool is_driver)
{
	static const luaL_Reg methods[] = {
		{ "__tostring", handle_tostring }, { "__index", handle_index },
		{ "__eq", handle_eq }, { NULL, NULL },
	};

	luaL_newmetatable(L, type);
	lua_pushboolean(L, is_driver);
	luaL_setfuncs(L, methods, 1);
	lua_pushliteral(L, "locked");
	lua_setfield(L, -2, "__metatable");
	lua_pop(L, 1);
}

void values_open(lua_State *L)
{
	handle_metatable(L, DEVICE, false);
	handle_metatable(L, DRIVER, true);
}
