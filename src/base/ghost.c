/* SPDX-License-Identifier: MIT */
/*
 * Uses of pointers to released devices: one put_device() too many, or any other call.
 * Corresponds to nothing in Linux, where functions then read freed memory. Differs: a
 * device that is freed while it is on a list is taken off it.
 */
#include "base/ghost.h"

#include <stdio.h>
#include <string.h>

#include "base/device.h"
#include "base/kobject.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/poison.h"

const char kobject_put_name[] = "kobject_put";

/*
 * --- references
 * ----------------------------------------------------------------------------
 */

/* The name that a stray pointer points to, as printk's %s prints it. */
static void name_of(const struct device *dev, char *out, size_t size)
{
	uint64_t at = grave_peek(dev, FIELD_NAME);
	const char *p = at ? mm_ptr(dev->core->mm, at, size) : NULL;

	if (!at)
		memcpy(out, "(null)", 7);
	else if (!p)
		memcpy(out, "(efault)", 9);
	else
		snprintf(out, size, "%s", p);
}

/* The first check in kobject_get() and kobject_put(). */
static void check_initialized(struct device *dev, const char *function)
{
	struct kernel *k = dev->core->kernel;
	char name[24];

	grave_look_at(dev, FIELD_STATE, false);
	if (grave_peek(dev, FIELD_STATE) & 1)
		return;
	name_of(dev, name, sizeof(name));
	kernel_warn(k, function, "kobject: '%s' (%0*llx): is not initialized, yet %s() is being "
		    "called.", name, addr_digits(k->arch), (unsigned long long)dev->grave->memory,
		    function);
}

void ghost_get(struct device *dev)
{
	int32_t count;

	if (!device_was_freed(dev)) {
		kref_get(dev->core, &dev->kref);
		return;
	}
	check_initialized(dev, "kobject_get");
	grave_look_at(dev, FIELD_KREF, true);
	count = (int32_t)grave_peek(dev, FIELD_KREF);
	kref_get(dev->core, &count);
	grave_poke(dev, FIELD_KREF, (uint32_t)count);
}

/* The release function would be read through whatever is in place of the type pointer. */
static void release_of_nothing(struct device *dev)
{
	kernel_oops(dev->core->kernel, kobject_put_name, grave_peek(dev, FIELD_TYPE));
}

void ghost_put(struct device *dev)
{
	int32_t count;
	bool last;

	if (!device_was_freed(dev)) {
		kref_put(dev->core, &dev->kref);
		return;
	}
	check_initialized(dev, kobject_put_name);
	grave_look_at(dev, FIELD_KREF, true);
	count = (int32_t)grave_peek(dev, FIELD_KREF);
	last = kref_put(dev->core, &count);
	grave_poke(dev, FIELD_KREF, (uint32_t)count);
	if (last)
		release_of_nothing(dev);
}

/* --- other calls ----------------------------------------------------------------------------- */

/*
 * What a call accesses first, and in which function. Calls that are not listed use
 * devres.
 */
static const struct touch {
	const char *call, *function; /* NULL: the call itself */
	enum field field;
	bool write, value;           /* value: not a pointer to be followed */
} touches[] = {
	{ "device_del", "mutex_lock", FIELD_MUTEX, true, false },
	{ "device_unregister", "mutex_lock", FIELD_MUTEX, true, false },
	{ "device_attach", "mutex_lock", FIELD_MUTEX, true, false },
	{ "dev_get_drvdata", NULL, FIELD_DRVDATA, false, true },
	{ "dev_set_drvdata", NULL, FIELD_DRVDATA, true, true },
	{ "dev_to_node", NULL, FIELD_NODE, false, true },
	{ "set_dev_node", NULL, FIELD_NODE, true, true },
	{ "dev_set_name", "kobject_set_name_vargs", FIELD_NAME, false, false },
	{ "dev_*", "dev_driver_string", FIELD_DRIVER, false, false },
	{ "driver_set_override", NULL, FIELD_DRIVER, false, false },
	{ "devm_kmalloc", NULL, FIELD_NODE, false, false },
	{ NULL, NULL, FIELD_LOCK, true, false },
};

/* Rows match a whole name, or its beginning: "dev_*". */
static bool is_row_of(const char *row, const char *call)
{
	size_t len = strcspn(row, "*");

	return row[len] ? !strncmp(row, call, len) : !strcmp(row, call);
}

static const struct touch *touch_of(const char *call)
{
	const struct touch *t = touches;

	while (t->call && !is_row_of(t->call, call))
		t++;
	return t;
}

uint64_t ghost_value(struct device *dev, bool node)
{
	enum field f = node ? FIELD_NODE : FIELD_DRVDATA;

	if (!dev->grave)
		return node ? (uint64_t)(int64_t)dev->numa_node : dev->drvdata;
	return node ? (uint64_t)(int64_t)(int32_t)grave_peek(dev, f) : grave_peek(dev, f);
}

void ghost_set_value(struct device *dev, bool node, uint64_t value)
{
	if (dev->grave)
		grave_poke(dev, node ? FIELD_NODE : FIELD_DRVDATA, value);
}

static bool takes_reference(const char *call)
{
	static const char *const names[] = {
		"device", "device_initialize", "device_add", "device_link_add",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (!strcmp(call, names[i]))
			return true;
	return false;
}

/* Whether the memory was allocated again. */
static bool is_reused(const struct device *dev)
{
	struct object o;
	const void *p = mm_ptr(dev->core->mm, dev->grave->memory, 1);

	return p && object_find(dev->core->mm, p, &o) && object_allocated(dev->core->mm, &o);
}

/* False: a pointer in the struct is poison, or data of the memory's next owner. */
static bool leads_on(struct device *dev, const struct touch *t)
{
	struct kernel *k = dev->core->kernel;
	uint64_t at = 0;
	const void *p;

	if (t->value || (grave_peek(dev, FIELD_STATE) != POISON_FREE && !is_reused(dev)))
		return true;
	p = mm_ptr(dev->core->mm, grave_field(dev, t->field), k->arch->word);
	if (p)
		memcpy(&at, p, k->arch->word);
	if (mm_ptr(dev->core->mm, at, 1))
		return true;
	kernel_oops(k, kernel_function(k), at);
	return false;
}

bool ghost_touch(struct device *dev, const char *call)
{
	const struct touch *t = touch_of(call);
	struct kernel *k = dev->core->kernel;
	bool alive;

	if (!strcmp(call, "get_device") || !strcmp(call, "put_device"))
		return true;
	if (takes_reference(call)) {
		fn_enter(k, "get_device");
		fn_enter(k, "kobject_get");
		ghost_get(dev);
		fn_exit(k);
		fn_exit(k);
		return !k->task_died;
	}
	if (!device_was_freed(dev))
		return true;
	fn_enter(k, call);
	if (t->function)
		fn_enter(k, t->function);
	grave_look_at(dev, t->field, t->write);
	alive = leads_on(dev, t);
	if (t->function)
		fn_exit(k);
	fn_exit(k);
	return alive;
}
