/* SPDX-License-Identifier: MIT */
/* What slub_debug= keeps around objects, and how it is checked. */
#ifndef DEVSH_MM_SLUB_DEBUG_H
#define DEVSH_MM_SLUB_DEBUG_H

#include "mm/kasan.h"

/* Bytes that do not hold what they should. */
struct slub_damage {
	const char *what;
	const char *first, *last;
	uint8_t value; /* what they should hold */
};

/* Fills an object that is free, and what stands around it. */
void slub_init_object(const struct kmem_cache *c, char *p);
/* It is in use from now on, `size` bytes of it. */
void slub_hand_out(struct mm *mm, const struct object *o, size_t size);

/*
 * True when all is as it should be. Else it was reported and repaired, and a
 * free object is put aside; one that is to be freed must stay.
 */
bool slub_check_alloc(struct mm *mm, const struct object *o);
bool slub_check_free(struct mm *mm, const struct object *o);
bool slub_check_object(struct mm *mm, const struct object *o, bool in_use, const char *checker);

/* Checks all objects of a cache; the number of damaged ones. */
uint32_t slub_validate(struct mm *mm, const struct kmem_cache *c);

/* slub_report.c */
void slub_report_damage(struct mm *mm, const struct object *o, const struct slub_damage *d,
			unsigned n, const char *checker);
void slub_report_restored(struct mm *mm, const struct object *o, const struct slub_damage *d);

#endif
