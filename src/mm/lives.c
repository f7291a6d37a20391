/* SPDX-License-Identifier: MIT */
/*
 * Earlier lives of an object: a track has the last allocation and the last free; those
 * before them form a chain in a ring that all objects share. No counterpart in Linux.
 */
#include "mm/track.h"

#include "mm/mm.h"

void life_end(struct mm *mm, struct track *t)
{
	mm->lives[mm->lives_used++ % LIVES] = (struct life){
		.owner = t->owner, .alloc_step = t->alloc_step, .free_step = t->free_step,
		.before = t->life,
	};
	t->life = mm->lives_used;
}

const struct life *life_at(const struct mm *mm, uint32_t life)
{
	return life && mm->lives_used - life < LIVES ? &mm->lives[(life - 1) % LIVES] : NULL;
}
