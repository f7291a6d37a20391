/* SPDX-License-Identifier: MIT */
/*
 * Lists of managed resources, and which objects are on them. The links of nodes are in
 * simulated memory; heads, counters and tags are not.
 */
#include "machine/fsck.h"

#include "base/device.h"
#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "base/node.h"
#include "kernel/symbol.h"
#include "mm/object.h"
#include "mm/slab.h"

/* Results of a walk over a device's list. */
struct seen {
	uint32_t nodes, groups;
	uint64_t last;
};

static void check_node(struct fsck *f, const struct device *dev, const void *node, uint64_t at)
{
	const struct driver_core *core = dev->core;
	uint64_t release = node_release(core, node), free_node;

	if (!text_lookup(core->kernel, release))
		fsck_report(f, f->memory, dev->name, "release of %llx is %llx",
			    (unsigned long long)at, (unsigned long long)release);
	/* the closing marker is part of the opening one's object */
	if (!core->kernel->profile->generic_node || release == core->release_close)
		return;
	free_node = word_get(core, node, WORD_FREE);
	if (!text_lookup(core->kernel, free_node))
		fsck_report(f, f->memory, dev->name, "free_node of %llx is %llx",
			    (unsigned long long)at, (unsigned long long)free_node);
}

/* False: the links do not lead back to the head. */
static bool walk(struct fsck *f, const struct device *dev, struct seen *seen)
{
	const struct driver_core *core = dev->core;
	uint64_t at = word_get(core, &dev->devres.head, WORD_NEXT);
	struct object o;

	seen->last = dev->devres.addr;
	while (at != dev->devres.addr) {
		const char *node = devres_node_at(core, at, dev->devres.tag, &o);
		uint64_t prev;

		if (!node) {
			fsck_report(f, f->memory, dev->name, "next of %llx is %llx",
				    (unsigned long long)seen->last, (unsigned long long)at);
			return false;
		}
		prev = word_get(core, node, WORD_PREV);
		if (prev != seen->last) {
			fsck_report(f, f->memory, dev->name, "prev of %llx is %llx",
				    (unsigned long long)at, (unsigned long long)prev);
			return false;
		}
		check_node(f, dev, node, at);
		fsck_mark(f->on_list, o.slot);
		seen->nodes++;
		seen->groups += node_release(core, node) == core->release_open;
		seen->last = at;
		at = word_get(core, node, WORD_NEXT);
	}
	return true;
}

static void check_list(struct fsck *f, const struct device *dev)
{
	const struct driver_core *core = dev->core;
	struct mm *mm = core->mm;
	struct seen seen = { 0 };

	if (devres_owner(core, dev->devres.tag) != dev)
		fsck_report(f, FSCK_UNSOUND, dev->name, "tag %u of its list is not its own",
			    dev->devres.tag);
	if (dev->fast_caches != &mm->plain[alloc_node(mm, dev->numa_node)][core->header / 8])
		fsck_report(f, FSCK_UNSOUND, dev->name, "its nodes come from another NUMA node");
	if (f->calm && dev->devres_locked)
		fsck_report(f, FSCK_UNSOUND, dev->name, "devres_lock is held between calls");
	if (!walk(f, dev, &seen))
		return;
	if (word_get(core, &dev->devres.head, WORD_PREV) != seen.last)
		fsck_report(f, f->memory, dev->name, "the last node is %llx, the head points to %llx",
			    (unsigned long long)seen.last,
			    (unsigned long long)word_get(core, &dev->devres.head, WORD_PREV));
	if (seen.nodes != dev->devres.count)
		fsck_report(f, f->memory, dev->name, "%u nodes are counted, %u are on the list",
			    dev->devres.count, seen.nodes);
	if (seen.groups != dev->devres_groups)
		fsck_report(f, f->memory, dev->name, "%u groups are counted, %u are on the list",
			    dev->devres_groups, seen.groups);
}

/* Free tags form a chain. */
static void check_free_tags(struct fsck *f)
{
	const struct driver_core *core = &f->m->core;

	for (uint32_t i = core->lists_free; i; i = core->lists[i - 1].next_free)
		if (i > core->lists_used || core->lists[i - 1].dev ||
		    fsck_mark(f->free_tag, i - 1)) {
			fsck_report(f, FSCK_UNSOUND, "list tags", "tag %u is free and in use",
				    TAG_LISTS + i - 1);
			return;
		}
}

/* All other tags belong to a device, or to nodes that leaked. */
void fsck_tags(struct fsck *f)
{
	const struct driver_core *core = &f->m->core;

	for (uint32_t i = 0; f->calm && i < core->lists_used; i++)
		if (!core->lists[i].dev && !fsck_bit(f->free_tag, i) && !fsck_bit(f->used_tag, i))
			fsck_report(f, f->memory, "list tags", "tag %u has no owner and is not free",
				    TAG_LISTS + i);
}

void fsck_lists(struct fsck *f)
{
	struct driver_core *core = &f->m->core;
	struct device *dev;
	uint32_t devices = 0, owned = 0;

	check_free_tags(f);
	list_each(dev, &core->devices, struct device, all) {
		check_list(f, dev);
		devices++;
	}
	list_each(dev, &core->ghosts, struct device, all) {
		check_list(f, dev);
		devices++;
	}
	for (uint32_t i = 0; i < core->lists_used; i++)
		owned += core->lists[i].dev != NULL;
	if (owned != devices)
		fsck_report(f, FSCK_UNSOUND, "list tags", "%u are owned by %u devices", owned, devices);
}
