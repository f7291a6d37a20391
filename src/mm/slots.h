/* SPDX-License-Identifier: MIT */
/* Rows of slots, private to mm/: the state of each object, see mm.h. */
#ifndef DEVSH_MM_SLOTS_H
#define DEVSH_MM_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mm;

#define SLOTS_LONE 0 /* the class of rows with a single slot; no cache uses it */

/*
 * A row of n slots, new or from a slab of this class that was freed. False: none is left.
 */
bool slots_get(struct mm *mm, unsigned class, uint32_t n, uint32_t *first);
void slots_put(struct mm *mm, unsigned class, uint32_t first);

/* A slot that belongs to no slab, for pages and areas. False: none is left. */
bool lone_slot_get(struct mm *mm, uint32_t tag, size_t asked, const char *function,
		   uint32_t *slot);
void lone_slot_put(struct mm *mm, uint32_t slot);

#endif
