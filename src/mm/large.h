/* SPDX-License-Identifier: MIT */
/* Objects that are whole blocks of pages; private to mm/. */
#ifndef DEVSH_MM_LARGE_H
#define DEVSH_MM_LARGE_H

#include "mm/gfp.h"
#include "mm/slab.h"

/* False: no memory. mm->way describes the call that it is for. */
bool large_alloc(struct mm *mm, struct request r, gfp_t gfp, int nid, uint32_t tag,
		 const char *chain, struct object *o);
void large_free(struct mm *mm, const struct object *o);

#endif
