/* SPDX-License-Identifier: MIT */
/* Tracks, private to mm/: only where mm->tracks is there. */
#ifndef DEVSH_MM_TRACK_H
#define DEVSH_MM_TRACK_H

#include "mm/mm.h"

/* The context that runs allocates the object of this slot; `chain` is the innermost function. */
void track_alloc(struct mm *mm, uint32_t slot, size_t asked, const char *chain);
void track_free(struct mm *mm, uint32_t slot);

#endif
