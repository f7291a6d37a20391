/* SPDX-License-Identifier: MIT */
/*
 * Slots, four bytes per object, in rows: one per slab, or single ones. No counterpart in
 * Linux.
 */
#include "mm/slots.h"

#include <string.h>

#include "lib/host_memory.h"
#include "mm/object.h"
#include "mm/track.h"

bool slots_get(struct mm *mm, unsigned class, uint32_t n, uint32_t *first)
{
	uint32_t *free = &mm->slots_free[class];

	if (*free) {
		*first = *free - 1;
		*free = mm->slots[*first];
	} else {
		if (mm->slots_max - mm->slots_used < n) {
			if (mm->slots_few)
				host_memory_failed();
			return false;
		}
		*first = mm->slots_used;
		mm->slots_used += n;
	}
	if (mm->tracks)
		memset(&mm->tracks[*first], 0, n * sizeof(struct track));
	return true;
}

void slots_put(struct mm *mm, unsigned class, uint32_t first)
{
	mm->slots[first] = mm->slots_free[class];
	mm->slots_free[class] = first + 1;
}

bool lone_slot_get(struct mm *mm, uint32_t tag, size_t asked, const char *function,
		   uint32_t *slot)
{
	if (!slots_get(mm, SLOTS_LONE, 1, slot))
		return false;
	mm->slots[*slot] = tag | SLOT_ALLOCATED;
	if (mm->tracks)
		track_alloc(mm, *slot, asked, function);
	return true;
}

void lone_slot_put(struct mm *mm, uint32_t slot)
{
	slots_put(mm, SLOTS_LONE, slot);
}
