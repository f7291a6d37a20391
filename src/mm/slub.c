/* SPDX-License-Identifier: MIT */
/*
 * Objects of one size from slabs. Corresponds to Linux' mm/slub.c. Differs: the free list
 * of a cache runs through all its slabs and is kept outside the objects, so freed objects
 * are always reused last in, first out, and writing to a freed object cannot corrupt the
 * list; empty slabs are freed when pages run short, not at once; there is one CPU.
 */
#include "mm/alloc_stack.h"
#include "mm/object_bytes.h"
#include "mm/show_mem.h"
#include "mm/slab_debug.h"

#include <string.h>

#include "kernel/clock.h"
#include "kernel/compiler.h"
#include "kernel/event.h"
#include "kernel/mutants.h"
#include "kernel/random.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/failslab.h"
#include "mm/freeptr.h"
#include "mm/gfp.h"
#include "mm/kasan.h"
#include "mm/large.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/slab.h"
#include "mm/slots.h"
#include "mm/track.h"

/* --- slabs ------------------------------------------------------------- */

/* freelist_random=on: shuffles the slab's objects in the list, using the machine's seed. */
static void shuffle_free_list(struct mm *mm, struct cache_node *cn, const struct page *page)
{
	uint32_t first = object_number(mm, pfn_ptr(mm, page->head) + cn->left), step = cn->stride >> 3;
	uint32_t *slot = &mm->slots[page->slots], rest = slot[cn->objects - 1], at;

	/*
	 * slot[i] is the index of the object after i, in a ring of all, until they become
	 * the list
	 */
	for (uint32_t i = 0; i < cn->objects; i++)
		slot[i] = i;
	for (uint32_t i = cn->objects - 1u; i > 0; i--) {
		uint32_t other = (uint32_t)(kernel_random(mm->kernel) % i), was = slot[i];

		slot[i] = slot[other];
		slot[other] = was;
	}
	at = (uint32_t)(kernel_random(mm->kernel) % cn->objects);
	cn->free = first + at * step;
	for (uint32_t i = 0; i < cn->objects; i++) {
		struct object o;
		uint32_t next = slot[at];
		bool last = i + 1 == cn->objects;

		object_fill((struct page *)page, object_start(mm, first + at * step), at, &o);
		freeptr_set(mm, &o, last ? NULL : object_start(mm, first + next * step));
		slot[at] = last ? rest : first + next * step;
		at = next;
	}
}

/* Puts the objects of a new slab at the head of the list, in order. */
static void fill_free_list(struct mm *mm, struct cache_node *cn, const struct page *page)
{
	uint32_t *slot = &mm->slots[page->slots], *end = slot + cn->objects;
	uint32_t number = object_number(mm, pfn_ptr(mm, page->head) + cn->left);
	uint32_t rest = cn->free;

	cn->free = number;
	while (slot < end) {
		number += cn->stride >> 3;
		*slot++ = number;
	}
	end[-1] = rest;
	*end = 0; /* the unused end of the slab */
	if (mm->kernel->params.freelist_random && cn->objects > 1)
		shuffle_free_list(mm, cn, page);
}

static bool new_slab(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid)
{
	struct page *page;
	uint32_t first;
	char *p;

	if (unlikely(mm->kernel->injecting) &&
	    should_fail_alloc_page_slow(mm, gfp, c->order, true))
		return false;
	page = try_alloc_pages(mm, gfp, c->order, nid);
	if (!page) {
		mm->way.no_pages = true;
		return false;
	}
	if (!slots_get(mm, c->class, c->row, &first)) {
		free_pages(mm, page);
		return false;
	}
	page->kind = PAGE_SLAB;
	page->slots = first;
	page->owner = &c->node[pfn_node(mm, page->head)];
	page->owner->slabs++;
	p = pfn_ptr(mm, page->head);
	if (c->debug)
		slub_init_slab(mm, page);
	kasan_poison(mm, p, page_size(mm) << c->order, KASAN_SLAB_REDZONE);
	fill_free_list(mm, page->owner, page);
	return true;
}

/* --- empty slabs ------------------------------------------------------- */

/*
 * While empty slabs are collected, their `inuse` is this flag and the pfn of the next
 * one.
 */
#define SLAB_EMPTY 0x80000000u

/*
 * Removes the objects of empty slabs from the list; returns the pfn of the last such
 * slab, or 0.
 */
static uint32_t collect_empty(struct mm *mm, struct cache_node *cn)
{
	uint32_t *link = &cn->free, last = 0;

	while (*link) {
		struct object o;

		object_starting(mm, object_start(mm, *link), &o);
		if (o.page->inuse && !(o.page->inuse & SLAB_EMPTY)) {
			link = &mm->slots[o.slot];
			continue;
		}
		*link = mm->slots[o.slot];
		if (!o.page->inuse) {
			o.page->inuse = last | SLAB_EMPTY;
			last = o.page->head;
		}
	}
	return last;
}

static uint32_t shrink_node(struct mm *mm, struct kmem_cache *c, struct cache_node *cn)
{
	uint32_t pages = 0, pfn = collect_empty(mm, cn);

	while (pfn) {
		struct page *page = &mm->pages[pfn];

		pfn = page->inuse & ~SLAB_EMPTY;
		pages += 1u << c->order;
		cn->slabs--;
		if (c->debug)
			slub_check_discard(mm, page);
		slots_put(mm, c->class, page->slots);
		free_pages(mm, page);
	}
	return pages;
}

uint32_t slab_shrink_cache(struct mm *mm, struct kmem_cache *c)
{
	uint32_t pages = 0;

	quarantine_reduce(mm, 0);
	for (int n = 0; n < mm->nodes; n++) {
		sheaf_drop(mm, &c->node[n], c->node[n].spares);
		pages += shrink_node(mm, c, &c->node[n]);
	}
	return pages;
}

uint32_t slab_shrink(struct mm *mm)
{
	struct kmem_cache *c, *end = mm->caches + CACHES;
	uint32_t pages = 0;

	quarantine_reduce(mm, 0);
	for (c = mm->caches; c < end; c++)
		for (int n = 0; n < mm->nodes; n++)
			sheaf_drop(mm, &c->node[n], c->node[n].spares);
	if (!mm->emptied)
		return 0; /* when memory is full this is called often */
	mm->emptied = false;
	for (c = mm->caches; c < end; c++)
		for (int n = 0; n < mm->nodes; n++)
			pages += shrink_node(mm, c, &c->node[n]);
	return pages;
}

/* --- allocation -------------------------------------------------------- */

/* The flags for a new slab: filling a sheaf must not warn or use the reserves. */
static gfp_t fixup_slab_gfp(struct mm *mm, const struct kmem_cache *c, gfp_t gfp)
{
	mm->way.sheaf = mm->kernel->profile->no_cpu_slabs && !c->debug;
	mm->way.no_pages = false;
	return gfp_fixup(mm, gfp, mm->way.sheaf ? __GFP_NOWARN | __GFP_NOMEMALLOC : 0, AT_NEW_SLAB);
}

/* Finds a node with a free object: nid, then a new slab there, then the other nodes. */
static int refill(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid)
{
	/* a node without memory has no slabs: SLUB then asks any node */
	if (nid >= mm->mem_nodes) {
		nid = 0;
		if (cache_has_object(mm, &c->node[nid]))
			return nid;
	}
	gfp = fixup_slab_gfp(mm, c, gfp);
	if (new_slab(mm, c, gfp | __GFP_THISNODE, nid))
		return nid;
	/* the search for pages emptied the quarantine */
	if (cache_has_object(mm, &c->node[nid]))
		return nid;
	for (int i = 1; !(gfp & __GFP_THISNODE) && i < mm->nodes; i++) {
		int other = node_fallback(mm, nid, i);

		if (cache_has_object(mm, &c->node[other]) ||
		    new_slab(mm, c, gfp | __GFP_THISNODE, other))
			return other;
	}
	return -1;
}

/* Takes the next object of a cache. */
static bool take_object(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int asked_nid, uint32_t tag,
			struct object *o)
{
	int nid = (int)alloc_node(mm, asked_nid);
	struct cache_node *cn = &c->node[nid];
	uint32_t slot;
	size_t off;

	if (!cache_has_object(mm, cn)) {
		int got = refill(mm, c, gfp, nid);

		if (got < 0) {
			slab_out_of_memory(mm, c, gfp, asked_nid);
			return false;
		}
		cn = &c->node[got];
		cache_has_object(mm, cn);
	}
	o->start = cache_take_slot(mm, cn, tag, &slot);
	o->slot = slot;
	o->cache = c;
	o->size = c->object_size;
	o->page = block_of(mm, o->start, &off);
	return true;
}

bool slab_check_out(struct mm *mm, const struct object *o, struct request r, gfp_t gfp,
		    const char *function)
{
	size_t zero;

	if (!slub_check_alloc(mm, o, function))
		return false;
	slub_hand_out(mm, o, r.size);
	kasan_alloc(mm, o, r.size, function);
	zero = zeroed_by_alloc(mm, o, r.size, gfp);
	if (zero)
		slab_zero(o->start, zero);
	if (mm->tracks)
		track_alloc(mm, o->slot, r.asked, function);
	if (unlikely(o->cache->debug & DEBUG_SLAB))
		slab_note_user(mm, o, false);
	return true;
}

bool cache_could_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp)
{
	if (slab_pre_alloc(mm, c, gfp, NULL))
		return false;
	if (cache_has_object(mm, &c->node[0]) || refill(mm, c, gfp, 0) >= 0)
		return true;
	slab_out_of_memory(mm, c, gfp, NUMA_NO_NODE);
	return false;
}

bool cache_alloc(struct mm *mm, struct kmem_cache *c, struct request r, gfp_t gfp, int nid,
		 uint32_t tag, const char *chain, struct object *o)
{
	if (MUTANT(WRONG_NODE))
		nid = ((int)alloc_node(mm, nid) + 1) % mm->nodes;
	do
		if (!take_object(mm, c, gfp, nid, tag, o))
			return false;
	while (!slab_check_out(mm, o, r, gfp, chain));
	return true;
}

bool slab_alloc_from(struct mm *mm, struct kmem_cache *c, gfp_t gfp, uint32_t tag,
		     const char *function, struct object *o)
{
	struct request whole = { c->object_size, c->object_size };
	struct kernel *k = mm->kernel;
	bool ok;

	tick(k, NS_PER_STEP);
	graph_enter(k, function);
	alloc_way_begin(mm, function);
	ok = !slab_pre_alloc(mm, c, gfp, function) &&
	     cache_alloc(mm, c, whole, gfp, NUMA_NO_NODE, tag, function, o);
	graph_exit(k);
	if (ok)
		EVENT(k, EV_ALLOC, .what = k->context.caller, .name = c->name,
		      .addr = mm_addr(mm, o->start), .size = o->size, .value = (int64_t)o->size);
	return ok;
}

/* --- freeing ----------------------------------------------------------- */

void slab_free(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;
	size_t zero;

	if (o->cache && !slub_check_free(mm, o))
		return; /* a damaged object is never freed */
	tick(k, NS_PER_STEP);
	EVENT(k, EV_FREE, .what = k->context.caller, .name = object_cache_name(o),
	      .addr = mm_addr(mm, o->start), .size = o->size);
	if (!o->cache) {
		large_free(mm, o);
		return;
	}
	slub_take_back(mm, o);
	zero = zeroed_by_free(mm, o);
	if (unlikely(zero))
		memset(o->start, 0, zero);
	if (mm->tracks)
		track_free(mm, o->slot);
	if (unlikely(o->cache->debug & DEBUG_SLAB))
		slab_note_user(mm, o, true);
	if (kasan_free(mm, o))
		return; /* it stays in the quarantine for now */
	slab_give_back(mm, o);
}
