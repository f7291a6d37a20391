/* SPDX-License-Identifier: MIT */
/*
 * The pointer to the next free object, in the object's own bytes. Corresponds
 * to Linux' mm/slub.c. Differs: it is there with slub_debug=F only, and it is
 * what a driver can overwrite, not what the model follows; NULL while the
 * object waits in the quarantine. No CONFIG_SLAB_FREELIST_HARDENED, so
 * it is stored as it is.
 */
#include "mm/freeptr.h"

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
