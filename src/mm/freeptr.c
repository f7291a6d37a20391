/* SPDX-License-Identifier: MIT */
/*
 * The pointer to the next free object, in the object's own bytes. Corresponds
 * to Linux' mm/slub.c. Differs: it is there with slub_debug=F only, and it is
 * what a driver can overwrite, not what the model follows; NULL while the
 * object waits in the quarantine. No CONFIG_SLAB_FREELIST_HARDENED, so
 * it is stored as it is.
 */
#include "mm/slub_debug.h"

#include <string.h>

bool freeptr_outside(const struct mm *mm, const struct kmem_cache *c)
{
	return c->debug & SLUB_P ||
	       (mm->kernel->profile->kmalloc_redzone &&
		(c->debug & (SLUB_Z | SLUB_U)) == (SLUB_Z | SLUB_U));
}

uint16_t freeptr_offset(const struct mm *mm, const struct kmem_cache *c)
{
	if (freeptr_outside(mm, c))
		return (uint16_t)c->inuse;
	return mm->kernel->profile->freeptr_middle ? (uint16_t)(c->object_size / 2 / 8 * 8) : 0;
}

void freeptr_link_slow(struct mm *mm, const struct object *o)
{
	const struct cache_node *cn = o->page->owner;
	uint32_t number = cn->spares ? cn->sheaf[cn->spares - 1].number : cn->free;
	char *next = number ? object_start(mm, number) : NULL;
	size_t off;

	/* each slab has a list of its own in Linux */
	if (next && block_of(mm, next, &off) != o->page)
		next = NULL;
	freeptr_set(mm, o, next);
}

bool freeptr_valid_slow(const struct mm *mm, const struct object *o, uint64_t addr, bool in_use)
{
	const struct cache_node *cn = o->page->owner;
	uint64_t off = addr - mm_addr(mm, pfn_ptr(mm, o->page->head)) - cn->left;

	/* inside of an object that is in use stands its data */
	if (in_use && !freeptr_outside(mm, o->cache))
		return true;
	return off < (uint64_t)cn->stride * cn->objects &&
	       (uint32_t)(off * cn->reciprocal) < cn->reciprocal;
}
