/* SPDX-License-Identifier: MIT */
/*
 * Placeholders: the objects that <bus>, <device> and so on stand for, and the paths of
 * objects.
 */
#include "fs/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/dev_printk.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/link.h"
#include "kernel/module.h"
#include "lib/array.h"
#include "lib/host_memory.h"
#include "mm/cache.h"

static struct list *step(struct cursor *c, const struct list *head)
{
	c->at = c->at ? c->at->next : head->next;
	return c->at == head ? NULL : c->at;
}

static const char *next_bus(struct place *at, struct cursor *c)
{
	struct list *l = step(c, &at->m->core.buses);

	at->bus = l ? list_entry(l, struct bus_type, all) : NULL;
	return l ? at->bus->name : NULL;
}

static const char *next_device(struct place *at, struct cursor *c)
{
	struct list *l = step(c, &at->bus->devices);

	at->dev = l ? list_entry(l, struct device, on_bus) : NULL;
	return l ? at->dev->name : NULL;
}

static const char *next_driver(struct place *at, struct cursor *c)
{
	struct list *l = step(c, &at->bus->drivers);

	at->drv = l ? list_entry(l, struct device_driver, on_bus) : NULL;
	return l ? at->drv->name : NULL;
}

/* Devices that are bound to the driver. */
static const char *next_bound(struct place *at, struct cursor *c)
{
	struct list *l = step(c, &at->drv->devices);

	at->dev = l ? list_entry(l, struct device, bound) : NULL;
	return l ? at->dev->name : NULL;
}

static const char *next_below(struct place *at, struct cursor *c, const struct device *parent)
{
	struct list *l;

	/* children are created after their parent */
	if (!c->at && parent)
		c->at = (struct list *)&parent->all;
	while ((l = step(c, &at->m->core.devices))) {
		at->dev = list_entry(l, struct device, all);
		if (at->dev->parent == parent && at->dev->registered)
			return at->dev->name;
	}
	return NULL;
}

/* Devices without a parent. */
static const char *next_root(struct place *at, struct cursor *c)
{
	return next_below(at, c, NULL);
}

static const char *next_child(struct place *at, struct cursor *c)
{
	/* in the first call at->dev is the parent, afterwards it is the last child */
	return next_below(at, c, c->at ? at->dev->parent : at->dev);
}

/* All existing devices, including those that only references keep. */
static const char *next_any(struct place *at, struct cursor *c)
{
	struct list *l = step(c, &at->m->core.devices);

	at->dev = l ? list_entry(l, struct device, all) : NULL;
	return l ? at->dev->name : NULL;
}

static const char *next_class(struct place *at, struct cursor *c)
{
	struct list *l = step(c, &at->m->core.classes);

	at->class = l ? list_entry(l, struct class, all) : NULL;
	return l ? at->class->name : NULL;
}

static const char *next_member(struct place *at, struct cursor *c)
{
	struct list *l;

	while ((l = step(c, &at->m->core.devices))) {
		at->dev = list_entry(l, struct device, all);
		if (at->dev->registered && at->dev->more && at->dev->more->class == at->class)
			return at->dev->name;
	}
	return NULL;
}

static const char *next_module(struct place *at, struct cursor *c)
{
	struct list *l = step(c, &at->m->kernel.modules);

	at->module = l ? list_entry(l, struct module, all) : NULL;
	return l ? at->module->name : NULL;
}

/* All device links, ordered by supplier. */
static const char *next_link(struct place *at, struct cursor *c)
{
	struct list *devices = &at->m->core.devices;

	if (!c->at)
		c->at = devices->next;
	for (; c->at != devices; c->at = c->at->next, c->inner = NULL) {
		struct device *dev = list_entry(c->at, struct device, all);

		if (!dev->more)
			continue;
		c->inner = c->inner ? c->inner->next : dev->more->consumers.next;
		if (c->inner == &dev->more->consumers)
			continue;
		at->link = list_entry(c->inner, struct device_link, by_supplier);
		device_link_name(at->link, c->text, sizeof(c->text));
		return c->text;
	}
	return NULL;
}

static const char *next_supplier(struct place *at, struct cursor *c)
{
	struct list *l = at->dev->more ? step(c, &at->dev->more->suppliers) : NULL;

	if (!l)
		return NULL;
	at->link = list_entry(l, struct device_link, by_consumer);
	snprintf(c->text, sizeof(c->text), "supplier:%s:%s", dev_bus_name(at->link->supplier),
		 at->link->supplier->name);
	return c->text;
}

static const char *next_consumer(struct place *at, struct cursor *c)
{
	struct list *l = at->dev->more ? step(c, &at->dev->more->consumers) : NULL;

	if (!l)
		return NULL;
	at->link = list_entry(l, struct device_link, by_supplier);
	snprintf(c->text, sizeof(c->text), "consumer:%s:%s", dev_bus_name(at->link->consumer),
		 at->link->consumer->name);
	return c->text;
}

static const char *next_cache(struct place *at, struct cursor *c)
{
	const struct mm *mm = &at->m->mm;

	while (c->i < CACHES) {
		at->cache = &mm->caches[c->i++];
		if (at->cache->object_size && !at->cache->lost)
			return at->cache->name;
	}
	return NULL;
}

static const char *next_node(struct place *at, struct cursor *c)
{
	at->node = (int)c->i++;
	snprintf(c->text, sizeof(c->text), "node%d", at->node);
	return at->node < at->m->mm.nodes ? c->text : NULL;
}

static const struct {
	const char *word;
	const char *(*next)(struct place *at, struct cursor *c);
} placeholders[] = {
	{ "<bus>", next_bus },
	{ "<device>", next_device },
	{ "<driver>", next_driver },
	{ "<bound>", next_bound },
	{ "<root>", next_root },
	{ "<child>", next_child },
	{ "<any>", next_any },
	{ "<class>", next_class },
	{ "<member>", next_member },
	{ "<module>", next_module },
	{ "<link>", next_link },
	{ "<supplier>", next_supplier },
	{ "<consumer>", next_consumer },
	{ "<cache>", next_cache },
	{ "<node>", next_node },
};

const char *place_next(const char *placeholder, struct place *at, struct cursor *c)
{
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (!strcmp(placeholders[i].word, placeholder))
			return placeholders[i].next(at, c);
	return NULL;
}

/* --- paths of objects ----------------------------------------------------------- */

void path_of_device(const struct device *dev, struct buf *out)
{
	const struct device **chain = NULL, *up;
	size_t n = 0;

	for (up = dev; up; up = up->parent)
		n++;
	chain = host_malloc(n * sizeof(*chain));
	if (!chain) {
		out->cut = true;
		return;
	}
	for (up = dev, n = 0; up; up = up->parent)
		chain[n++] = up;
	buf_puts(out, "/sys/devices");
	while (n-- > 0) {
		buf_putc(out, '/');
		buf_puts(out, chain[n]->name);
	}
	free(chain);
}

void path_of_bus(const struct bus_type *bus, struct buf *out)
{
	buf_puts(out, "/sys/bus/");
	buf_puts(out, bus->name);
}

void path_of_driver(const struct device_driver *drv, struct buf *out)
{
	path_of_bus(drv->bus, out);
	buf_puts(out, "/drivers/");
	buf_puts(out, drv->name);
}
