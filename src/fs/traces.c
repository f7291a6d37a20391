/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/debug/slab: who allocated the objects in use, and who freed them before.
 * Corresponds to alloc_traces and free_traces at the end of Linux' mm/slub.c. Differs:
 * available on all releases with SLUB; one task, one CPU.
 */
#include "fs/node.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/clock.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "lib/host_memory.h"
#include "mm/cache.h"
#include "mm/depot.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slub_debug.h"
#include "mm/track.h"

/* Objects that were allocated, or freed, by the same code in the same way. */
struct place_of {
	const char *by;       /* NULL: not known */
	uint32_t stack, waste;
	uint64_t count, age_sum;
	uint32_t age_min, age_max;
	uint8_t nodes;        /* one bit per node */
};

struct traces {
	struct place_of *at;
	size_t count, room;
	bool failed;
};

static int compare_key(const struct place_of *a, const struct place_of *b)
{
	if (a->stack != b->stack)
		return a->stack < b->stack ? -1 : 1;
	if (a->waste != b->waste)
		return a->waste < b->waste ? -1 : 1;
	return a->by && b->by ? strcmp(a->by, b->by) : !!a->by - !!b->by;
}

/* Its index in the order of keys. */
static size_t find(const struct traces *t, const struct place_of *key, bool *there)
{
	size_t from = 0, to = t->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int c = compare_key(&t->at[mid], key);

		if (!c) {
			*there = true;
			return mid;
		}
		if (c < 0)
			from = mid + 1;
		else
			to = mid;
	}
	*there = false;
	return from;
}

static void add(struct traces *t, const struct place_of *one)
{
	bool there;
	size_t i = find(t, one, &there);
	struct place_of *at;

	if (!there && !array_room(t->at, t->count, t->room, 64)) {
		t->failed = true;
		return;
	}
	at = &t->at[i];
	if (!there) {
		memmove(at + 1, at, (t->count++ - i) * sizeof(*at));
		*at = *one;
		return;
	}
	at->count++;
	at->age_sum += one->age_sum;
	at->age_min = one->age_min < at->age_min ? one->age_min : at->age_min;
	at->age_max = one->age_max > at->age_max ? one->age_max : at->age_max;
	at->nodes |= one->nodes;
}

static void add_object(const struct place *at, struct traces *t, const struct track *track,
		       int node, bool freed)
{
	const struct kmem_cache *c = at->cache;
	uint32_t now = jiffies(&at->m->kernel);
	struct place_of one = { .by = freed ? NULL : track->alloc_by, .count = 1 };

	if (freed && track->free_by)
		one.by = track_freed_in(&at->m->mm, track);
	one.stack = freed ? track->free_stack : track->alloc_stack;
	if (!freed && track->orig && track->orig < c->object_size)
		one.waste = c->object_size - track->orig;
	one.age_min = now - (freed ? track->free_when : track->alloc_when);
	one.age_max = one.age_min;
	one.age_sum = one.age_min;
	one.nodes = (uint8_t)(1u << node);
	add(t, &one);
}

static void collect(const struct place *at, struct traces *t, bool freed)
{
	const struct mm *mm = &at->m->mm;
	struct slab_walk w = slabs_of(mm, at->cache);
	const struct page *page;

	while ((page = slabs_next(mm, &w)))
		for (uint32_t i = page->slots; i < page->slots + at->cache->objects; i++)
			if (mm->slots[i] & SLOT_ALLOCATED)
				add_object(at, t, &mm->tracks[i], pfn_node(mm, page->head), freed);
}

/* Highest count first; equal ones by name. */
static int compare_count(const void *a, const void *b)
{
	const struct place_of *x = a, *y = b;
	int c;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	c = strcmp(x->by ? x->by : "", y->by ? y->by : "");
	return c ? c : compare_key(x, y);
}

/* "0", "0-1", "0,2": a mask in the kernel's list format. */
static void print_list(struct buf *out, const char *name, unsigned mask)
{
	const char *sep = "=";

	buf_printf(out, " %s", name);
	for (int i = 0; i < NODES_MAX; i++) {
		int last = i;

		if (!(mask & (1u << i)))
			continue;
		while (last + 1 < NODES_MAX && mask & (1u << (last + 1)))
			last++;
		buf_printf(out, last > i ? "%s%d-%d" : "%s%d", sep, i, last);
		sep = ",";
		i = last;
	}
}

static void print_stack(const struct place *at, const struct place_of *p, struct buf *out)
{
	const char *const *frame;
	char sym[96];
	uint32_t n;

	frame = depot_fetch(&at->m->mm.depot, p->stack, &n);
	for (uint32_t i = 0; i < n; i++)
		buf_printf(out, "        %s\n", symbolic(frame[i], sym));
	buf_putc(out, '\n');
}

static void print(const struct place *at, const struct place_of *p, struct buf *out)
{
	const struct kernel *k = &at->m->kernel;
	char sym[96];

	buf_printf(out, "%7llu %s", (unsigned long long)p->count,
		   p->by ? symbolic(p->by, sym) : "<not-available>");
	if (p->waste)
		buf_printf(out, " waste=%llu/%u", (unsigned long long)p->waste * p->count, p->waste);
	if (p->age_sum != p->age_min)
		buf_printf(out, " age=%u/%llu/%u", p->age_min,
			   (unsigned long long)(p->age_sum / p->count), p->age_max);
	else
		buf_printf(out, " age=%u", p->age_min);
	buf_printf(out, " pid=%d", p->by ? k->pid : 0);
	if (k->params.nr_cpus > 1)
		print_list(out, "cpus", 1);
	if (at->m->mm.nodes > 1)
		print_list(out, "nodes", p->nodes);
	buf_putc(out, '\n');
	if (k->profile->stack_depot)
		print_stack(at, p, out);
}

static void show(const struct place *at, bool freed, struct buf *out)
{
	struct traces t = { 0 };

	collect(at, &t, freed);
	if (t.count)
		qsort(t.at, t.count, sizeof(*t.at), compare_count);
	for (size_t i = 0; i < t.count; i++)
		print(at, &t.at[i], out);
	if (!t.count)
		buf_puts(out, "No data\n");
	out->cut |= t.failed;
	free(t.at);
}

static void show_alloc(const struct place *at, struct buf *out)
{
	show(at, false, out);
}

static void show_free(const struct place *at, struct buf *out)
{
	show(at, true, out);
}

static bool has_slub(const struct place *at)
{
	return !at->m->kernel.profile->slab;
}

/* Only caches with slub_debug=U are listed. */
static bool is_tracked(const struct place *at)
{
	return at->cache->debug & SLUB_U;
}

#define SLAB_DIR "/sys/kernel/debug/slab"

const struct node trace_nodes[] = {
	{ SLAB_DIR, "who has the objects of each cache", .exists = has_slub },
	{ SLAB_DIR "/<cache>", "one cache", .exists = is_tracked },
	{ SLAB_DIR "/<cache>/alloc_traces", "who allocated what is in use", .mode = 0400,
	  .show = show_alloc },
	{ SLAB_DIR "/<cache>/free_traces", "who freed it before that", .mode = 0400,
	  .show = show_free },
	{ 0 },
};
