/* SPDX-License-Identifier: MIT */
/*
 * Objects of one size from slabs. Corresponds to Linux' mm/slub.c. Differs:
 * the free list of a cache runs through all its slabs and lies outside of the
 * objects, so freed objects always come back last in, first out, and nothing
 * written to a freed object can break the list; empty slabs are given back
 * when pages run short, not when they become empty; one CPU.
 */
#include "mm/slub_debug.h"

#include <string.h>

/* --- slots ------------------------------------------------------------- */

/* A row of n slots: from a slab of this class that went away, or new. */
static bool slots_get(struct mm *mm, unsigned class, uint32_t n, uint32_t *first)
{
	uint32_t *free = &mm->slots_free[class];

	if (*free) {
		*first = *free - 1;
		*free = mm->slots[*first];
	} else {
		if (mm->slots_max - mm->slots_used < n)
			return false;
		*first = mm->slots_used;
		mm->slots_used += n;
	}
	if (mm->tracks)
		memset(&mm->tracks[*first], 0, n * sizeof(struct track));
	return true;
}

static void slots_put(struct mm *mm, unsigned class, uint32_t first)
{
	mm->slots[first] = mm->slots_free[class];
	mm->slots_free[class] = first + 1;
}

#define CLASS_LARGE 0 /* no cache has this class: one slot for a large object */

/* --- contents ---------------------------------------------------------- */

static void track_alloc(struct mm *mm, uint32_t slot, size_t asked, const char *chain)
{
	struct track *t = &mm->tracks[slot];

	if (t->free_by)
		life_end(mm, t);
	t->size = (uint32_t)asked;
	t->was = t->owner;
	t->owner = mm->kernel->context.owner;
	t->number = 0;
	t->alloc_step = mm->kernel->step;
	t->alloc_when = jiffies(mm->kernel);
	t->alloc_stack = depot_save(mm, chain);
	t->alloc_by = mm->kernel->context.caller;
	t->alloc_phase = mm->kernel->context.phase;
}

static void track_free(struct mm *mm, uint32_t slot)
{
	struct track *t = &mm->tracks[slot];

	t->free_step = mm->kernel->step;
	t->free_when = jiffies(mm->kernel);
	t->free_stack = depot_save(mm, "kfree");
	t->free_by = mm->kernel->context.caller;
	t->free_phase = mm->kernel->context.phase;
}

/* --- slabs ------------------------------------------------------------- */

/* The objects of a new slab are the first ones to be handed out, in order. */
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
	*end = 0; /* the room behind the last one */
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
	if (!page)
		return false;
	if (!slots_get(mm, c->class, c->objects + 1u, &first)) {
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

/* --- the list and the sheaf -------------------------------------------- */

bool sheaf_fill(struct mm *mm, struct cache_node *cn)
{
	struct spare *end = cn->sheaf + SHEAF_SIZE / 2, *at = end;
	uint32_t number = cn->free, neighbour = 0;
	struct object o = { 0 };

	while (number && at > cn->sheaf) {
		if (number == neighbour)
			o.slot++; /* in the same slab: nothing to look up */
		else
			object_starting(mm, object_start(mm, number), &o);
		__builtin_prefetch(object_start(mm, number), 1);
		*--at = (struct spare){ number, o.slot };
		o.page->inuse++;
		neighbour = number + (cn->stride >> 3);
		if (o.slot + 1 == o.page->slots + cn->objects)
			neighbour = 0;
		number = mm->slots[o.slot];
	}
	cn->free = number;
	cn->spares = (uint32_t)(end - at);
	cn->taken += cn->spares;
	if (at > cn->sheaf)
		memmove(cn->sheaf, at, cn->spares * sizeof(*at));
	return cn->spares != 0;
}

/* The n oldest to the list. */
static void sheaf_drop(struct mm *mm, struct cache_node *cn, uint32_t n)
{
	uint32_t number = cn->free;

	for (uint32_t i = 0; i < n; i++) {
		struct spare spare = cn->sheaf[i];
		struct page *page;
		size_t off;

		page = block_of(mm, object_start(mm, spare.number), &off);
		if (!--page->inuse)
			mm->emptied = true;
		mm->slots[spare.slot] = number;
		number = spare.number;
	}
	cn->free = number;
	cn->spares -= n;
	cn->taken -= n;
	memmove(cn->sheaf, cn->sheaf + n, cn->spares * sizeof(*cn->sheaf));
}

void sheaf_spill(struct mm *mm, struct cache_node *cn)
{
	sheaf_drop(mm, cn, SHEAF_SIZE / 2);
}

/* --- empty slabs ------------------------------------------------------- */

/* While slabs are collected, `inuse` of an empty one has this and the next one's pfn. */
#define SLAB_EMPTY 0x80000000u

/* Takes the objects of empty slabs off the list; the pfn of the last such slab, or 0. */
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
	struct kmem_cache *c, *end = mm->caches + CACHE_TYPES * CLASSES;
	uint32_t pages = 0;

	quarantine_reduce(mm, 0);
	for (c = mm->caches; c < end; c++)
		for (int n = 0; n < mm->nodes; n++)
			sheaf_drop(mm, &c->node[n], c->node[n].spares);
	if (!mm->emptied)
		return 0; /* a full machine asks often */
	mm->emptied = false;
	for (c = mm->caches; c < end; c++)
		for (int n = 0; n < mm->nodes; n++)
			pages += shrink_node(mm, c, &c->node[n]);
	return pages;
}

/* --- allocation -------------------------------------------------------- */

/* A node with an object to take: nid, a new slab, then the other nodes. */
static int refill(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid)
{
	/* a node without memory has no slabs: SLUB asks any node instead */
	if (nid >= mm->mem_nodes) {
		nid = 0;
		if (cache_has_object(mm, &c->node[nid]))
			return nid;
	}
	if (new_slab(mm, c, gfp | __GFP_THISNODE, nid))
		return nid;
	/* looking for pages emptied the quarantine */
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

static void slab_out_of_memory(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid)
{
	struct kernel *k = mm->kernel;
	struct cache_node *cn = &c->node[nid];
	char flags[256];

	EVENT(k, EV_NOMEM, .what = "slab_alloc", .name = c->name,
	      .size = c->object_size);
	if (gfp & __GFP_NOWARN || !ratelimit(k, "slab_out_of_memory", ""))
		return;
	gfp_format(k->profile, gfp, flags, sizeof(flags));
	printk(k, KERN_WARNING, "%s: Unable to allocate memory%s on node %d, gfp=%#x(%s)",
	       k->profile->slab ? "SLAB" : "SLUB",
	       k->profile->oom_with_cpu ? " on CPU 0 (of node 0)" : "", nid, gfp, flags);
	printk(k, KERN_WARNING, "  cache: %s, object size: %u, buffer size: %u, default order: %u, min order: %u",
	       c->name, c->object_size, c->stride, c->order, get_order(mm, c->stride));
	printk(k, KERN_WARNING, "  node %d: slabs: %u, objs: %u, free: %u", nid, cn->slabs,
	       cn->slabs * c->objects, cn->slabs * c->objects - cache_node_inuse(cn));
}

/* The next object of a cache. */
static bool take_object(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid, uint32_t tag,
			struct object *o)
{
	struct cache_node *cn = &c->node[nid];
	uint32_t slot;
	size_t off;

	if (!cache_has_object(mm, cn)) {
		int got = refill(mm, c, gfp, nid);

		if (got < 0) {
			slab_out_of_memory(mm, c, gfp, nid);
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

bool slab_check_out(struct mm *mm, const struct object *o, size_t size, size_t asked, gfp_t gfp,
		    const char *function)
{
	if (!slub_check_alloc(mm, o, function))
		return false;
	slub_hand_out(mm, o, size);
	kasan_alloc(mm, o, size);
	if (gfp & __GFP_ZERO)
		slab_zero(o->start, mm->tracks ? size : o->size);
	if (mm->tracks)
		track_alloc(mm, o->slot, asked, function);
	return true;
}

bool slab_could_alloc(struct mm *mm, size_t size, gfp_t gfp)
{
	struct kmem_cache *c = kmalloc_cache(mm, size, gfp);

	if (slab_pre_alloc(mm, c, gfp, NULL))
		return false;
	if (cache_has_object(mm, &c->node[0]) || refill(mm, c, gfp, 0) >= 0)
		return true;
	slab_out_of_memory(mm, c, gfp, 0);
	return false;
}

static bool cache_alloc(struct mm *mm, struct kmem_cache *c, size_t size, size_t asked,
			gfp_t gfp, int nid, uint32_t tag, const char *chain, struct object *o)
{
	if (BROKEN(BREAK_WRONG_NODE))
		nid = (nid + 1) % mm->nodes;
	do
		if (!take_object(mm, c, gfp, nid, tag, o))
			return false;
	while (!slab_check_out(mm, o, size, asked, gfp, chain));
	return true;
}

static bool large_alloc(struct mm *mm, size_t size, size_t asked, gfp_t gfp, int nid,
			uint32_t tag, const char *chain, struct object *o)
{
	struct page *page;
	uint32_t slot;

	page = alloc_pages(mm, gfp | __GFP_COMP, get_order(mm, size), nid);
	if (!page)
		return false;
	if (!slots_get(mm, CLASS_LARGE, 1, &slot)) {
		free_pages(mm, page);
		return false;
	}
	page->kind = PAGE_LARGE;
	page->slots = slot;
	page->inuse = 1;
	page->bytes = asked;
	mm->slots[slot] = tag | SLOT_ALLOCATED;
	object_find(mm, pfn_ptr(mm, page->head), o);
	kasan_alloc(mm, o, size);
	if (gfp & __GFP_ZERO)
		slab_zero(o->start, o->size);
	else if (mm->poison)
		memset(o->start, PAGE_POISON, o->size);
	if (mm->tracks)
		track_alloc(mm, slot, asked, chain);
	return true;
}

void *get_free_pages(struct mm *mm, gfp_t gfp, unsigned order)
{
	struct object o;
	size_t size = page_size(mm) << (order <= mm->max_order ? order : mm->max_order + 1u);

	if (!large_alloc(mm, size, size, gfp, 0, TAG_PAGES, "__get_free_pages", &o))
		return NULL;
	return o.start;
}

bool free_pages_at(struct mm *mm, const void *p)
{
	struct object o;

	if (!object_find(mm, p, &o) || o.start != p || object_tag(mm, &o) != TAG_PAGES)
		return false;
	slab_free(mm, &o);
	return true;
}

/* Flags that Linux does not let into the slab allocator. */
static gfp_t fixup_gfp(struct mm *mm, gfp_t gfp)
{
	struct kernel *k = mm->kernel;
	gfp_t bad = gfp & GFP_SLAB_BUG_MASK, good = gfp & ~GFP_SLAB_BUG_MASK;
	char is[256], was[256];

	gfp_format(k->profile, bad, was, sizeof(was));
	gfp_format(k->profile, good, is, sizeof(is));
	printk(k, KERN_WARNING, "Unexpected gfp: %#x (%s). Fixing up to gfp: %#x (%s). Fix your code!",
	       bad, was, good, is);
	dump_stack(k, KERN_WARNING, "kmalloc_fix_flags");
	return good;
}

static bool do_alloc(struct mm *mm, size_t size, size_t asked, gfp_t gfp, int nid,
		     uint32_t tag, const char *chain, struct object *o)
{
	struct kmem_cache *c;
	bool ok, pushed;

	nid = (int)alloc_node(mm, nid);
	if (unlikely(size > mm->large_limit)) {
		/* SLAB has no way from kmalloc to the page allocator */
		if (mm->kernel->profile->slab)
			return false;
		pushed = frame_push(mm->kernel, chain);
		ok = large_alloc(mm, size, asked, gfp, nid, tag, chain, o);
		frame_pop(mm->kernel, pushed);
		return ok;
	}
	if (unlikely(gfp & GFP_SLAB_BUG_MASK))
		gfp = fixup_gfp(mm, gfp);
	c = kmalloc_cache(mm, size, gfp);
	if (slab_pre_alloc(mm, c, gfp, chain))
		return false;
	return cache_alloc(mm, c, size, asked, gfp, nid, tag, chain, o);
}

/* The same with every function of the chain entered and left. */
static bool traced_alloc(struct mm *mm, size_t size, size_t asked, gfp_t gfp, int nid,
			 uint32_t tag, const char *const *chain, struct object *o)
{
	struct kernel *k = mm->kernel;
	int n = 1;
	bool ok;

	for (; chain[n]; n++)
		fn_enter(k, chain[n]);
	ok = do_alloc(mm, size, asked, gfp, nid, tag, chain[0], o);
	while (--n)
		fn_exit(k);
	return ok;
}

bool slab_alloc(struct mm *mm, size_t size, size_t asked, gfp_t gfp, int nid, uint32_t tag,
		const char *const *chain, struct object *o)
{
	struct kernel *k = mm->kernel;
	bool ok;

	tick(k, NS_PER_STEP);
	if (fn_traced(k))
		ok = traced_alloc(mm, size, asked, gfp, nid, tag, chain, o);
	else
		ok = do_alloc(mm, size, asked, gfp, nid, tag, chain[0], o);
	if (ok)
		EVENT(k, EV_ALLOC, .what = k->context.caller,
		      .name = object_cache_name(o), .addr = mm_addr(mm, o->start),
		      .size = o->size, .value = (int64_t)asked);
	return ok;
}

/* --- freeing ----------------------------------------------------------- */

static void large_free(struct mm *mm, const struct object *o)
{
	if (mm->poison)
		memset(o->start, PAGE_POISON, o->size);
	slots_put(mm, CLASS_LARGE, o->slot);
	free_pages(mm, o->page);
}

void slab_give_back(struct mm *mm, const struct object *o)
{
	if (!slab_put_ready(o))
		sheaf_spill(mm, o->page->owner);
	freeptr_link(mm, o);
	cache_put(mm, o->page->owner, o->slot, o->start);
}

void slab_free(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;

	if (o->cache && !slub_check_free(mm, o))
		return; /* it stays as it is, for ever */
	tick(k, NS_PER_STEP);
	EVENT(k, EV_FREE, .what = k->context.caller, .name = object_cache_name(o),
	      .addr = mm_addr(mm, o->start), .size = o->size);
	if (!o->cache) {
		large_free(mm, o);
		return;
	}
	slub_take_back(mm, o);
	if (mm->tracks)
		track_free(mm, o->slot);
	if (kasan_free(mm, o))
		return; /* it waits in the quarantine */
	slab_give_back(mm, o);
}
