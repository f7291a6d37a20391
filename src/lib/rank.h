/* SPDX-License-Identifier: MIT */
/*
 * Ranks in a list that only grows at its end: "how many live entries come after this
 * one?" in O(log n), and in constant time for the newest. A Fenwick tree over append
 * numbers; an entry keeps its number while others come and go.
 *
 * When rank_append() returns RANK_FULL, the caller renumbers: rank_restart(), then append
 * every live entry again in list order. Removing a number that was not assigned since
 * then has no effect.
 */
#ifndef DEVSH_LIB_RANK_H
#define DEVSH_LIB_RANK_H

#include <stdint.h>

#define RANK_FULL UINT32_MAX

struct rank {
	uint32_t *tree; /* 1-based, cap entries */
	uint32_t cap, used, live;
	uint32_t counted; /* numbers from here on are all live, and not in the tree yet */
};

void rank_finish(struct rank *r);

/* Forget all entries and make room for twice the live ones; 0 or -ENOMEM. */
int rank_restart(struct rank *r);

/* The new entry's number; RANK_FULL when the numbers are used up. */
static inline uint32_t rank_append(struct rank *r)
{
	if (!r->live)
		r->used = r->counted = 0; /* the tree is all zero again */
	if (r->used == r->cap)
		return RANK_FULL;
	r->live++;
	return r->used++;
}

void rank_remove_counted(struct rank *r, uint32_t number);
uint32_t rank_counted(const struct rank *r, uint32_t number);

static inline void rank_remove(struct rank *r, uint32_t number)
{
	if (r->live && number + 1 == r->used && number >= r->counted) {
		r->live--;
		r->used--;
		return;
	}
	rank_remove_counted(r, number);
}

/* 1 for the newest live entry, `live` for the oldest. */
static inline uint32_t rank_from_end(const struct rank *r, uint32_t number)
{
	if (number < r->used && number >= r->counted)
		return r->used - number; /* every entry from there on is live */
	return rank_counted(r, number);
}

#endif
