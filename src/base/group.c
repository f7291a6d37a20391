/* SPDX-License-Identifier: MIT */
/*
 * Groups of managed resources: two markers on the list, in one object. Corresponds to the
 * group functions of Linux' drivers/base/devres.c.
 *
 *   | opening marker | closing marker | id | color |
 *
 * While the group is open, the closing marker's links point to itself.
 */
#include "base/node.h"

#include <errno.h>

#include "base/device.h"
#include "base/devres.h"
#include "base/driver_core.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/object.h"
#include "mm/slab.h"

static char *closing(const struct driver_core *core, char *group)
{
	return group + core->layout.node;
}

static bool is_open(const struct driver_core *core, char *group)
{
	return !devres_node_added(core, closing(core, group));
}

static char *id_of(const struct driver_core *core, char *group)
{
	return group + 2 * core->layout.node;
}

static int32_t *color_of(const struct driver_core *core, char *group)
{
	return (int32_t *)(id_of(core, group) + core->layout.word);
}

static size_t group_size(const struct driver_core *core)
{
	size_t size = 2u * core->layout.node + core->layout.word + sizeof(int32_t);

	return (size + core->layout.word - 1) / core->layout.word * core->layout.word;
}

uint64_t devres_open_group(struct device *dev, uint64_t id, gfp_t gfp)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	size_t size = group_size(core);
	struct object o;

	if (!devres_lock(dev))
		return 0;
	fn_enter(k, "devres_open_group");
	if (!slab_alloc(core->mm, (struct request){ size, size }, gfp, NUMA_NO_NODE, TAG_DEVRES,
			k->profile->kmalloc_chain, &o)) {
		id = 0;
		goto out;
	}
	memset(o.start, 0, size);
	devres_node_init(core, o.start, core->release_open, core->free_group);
	devres_node_init(core, closing(core, o.start), core->release_close, 0);
	set_node_dbginfo(core, o.start, rodata_string(k, "grp<"), 0);
	set_node_dbginfo(core, closing(core, o.start), rodata_string(k, "grp>"), 0);
	if (!id)
		id = mm_addr(core->mm, o.start);
	word_set(core, id_of(core, o.start), 0, id);
	dev->devres_groups++;
	devres_node_add(dev, o.start, &o);
out:
	fn_exit(k);
	return id;
}

char *devres_group_find(struct device *dev, uint64_t id, struct object *o)
{
	struct driver_core *core = dev->core;
	uint64_t at = word_get(core, &dev->devres.head, WORD_PREV);
	uint32_t left = dev->devres_groups ? dev->devres.count : 0;

	for (; left && at != dev->devres.addr; left--) {
		char *node = devres_node_at(core, at, dev->devres.tag, o);

		if (!node) {
			kernel_oops(core->kernel, "find_group", at);
			return NULL;
		}
		at = word_get(core, node, WORD_PREV);
		if (node_release(core, node) != core->release_open)
			continue;
		if (id ? word_get(core, id_of(core, node), 0) == id : is_open(core, node))
			return node;
	}
	return NULL;
}

void devres_group_not_found(struct device *dev, const char *function)
{
	/* after an Oops there is nothing to report */
	if (!dev->core->kernel->task_died)
		kernel_warn(dev->core->kernel, function, NULL);
}

void devres_close_group(struct device *dev, uint64_t id)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct object o;
	char *group;

	if (!devres_lock(dev))
		return;
	fn_enter(k, "devres_close_group");
	group = devres_group_find(dev, id, &o);
	if (!group) {
		devres_group_not_found(dev, "devres_close_group");
	} else if (is_open(core, group)) {
		devres_node_add(dev, closing(core, group), &o);
	} else {
		if (devres_logged(core))
			devres_log(dev, closing(core, group), &o, "ADD");
		kernel_bug(k, "add_dr");
	}
	fn_exit(k);
}

void devres_remove_group(struct device *dev, uint64_t id)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	bool open, intact;
	struct object o;
	char *group;

	if (!devres_lock(dev))
		return;
	fn_enter(k, "devres_remove_group");
	group = devres_group_find(dev, id, &o);
	if (!group) {
		devres_group_not_found(dev, "devres_remove_group");
		goto out;
	}
	open = is_open(core, group);
	intact = open || !devres_node_del(dev, closing(core, group), &o);
	intact = intact && !devres_node_del(dev, group, &o);
	if (intact) {
		if (devres_logged(core))
			devres_log(dev, group, &o, "REM");
		dev->devres_groups--;
		slab_free(core->mm, &o);
	}
out:
	fn_exit(k);
}

/* --- removing a range ------------------------------------------------------------- */

/*
 * Moves all nodes but markers to todo, and clears the markers' colors. False: damaged
 * links.
 */
static bool take_members(struct device *dev, uint64_t at, uint64_t end, struct devres_list *todo,
			 uint64_t *first)
{
	struct driver_core *core = dev->core;
	struct object o;

	*first = end;
	while (at != end) {
		char *node = devres_node_at(core, at, dev->devres.tag, &o);
		uint64_t release;

		if (!node) {
			kernel_oops(core->kernel, "remove_nodes", at);
			return false;
		}
		release = node_release(core, node);
		if (release == core->release_open || release == core->release_close) {
			*color_of(core, o.start) = 0;
			if (*first == end)
				*first = at;
			at = word_get(core, node, WORD_NEXT);
			continue;
		}
		at = word_get(core, node, WORD_NEXT);
		if (devres_node_move(dev, todo, node, &o))
			return false;
	}
	return true;
}

/* Counts a marker in the range; a group is moved once both of its ends were counted. */
static bool color_group(struct device *dev, const struct object *o, struct devres_list *todo)
{
	struct driver_core *core = dev->core;
	char *group = o->start;
	int32_t *color = color_of(core, group);
	bool open = is_open(core, group);

	*color += 1 + open;
	if (*color < 1 || *color > 2) {
		kernel_bug(core->kernel, "remove_nodes");
		return false;
	}
	if (*color < 2)
		return true;
	if (!open && devres_node_del(dev, closing(core, group), o))
		return false;
	dev->devres_groups--;
	/* deleting the closing marker cleared the tag, which the object still needs */
	object_set_tag(core->mm, o, dev->devres.tag);
	return !devres_node_move(dev, todo, group, o);
}

uint64_t devres_group_end(struct device *dev, char *group)
{
	struct driver_core *core = dev->core;

	return is_open(core, group) ? dev->devres.addr
				    : word_get(core, closing(core, group), WORD_NEXT);
}

bool remove_nodes(struct device *dev, uint64_t first, uint64_t end, struct devres_list *todo)
{
	struct driver_core *core = dev->core;
	struct object o;
	uint64_t at;

	if (!take_members(dev, first, end, todo, &at))
		return false;
	while (at != end) {
		char *node = devres_node_at(core, at, dev->devres.tag, &o);

		if (!node) {
			kernel_oops(core->kernel, "remove_nodes", at);
			return false;
		}
		at = word_get(core, node, WORD_NEXT);
		if (!color_group(dev, &o, todo))
			return false;
	}
	return true;
}
