/* SPDX-License-Identifier: MIT */
/*
 * Releasing managed resources: a single one, a group, or all of a device. Corresponds to
 * release_nodes() and its callers in Linux' drivers/base/devres.c.
 */
#include "base/node.h"
#include "lib/bytes.h"

#include <errno.h>

#include "base/device.h"
#include "base/devres.h"
#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "kernel/code.h"
#include "kernel/compiler.h"
#include "kernel/mutants.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "kernel/upcall.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/slab.h"

/* Runs a node's release function. */
static void call_release(struct device *dev, void *node)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t release = node_release(core, node);
	uint64_t data = mm_addr(core->mm, node_data(core, node));
	struct symbol *s = text_lookup(k, release);
	struct context saved;

	if (release == core->release_kmalloc || release == core->release_open ||
	    release == core->release_close)
		return;
	for (const struct own_release *own = core->own_releases; own->fn; own++)
		if (own->release == release) {
			own->fn(dev, data);
			return;
		}
	if (!s || code_is_gone(&s->home)) {
		kernel_fault(k, "release_nodes", release, ACCESS_EXEC);
		return;
	}
	if (!upcall_begin(k, context_of(k, s->name, &s->home), &saved))
		return;
	if (s->fn)
		((action_fn)s->fn)(s->ctx, dev, data, USE_RELEASE);
	upcall_end(k, saved);
}

/*
 * Frees a node whose list is being released. If the allocator finds it damaged, it stays
 * allocated, and is on no list.
 */
static void free_listed(struct driver_core *core, const struct object *o)
{
	object_set_tag(core->mm, o, TAG_DEVRES);
	slab_free(core->mm, o);
}

/* After the release function ran: frees the node, unless the release did. */
static void free_node(struct driver_core *core, char *node, uint32_t tag)
{
	struct object o;

	if (node_object(core->mm, node, &o) && object_has_tag(core->mm, &o, tag))
		free_listed(core, &o);
}

int devres_release(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	char *res = devres_remove(dev, release, match, data);
	struct object o;

	if (!res || !devres_removed_object(dev->core, release, res, &o))
		return -ENOENT;
	get_device(dev); /* the release may drop the last other reference */
	call_release(dev, o.start);
	if (!dev->core->kernel->task_died)
		free_node(dev->core, o.start, TAG_DEVRES);
	put_device(dev);
	return 0;
}

/* Frees plain memory if nothing watches. False: use release_traced(). */
static inline bool release_quiet(struct driver_core *core, uint64_t *at, uint32_t tag)
{
	struct mm *mm = core->mm;
	struct devres_node *node = (struct devres_node *)(uintptr_t)(*at - mm->host_to_sim);
	struct object o;
	uint64_t next;

	if (unlikely(!quiet(core->kernel) || !object_at(mm, node, &o) ||
		     !object_has_tag(mm, &o, tag) || !slab_put_ready(&o) ||
		     node->release != core->release_kmalloc))
		return false;
	next = node->prev;
	/* nodes allocated in a row are in a row: prefetch one further on */
	__builtin_prefetch((const void *)((uintptr_t)node + (uintptr_t)(16 * (next - *at))));
	*at = next;
	slab_put(mm, &o);
	return true;
}

/* Releases any kind of node. False: the task died, and the rest stays. */
static bool release_traced(struct device *dev, void *node, struct object *o, uint32_t tag)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;

	if (devres_logged(core))
		devres_log(dev, node, o, "REL");
	devres_track_gone(core, node, o);
	if (node_release(core, node) == core->release_kmalloc) {
		graph_enter(k, "devm_kmalloc_release");
		graph_exit(k);
		free_listed(core, o);
		return true;
	}
	call_release(dev, node);
	if (k->task_died)
		return false;
	free_node(core, node, tag);
	return true;
}

static int release_nodes(struct device *dev, struct devres_list *todo)
{
	struct driver_core *core = dev->core;
	bool forward = MUTANT(RELEASE_FORWARD), intact = true;
	uint64_t at = word_get(core, &todo->head, forward ? WORD_NEXT : WORD_PREV);
	struct object o;
	int count = 0;

	while (intact && at != todo->addr) {
		bool group;
		void *node;

		if (likely(release_quiet(core, &at, todo->tag))) {
			count++;
			continue;
		}
		node = devres_node_at(core, at, todo->tag, &o);
		intact = node != NULL;
		if (unlikely(!intact)) {
			kernel_oops(core->kernel, "release_nodes", at);
			break;
		}
		at = word_get(core, node, forward ? WORD_NEXT : WORD_PREV);
		group = node_release(core, node) == core->release_open;
		intact = release_traced(dev, node, &o, todo->tag);
		count += !group;
	}
	/* unreached nodes keep the tag, so it must not be reused */
	if (likely(intact))
		devres_list_finish(core, todo);
	return count;
}

/*
 * The nodes are detached from the device in one step. Without groups the list just gets a
 * new tag: nodes with the old one belong to no device while they are being released.
 */
int devres_release_all(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct devres_list todo;
	int count = 0;

	if (devres_empty(dev) || !devres_lock(dev))
		return 0;
	get_device(dev); /* a release may drop the last other reference */
	fn_enter(core->kernel, "devres_release_all");
	if (likely(!dev->devres_groups)) {
		if (!devres_list_detach(dev, &todo))
			count = release_nodes(dev, &todo);
	} else if (!devres_list_init(core, &todo, NULL)) {
		uint64_t first = word_get(core, &dev->devres.head, WORD_NEXT);

		if (remove_nodes(dev, first, dev->devres.addr, &todo))
			count = release_nodes(dev, &todo);
	}
	fn_exit(core->kernel);
	put_device(dev);
	return count;
}

int devres_release_group(struct device *dev, uint64_t id)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct devres_list todo;
	struct object o;
	char *group;
	int count = 0;

	if (!devres_lock(dev))
		return 0;
	get_device(dev); /* a release may drop the last other reference */
	fn_enter(k, "devres_release_group");
	group = devres_group_find(dev, id, &o);
	if (!group) {
		if (!devres_empty(dev) || !k->profile->dying_group_silent)
			devres_group_not_found(dev, "devres_release_group");
	} else if (!devres_list_init(core, &todo, NULL)) {
		if (remove_nodes(dev, mm_addr(core->mm, group), devres_group_end(dev, group), &todo))
			count = release_nodes(dev, &todo);
	}
	fn_exit(k);
	put_device(dev);
	return count;
}
