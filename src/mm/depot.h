/* SPDX-License-Identifier: MIT */
/* Stored call stacks. */
#ifndef DEVSH_MM_DEPOT_H
#define DEVSH_MM_DEPOT_H

#include <stdint.h>

struct mm;

/*
 * Call stacks, each stored once. A stack is a row in frames: its length, then the
 * functions, innermost first. The handle is the index of the row.
 */
#define DEPOT_RECENT 16

struct depot {
	const char **frames;
	uint32_t used, room;
	uint32_t *table;     /* handles by hash; its size is a power of two */
	uint32_t stacks, table_size;
	struct depot_recent {
		const char *top, *innermost;
		uint32_t depth, handle;
	} recent[DEPOT_RECENT][2];
};

/* Stores the current call stack with `top` as its innermost function; 0: no memory. */
uint32_t depot_save(struct mm *mm, const char *top);
/* The functions of a stack, innermost first; *n is their number. */
const char *const *depot_fetch(const struct depot *d, uint32_t handle, uint32_t *n);
void depot_finish(struct depot *d);

#endif
