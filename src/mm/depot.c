/* SPDX-License-Identifier: MIT */
/*
 * Call stacks that are kept, each one once. Corresponds to Linux'
 * lib/stackdepot.c. Differs: frames are names, and nothing is ever dropped.
 */
#include "mm/kasan.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 24
#define FRAMES_MAX (16u << 20)

static uint64_t hash(const char *const *frame, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++)
		h = (h ^ (uintptr_t)frame[i]) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 29;
}

const char *const *depot_fetch(const struct depot *d, uint32_t handle, uint32_t *n)
{
	*n = 0;
	if (!handle)
		return NULL;
	*n = (uint32_t)(uintptr_t)d->frames[handle];
	return &d->frames[handle + 1];
}

/* Where the stack is in the table, or the empty place where it belongs. */
static uint32_t *find(const struct depot *d, const char *const *frame, uint32_t n)
{
	uint32_t at = (uint32_t)hash(frame, n) & (d->table_size - 1);

	for (; d->table[at]; at = (at + 1) & (d->table_size - 1)) {
		uint32_t have;
		const char *const *old = depot_fetch(d, d->table[at], &have);

		if (have == n && !memcmp(old, frame, n * sizeof(*frame)))
			break;
	}
	return &d->table[at];
}

static bool table_room(struct depot *d)
{
	struct depot bigger = *d;

	if (d->stacks * 2 < d->table_size)
		return true;
	bigger.table_size = d->table_size ? 2 * d->table_size : 256;
	bigger.table = calloc(bigger.table_size, sizeof(*bigger.table));
	if (!bigger.table)
		return false;
	for (uint32_t i = 0; i < d->table_size; i++) {
		uint32_t n;
		const char *const *frame = depot_fetch(d, d->table[i], &n);

		if (frame)
			*find(&bigger, frame, n) = d->table[i];
	}
	free(d->table);
	*d = bigger;
	return true;
}

static bool frames_room(struct depot *d, uint32_t n)
{
	uint32_t room = d->room ? 2 * d->room : 4096;
	const char **frames;

	if (d->used + n + 1 <= d->room)
		return true;
	if (room > FRAMES_MAX)
		return false;
	frames = realloc(d->frames, room * sizeof(*frames));
	if (!frames)
		return false;
	d->frames = frames;
	d->room = room;
	if (!d->used)
		d->used = 1; /* 0 is no handle */
	return true;
}

/* Most stacks are those of a moment ago: the last one that ended here. */
static uint32_t *recent_place(struct depot *d, const char *top, int depth)
{
	return &d->recent[((uintptr_t)top / 8 + (unsigned)depth) % DEPOT_RECENT];
}

static bool is_stack(const struct depot *d, uint32_t handle, const char *const *frame, uint32_t n)
{
	uint32_t have;
	const char *const *old = depot_fetch(d, handle, &have);

	if (have != n)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (old[i] != frame[i])
			return false;
	return true;
}

uint32_t depot_save(struct mm *mm, const char *top)
{
	const struct kernel *k = mm->kernel;
	struct depot *d = &mm->depot;
	int depth = k->depth < STACK_MAX ? k->depth : STACK_MAX;
	const char *frame[DEPTH_MAX];
	uint32_t *recent = recent_place(d, top, depth), n = 0, *at;

	if (!depth || (k->stack[depth - 1] != top && strcmp(k->stack[depth - 1], top)))
		frame[n++] = top;
	while (depth-- > 0 && n < DEPTH_MAX)
		frame[n++] = k->stack[depth];
	if (likely(is_stack(d, *recent, frame, n)))
		return *recent;
	if (!table_room(d) || !frames_room(d, n))
		return 0;
	at = find(d, frame, n);
	if (!*at) {
		*at = d->used;
		d->frames[d->used++] = (const char *)(uintptr_t)n;
		memcpy(&d->frames[d->used], frame, n * sizeof(*frame));
		d->used += n;
		d->stacks++;
	}
	return *recent = *at;
}

void depot_finish(struct depot *d)
{
	free(d->frames);
	free(d->table);
	*d = (struct depot){ 0 };
}
