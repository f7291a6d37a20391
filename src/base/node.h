/* SPDX-License-Identifier: MIT */
/*
 * Nodes and their links: private to devres.c, which keeps the lists, and
 * devm.c, which fills them. A link is a simulated address; before one that
 * memory held is followed, it is looked at.
 */
#ifndef DEVSH_BASE_NODE_H
#define DEVSH_BASE_NODE_H

#include <string.h>

#include "base/base.h"

/* On the device's list, as its newest. */
void devres_node_add(struct device *dev, struct devres_node *node, const struct object *o);
/* 0, or -EFAULT when the links were overwritten: the node stays. */
int devres_node_del(struct device *dev, struct devres_node *node, const struct object *o);
/* By address, in constant time; what Linux' walk costs is only counted. */
bool devres_node_find(struct device *dev, uint64_t release, const void *data, struct object *o);
/* A search looked at so many nodes. */
void devres_saw(struct device *dev, uint32_t nodes);
/* ADD, REM or REL for who watches. */
void devres_log(struct device *dev, const struct devres_node *node, const struct object *o,
		const char *op);
/* The release of devm_add_action(): runs the action that the data names. */
void devm_action_release(struct device *dev, uint64_t data);

static inline bool devres_logged(const struct driver_core *core)
{
	return unlikely(core->kernel->watching & EV_BIT(EV_DEVRES));
}

static inline void *node_data(const struct driver_core *core, const struct devres_node *node)
{
	return (char *)node + core->header;
}

/* The allocated object that starts here: a small one, or else a large one. */
static inline bool node_object(const struct mm *mm, const char *start, struct object *o)
{
	return (likely(object_at(mm, start, o)) ||
		(object_find(mm, start, o) && o->start == start)) &&
	       object_allocated(mm, o);
}

/* The allocated node that data belongs to, whatever list it is on. */
static inline bool node_of(const struct driver_core *core, const void *data,
			   struct object *o)
{
	return node_object(core->mm, (const char *)((uintptr_t)data - core->header), o);
}

/* The node at a link's address, NULL when no node of this list is there. */
static inline struct devres_node *node_at(const struct driver_core *core, uint64_t addr,
					  uint32_t tag, struct object *o)
{
	void *p = mm_ptr(core->mm, addr, sizeof(uint64_t));

	if (unlikely(!p || !node_object(core->mm, p, o) || !object_has_tag(core->mm, o, tag)))
		return NULL;
	return p;
}

/* The links at an address that leads to some, which this list's own do. */
static inline struct devres_link *link_of(const struct mm *mm, struct device *dev, uint64_t addr)
{
	if (addr == devres_head(dev))
		return &dev->devres_list;
	return (struct devres_link *)(uintptr_t)(addr - mm->host_to_sim);
}

/* The same for an address that somebody may have overwritten. */
static inline bool link_at(const struct mm *mm, struct device *dev, uint64_t addr,
			   struct devres_link **link)
{
	*link = link_of(mm, dev, addr);
	return addr == devres_head(dev) || addr - mm->page_offset < mm->size;
}

/* The links alone. What the head leads to was looked at when it came there. */
static inline void link_node(const struct mm *mm, struct device *dev, struct devres_node *node)
{
	uint64_t addr = (uintptr_t)node + mm->host_to_sim;
	uint64_t last = dev->devres_list.prev;

	link_of(mm, dev, last)->next = addr;
	node->next = devres_head(dev);
	node->prev = last;
	dev->devres_list.prev = addr;
	dev->devres_count++;
}

/* False when the links were overwritten: the node stays. */
static inline bool unlink_node(const struct mm *mm, struct device *dev, struct devres_node *node)
{
	uint64_t addr = (uintptr_t)node + mm->host_to_sim;
	uint64_t next = node->next, prev = node->prev;
	struct devres_link *before, *after;

	if (unlikely(!link_at(mm, dev, prev, &before) || before->next != addr ||
		     !link_at(mm, dev, next, &after) || after->prev != addr))
		return false;
	before->next = next;
	after->prev = prev;
	dev->devres_count--;
	return true;
}

/* --- allocation --------------------------------------------------------- */

/* All of header must fit, also when the sum of a careless kernel wrapped. */
static inline bool total_size(const struct driver_core *core, size_t size, size_t *total)
{
	if (likely(!__builtin_add_overflow(size, core->header, total)))
		return true;
	if (*total < core->header)
		*total = core->header;
	return !core->kernel->profile->size_checked || BROKEN(BREAK_NO_OVERFLOW);
}

static inline void clear_header(const struct driver_core *core, struct devres_node *node)
{
	if (likely(core->header == sizeof(*node)))
		memset(node, 0, sizeof(*node)); /* a few stores, no call */
	else
		memset(node, 0, core->header);
}

static inline struct devres_node *alloc_dr(struct driver_core *core, uint64_t release,
					   size_t size, gfp_t gfp, int nid, struct object *o)
{
	struct kernel *k = core->kernel;
	struct devres_node *node = NULL;
	size_t total, asked;

	graph_enter(k, "alloc_dr");
	if (unlikely(!total_size(core, size, &total)))
		goto out;
	asked = total;
	if (core->whole_bucket)
		total = kmalloc_size_roundup(core->mm, total);
	if (unlikely(!slab_alloc(core->mm, total, asked, gfp, nid, TAG_DEVRES,
				 k->profile->devres_chain, o)))
		goto out;
	node = (struct devres_node *)o->start;
	if (!(gfp & __GFP_ZERO))
		clear_header(core, node);
	node->next = node->prev = mm_addr(core->mm, node);
	node->release = release;
out:
	graph_exit(k);
	return node;
}

static inline void set_node_dbginfo(struct driver_core *core, struct devres_node *node,
				    uint64_t name, size_t size)
{
	graph_enter(core->kernel, "set_node_dbginfo");
	if (core->node_named) {
		node->name = name;
		node->size = size;
	}
	graph_exit(core->kernel);
}

#endif
