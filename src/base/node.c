/* SPDX-License-Identifier: MIT */
/*
 * Lists of nodes and their links. Corresponds to the lower half of Linux'
 * drivers/base/devres.c. Differs: a node is found from its address, not by walking the
 * list; the steps of Linux' walk are only counted. Links are checked before they are
 * followed, because drivers can overwrite them.
 */
#include "base/node.h"

#include <errno.h>
#include <stdlib.h>

#include "base/device.h"
#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "base/owner.h"
#include "kernel/compiler.h"
#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/mutants.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/slab.h"
#include "mm/track.h"

/*
 * Heads have addresses outside simulated memory, because devices do not take up any here.
 */
#define HEAD_STRIDE 1024

/* --- which list: tags --------------------------------------------------- */

static int list_tag_new(struct driver_core *core, struct device *dev, uint32_t *tag)
{
	uint32_t i = core->lists_free;

	if (i) {
		core->lists_free = core->lists[i - 1].next_free;
		i--;
	} else {
		if (!array_room(core->lists, core->lists_used, core->lists_cap, 64))
			return -ENOMEM;
		i = core->lists_used++;
	}
	core->lists[i].dev = dev;
	*tag = TAG_LISTS + i;
	return 0;
}

static void list_tag_drop(struct driver_core *core, uint32_t tag)
{
	uint32_t i = tag - TAG_LISTS;

	core->lists[i].dev = NULL;
	core->lists[i].next_free = core->lists_free;
	core->lists_free = i + 1;
}

struct device *devres_owner(const struct driver_core *core, uint32_t tag)
{
	uint32_t i = tag - TAG_LISTS;

	if (tag < TAG_LISTS || i >= core->lists_used)
		return NULL;
	return core->lists[i].dev;
}

/* --- lists ----------------------------------------------------------------- */

static void head_reset(const struct driver_core *core, struct devres_list *list)
{
	word_set(core, &list->head, WORD_NEXT, list->addr);
	word_set(core, &list->head, WORD_PREV, list->addr);
	list->count = 0;
}

int devres_list_init(struct driver_core *core, struct devres_list *list, struct device *dev)
{
	const struct arch *a = core->kernel->arch;
	int rc = list_tag_new(core, dev, &list->tag);

	if (rc)
		return rc;
	if (dev)
		list->addr = a->heads_base + (uint64_t)(dev->id - core->first_id) * HEAD_STRIDE %
						     a->heads_size;
	else /* on the stack of the releasing function */
		list->addr = a->heads_base + a->heads_size + list->tag % 4096 * 64;
	head_reset(core, list);
	return 0;
}

void devres_list_finish(struct driver_core *core, struct devres_list *list)
{
	list_tag_drop(core, list->tag);
}

int devres_list_detach(struct device *dev, struct devres_list *all)
{
	struct driver_core *core = dev->core;
	uint32_t tag;

	if (list_tag_new(core, dev, &tag))
		return -ENOMEM;
	*all = dev->devres;
	core->lists[all->tag - TAG_LISTS].dev = NULL;
	dev->devres.tag = tag;
	dev->newest = NULL;
	head_reset(core, &dev->devres);
	rank_finish(&dev->devres_rank);
	return 0;
}

int devres_device_init(struct device *dev)
{
	devres_device_moved(dev);
	return devres_list_init(dev->core, &dev->devres, dev);
}

void devres_device_moved(struct device *dev)
{
	struct mm *mm = dev->core->mm;

	dev->fast_caches = &mm->plain[alloc_node(mm, dev->numa_node)][dev->core->header / 8];
}

/*
 * Resources added by a release while everything was being released leak: their tag must
 * not be reused.
 */
void devres_device_finish(struct device *dev)
{
	struct driver_core *core = dev->core;

	rank_finish(&dev->devres_rank);
	if (!core->lists)
		return;
	if (devres_empty(dev))
		list_tag_drop(core, dev->devres.tag);
	else
		core->lists[dev->devres.tag - TAG_LISTS].dev = NULL;
}

bool devres_lock(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	if (likely(!dev->devres_locked))
		return true;
	printk(k, KERN_EMERG, "BUG: spinlock recursion on CPU#0, %s/%d", k->comm, k->pid);
	kernel_bug(k, "_raw_spin_lock_irqsave");
	return false;
}

/* --- log ---------------------------------------------------------------- */

static bool is_group(const struct driver_core *core, uint64_t release)
{
	return release == core->release_open || release == core->release_close;
}

static const char *node_name(const struct driver_core *core, const void *node)
{
	const struct devres_layout *l = &core->layout;
	uint64_t release = node_release(core, node);
	struct symbol *s;
	const char *name;

	if (is_group(core, release))
		return release == core->release_open ? "grp<" : "grp>";
	if (l->name) {
		if (!word_get(core, node, l->name))
			return "(null)";
		name = rodata_lookup(core->kernel, word_get(core, node, l->name));
		if (name)
			return name;
	}
	s = text_lookup(core->kernel, release);
	return s ? s->name : "?";
}

static size_t node_size(const struct driver_core *core, const void *node, const struct object *o)
{
	const struct track *t = object_track(core->mm, o);
	uint64_t release = node_release(core, node);
	size_t front = data_offset(core, release), all = t ? t->size : o->size;

	if (is_group(core, release))
		return 0;
	if (core->layout.size)
		return word_get(core, node, core->layout.size);
	return all - (front < all ? front : all);
}

void devres_log(struct device *dev, const void *node, const struct object *o, const char *op)
{
	struct driver_core *core = dev->core;

	EVENT(core->kernel, EV_DEVRES, .what = op, .name = node_name(core, node),
	      .addr = mm_addr(core->mm, node), .size = node_size(core, node, o),
	      .value = dev->id);
}

/* --- nodes --------------------------------------------------------------- */

void devres_node_init(struct driver_core *core, void *node, uint64_t release, uint64_t free_node)
{
	uint64_t addr = mm_addr(core->mm, node);

	word_set(core, node, WORD_NEXT, addr);
	word_set(core, node, WORD_PREV, addr);
	word_set(core, node, WORD_RELEASE, release);
	if (core->kernel->profile->generic_node)
		word_set(core, node, WORD_FREE, free_node);
}

void set_node_dbginfo(struct driver_core *core, void *node, uint64_t name, size_t size)
{
	graph_enter(core->kernel, "set_node_dbginfo");
	if (core->layout.name) {
		word_set(core, node, core->layout.name, name);
		word_set(core, node, core->layout.size, size);
	}
	graph_exit(core->kernel);
}

bool devres_node_added(const struct driver_core *core, const void *node)
{
	return word_get(core, node, WORD_NEXT) != mm_addr(core->mm, node);
}

void *devres_node_at(const struct driver_core *core, uint64_t addr, uint32_t tag,
		     struct object *o)
{
	struct mm *mm = core->mm;
	char *p = mm_ptr(mm, addr, core->layout.node);

	if (unlikely(!p))
		return NULL;
	if (likely(node_object(mm, p, o)))
		return likely(object_has_tag(mm, o, tag)) ? p : NULL;
	/* the closing marker of a group follows the opening one */
	if (!object_find(mm, p, o) || !object_has_tag(mm, o, tag) ||
	    p - o->start != core->layout.node ||
	    node_release(core, o->start) != core->release_open)
		return NULL;
	return p;
}

/* The rank of this node; a group's object has two nodes. */
static uint32_t *node_rank(struct driver_core *core, const void *node, const struct object *o)
{
	struct track *t = object_track(core->mm, o);

	return node == o->start ? &t->rank : &t->rank_close;
}

/* Renumbers the list's nodes, oldest first. */
static void rank_again(struct device *dev)
{
	struct driver_core *core = dev->core;
	void *node;
	struct object o;

	if (rank_restart(&dev->devres_rank))
		return;
	for (uint64_t at = word_get(core, &dev->devres.head, WORD_NEXT); at != dev->devres.addr;
	     at = word_get(core, node, WORD_NEXT)) {
		uint32_t number = rank_append(&dev->devres_rank);

		node = devres_node_at(core, at, dev->devres.tag, &o);
		if (!node || number == RANK_FULL)
			return;
		*node_rank(core, node, &o) = number;
	}
}

/* Assigns its rank on the list, and the number that users see. */
void devres_track_new(struct device *dev, const void *node, const struct object *o)
{
	struct track *t = object_track(dev->core->mm, o);
	bool first = node == o->start;
	uint32_t number = rank_append(&dev->devres_rank);

	if (unlikely(number == RANK_FULL))
		rank_again(dev);
	else
		*(first ? &t->rank : &t->rank_close) = number;
	if (dev->devres.count == 1)
		dev->devres_numbered = 0;
	*(first ? &t->number : &t->number_close) = ++dev->devres_numbered;
	if (first)
		t->owner = owner_mark(dev);
}

void devres_track_found(struct device *dev, const void *node, const struct object *o)
{
	uint32_t number = *node_rank(dev->core, node, o);

	devres_saw(dev, rank_from_end(&dev->devres_rank, number));
	rank_remove(&dev->devres_rank, number);
}

void devres_track_gone(const struct driver_core *core, const void *node, const struct object *o)
{
	uint64_t release = node_release(core, node);

	if (core->mm->tracks && node == o->start)
		object_track(core->mm, o)->rank = is_group(core, release)
			? (uint32_t)o->size : data_offset(core, release);
}

void devres_saw(struct device *dev, uint32_t nodes)
{
	dev->devres_last_seen = nodes;
	dev->devres_seen += nodes;
}

/* --- links ------------------------------------------------------------------ */

/* The links at an address; NULL: this list cannot have any there. */
static void *links_at(const struct driver_core *core, struct devres_list *list, uint64_t addr)
{
	return addr == list->addr ? &list->head : mm_ptr(core->mm, addr, 2 * core->layout.word);
}

static void link_last(const struct driver_core *core, struct devres_list *list, void *node)
{
	uint64_t addr = node_addr(core, node);
	uint64_t last = word_get(core, &list->head, WORD_PREV);

	word_set(core, links_at(core, list, last), WORD_NEXT, addr);
	word_set(core, node, WORD_NEXT, list->addr);
	word_set(core, node, WORD_PREV, last);
	word_set(core, &list->head, WORD_PREV, addr);
	list->count++;
}

/* Both neighbours of a node; false after a report: they do not point back to it. */
static bool neighbours(struct device *dev, const void *node, void **before, void **after)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t addr = node_addr(core, node), was;
	const char *what = "prev->next";
	int digits = addr_digits(k->arch);

	*before = links_at(core, &dev->devres, word_get(core, node, WORD_PREV));
	*after = links_at(core, &dev->devres, word_get(core, node, WORD_NEXT));
	was = *before ? word_get(core, *before, WORD_NEXT) : 0;
	if (was == addr) {
		what = "next->prev";
		was = *after ? word_get(core, *after, WORD_PREV) : 0;
	}
	if (likely(was == addr))
		return true;
	printk(k, KERN_ERR, "list_del corruption. %s should be %0*llx, but was %0*llx", what,
	       digits, (unsigned long long)addr, digits, (unsigned long long)was);
	kernel_bug(k, "__list_del_entry_valid");
	return false;
}

void devres_node_add(struct device *dev, void *node, const struct object *o)
{
	struct driver_core *core = dev->core;

	graph_enter(core->kernel, "devres_add");
	if (devres_logged(core))
		devres_log(dev, node, o, "ADD");
	if (likely(core->layout.word == 8))
		link_node(core->mm, &dev->devres, node);
	else
		link_last(core, &dev->devres, node);
	dev->newest = NULL;
	object_set_tag(core->mm, o, dev->devres.tag);
	if (core->mm->tracks)
		devres_track_new(dev, node, o);
	graph_exit(core->kernel);
}

/* unlink_node() for links of any size; false after a report. */
static noinline bool unlink_any(struct device *dev, void *node)
{
	struct driver_core *core = dev->core;
	void *before, *after;

	if (!neighbours(dev, node, &before, &after))
		return false;
	word_set(core, before, WORD_NEXT, word_get(core, node, WORD_NEXT));
	word_set(core, after, WORD_PREV, word_get(core, node, WORD_PREV));
	dev->devres.count--;
	return true;
}

int devres_node_del(struct device *dev, void *node, const struct object *o)
{
	struct driver_core *core = dev->core;
	uint64_t addr = node_addr(core, node);

	if (unlikely(core->layout.word != 8 || !unlink_node(core->mm, &dev->devres, node)) &&
	    !unlink_any(dev, node))
		return -EFAULT;
	word_set(core, node, WORD_NEXT, addr);
	word_set(core, node, WORD_PREV, addr);
	dev->newest = NULL;
	if (core->mm->tracks)
		rank_remove(&dev->devres_rank, *node_rank(core, node, o));
	devres_track_gone(core, node, o);
	object_set_tag(core->mm, o, TAG_DEVRES);
	return 0;
}

int devres_node_move(struct device *dev, struct devres_list *to, void *node,
		     const struct object *o)
{
	int rc = devres_node_del(dev, node, o);

	if (rc)
		return rc;
	link_last(dev->core, to, node);
	object_set_tag(dev->core->mm, o, to->tag);
	return 0;
}

int devres_node_replace(struct device *dev, void *old, const struct object *old_object,
			void *fresh, const struct object *fresh_object)
{
	struct driver_core *core = dev->core;
	uint64_t addr = mm_addr(core->mm, old), at = mm_addr(core->mm, fresh);
	void *before, *after;

	if (!neighbours(dev, old, &before, &after))
		return -EFAULT;
	dev->newest = NULL;
	word_set(core, before, WORD_NEXT, at);
	word_set(core, after, WORD_PREV, at);
	word_set(core, fresh, WORD_NEXT, word_get(core, old, WORD_NEXT));
	word_set(core, fresh, WORD_PREV, word_get(core, old, WORD_PREV));
	word_set(core, old, WORD_NEXT, addr);
	word_set(core, old, WORD_PREV, addr);
	if (core->mm->tracks) {
		*node_rank(core, fresh, fresh_object) = *node_rank(core, old, old_object);
		object_track(core->mm, fresh_object)->number =
			object_track(core->mm, old_object)->number;
		object_track(core->mm, fresh_object)->owner = owner_mark(dev);
		devres_track_gone(core, old, old_object);
	}
	object_set_tag(core->mm, old_object, TAG_DEVRES);
	object_set_tag(core->mm, fresh_object, dev->devres.tag);
	return 0;
}

/* In constant time, by address; the cost of Linux' walk is only counted. */
bool devres_node_find(struct device *dev, uint64_t release, const void *data,
		      struct object *o)
{
	struct driver_core *core = dev->core;

	if (!node_of(core, data, o))
		return false;
	if (!object_has_tag(core->mm, o, dev->devres.tag) &&
	    !(MUTANT(FOREIGN_POINTER) && object_tag(core->mm, o) >= TAG_LISTS))
		return false;
	if (node_release(core, o->start) != release)
		return false;
	if (unlikely(core->mm->tracks != NULL))
		devres_saw(dev, rank_from_end(&dev->devres_rank,
					      object_track(core->mm, o)->rank));
	return true;
}

/* --- walking ------------------------------------------------------------------ */

static void fill_info(const struct driver_core *core, char *node, struct devres_info *info)
{
	uint64_t release = node_release(core, node);
	const char *start = info->object.start;
	struct mm *mm = core->mm;

	info->addr = mm_addr(mm, node);
	info->release = release;
	info->release_name = node_name(core, node);
	info->header = data_offset(core, release);
	info->size = node_size(core, node, &info->object);
	info->track = object_track(mm, &info->object);
	info->number = !info->track ? 0 : node == start ? info->track->number
							: info->track->number_close;
	info->group = 0;
	info->kind = NODE_RES;
	if (release == core->release_action && core->layout.own_release) {
		info->kind = NODE_ACTION;
		info->size -= info->size < info->header ? info->size : info->header;
	} else if (is_group(core, release)) {
		info->kind = release == core->release_open ? NODE_GROUP_OPEN : NODE_GROUP_CLOSE;
		info->header = core->layout.node;
		info->group = word_get(core, start + 2 * core->layout.node, 0);
		info->closed = devres_node_added(core, start + core->layout.node);
	}
	info->data = node + info->header;
}

bool devres_walk(const struct device *dev, uint64_t *at, struct devres_info *info)
{
	const struct driver_core *core = dev->core;
	void *node;

	if (!*at)
		*at = word_get(core, &dev->devres.head, WORD_PREV);
	if (*at == dev->devres.addr)
		return false;
	node = devres_node_at(core, *at, dev->devres.tag, &info->object);
	if (!node)
		return false;
	*at = word_get(core, node, WORD_PREV);
	fill_info(core, node, info);
	return true;
}

bool devres_node_info(const struct driver_core *core, const struct object *o,
		      struct devres_info *info)
{
	if (object_tag(core->mm, o) < TAG_DEVRES || o->size < core->layout.node)
		return false;
	info->object = *o;
	fill_info(core, o->start, info);
	return true;
}
