/* SPDX-License-Identifier: MIT */
/*
 * events(): what the model did, as rows. A script records from the beginning of a
 * scenario on, or from the first time that it asks; where nobody asks, nothing is
 * recorded. Functions and plain memory are left out: they are many, and `trace` shows
 * them.
 */
#include "lua/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/registry.h"
#include "kernel/event.h"
#include "lib/array.h"
#include "lib/interrupt.h"

#define RECORDED (EV_BIT(EV_DEVRES) | EV_BIT(EV_DEVICE) | EV_BIT(EV_DRIVER) | EV_BIT(EV_PROBE) | \
		  EV_BIT(EV_BIND) | EV_BIT(EV_REPORT))

static const char *const kind_name[] = {
	[EV_DEVRES] = "devres", [EV_DEVICE] = "device", [EV_DRIVER] = "driver",
	[EV_PROBE] = "probe", [EV_BIND] = "bind", [EV_REPORT] = "report",
};

/* Strings are places in the text of all. */
struct seen {
	enum event_type type;
	uint64_t now, addr, size;
	int64_t value;
	size_t what, name, device;
	bool node;          /* addr is the data of a managed resource, not a group's marker */
};

/* Its place, counted from 1; 0: none. */
static size_t keep_text(struct script *s, const char *text)
{
	size_t at = s->event_text.len + 1;

	if (!text)
		return 0;
	buf_add(&s->event_text, text, strlen(text) + 1);
	return s->event_text.cut ? 0 : at;
}

static const char *text_of(const struct script *s, size_t place)
{
	return place ? buf_str(&s->event_text) + place - 1 : NULL;
}

static void see_devres(struct script *s, const struct event *e, struct seen *seen)
{
	struct device *dev = device_by_id(&s->machine->core, (uint32_t)e->value);
	struct machine_place p;

	seen->device = keep_text(s, dev ? dev->name : NULL);
	seen->name = keep_text(s, e->name);
	if (!machine_place(s->machine, e->addr, &p) || !p.node)
		return;
	seen->node = true;
	seen->addr += p.info.kind < NODE_GROUP_OPEN ? p.header : 0;
}

static void see(struct watcher *w, const struct event *e)
{
	struct script *s = (struct script *)((char *)w - offsetof(struct script, watcher));
	struct seen *seen;

	if (!array_room(s->event, s->events, s->event_room, 64))
		return;
	seen = &s->event[s->events++];
	*seen = (struct seen){
		.type = e->type, .now = e->now, .addr = e->addr, .size = e->size, .value = e->value,
	};
	seen->what = keep_text(s, e->what);
	if (e->type == EV_DEVRES)
		see_devres(s, e, seen);
	else if (e->type == EV_DRIVER)
		seen->name = keep_text(s, e->name);
	else
		seen->device = keep_text(s, e->name);
}

void events_record(struct script *s)
{
	/* a boot that was not Lua's has thrown the watcher away */
	if (s->recording && s->event_boot == machine_boot_number(s->machine))
		return;
	s->recording = true;
	s->event_boot = machine_boot_number(s->machine);
	s->watcher = (struct watcher){ .mask = RECORDED, .see = see };
	kernel_watch(&s->machine->kernel, &s->watcher);
}

void events_pause(struct script *s)
{
	if (s->recording)
		kernel_unwatch(&s->machine->kernel, &s->watcher);
}

void events_resume(struct script *s)
{
	if (!s->recording)
		return;
	kernel_watch(&s->machine->kernel, &s->watcher);
	s->event_boot = machine_boot_number(s->machine);
}

void events_forget(struct script *s)
{
	events_pause(s);
	s->recording = false;
	s->events = s->releases_told = 0;
	buf_reset(&s->event_text);
}

void events_close(struct script *s)
{
	free(s->event);
	buf_finish(&s->event_text);
}

static void set_text(lua_State *L, const struct script *s, const char *key, size_t place)
{
	if (!place)
		return;
	lua_pushstring(L, text_of(s, place));
	lua_setfield(L, -2, key);
}

static void set_number(lua_State *L, const char *key, uint64_t n)
{
	lua_pushinteger(L, (lua_Integer)n);
	lua_setfield(L, -2, key);
}

static void set_pointer(lua_State *L, struct script *s, const struct seen *e)
{
	push_value(L, s, &(struct value){ .type = V_ADDR, .u = e->addr });
	lua_setfield(L, -2, "pointer");
}

static void push_event(lua_State *L, struct script *s, size_t i)
{
	const struct seen e = s->event[i];

	lua_createtable(L, 0, 8);
	set_number(L, "seq", i + 1);
	set_number(L, "time", e.now);
	lua_pushstring(L, kind_name[e.type]);
	lua_setfield(L, -2, "kind");
	set_text(L, s, "what", e.what);
	set_text(L, s, "device", e.device);
	set_text(L, s, e.type == EV_DRIVER ? "driver" : "name", e.name);
	if (e.node)
		set_pointer(L, s, &e);
	if (e.node)
		set_number(L, "size", e.size);
	if (e.type == EV_PROBE && !strcmp(text_of(s, e.what), "end"))
		set_number(L, "result", (uint64_t)e.value);
}

/* events([since]): those with a greater number */
static int lua_events(lua_State *L)
{
	struct script *s = script_of(L);
	lua_Integer since = luaL_optinteger(L, 1, 0), n = 0;
	sig_atomic_t before = interrupt_hold();

	events_record(s);
	interrupt_release(before);
	lua_newtable(L);
	for (size_t i = since > 0 ? (size_t)since : 0; i < s->events; i++) {
		push_event(L, s, i);
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* The nodes released since the last time this was asked: pointer and name. */
int events_releases(lua_State *L)
{
	struct script *s = script_of(L);
	lua_Integer n = 0;

	lua_newtable(L);
	for (size_t i = s->releases_told; i < s->events; i++) {
		const struct seen e = s->event[i];

		if (!e.node || strcmp(text_of(s, e.what), "REL"))
			continue;
		lua_createtable(L, 0, 2);
		set_pointer(L, s, &e);
		set_text(L, s, "name", e.name);
		lua_rawseti(L, -2, ++n);
	}
	s->releases_told = s->events;
	return 1;
}

void events_open(lua_State *L)
{
	lua_pushcfunction(L, lua_events);
	lua_setglobal(L, "events");
}
