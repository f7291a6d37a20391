/* SPDX-License-Identifier: MIT */
/*
 * What a handle of a device or driver answers: dev.driver, dev.bound, drv.devices. A
 * field that does not exist is an error that names the nearest, and so is any field of
 * a handle whose device or driver is gone, but for `gone` and `name`.
 */
#include "lua/state.h"

#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/registry.h"
#include "lib/array.h"
#include "lib/distance.h"

struct field {
	const char *name;
	void (*device)(lua_State *L, struct script *s, const struct device *dev);
	void (*driver)(lua_State *L, struct script *s, const struct device_driver *drv);
};

static void push_device(lua_State *L, struct script *s, const struct device *dev)
{
	push_value(L, s, &(struct value){ .type = V_DEVICE, .id = dev ? dev->id : 0 });
}

static void device_bound(lua_State *L, struct script *s, const struct device *dev)
{
	lua_pushboolean(L, !list_empty(&dev->bound));
}

static void device_driver(lua_State *L, struct script *s, const struct device *dev)
{
	push_value(L, s, &(struct value){ .type = V_DRIVER, .id = dev->driver ? dev->driver->id : 0 });
}

static void device_parent(lua_State *L, struct script *s, const struct device *dev)
{
	push_device(L, s, dev->parent);
}

static void device_bus(lua_State *L, struct script *s, const struct device *dev)
{
	lua_pushstring(L, dev->bus ? dev->bus->name : NULL);
}

static void device_class(lua_State *L, struct script *s, const struct device *dev)
{
	lua_pushstring(L, dev->more && dev->more->class ? dev->more->class->name : NULL);
}

static void device_numa_node(lua_State *L, struct script *s, const struct device *dev)
{
	lua_pushinteger(L, dev->numa_node);
}

static void device_added(lua_State *L, struct script *s, const struct device *dev)
{
	lua_pushboolean(L, dev->registered);
}

static void device_drvdata(lua_State *L, struct script *s, const struct device *dev)
{
	push_value(L, s, &(struct value){ .type = V_ADDR, .u = dev->drvdata });
}

static void driver_bus(lua_State *L, struct script *s, const struct device_driver *drv)
{
	lua_pushstring(L, drv->bus->name);
}

static void driver_devices(lua_State *L, struct script *s, const struct device_driver *drv)
{
	struct device *dev;
	lua_Integer n = 0;

	lua_newtable(L);
	list_each(dev, &drv->devices, struct device, bound) {
		push_device(L, s, dev);
		lua_rawseti(L, -2, ++n);
	}
}

/* "name" and "gone" are of both, and always there. */
static const struct field fields[] = {
	{ "added", .device = device_added },
	{ "bound", .device = device_bound },
	{ "bus", .device = device_bus, .driver = driver_bus },
	{ "class", .device = device_class },
	{ "devices", .driver = driver_devices },
	{ "driver", .device = device_driver },
	{ "drvdata", .device = device_drvdata },
	{ "numa_node", .device = device_numa_node },
	{ "parent", .device = device_parent },
};

static bool has(const struct field *f, bool is_driver)
{
	return is_driver ? f->driver != NULL : f->device != NULL;
}

static struct device_driver *driver_of(lua_State *L)
{
	const struct lua_handle *h = lua_touserdata(L, 1);

	return driver_by_id(&script_of(L)->machine->core, h->id);
}

static struct device *device_of(lua_State *L)
{
	const struct lua_handle *h = lua_touserdata(L, 1);

	return device_by_id(&script_of(L)->machine->core, h->id);
}

static const char *name_of(lua_State *L, bool is_driver)
{
	if (is_driver) {
		struct device_driver *drv = driver_of(L);

		return drv ? drv->name : NULL;
	}
	struct device *dev = device_of(L);

	return dev ? dev->name : NULL;
}

int no_such_field(lua_State *L, const char *type, const char *const *names)
{
	const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
	struct nearest n = { key, NULL, 0 };
	luaL_Buffer b;

	for (int i = 0; names[i]; i++)
		nearest_offer(&n, names[i]);
	if (n.best)
		return luaL_error(L, "a %s has no field '%s'; did you mean '%s'?", type, key, n.best);
	luaL_buffinit(L, &b);
	for (int i = 0; names[i]; i++) {
		luaL_addstring(&b, i ? ", " : "");
		luaL_addstring(&b, names[i]);
	}
	luaL_pushresult(&b);
	return luaL_error(L, "a %s has no field '%s'; it has %s", type, key, lua_tostring(L, -1));
}

static int handle_index(lua_State *L)
{
	bool is_driver = lua_toboolean(L, lua_upvalueindex(1));
	const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
	const char *names[COUNT(fields) + 3] = { "name", "gone" }, *type = is_driver ? "driver" : "device";
	const char *name = name_of(L, is_driver);
	int known = 2;

	if (!strcmp(key, "name")) {
		lua_pushstring(L, name);
		return 1;
	}
	if (!strcmp(key, "gone")) {
		lua_pushboolean(L, !name);
		return 1;
	}
	for (size_t i = 0; i < COUNT(fields); i++) {
		const struct field *f = &fields[i];

		if (!has(f, is_driver))
			continue;
		names[known++] = f->name;
		if (strcmp(key, f->name))
			continue;
		if (!name)
			return luaL_error(L, "%s: this %s is gone", key, type);
		if (is_driver)
			f->driver(L, script_of(L), driver_of(L));
		else
			f->device(L, script_of(L), device_of(L));
		return 1;
	}
	return no_such_field(L, type, names);
}

static int handle_eq(lua_State *L)
{
	struct lua_handle *a = lua_touserdata(L, 1), *b = lua_touserdata(L, 2);

	lua_pushboolean(L, lua_rawlen(L, 1) == lua_rawlen(L, 2) && a->id == b->id);
	return 1;
}

static int handle_tostring(lua_State *L)
{
	bool is_driver = lua_toboolean(L, lua_upvalueindex(1));
	const char *name = name_of(L, is_driver);

	lua_pushstring(L, name ? name : is_driver ? "driver (gone)" : "device (gone)");
	return 1;
}

static void metatable(lua_State *L, enum handle_kind kind)
{
	static const luaL_Reg methods[] = {
		{ "__tostring", handle_tostring }, { "__index", handle_index },
		{ "__eq", handle_eq }, { NULL, NULL },
	};

	handle_metatable(L, kind);
	lua_pushboolean(L, kind == HANDLE_DRIVER);
	luaL_setfuncs(L, methods, 1);
	lua_pop(L, 1);
}

void handles_open(lua_State *L)
{
	metatable(L, HANDLE_DEVICE);
	metatable(L, HANDLE_DRIVER);
}
