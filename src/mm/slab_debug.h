/* SPDX-License-Identifier: MIT */
/*
 * What slub_debug= adds around objects on CONFIG_SLAB profiles, and how it is checked.
 * slub_debug.h calls this for caches with DEBUG_SLAB.
 *
 *   -8 [red zone] 0 [object] [up to a word] [red zone] inuse [last caller] [KASAN]
 */
#ifndef DEVSH_MM_SLAB_DEBUG_H
#define DEVSH_MM_SLAB_DEBUG_H

#include "mm/slub_debug.h"

#define SLAB_ZONE 8 /* bytes of a red zone, and of the last caller */

/* The contents of a red zone: one word, not a repeated byte. */
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

/* Stores the last caller: who allocated or freed the object, as in its track. */
void slab_note_user(struct mm *mm, const struct object *o, bool freed);

/* Counterparts of the functions in slub_debug.h. */
void slab_init_slab(struct mm *mm, struct page *page);
void slab_take_back(struct mm *mm, const struct object *o);
void slab_hand_out(struct mm *mm, const struct object *o);
int slab_value_at(const struct mm *mm, const struct object *o, int64_t off);

/* slab_report.c */

/*
 * Who allocated or freed o last, according to its bytes, which are returned in *addr.
 * NULL: not a function that the model knows.
 */
const char *slab_last_user(const struct mm *mm, const struct object *o, uint64_t *addr);

/* A free object was written to: "Slab corruption". */
void slab_report_corruption(struct mm *mm, const struct object *o, enum slub_way way);
/* A red zone was overwritten: "slab error in ...". */
void slab_report_zones(struct mm *mm, const struct object *o, bool in_use, enum slub_way way);

#endif
