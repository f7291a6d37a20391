/* SPDX-License-Identifier: MIT */
/*
 * What slub_debug= keeps around objects where CONFIG_SLAB is meant, and how it is
 * checked. slub_debug.h leads here for caches with DEBUG_SLAB.
 *
 *   -8 [red zone] 0 [object] [up to a word] [red zone] inuse [last caller] [KASAN]
 */
#ifndef DEVSH_MM_SLAB_DEBUG_H
#define DEVSH_MM_SLAB_DEBUG_H

#include "mm/slub_debug.h"

#define SLAB_ZONE 8 /* bytes of a red zone, and of the last caller */

/* What a red zone holds: one word, not one byte again and again. */
#define SLAB_ZONE_FREE 0x09f911029d74e35bull
#define SLAB_ZONE_USED 0xd84156c5635688c0ull

struct slab_zones {
	uint64_t left, right;
};

static inline char *slab_right_zone(const struct object *o)
{
	return o->start + o->cache->inuse - SLAB_ZONE;
}

static inline struct slab_zones slab_zones(const struct object *o)
{
	struct slab_zones z;

	memcpy(&z.left, o->start - SLAB_ZONE, SLAB_ZONE);
	memcpy(&z.right, slab_right_zone(o), SLAB_ZONE);
	return z;
}

/* Sets the last caller: whoever allocated or freed it now, as in the track. */
void slab_note_user(struct mm *mm, const struct object *o, bool freed);

/* The counterparts of slub_debug.h's. */
void slab_init_slab(struct mm *mm, struct page *page);
void slab_take_back(struct mm *mm, const struct object *o);
void slab_hand_out(struct mm *mm, const struct object *o);
int slab_value_at(const struct mm *mm, const struct object *o, int64_t off);

/* slab_report.c */

/*
 * Who allocated or freed o last, by its bytes, which are *addr. NULL: not a function that
 * the model knows.
 */
const char *slab_last_user(const struct mm *mm, const struct object *o, uint64_t *addr);

/* Bytes of a free object were written to: "Slab corruption". */
void slab_report_corruption(struct mm *mm, const struct object *o, enum slub_way way);
/* A red zone is not what it should be: "slab error in ...". */
void slab_report_zones(struct mm *mm, const struct object *o, bool in_use, enum slub_way way);

#endif
