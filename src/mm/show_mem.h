/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_MM_SHOW_MEM_H
#define DEVSH_MM_SHOW_MEM_H

#include "mm/gfp.h"
#include "mm/mm.h"

/*
 * Reports that a cache has no objects left and could not get a slab, and why. nid is the
 * requested node.
 */
void slab_out_of_memory(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid);

#endif
