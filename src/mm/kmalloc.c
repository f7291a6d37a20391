/* SPDX-License-Identifier: MIT */
/*
 * kmalloc(): from a size to a cache or to pages. Corresponds to that part of Linux'
 * mm/slab_common.c and mm/slub.c.
 */
#include "mm/kmalloc.h"

#include <string.h>

#include "kernel/clock.h"
#include "kernel/compiler.h"
#include "kernel/event.h"
#include "kernel/mutants.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/alloc_stack.h"
#include "mm/cache.h"
#include "mm/failslab.h"
#include "mm/gfp.h"
#include "mm/large.h"
#include "mm/object.h"
#include "mm/slab.h"

/*
 * The flags for the pages of a large kmalloc: not checked before 5.10, and in 5.10 only
 * by the functions without a node argument.
 */
static gfp_t fixup_large_gfp(struct mm *mm, gfp_t gfp)
{
	int version = mm->kernel->profile->version;

	if (version < RELEASE(5, 10) || (version < RELEASE(6, 1) && strcmp(mm->way.entry, "__kmalloc")))
		return gfp;
	return gfp_fixup(mm, gfp, 0, AT_LARGE);
}

static bool do_alloc(struct mm *mm, struct request r, gfp_t gfp, int nid, uint32_t tag,
		     const char *chain, struct object *o)
{
	struct kmem_cache *c;

	if (unlikely(r.size > mm->large_limit)) {
		/* with CONFIG_SLAB, kmalloc() never goes to the page allocator */
		if (mm->kernel->profile->slab) {
			if (!(gfp & __GFP_NOWARN))
				kernel_warn_once(mm->kernel, ONCE_KMALLOC_SLAB, "kmalloc_slab", NULL);
			return false;
		}
		if (unlikely(gfp & GFP_SLAB_BUG_MASK))
			gfp = fixup_large_gfp(mm, gfp);
		return large_alloc(mm, r, gfp | __GFP_COMP, nid, tag, chain, o);
	}
	c = kmalloc_cache(mm, r.size, gfp);
	if (slab_pre_alloc(mm, c, gfp, chain))
		return false;
	return cache_alloc(mm, c, r, gfp, nid, tag, chain, o);
}

/* The same, entering and leaving every function of the chain. */
static bool traced_alloc(struct mm *mm, struct request r, gfp_t gfp, int nid, uint32_t tag,
			 const char *const *chain, struct object *o)
{
	struct kernel *k = mm->kernel;
	int n = 1;
	bool ok;

	for (; chain[n]; n++)
		fn_enter(k, chain[n]);
	ok = do_alloc(mm, r, gfp, nid, tag, chain[0], o);
	while (--n)
		fn_exit(k);
	return ok;
}

bool slab_alloc(struct mm *mm, struct request r, gfp_t gfp, int nid, uint32_t tag,
		const char *const *chain, struct object *o)
{
	struct kernel *k = mm->kernel;
	bool ok;

	tick(k, NS_PER_STEP);
	alloc_way_begin(mm, chain[0]);
	if (fn_traced(k))
		ok = traced_alloc(mm, r, gfp, nid, tag, chain, o);
	else
		ok = do_alloc(mm, r, gfp, nid, tag, chain[0], o);
	if (ok)
		EVENT(k, EV_ALLOC, .what = k->context.caller,
		      .name = object_cache_name(o), .addr = mm_addr(mm, o->start),
		      .size = o->size, .value = (int64_t)r.asked);
	return ok;
}

bool slab_could_alloc(struct mm *mm, size_t size, gfp_t gfp)
{
	alloc_way_begin(mm, mm->kernel->profile->kmalloc_chain[0]);
	return cache_could_alloc(mm, kmalloc_cache(mm, size, gfp), gfp);
}

void *kmalloc_node(struct mm *mm, size_t size, gfp_t gfp, int nid)
{
	struct cache_node *cn;
	struct object o;
	char *p;

	if (!size)
		return ZERO_SIZE_PTR;
	if (likely(quiet(mm->kernel) && size <= FAST_MAX)) {
		cn = mm->plain[alloc_node(mm, nid)][(size + 7) / 8];
		if (likely(slab_ready(cn, gfp))) {
			p = slab_take(mm, cn, TAG_KMALLOC);
			return gfp & __GFP_ZERO ? slab_zero(p, cn->cache->object_size) : p;
		}
	}
	if (!slab_alloc(mm, (struct request){ size, size }, gfp, nid, TAG_KMALLOC,
			mm->kernel->profile->kmalloc_chain, &o))
		return NULL;
	return o.start;
}

void *kmalloc(struct mm *mm, size_t size, gfp_t gfp)
{
	return kmalloc_node(mm, size, gfp, NUMA_NO_NODE);
}

void *kmalloc_array(struct mm *mm, size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	bool over = __builtin_mul_overflow(n, size, &bytes) ||
		    bytes > model_size_max(mm->kernel->arch);

	if (over && !MUTANT(NO_OVERFLOW))
		return NULL;
	return kmalloc(mm, bytes, gfp);
}

bool kmalloc_fails(struct mm *mm, size_t size, gfp_t gfp)
{
	return should_failslab_slow(mm, kmalloc_cache(mm, size, gfp), gfp);
}

void *get_free_pages(struct mm *mm, gfp_t gfp, unsigned order)
{
	struct object o;
	size_t size = page_size(mm) << (order <= mm->max_order ? order : mm->max_order + 1u);

	alloc_way_begin(mm, NULL);
	if (!large_alloc(mm, (struct request){ size, size }, gfp, 0, TAG_PAGES, "__get_free_pages", &o))
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
