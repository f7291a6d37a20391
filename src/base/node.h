/* SPDX-License-Identifier: MIT */
/*
 * Nodes and their links: private to the files of src/base that maintain lists, and to the
 * check of lists (machine/fsck_lists.c). A link is a simulated address; links that memory
 * held are checked before they are followed.
 */
#ifndef DEVSH_BASE_NODE_H
#define DEVSH_BASE_NODE_H

#include <string.h>

#include "base/devres.h"
#include "base/driver_core.h"
#include "kernel/compiler.h"
#include "kernel/event.h"
#include "kernel/mutants.h"
#include "mm/gfp.h"
#include "mm/object.h"

/* --- words --------------------------------------------------------------- */

enum { WORD_NEXT, WORD_PREV, WORD_RELEASE, WORD_FREE };

static inline uint64_t word_get(const struct driver_core *core, const void *at, unsigned i)
{
	uint64_t w = 0;

	if (likely(core->layout.word == 8))
		memcpy(&w, (const char *)at + 8 * i, 8);
	else
		memcpy(&w, (const char *)at + 4 * i, 4);
	return w;
}

static inline void word_set(const struct driver_core *core, void *at, unsigned i, uint64_t w)
{
	if (likely(core->layout.word == 8))
		memcpy((char *)at + 8 * i, &w, 8);
	else
		memcpy((char *)at + 4 * i, &w, 4);
}

/* The release function that determines the kind of the node. */
static inline uint64_t node_release(const struct driver_core *core, const void *node)
{
	uint64_t release = word_get(core, node, WORD_RELEASE);

	return core->layout.own_release && release == core->release_node
		? word_get(core, node, core->layout.own_release) : release;
}

/* The offset of the data in a node with this release. */
static inline unsigned data_offset(const struct driver_core *core, uint64_t release)
{
	return release == core->release_action ? core->layout.action : core->header;
}

static inline void *node_data(const struct driver_core *core, const void *node)
{
	return (char *)node + data_offset(core, node_release(core, node));
}

/* --- a device's list (node.c) ----------------------------------------------- */

/* A list for nodes that are about to be released. 0 or -ENOMEM. */
int devres_list_init(struct driver_core *core, struct devres_list *list, struct device *dev);
void devres_list_finish(struct driver_core *core, struct devres_list *list);

/*
 * Detaches all nodes from the device in one step; then all->tag belongs to no device. 0
 * or -ENOMEM.
 */
int devres_list_detach(struct device *dev, struct devres_list *all);

/* Takes devres_lock: false after a BUG if a callback is running under it. */
bool devres_lock(struct device *dev);

/*
 * Initialises a node of `layout.node` bytes that is on no list. The name is a .rodata
 * address.
 */
void devres_node_init(struct driver_core *core, void *node, uint64_t release, uint64_t free_node);
void set_node_dbginfo(struct driver_core *core, void *node, uint64_t name, size_t size);
bool devres_node_added(const struct driver_core *core, const void *node);

/* Adds it to the device's list, as the newest. */
void devres_node_add(struct device *dev, void *node, const struct object *o);
/* 0, or -EFAULT if links were overwritten: the node stays. */
int devres_node_del(struct device *dev, void *node, const struct object *o);
/* Moves it from the device's list to the end of another one; the same errors. */
int devres_node_move(struct device *dev, struct devres_list *to, void *node,
		     const struct object *o);
/* Puts `fresh` in the place of `old` on the list; the same errors. */
int devres_node_replace(struct device *dev, void *old, const struct object *old_object,
			void *fresh, const struct object *fresh_object);
/* In constant time, by address; the cost of Linux' walk is only counted. */
bool devres_node_find(struct device *dev, uint64_t release, const void *data, struct object *o);
/*
 * The node that a link of this list points to, or NULL. *o is the object that contains
 * it.
 */
void *devres_node_at(const struct driver_core *core, uint64_t addr, uint32_t tag,
		     struct object *o);
/*
 * If tracks are kept: records a new node, and one that was found and is leaving the list.
 */
void devres_track_new(struct device *dev, const void *node, const struct object *o);
void devres_track_found(struct device *dev, const void *node, const struct object *o);
/* Keeps what is needed to explain the node after it is gone. */
void devres_track_gone(const struct driver_core *core, const void *node, const struct object *o);
/* A search looked at this many nodes. */
void devres_saw(struct device *dev, uint32_t nodes);
/* Sends the event ADD, REM, REL or REPLACE. */
void devres_log(struct device *dev, const void *node, const struct object *o, const char *op);

static inline bool devres_logged(const struct driver_core *core)
{
	return unlikely(core->kernel->watching & EV_BIT(EV_DEVRES));
}

static inline uint64_t node_addr(const struct driver_core *core, const void *node)
{
	return (uintptr_t)node + core->mm->host_to_sim;
}

/* The allocated object that begins at start, small or large. */
static inline bool node_object(const struct mm *mm, const char *start, struct object *o)
{
	return (likely(object_at(mm, start, o)) ||
		(object_find(mm, start, o) && o->start == start)) &&
	       object_allocated(mm, o);
}

/* The allocated node that the data belongs to, on any list. */
static inline bool node_of(const struct driver_core *core, const void *data,
			   struct object *o)
{
	return node_object(core->mm, (const char *)((uintptr_t)data - core->header), o);
}

/* --- groups (group.c) ------------------------------------------------------------- */

/* The newest group with this id, or for id 0 the newest open one; NULL: there is none. */
char *devres_group_find(struct device *dev, uint64_t id, struct object *o);
/* WARNs, unless the search ended in an Oops. */
void devres_group_not_found(struct device *dev, const char *function);
/* Where the group ends on the list; an open one extends to the list's end. */
uint64_t devres_group_end(struct device *dev, char *group);
/*
 * Moves the nodes from `first` up to `end` (simulated addresses) to todo, and then the
 * groups that are entirely inside. False: links were overwritten.
 */
bool remove_nodes(struct device *dev, uint64_t first, uint64_t end, struct devres_list *todo);

/* --- the core's own release functions ------------------------------------------------ */

/* Sets what runs when a node with this release is released; data is a simulated address. */
void devres_own_release(struct driver_core *core, uint64_t release,
			void (*fn)(struct device *dev, uint64_t data));
/* The object of what devres_remove() has just returned. */
bool devres_removed_object(struct driver_core *core, uint64_t release, char *res,
			   struct object *o);

/* --- allocation (devres.c) ------------------------------------------------------ */

/* A struct devres for size bytes of data; NULL: no memory. Only the header is cleared. */
void *alloc_dr(struct driver_core *core, uint64_t release, size_t size, gfp_t gfp, int nid,
	       struct object *o);

/* The sum of header and data; false: it overflows, and the kernel checks that. */
static inline bool total_size(const struct driver_core *core, size_t size, size_t *total)
{
	size_t max = model_size_max(core->kernel->arch);

	if (likely(size <= max - core->header)) {
		*total = size + core->header;
		return true;
	}
	/* without that check the sum wraps, but the whole header must fit */
	*total = (size + core->header) & max;
	if (*total < core->header)
		*total = core->header;
	return !core->kernel->profile->size_checked || MUTANT(NO_OVERFLOW);
}

/* n * size; false: more than the architecture's size_t can hold. */
static inline bool total_array(const struct driver_core *core, size_t n, size_t size,
			       size_t *bytes)
{
	bool over = __builtin_mul_overflow(n, size, bytes);

	return (!over && *bytes <= model_size_max(core->kernel->arch)) || MUTANT(NO_OVERFLOW);
}

/* --- fast paths: 64-bit nodes of five words, and nothing watches --------------- */

static inline struct devres_link *link_of(const struct mm *mm, struct devres_list *list,
					  uint64_t addr)
{
	if (addr == list->addr)
		return &list->head;
	return (struct devres_link *)(uintptr_t)(addr - mm->host_to_sim);
}

/* The same for an address that may have been overwritten. */
static inline bool link_at(const struct mm *mm, struct devres_list *list, uint64_t addr,
			   struct devres_link **link)
{
	*link = link_of(mm, list, addr);
	return addr == list->addr || addr - mm->page_offset < mm->size;
}

/* Only sets the links. What the head points to was checked when it got there. */
static inline void link_node(const struct mm *mm, struct devres_list *list,
			     struct devres_node *node)
{
	uint64_t addr = (uintptr_t)node + mm->host_to_sim;
	uint64_t last = list->head.prev;

	link_of(mm, list, last)->next = addr;
	node->next = list->addr;
	node->prev = last;
	list->head.prev = addr;
	list->count++;
}

/* False if links were overwritten: the node stays. */
static inline bool unlink_node(const struct mm *mm, struct devres_list *list,
			       struct devres_node *node)
{
	uint64_t addr = (uintptr_t)node + mm->host_to_sim;
	uint64_t next = node->next, prev = node->prev;
	struct devres_link *before, *after;

	if (unlikely(!link_at(mm, list, prev, &before) || before->next != addr ||
		     !link_at(mm, list, next, &after) || after->prev != addr))
		return false;
	before->next = next;
	after->prev = prev;
	list->count--;
	return true;
}

#endif
