/* SPDX-License-Identifier: MIT */
/*
 * The buddy allocator. Corresponds to Linux' mm/page_alloc.c. Differs: one migrate type,
 * no per-CPU lists, and reclaim only frees the empty slabs of caches.
 */
#include "mm/page_alloc.h"

#include "kernel/report.h"
#include "mm/alloc_stack.h"
#include "mm/failslab.h"
#include "mm/gfp.h"
#include "mm/kasan.h"
#include "mm/page.h"


enum { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL };
static const char *const zone_names[ZONES] = { "DMA", "DMA32", "Normal" };

static void block_push(struct mm *mm, struct zone *z, uint32_t pfn, unsigned order)
{
	struct page *page = &mm->pages[pfn];

	page->kind = PAGE_FREE;
	page->order = (uint8_t)order;
	page->free.prev = NO_PAGE;
	page->free.next = z->head[order];
	if (page->free.next != NO_PAGE)
		mm->pages[page->free.next].free.prev = pfn;
	z->head[order] = pfn;
	z->blocks[order]++;
	z->free += 1u << order;
}

static void block_take(struct mm *mm, struct zone *z, uint32_t pfn)
{
	struct page *page = &mm->pages[pfn];

	if (page->free.prev != NO_PAGE)
		mm->pages[page->free.prev].free.next = page->free.next;
	else
		z->head[page->order] = page->free.next;
	if (page->free.next != NO_PAGE)
		mm->pages[page->free.next].free.prev = page->free.prev;
	z->blocks[page->order]--;
	z->free -= 1u << page->order;
	page->kind = PAGE_NONE;
}

void set_min_free_kbytes(struct mm *mm, uint32_t kbytes)
{
	uint64_t pages = kbytes / (PAGE_SIZE / 1024);

	mm->min_free_kbytes = kbytes;
	for (int n = 0; n < mm->nodes; n++)
		for (int i = 0; i < ZONES; i++) {
			struct zone *z = &mm->node[n].zone[i];

			z->min = pages * (z->end - z->start) / mm->pfns;
		}
}

/*
 * Below its minimum a zone only has pages for callers that cannot wait: half of the
 * minimum for __GFP_HIGH, another quarter of the rest for those that cannot sleep either,
 * and all of it for __GFP_MEMALLOC.
 */
static bool watermark_ok(const struct zone *z, gfp_t gfp, unsigned order)
{
	uint64_t min = z->min;

	if (gfp & __GFP_MEMALLOC)
		return true;
	if (gfp & __GFP_HIGH) {
		min -= min / 2;
		if (!(gfp & __GFP_DIRECT_RECLAIM))
			min -= min / 4;
	}
	return z->free >= min + (1u << order);
}

/* The largest block, in units. */
static unsigned top_order(const struct mm *mm)
{
	return mm->page_order + mm->max_order;
}

/* Adds the highest block first, so that the lowest addresses are handed out first. */
static void zone_fill(struct mm *mm, struct zone *z)
{
	uint32_t end = z->end;

	while (end > z->start) {
		unsigned order = top_order(mm);

		while (end & ((1u << order) - 1) || end - z->start < 1u << order)
			order--;
		end -= 1u << order;
		block_push(mm, z, end, order);
	}
}

static uint32_t clamp_pfn(uint64_t pfn, uint32_t lo, uint32_t hi)
{
	return pfn < lo ? lo : pfn > hi ? hi : (uint32_t)pfn;
}

static void node_init(struct mm *mm, struct numa_node *n)
{
	uint64_t dma_end = zone_dma_end(mm->kernel->profile, mm->kernel->arch);
	uint32_t dma = clamp_pfn(dma_end >> PAGE_SHIFT, n->start, n->end);
	uint32_t dma32 = clamp_pfn(mm->kernel->arch->dma32_limit >> PAGE_SHIFT, dma, n->end);
	uint32_t bounds[ZONES + 1] = { n->start, dma, dma32, n->end };

	for (int i = 0; i < ZONES; i++) {
		struct zone *z = &n->zone[i];

		z->name = zone_names[i];
		z->start = bounds[i];
		z->end = bounds[i + 1];
		for (int order = 0; order < ORDERS; order++)
			z->head[order] = NO_PAGE;
		if (z->start < RESERVED_PAGES)
			z->start = RESERVED_PAGES < z->end ? RESERVED_PAGES : z->end;
		zone_fill(mm, z);
	}
}

/* Linux' default: 4 * sqrt(memory), both in KiB. */
static uint32_t default_min_free(const struct mm *mm)
{
	uint64_t want = (uint64_t)mm->pfns * (PAGE_SIZE / 1024) * 16;
	uint32_t root = 0;

	while ((uint64_t)(root + 1) * (root + 1) <= want)
		root++;
	return root < 128 ? 128 : root > 262144 ? 262144 : root;
}

static void clear_entries(struct area *a, uint64_t from, uint64_t to)
{
	area_clear(a, from * sizeof(struct page), (to - from) * sizeof(struct page));
}

void pages_clear(struct mm *mm, struct area *a)
{
	uint64_t block = 1ull << top_order(mm), from = mm->touched.from, to = mm->touched.to;

	for (int n = 0; n < mm->nodes; n++)
		for (int i = 0; i < ZONES * ORDERS; i++) {
			uint32_t pfn = mm->node[n].zone[i / ORDERS].head[i % ORDERS];

			while (pfn != NO_PAGE) {
				uint32_t next = mm->pages[pfn].free.next;

				mm->pages[pfn] = (struct page){ 0 };
				pfn = next;
			}
		}
	/* of blocks that were split, too */
	if (from < to)
		clear_entries(a, from / block * block, (to + block - 1) / block * block);
	clear_entries(a, mm->pfns, mm->vm_end);
}

void pages_init(struct mm *mm)
{
	/* nodes begin at page boundaries */
	mm->node_pages = (mm->pfns / (uint32_t)mm->mem_nodes) >> mm->page_order << mm->page_order;
	for (int i = 0; i < mm->nodes; i++) {
		struct numa_node *n = &mm->node[i];

		n->start = i < mm->mem_nodes ? (uint32_t)i * mm->node_pages : mm->pfns;
		n->end = i + 1 < mm->mem_nodes ? n->start + mm->node_pages : mm->pfns;
		node_init(mm, n);
	}
	set_min_free_kbytes(mm, default_min_free(mm));
}

int node_distance(int from, int to)
{
	return 10 + 10 * (from < to ? to - from : from - to);
}

int node_fallback(const struct mm *mm, int nid, int i)
{
	/* by distance: N, N+1, N-1, N+2, ... if they exist */
	for (int off = 0; off < mm->nodes; off++) {
		if (nid + off < mm->nodes && i-- == 0)
			return nid + off;
		if (off && nid - off >= 0 && i-- == 0)
			return nid - off;
	}
	return -1;
}

static struct page *zone_alloc(struct mm *mm, struct zone *z, unsigned order)
{
	unsigned o = order;
	uint32_t pfn;

	while (o <= top_order(mm) && z->head[o] == NO_PAGE)
		o++;
	if (o > top_order(mm))
		return NULL;
	pfn = z->head[o];
	block_take(mm, z, pfn);
	while (o > order) {
		o--;
		block_push(mm, z, pfn + (1u << o), o);
	}
	return &mm->pages[pfn];
}

static struct page *node_alloc(struct mm *mm, gfp_t gfp, unsigned order, int nid)
{
	int zone = gfp & __GFP_DMA ? ZONE_DMA : gfp & __GFP_DMA32 ? ZONE_DMA32 : ZONE_NORMAL;

	/* without such a zone, use the next one */
	if (zone == ZONE_DMA && !zone_dma_end(mm->kernel->profile, mm->kernel->arch))
		zone = ZONE_DMA32;
	if (zone == ZONE_DMA32 && !mm->kernel->arch->dma32_limit)
		zone = ZONE_NORMAL;
	for (; zone >= 0; zone--) {
		struct zone *z = &mm->node[nid].zone[zone];
		struct page *page = watermark_ok(z, gfp, order) ? zone_alloc(mm, z, order) : NULL;

		if (page)
			return page;
	}
	return NULL;
}

static struct page *get_page(struct mm *mm, gfp_t gfp, unsigned order, int nid)
{
	int tries = gfp & __GFP_THISNODE ? 1 : mm->nodes;

	for (int i = 0; i < tries; i++) {
		struct page *page = node_alloc(mm, gfp, order, node_fallback(mm, nid, i));

		if (page)
			return page;
	}
	return NULL;
}

/*
 * A caller that must not fail takes from the reserve. After that Linux would retry
 * forever; here nothing else runs that could free pages meanwhile.
 */
static struct page *get_page_nofail(struct mm *mm, gfp_t gfp, unsigned order, int nid)
{
	if (!(gfp & __GFP_DIRECT_RECLAIM)) {
		kernel_warn_once(mm->kernel, ONCE_NOFAIL_NOWAIT, "__alloc_pages_slowpath", NULL);
		return NULL;
	}
	return get_page(mm, gfp | __GFP_MEMALLOC, order, nid);
}

struct page *try_alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid)
{
	struct page *page;
	uint32_t pfn;

	order += mm->page_order; /* in units from here on */
	if (nid < 0 || nid >= mm->nodes)
		nid = 0;
	page = get_page(mm, gfp, order, nid);
	if (!page && mm->shrink(mm))
		page = get_page(mm, gfp, order, nid);
	if (!page && gfp & __GFP_NOFAIL)
		page = get_page_nofail(mm, gfp, order, nid);
	if (!page)
		return NULL;
	pfn = page_pfn(mm, page);
	mm_touch(mm, pfn, 1u << order);
	*page = (struct page){ .kind = PAGE_RAW, .order = (uint8_t)order, .head = pfn };
	for (uint32_t i = 1; i < 1u << order; i++) {
		page[i].kind = PAGE_TAIL;
		page[i].head = pfn;
	}
	kasan_unpoison(mm, pfn_ptr(mm, pfn), (size_t)PAGE_SIZE << order);
	return page;
}

/* A WARN in `function` of the page allocator, on behalf of the call at `at`. */
static void warn_at(struct mm *mm, enum once site, const char *function, unsigned at)
{
	struct alloc_stack stack;

	alloc_stack_begin(mm, at, &stack);
	kernel_warn_once(mm->kernel, site, function, NULL);
	alloc_stack_end(mm, &stack);
}

struct page *alloc_pages_at(struct mm *mm, gfp_t gfp, unsigned order, int nid, unsigned at)
{
	const struct profile *profile = mm->kernel->profile;
	struct page *page;

	if (order > mm->max_order) {
		if (!(gfp & __GFP_NOWARN))
			warn_at(mm, ONCE_ALLOC_PAGES, profile->pages_function, at);
		return NULL;
	}
	if (pages_pre_alloc(mm, gfp, order))
		return NULL;
	page = try_alloc_pages(mm, gfp, order, nid);
	if (page && gfp & __GFP_NOFAIL && order > 1 && profile->nofail_order_warns)
		warn_at(mm, ONCE_NOFAIL_ORDER, "get_page_from_freelist", at);
	if (!page)
		warn_alloc(mm, gfp, order, at);
	return page;
}

struct page *alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid)
{
	alloc_way_begin(mm, NULL);
	return alloc_pages_at(mm, gfp, order, nid, AT_PAGES);
}

static struct zone *zone_of(struct mm *mm, uint32_t pfn)
{
	struct numa_node *n = &mm->node[pfn_node(mm, pfn)];

	for (int i = 0; i < ZONES - 1; i++)
		if (pfn < n->zone[i].end)
			return &n->zone[i];
	return &n->zone[ZONES - 1];
}

void free_pages(struct mm *mm, struct page *page)
{
	uint32_t pfn = page_pfn(mm, page);
	struct zone *z = zone_of(mm, pfn);
	unsigned order = page->order;

	kasan_poison(mm, pfn_ptr(mm, pfn), (size_t)PAGE_SIZE << order, KASAN_FREE_PAGE);
	for (uint32_t i = 0; i < 1u << order; i++)
		page[i].kind = PAGE_NONE;
	while (order < top_order(mm)) {
		uint32_t buddy = pfn ^ (1u << order);

		if (buddy < z->start || buddy + (1u << order) > z->end ||
		    mm->pages[buddy].kind != PAGE_FREE || mm->pages[buddy].order != order)
			break;
		block_take(mm, z, buddy);
		pfn &= ~(1u << order);
		order++;
	}
	block_push(mm, z, pfn, order);
}
