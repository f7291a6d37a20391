/* SPDX-License-Identifier: MIT */
/* Limits of the machine that tests boot, its free blocks, and random numbers. */
#ifndef DEVSH_TESTS_MM_H
#define DEVSH_TESTS_MM_H

#include <string.h>

#include "boot.h"

/* With pages of 4 KiB, unless a test says otherwise. */
#define MAX_ORDER 10
#define KMALLOC_MAX_SIZE ((size_t)4 << 20)

/* Free blocks of each order, in all zones. */
struct free_blocks {
	uint32_t blocks[NODES_MAX][ZONES][ORDERS];
	uint64_t free[NODES_MAX][ZONES];
};

static inline void count_free(const struct mm *mm, struct free_blocks *f)
{
	memset(f, 0, sizeof(*f));
	for (int n = 0; n < mm->nodes; n++)
		for (int z = 0; z < ZONES; z++) {
			memcpy(f->blocks[n][z], mm->node[n].zone[z].blocks,
			       sizeof(f->blocks[n][z]));
			f->free[n][z] = mm->node[n].zone[z].free;
		}
}

static inline uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

#endif
