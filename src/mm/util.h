/* SPDX-License-Identifier: MIT */
/* Built on kmalloc() alone: copies, and changing sizes. */
#ifndef DEVSH_MM_UTIL_H
#define DEVSH_MM_UTIL_H

#include "mm/gfp.h"
#include "mm/mm.h"

/* --- util.c -------------------------------------------------------------------- */

/* kmalloc_track_caller(): the track names the caller of the function that calls it. */
void *kmalloc_track_caller(struct mm *mm, size_t size, gfp_t gfp);
/*
 * A copy of len bytes at the simulated address src. ZERO_SIZE_PTR for 0 bytes; NULL: no
 * memory; an Oops if there is no memory at src.
 */
void *kmemdup(struct mm *mm, uint64_t src, size_t len, gfp_t gfp);
/* A copy of a host string; `function` is the kernel function that makes it. */
void *kstrdup_as(struct mm *mm, const char *function, const char *s, gfp_t gfp);
/* kfree(), except that constants are left alone. */
void kfree_const(struct mm *mm, uint64_t addr);

/* --- krealloc.c ---------------------------------------------------------------- */

/*
 * Size 0 frees p and returns ZERO_SIZE_PTR; a NULL p allocates. NULL: no memory, and p is
 * unchanged.
 */
void *krealloc(struct mm *mm, void *p, size_t size, gfp_t gfp);
/* Called kzfree() up to 5.10. */
void kfree_sensitive(struct mm *mm, const char *function, const void *p);

#endif
