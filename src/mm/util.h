/* SPDX-License-Identifier: MIT */
/* What is built on kmalloc() alone: copies and other sizes. */
#ifndef DEVSH_MM_UTIL_H
#define DEVSH_MM_UTIL_H

#include "mm/gfp.h"
#include "mm/mm.h"

/* --- util.c -------------------------------------------------------------------- */

/* kmalloc_track_caller(): a track names the caller of the function that calls it. */
void *kmalloc_track_caller(struct mm *mm, size_t size, gfp_t gfp);
/*
 * A copy of len bytes at the simulated address src. ZERO_SIZE_PTR for no bytes, NULL: no
 * memory; an Oops if there is no memory at src.
 */
void *kmemdup(struct mm *mm, uint64_t src, size_t len, gfp_t gfp);
/* A copy of a host string, as `function` makes it. */
void *kstrdup_as(struct mm *mm, const char *function, const char *s, gfp_t gfp);
/* kfree(), but constants are left alone. */
void kfree_const(struct mm *mm, uint64_t addr);

/* --- krealloc.c ---------------------------------------------------------------- */

/* size 0 frees and gives ZERO_SIZE_PTR; NULL allocates. NULL: no memory, p stays. */
void *krealloc(struct mm *mm, void *p, size_t size, gfp_t gfp);
/* Up to 5.10 its name is kzfree(). */
void kfree_sensitive(struct mm *mm, const char *function, const void *p);

#endif
