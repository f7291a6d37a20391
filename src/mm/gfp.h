/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_MM_GFP_H
#define DEVSH_MM_GFP_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/profile.h"

/*
 * The model uses the numbers of 5.10 and later. Users see and type those of the release:
 * gfp_number(), gfp_from_number().
 */
typedef uint32_t gfp_t;

#define __GFP_DMA            0x1u
#define __GFP_HIGHMEM        0x2u
#define __GFP_DMA32          0x4u
#define __GFP_MOVABLE        0x8u
#define __GFP_RECLAIMABLE    0x10u
#define __GFP_HIGH           0x20u
#define __GFP_IO             0x40u
#define __GFP_FS             0x80u
#define __GFP_ZERO           0x100u
#define __GFP_ATOMIC         0x200u
#define __GFP_DIRECT_RECLAIM 0x400u
#define __GFP_KSWAPD_RECLAIM 0x800u
#define __GFP_NOWARN         0x2000u
#define __GFP_RETRY_MAYFAIL  0x4000u
#define __GFP_NOFAIL         0x8000u
#define __GFP_NORETRY        0x10000u
#define __GFP_MEMALLOC       0x20000u
#define __GFP_COMP           0x40000u
#define __GFP_NOMEMALLOC     0x80000u
#define __GFP_HARDWALL       0x100000u
#define __GFP_THISNODE       0x200000u
#define __GFP_ACCOUNT        0x400000u
#define __GFP_ZEROTAGS       0x800000u  /* since 5.14; 4.9 uses these bits for other flags */
#define __GFP_COLD           0x800000u
#define __GFP_NOTRACK        0x1000000u
#define __GFP_OTHER_NODE     0x2000000u
#define __GFP_RECLAIM        (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL           (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
/* Not allowed for slabs, like bits that are not a flag: gfp_known(). */
#define GFP_SLAB_BUG_MASK    (__GFP_DMA32 | __GFP_HIGHMEM | 0xff800000u)

/*
 * The value of one name in this profile. 0; -ENOENT: unknown; -ENOSYS: not in this
 * release.
 */
int gfp_value(const struct profile *p, const char *name, size_t len, gfp_t *out);

/* The releases that have it, as RELEASE(); 0: no limit. -ENOENT: no release has it. */
int gfp_releases(const char *name, int *since, int *until);

/* The number of these flags in this release, and the flags of such a number. */
uint32_t gfp_number(const struct profile *p, gfp_t gfp);
gfp_t gfp_from_number(const struct profile *p, uint32_t number);

/* All bits that are flags in this release. */
gfp_t gfp_known(const struct profile *p);

/*
 * Parses "GFP_KERNEL|__GFP_ZERO" or a number. 0, -EINVAL, or -ENOSYS: not in this
 * release.
 */
int gfp_parse(const struct profile *p, const char *text, gfp_t *out);

/* As printk's %pGg prints it; an empty string if there are no flags. */
void gfp_format(const struct profile *p, gfp_t gfp, char *out, size_t size);

/* The names, for completion; NULL past the end. */
const char *gfp_name(size_t i);

#endif
