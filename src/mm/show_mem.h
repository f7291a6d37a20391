/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_MM_SHOW_MEM_H
#define DEVSH_MM_SHOW_MEM_H

#include "mm/gfp.h"
#include "mm/mm.h"

/*
 * A cache has no object left and got no slab: reports that, after its reason. nid is what
 * was asked for.
 */
void slab_out_of_memory(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid);

#endif
