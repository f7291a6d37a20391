/* SPDX-License-Identifier: MIT */
/*
 * Functions of SLUB that the model does not enter: those between an allocation or a free
 * and the check that found something, and those in a track. No kernel file corresponds to
 * it: the tables come from reports of real kernels. What compilers leave out of a trace
 * is in kernel/frames.c.
 */
#include "mm/slub_debug.h"

#include <string.h>

#include "kernel/bug.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/depot.h"
#include "mm/track.h"

#define ABOVE_MAX 5
#define TRACK_FRAMES 16 /* maximum length of a track */

/* Newest first, from a release on. */
static const struct {
	int since;
	const char *alloc[ABOVE_MAX], *free[ABOVE_MAX];
} way_frames[] = {
	{ RELEASE(4, 9), { "alloc_debug_processing", "___slab_alloc", "__slab_alloc" },
	  { "free_debug_processing", "__slab_free" } },
	{ RELEASE(6, 1), { "alloc_debug_processing", "get_partial_node", "___slab_alloc",
			   "__kmem_cache_alloc_node" },
	  { "free_to_partial_list", "__slab_free", "__kmem_cache_free" } },
	{ RELEASE(6, 12), { "alloc_debug_processing", "get_partial_node", "___slab_alloc" },
	  { "free_to_partial_list", "__slab_free" } },
	{ RELEASE(7, 2), { "alloc_debug_processing", "get_from_partial_node", "___slab_alloc",
			   "__slab_alloc_node" },
	  { "free_to_partial_list", "__slab_free" } },
};

/* With CONFIG_SLAB. */
static const char *const slab_alloc_frames[ABOVE_MAX] = { "cache_alloc_debugcheck_after" };
static const char *const slab_free_frames[ABOVE_MAX] = { "cache_free_debugcheck" };
static const char *const no_frames[ABOVE_MAX];

static const char *const validate_frames[ABOVE_MAX] = { "validate_slab" };
static const char *const discard_frames[ABOVE_MAX] = { "free_slab" };

static const char *const *frames_of(const struct kernel *k, enum slub_way way)
{
	size_t i = COUNT(way_frames) - 1;

	if (k->profile->slab)
		return way == SLUB_ALLOC ? slab_alloc_frames
		     : way == SLUB_FREE ? slab_free_frames : no_frames;
	if (way == SLUB_VALIDATE)
		return validate_frames;
	if (way == SLUB_DISCARD)
		return discard_frames;
	while (i && way_frames[i].since > k->profile->version)
		i--;
	return way == SLUB_ALLOC ? way_frames[i].alloc : way_frames[i].free;
}

/* Without NUMA, functions without a node argument replace those that take one. */
static const char *entry_name(const struct kernel *k, const char *entry)
{
	if (k->arch->word == 4 && k->profile->version <= RELEASE(5, 10) &&
	    !strcmp(entry, "__kmalloc_node_track_caller"))
		return "__kmalloc_track_caller";
	return entry;
}

/* Frees by the model itself go through kfree(). */
static bool enters_kfree(const struct kernel *k)
{
	const char *top = kernel_function(k);

	return strcmp(top, "kfree") && strncmp(top, "kmem_cache_free", 15);
}

void slub_frames(const struct mm *mm, enum slub_way way, const char *const *inner,
		 const char *out[SLUB_FRAMES])
{
	const char *const *above = frames_of(mm->kernel, way);
	int n = 0;

	for (; *inner; inner++)
		out[n++] = *inner;
	for (int i = 0; i < ABOVE_MAX && above[i]; i++)
		out[n++] = above[i];
	/* while functions are traced, it is on the stack already */
	if (way == SLUB_ALLOC && mm->slab_entry && !fn_traced(mm->kernel))
		out[n++] = entry_name(mm->kernel, mm->slab_entry);
	if (way == SLUB_FREE && enters_kfree(mm->kernel))
		out[n++] = "kfree";
	out[n] = NULL;
}

/* --- tracks ---------------------------------------------------------------- */

/*
 * The functions of a track above the allocator's caller. The last row that matches
 * applies.
 */
static const struct track_top {
	int since;
	const char *arch;      /* NULL: any */
	const char *alloc, *free; /* shown before the entry, __kmalloc() or kfree(); NULL:
				   * nothing */
	bool alloc_entry, free_entry; /* the entry itself is shown */
	bool free_skips;       /* kfree()'s caller is not shown, either */
} track_tops[] = {
	{ RELEASE(4, 9), NULL, "__slab_alloc", NULL, true, true, false },
	{ RELEASE(4, 9), "arm", NULL, NULL, true, true, false },
	{ RELEASE(6, 1), NULL, NULL, "__kmem_cache_free", true, true, false },
	{ RELEASE(6, 1), "x86_64", NULL, NULL, true, false, true },
	{ RELEASE(6, 1), "arm", NULL, NULL, false, false, false },
	{ RELEASE(6, 12), "x86_64", NULL, NULL, false, false, false },
	{ RELEASE(6, 12), "arm64", NULL, NULL, false, true, false },
	{ RELEASE(6, 12), "riscv64", NULL, "__slab_free", true, true, false },
	{ RELEASE(7, 2), "arm64", NULL, NULL, true, true, false },
	{ RELEASE(7, 2), "riscv64", "__slab_alloc_node", "__slab_free", true, true, false },
};

static const struct track_top *track_top(const struct kernel *k)
{
	const struct track_top *t = &track_tops[COUNT(track_tops) - 1];

	while (t->since > k->profile->version || (t->arch && strcmp(t->arch, k->arch->name)))
		t--;
	return t;
}

/* The caller of the allocator and its callers; the entry comes first if it is shown. */
static void kept_calls(const struct mm *mm, uint32_t stack, bool entry, const char *by,
		       struct call_path *p)
{
	const char *const *frame;
	struct call_path all;
	uint32_t n;

	frame = depot_fetch(&mm->depot, stack, &n);
	all.n = 0;
	for (uint32_t i = 0; i < n; i++)
		all.frame[all.n++] = i ? frame[i] : entry_name(mm->kernel, frame[0]);
	/* a call from the prompt is on no stack */
	if (all.n <= 1)
		all.frame[all.n++] = by;
	call_path_of(mm->kernel, &all, entry, p);
}

static void take_first(struct call_path *p)
{
	if (p->n)
		memmove(p->frame, p->frame + 1, (size_t)--p->n * sizeof(p->frame[0]));
}

static void put_first(struct call_path *p, const char *function)
{
	if (!function)
		return;
	memmove(p->frame + 1, p->frame, (size_t)p->n++ * sizeof(p->frame[0]));
	p->frame[0] = function;
}

const char *track_freed_in(const struct mm *mm, const struct track *t)
{
	struct call_path p;

	kept_calls(mm, t->free_stack, false, t->free_by, &p);
	return p.n ? p.frame[0] : t->free_by;
}

/* kfree() calls a function that kmem_cache_free() does not. */
static const char *above_free(const struct mm *mm, const struct track *t,
			      const struct track_top *top)
{
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, t->free_stack, &n);
	bool own = n && frame[0] == kmem_cache_free_name;

	return own && top->free && !strcmp(top->free, "__kmem_cache_free") ? NULL : top->free;
}

void track_path(const struct mm *mm, const struct track *t, bool freed, struct call_path *p)
{
	const struct track_top *top = track_top(mm->kernel);

	if (freed)
		kept_calls(mm, t->free_stack, top->free_entry, t->free_by, p);
	else
		kept_calls(mm, t->alloc_stack, top->alloc_entry, t->alloc_by, p);
	if (freed && top->free_skips)
		take_first(p);
	put_first(p, freed ? above_free(mm, t, top) : top->alloc);
	if (p->n > TRACK_FRAMES)
		p->n = TRACK_FRAMES;
}
