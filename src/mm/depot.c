/* SPDX-License-Identifier: MIT */
/*
 * Call stacks, each stored once. Corresponds to Linux' lib/stackdepot.c. Differs: frames
 * are names, and nothing is ever dropped.
 */
#include "mm/depot.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/compiler.h"
#include "lib/host_memory.h"
#include "mm/mm.h"

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
	bigger.table = host_calloc(bigger.table_size, sizeof(*bigger.table));
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
	frames = host_realloc(d->frames, room * sizeof(*frames));
	if (!frames)
		return false;
	d->frames = frames;
	d->room = room;
	if (!d->used)
		d->used = 1; /* 0 is not a valid handle */
	return true;
}

/*
 * Most stacks repeat a recent one: keep the last two for each innermost function and
 * depth. Two, because where names are in memory differs between builds: otherwise an
 * allocation and a free that share a place would evict each other every time.
 */
static inline struct depot_recent *recent_place(struct depot *d, const char *top, uint32_t depth)
{
	return d->recent[((uintptr_t)top / 8 + depth) % DEPOT_RECENT];
}

/* Does the stack end with the running frames, not counting the two innermost? */
static bool same_rest(const struct depot *d, uint32_t handle, const struct kernel *k,
		      uint32_t depth)
{
	uint32_t n;
	const char *const *end = depot_fetch(d, handle, &n) + n;

	if (n < depth)
		return false; /* the outermost frames did not fit */
	for (uint32_t i = 0; i + 1 < depth; i++)
		if (*--end != k->stack[i])
			return false;
	return true;
}

/* Saves a stack that is not among the recent ones; the outermost frames may not fit. */
static uint32_t save(struct depot *d, const struct kernel *k, const char *top, int depth)
{
	const char *frame[DEPTH_MAX];
	uint32_t n = 0, *at;

	if (top)
		frame[n++] = top;
	while (depth-- > 0 && n < DEPTH_MAX)
		frame[n++] = k->stack[depth];
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
	return *at;
}

static inline bool is_recent(const struct depot *d, const struct depot_recent *r,
			     const struct kernel *k, const struct depot_recent *is)
{
	return r->handle && r->top == is->top && r->innermost == is->innermost &&
	       r->depth == is->depth && (is->depth < 2 || same_rest(d, r->handle, k, is->depth));
}

uint32_t depot_save(struct mm *mm, const char *top)
{
	const struct kernel *k = mm->kernel;
	struct depot *d = &mm->depot;
	uint32_t depth = k->depth < STACK_MAX ? (uint32_t)k->depth : STACK_MAX;
	struct depot_recent *r = recent_place(d, top, depth);
	struct depot_recent is = { top, depth ? k->stack[depth - 1] : NULL, depth, 0 };
	bool running;

	if (likely(is_recent(d, &r[0], k, &is)))
		return r[0].handle;
	if (likely(is_recent(d, &r[1], k, &is)))
		return r[1].handle;
	/* `top` may be the running function itself */
	running = is.innermost && !strcmp(is.innermost, top);
	is.handle = save(d, k, running ? NULL : top, (int)depth);
	r[1] = r[0];
	r[0] = is;
	return is.handle;
}

void depot_finish(struct depot *d)
{
	free(d->frames);
	free(d->table);
	*d = (struct depot){ 0 };
}
