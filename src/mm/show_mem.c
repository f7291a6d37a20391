/* SPDX-License-Identifier: MIT */
/*
 * What the allocators print when memory runs out. Corresponds to warn_alloc() in Linux'
 * mm/page_alloc.c, to mm/show_mem.c, and to slab_out_of_memory() in mm/slub.c. Differs:
 * of Mem-Info only zones and their free blocks are printed.
 */
#include "mm/alloc_stack.h"
#include "mm/show_mem.h"
#include "mm/slab.h"

#include <stdio.h>

#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/page_alloc.h"

/* --- Mem-Info ----------------------------------------------------------------- */

static unsigned long kib(uint64_t units)
{
	return (unsigned long)(units * (PAGE_SIZE / 1024));
}

static void show_zone(struct mm *mm, int nid, const struct zone *z)
{
	printk(mm->kernel, KERN_WARNING, "Node %d %s free:%lukB min:%lukB present:%lukB", nid, z->name,
	       kib(z->free), kib(z->min), kib(z->end - z->start));
}

static void show_blocks(struct mm *mm, int nid, const struct zone *z)
{
	unsigned long page = page_size(mm) / 1024;
	char text[512];
	int len = 0;

	for (unsigned order = 0; order <= mm->max_order; order++)
		len += snprintf(text + len, sizeof(text) - (size_t)len, "%u*%lukB ",
				z->blocks[mm->page_order + order], page << order);
	printk(mm->kernel, KERN_WARNING, "Node %d %s: %s= %lukB", nid, z->name, text, kib(z->free));
}

static void each_zone(struct mm *mm, void (*show)(struct mm *, int, const struct zone *))
{
	for (int n = 0; n < mm->nodes; n++)
		for (int i = 0; i < ZONES; i++)
			if (mm->node[n].zone[i].end > mm->node[n].zone[i].start)
				show(mm, n, &mm->node[n].zone[i]);
}

static void show_mem(struct mm *mm)
{
	printk(mm->kernel, KERN_WARNING, "Mem-Info:");
	each_zone(mm, show_zone);
	each_zone(mm, show_blocks);
	printk(mm->kernel, KERN_WARNING, "%u pages RAM", mm->pfns >> mm->page_order);
}

/* --- pages ---------------------------------------------------------------------- */

/* A failed allocation from a zone that does not exist is not reported. */
static bool no_such_zone(const struct kernel *k, gfp_t gfp)
{
	return k->profile->version >= RELEASE(5, 10) && gfp & __GFP_DMA &&
	       !zone_dma_end(k->profile, k->arch);
}

static bool may_report(struct kernel *k)
{
	if (k->profile->version >= RELEASE(5, 10))
		return ratelimit_every(k, "warn_alloc", "", 10, 1);
	return ratelimit(k, "warn_alloc", "");
}

/* "0", "0-3": the nodes with memory, all of which a task may use. */
static void allowed_nodes(const struct mm *mm, char out[16])
{
	if (mm->mem_nodes > 1)
		snprintf(out, 16, "0-%d", mm->mem_nodes - 1);
	else
		snprintf(out, 16, "0");
}

static void report_failure(struct mm *mm, gfp_t gfp, unsigned order)
{
	struct kernel *k = mm->kernel;
	char flags[256], nodes[16];
	int version = k->profile->version;

	gfp_format(k->profile, gfp, flags, sizeof(flags));
	allowed_nodes(mm, nodes);
	printk(k, KERN_WARNING, "%s: page allocation failure: order:%u, mode:0x%x(%s)%s%s%s", k->comm,
	       order, gfp_number(k->profile, gfp), flags, version >= RELEASE(4, 10) ? ", nodemask=(null)" : "",
	       version >= RELEASE(5, 10) ? ",cpuset=/,mems_allowed=" : "",
	       version >= RELEASE(5, 10) ? nodes : "");
	if (version >= RELEASE(4, 10) && version < RELEASE(5, 10))
		printk(k, KERN_WARNING, "%s cpuset=/ mems_allowed=%s", k->comm, nodes);
}

void warn_alloc(struct mm *mm, gfp_t gfp, unsigned order, unsigned at)
{
	struct kernel *k = mm->kernel;
	struct alloc_stack stack;

	EVENT(k, EV_NOMEM, .what = "alloc_pages", .size = (uint64_t)page_size(mm) << order);
	if (gfp & __GFP_NOWARN || no_such_zone(k, gfp) || !may_report(k))
		return;
	report_failure(mm, gfp, order);
	alloc_stack_begin(mm, at | AT_SLOW_PATH, &stack);
	dump_stack(k, KERN_WARNING, "warn_alloc");
	alloc_stack_end(mm, &stack);
	show_mem(mm);
}

/* --- slabs ---------------------------------------------------------------------- */

/* Flags used for the pages of a slab; the others only concern the cache. */
#define GFP_SLAB_PAGES (__GFP_RECLAIM | __GFP_HIGH | __GFP_IO | __GFP_FS | __GFP_NOWARN |   \
			__GFP_RETRY_MAYFAIL | __GFP_NOFAIL | __GFP_NORETRY | __GFP_MEMALLOC | \
			__GFP_NOMEMALLOC | __GFP_HARDWALL | __GFP_THISNODE | __GFP_ATOMIC |  \
			__GFP_DMA | __GFP_RECLAIMABLE)

void slab_out_of_memory(struct mm *mm, struct kmem_cache *c, gfp_t gfp, int nid)
{
	struct kernel *k = mm->kernel;
	unsigned least = get_order(mm, c->stride);
	const char *cpu = k->profile->oom_with_cpu ? " on CPU 0 (of node 0)" : "";
	const char *slab = k->profile->slab ? "SLAB" : "SLUB";
	char flags[256];

	if (mm->way.no_pages)
		warn_alloc(mm, (gfp & GFP_SLAB_PAGES) | (c->order ? __GFP_COMP : 0), least,
			   AT_NEW_SLAB_PAGES);
	EVENT(k, EV_NOMEM, .what = "slab_alloc", .name = c->name, .size = c->object_size);
	if (gfp & __GFP_NOWARN || !ratelimit(k, "slab_out_of_memory", ""))
		return;
	gfp_format(k->profile, gfp, flags, sizeof(flags));
	printk(k, KERN_WARNING, "%s: Unable to allocate memory%s on node %d, gfp=0x%x(%s)", slab, cpu,
	       nid, gfp_number(k->profile, gfp), flags);
	printk(k, KERN_WARNING, "  cache: %s, object size: %u, buffer size: %u, default order: %u, min order: %u",
	       c->name, c->object_size, c->stride, c->order, least);
	if (least > get_order(mm, c->object_size))
		printk(k, KERN_WARNING, "  %s debugging increased min order, use %s=O to disable.",
		       c->name, k->profile->slab_names ? "slab_debug" : "slub_debug");
	for (int n = 0; n < mm->mem_nodes; n++) {
		const struct cache_node *cn = &c->node[n];

		printk(k, KERN_WARNING, "  node %d: slabs: %u, objs: %u, free: %u", n, cn->slabs,
		       cn->slabs * c->objects, cn->slabs * c->objects - cache_node_inuse(cn));
	}
}
