/* SPDX-License-Identifier: MIT */
/*
 * devm_kmalloc() and its family. Corresponds to that part of Linux'
 * drivers/base/devres.c. Differs: if nothing watches, an allocation takes a fast path
 * with the same result. Which of three paths is taken depends on what the machine has
 * enabled:
 *
 *   quiet     nothing watches and nothing is checked: only the links are set
 *   checked   red zones, poison, KASAN, tracks, but nothing watches
 *   traced    every function is entered and left, every event is sent; also for
 *             everything that the other two do not handle
 */
#include "base/node.h"

#include "base/device.h"
#include "base/devm.h"
#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "kernel/clock.h"
#include "kernel/compiler.h"
#include "kernel/mutants.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/slab.h"

static noinline void *kmalloc_traced(struct device *dev, size_t size, gfp_t gfp)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	void *node, *data = NULL;
	struct object o;

	fn_enter(k, "devm_kmalloc");
	if (!size && k->profile->zero_size_ptr) {
		data = ZERO_SIZE_PTR;
		goto out;
	}
	if (!devres_lock(dev))
		goto out;
	node = alloc_dr(core, core->release_kmalloc, size, gfp, dev->numa_node, &o);
	if (!node)
		goto out;
	set_node_dbginfo(core, node, core->name_kmalloc, size);
	devres_node_add(dev, node, &o);
	data = (char *)node + core->header;
out:
	fn_exit(k);
	return data;
}

static noinline void *zero_data(struct driver_core *core, struct devres_node *node)
{
	struct object o;

	object_starting(core->mm, (char *)node, &o);
	return slab_zero(node + 1, o.size - sizeof(*node));
}

/* The cache for a fast path; NULL: the call cannot take it, or no object is at hand. */
static inline struct cache_node *fast_cache(const struct device *dev, size_t size, gfp_t gfp)
{
	struct cache_node *cn;

	if (unlikely(size - 1 >= dev->core->fast_max))
		return NULL;
	cn = dev->fast_caches[(size + 7) / 8];
	return slab_ready(cn, gfp) ? cn : NULL;
}

static inline struct devres_node *take_node(struct device *dev, struct cache_node *cn)
{
	struct driver_core *core = dev->core;

	return (struct devres_node *)cache_take_slot(core->mm, cn, dev->devres.tag,
						     &dev->newest_slot);
}

static inline void *use_node(struct device *dev, struct cache_node *cn, struct devres_node *node,
			     size_t size)
{
	struct driver_core *core = dev->core;

	tick(core->kernel, NS_PER_STEP);
	dev->newest = node;
	dev->newest_cache = cn;
	node->release = core->release_kmalloc;
	node->name = core->name_kmalloc;
	node->size = size;
	link_node(core->mm, &dev->devres, node);
	return node + 1;
}

/* The object of the node that was just taken. */
static inline struct object newest_object(const struct device *dev, struct devres_node *node,
					  const struct cache_node *cn)
{
	size_t off;

	return (struct object){
		.page = block_of(dev->core->mm, node, &off), .cache = cn->cache,
		.start = (char *)node, .slot = dev->newest_slot, .size = cn->cache->object_size,
	};
}

/* NULL: the object was damaged and set aside. */
static void *kmalloc_checked(struct device *dev, struct cache_node *cn, size_t size, gfp_t gfp)
{
	struct driver_core *core = dev->core;
	struct devres_node *node = take_node(dev, cn);
	struct object o = newest_object(dev, node, cn);
	struct request r = { size + core->header, size + core->header };
	void *data;

	if (core->whole_bucket)
		r.size = o.size;
	if (unlikely(!slab_check_out(core->mm, &o, r, gfp, core->kernel->profile->devres_chain[0])))
		return NULL;
	data = use_node(dev, cn, node, size);
	if (core->mm->tracks)
		devres_track_new(dev, node, &o);
	return data;
}

static noinline void *kmalloc_slow_path(struct device *dev, size_t size, gfp_t gfp)
{
	struct kernel *k = dev->core->kernel;
	struct cache_node *cn;
	void *p;

	if (!only_checked(k) || !(cn = fast_cache(dev, size, gfp)))
		return kmalloc_traced(dev, size, gfp);
	fn_enter(k, "devm_kmalloc");
	p = kmalloc_checked(dev, cn, size, gfp);
	fn_exit(k);
	return likely(p) ? p : kmalloc_traced(dev, size, gfp);
}

void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp)
{
	struct devres_node *node;
	struct cache_node *cn;
	void *data;

	if (unlikely(!quiet(dev->core->kernel) || !(cn = fast_cache(dev, size, gfp))))
		return kmalloc_slow_path(dev, size, gfp);
	node = take_node(dev, cn);
	data = use_node(dev, cn, node, size);
	if (unlikely(gfp & __GFP_ZERO))
		return zero_data(dev->core, node);
	return data;
}

void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp)
{
	struct kernel *k = dev->core->kernel;
	void *p;

	/* inline in Linux, and so not in call stacks */
	graph_enter(k, "devm_kzalloc");
	p = devm_kmalloc(dev, size, gfp | __GFP_ZERO);
	graph_exit(k);
	return p;
}

void *devm_kmalloc_array(struct device *dev, size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	return total_array(dev->core, n, size, &bytes) ? devm_kmalloc(dev, bytes, gfp) : NULL;
}

void *devm_kcalloc(struct device *dev, size_t n, size_t size, gfp_t gfp)
{
	return devm_kmalloc_array(dev, n, size, gfp | __GFP_ZERO);
}

static bool kfree_is_silent(const struct driver_core *core, const void *p)
{
	const struct kernel *k = core->kernel;
	const struct profile *profile = k->profile;

	return (!p && profile->kfree_null_silent) ||
	       (p == ZERO_SIZE_PTR && profile->kfree_zero_silent) ||
	       (profile->kfree_rodata_silent && is_rodata(k, mm_addr(core->mm, p)));
}

/* devm_kfree() of a pointer that is not on the list; Linux would have walked all of it. */
static void not_found(struct device *dev, const void *p)
{
	struct kernel *k = dev->core->kernel;

	if (dev->core->mm->tracks)
		devres_saw(dev, dev->devres.count);
	kernel_warn(k, "devm_kfree", NULL);
}

/* devm_kmalloc_match() over the whole list, which the function graph shows once. */
static bool match_kmalloc(struct device *dev, const void *p, struct object *o)
{
	struct driver_core *core = dev->core;
	bool found;

	if (dev->devres.count)
		graph_enter(core->kernel, "devm_kmalloc_match");
	found = devres_node_find(dev, core->release_kmalloc, p, o);
	if (dev->devres.count)
		graph_exit(core->kernel);
	return found;
}

/* devres_destroy() of memory from devm_kmalloc(). False: it is not on the list. */
static bool destroy_kmalloc(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	bool found, intact = false;
	struct object o;

	graph_enter(k, "devres_destroy");
	graph_enter(k, "devres_remove");
	found = match_kmalloc(dev, p, &o);
	if (found && devres_logged(core))
		devres_log(dev, o.start, &o, "REM");
	if (found)
		intact = !devres_node_del(dev, o.start, &o);
	graph_exit(k);
	if (intact) {
		graph_enter(k, "devres_free");
		slab_free(core->mm, &o);
		graph_exit(k);
	}
	graph_exit(k);
	return found;
}

/* For test builds that free the wrong node. */
static const void *newest(const struct device *dev)
{
	struct devres_info info;
	uint64_t at = 0;

	return devres_walk(dev, &at, &info) ? info.data : NULL;
}

static noinline void kfree_traced(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct object o;

	if (MUTANT(KFREE_NEWEST) && dev->devres.count)
		p = newest(dev);
	if (MUTANT(FOREIGN_POINTER) && node_of(core, p, &o) &&
	    devres_owner(core, object_tag(core->mm, &o)))
		dev = devres_owner(core, object_tag(core->mm, &o));
	fn_enter(k, "devm_kfree");
	/* pointers that are ignored never get to the list or its lock */
	if (!kfree_is_silent(dev->core, p) && devres_lock(dev) && !destroy_kmalloc(dev, p))
		not_found(dev, p);
	fn_exit(k);
}

/* Frees a node that was unlinked. */
static void kfree_checked(struct device *dev, struct devres_node *node, struct object *o)
{
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "devm_kfree");
	if (dev->core->mm->tracks) {
		devres_track_found(dev, node, o);
		object_track(dev->core->mm, o)->rank = dev->core->header;
	}
	node->next = node->prev = node_addr(dev->core, node);
	object_set_tag(dev->core->mm, o, TAG_DEVRES);
	slab_free(dev->core->mm, o);
	fn_exit(k);
}

/* The allocated object of a node in a slab. False: no node begins there. */
static inline bool fast_object(const struct device *dev, struct devres_node *node,
			       struct object *o)
{
	struct mm *mm = dev->core->mm;

	if (!node || node != dev->newest || mm->tampered)
		return object_at(mm, node, o);
	*o = newest_object(dev, node, dev->newest_cache);
	return true;
}

static noinline void kfree_slow_path(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct mm *mm = core->mm;
	struct devres_node *node = (struct devres_node *)((uintptr_t)p - core->header);
	struct object o;

	if (unlikely(!(quiet(k) || (only_checked(k) && core->fast_max)) ||
		     !fast_object(dev, node, &o) || !object_has_tag(mm, &o, dev->devres.tag) ||
		     node->release != core->release_kmalloc || !slab_put_ready(&o) ||
		     !unlink_node(mm, &dev->devres, node))) {
		kfree_traced(dev, p);
		return;
	}
	if (node == dev->newest)
		dev->newest = NULL;
	if (quiet(k))
		slab_put(mm, &o);
	else
		kfree_checked(dev, node, &o);
}

/*
 * What was allocated last is most likely to be freed first, and its place is known.
 * False: use kfree_slow_path().
 */
static inline bool kfree_newest(struct device *dev, struct devres_node *node)
{
	struct driver_core *core = dev->core;
	struct mm *mm = core->mm;
	struct cache_node *cn = dev->newest_cache;
	uint64_t head = dev->devres.addr, prev = node->prev;
	struct devres_link *before;

	/* the slot may belong to another object if the node was freed by hand */
	if (unlikely(mm->tampered ||
		     mm->slots[dev->newest_slot] != (dev->devres.tag | SLOT_ALLOCATED) ||
		     node->release != core->release_kmalloc || cn->spares >= SHEAF_SIZE ||
		     node->next != head || !link_at(mm, &dev->devres, prev, &before) ||
		     before->next != (uintptr_t)node + mm->host_to_sim))
		return false;
	before->next = head;
	dev->devres.head.prev = prev;
	dev->devres.count--;
	dev->newest = NULL;
	cache_put(mm, cn, dev->newest_slot, (char *)node);
	tick(core->kernel, NS_PER_STEP);
	return true;
}

void devm_kfree(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct devres_node *node = (struct devres_node *)((uintptr_t)p - core->header);

	/* node is NULL if p is the size of the header */
	if (likely(node && node == dev->newest && quiet(core->kernel)) &&
	    likely(kfree_newest(dev, node)))
		return;
	kfree_slow_path(dev, p);
}

/* --- devm_krealloc -------------------------------------------------------- */

static void *krealloc_warn(struct device *dev, const char *text)
{
	if (text)
		kernel_warn(dev->core->kernel, "devm_krealloc", "%s", text);
	else
		kernel_warn(dev->core->kernel, "devm_krealloc", NULL);
	return NULL;
}

/* Replaces p's node by a bigger one; header + old is the size of p's bucket. */
static void *move_to_bigger(struct device *dev, char *p, size_t size, size_t old, gfp_t gfp)
{
	struct driver_core *core = dev->core;
	bool first = core->kernel->profile->krealloc_first;
	struct object now, fresh;
	void *node;

	node = alloc_dr(core, core->release_kmalloc, first ? size + core->header : size, gfp,
			dev->numa_node, &fresh);
	if (!node)
		return NULL;
	set_node_dbginfo(core, node, first ? 0 : core->name_krealloc, first ? 0 : size);
	if (!devres_lock(dev))
		return NULL;
	if (!devres_node_find(dev, core->release_kmalloc, p, &now)) {
		slab_free(core->mm, &fresh);
		return krealloc_warn(dev, "Memory chunk not managed or managed by a different device.");
	}
	if (devres_logged(core))
		devres_log(dev, now.start, &now, "REPLACE");
	if (devres_node_replace(dev, now.start, &now, node, &fresh)) {
		slab_free(core->mm, &fresh);
		return NULL;
	}
	memcpy((char *)node + core->header, p, old);
	slab_free(core->mm, &now);
	return (char *)node + core->header;
}

static void *change_size(struct device *dev, void *p, size_t size, gfp_t gfp)
{
	struct driver_core *core = dev->core;
	size_t total, bucket;

	if (is_rodata(core->kernel, mm_addr(core->mm, p)))
		return krealloc_warn(dev, NULL);
	if (!total_size(core, size, &total))
		return NULL;
	bucket = ksize(core->mm, (void *)((uintptr_t)p - core->header));
	if (!bucket)
		return krealloc_warn(dev, "Pointer doesn't point to dynamically allocated memory.");
	/* if the size fits the bucket, Linux does not check who owns p */
	if (total <= bucket)
		return p;
	return move_to_bigger(dev, p, size, bucket - core->header, gfp);
}

void *devm_krealloc(struct device *dev, void *p, size_t size, gfp_t gfp)
{
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "devm_krealloc");
	if (!size) {
		devm_kfree(dev, p);
		p = ZERO_SIZE_PTR;
	} else if (ZERO_OR_NULL_PTR(p)) {
		p = devm_kmalloc(dev, size, gfp);
	} else {
		p = change_size(dev, p, size, gfp);
	}
	fn_exit(k);
	return p;
}

void *devm_krealloc_array(struct device *dev, void *p, size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	return total_array(dev->core, n, size, &bytes) ? devm_krealloc(dev, p, bytes, gfp) : NULL;
}
