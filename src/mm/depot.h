/* SPDX-License-Identifier: MIT */
/* Call stacks that are kept. */
#ifndef DEVSH_MM_DEPOT_H
#define DEVSH_MM_DEPOT_H

#include <stdint.h>

struct mm;

/*
 * Call stacks, each kept once. A stack is a row in frames: its length, then the
 * functions, innermost first. Handles are its place there.
 */
#define DEPOT_RECENT 16

struct depot {
	const char **frames;
	uint32_t used, room;
	uint32_t *table;     /* handles by hash, a power of two of them */
	uint32_t stacks, table_size;
	struct depot_recent {
		const char *top, *innermost;
		uint32_t depth, handle;
	} recent[DEPOT_RECENT][2];
};

/* The call stack of this moment with `top` as its innermost; 0: no memory. */
uint32_t depot_save(struct mm *mm, const char *top);
/* The functions of a stack, innermost first, *n of them. */
const char *const *depot_fetch(const struct depot *d, uint32_t handle, uint32_t *n);
void depot_finish(struct depot *d);

#endif
