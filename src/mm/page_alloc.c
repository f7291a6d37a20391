/* SPDX-License-Identifier: MIT */
/*
 * The buddy allocator. Corresponds to Linux' mm/page_alloc.c. Differs: one
 * migrate type, no per-CPU lists, no reclaim but the slab caches' empty slabs.
 */
#include "mm/alloc_stack.h"
#include "mm/kasan.h"
#include "mm/kmemleak.h"
#include "mm/vmalloc.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define RESERVED_PAGES 256 /* units: the first MiB, as firmware leaves it */

enum { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL };
static const char *const zone_names[ZONES] = { "DMA", "DMA32", "Normal" };

unsigned get_order(const struct mm *mm, size_t size)
{
	unsigned order = 0, most = 64 - PAGE_SHIFT - mm->page_order;

	while (order < most && (uint64_t)page_size(mm) << order < size)
		order++;
	return order;
}

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

/* Linux' default: 4 * sqrt(memory), both in KiB. */
static uint32_t default_min_free(const struct mm *mm)
{
	uint64_t want = (uint64_t)mm->pfns * (PAGE_SIZE / 1024) * 16;
	uint32_t root = 0;

	while ((uint64_t)(root + 1) * (root + 1) <= want)
		root++;
	return root < 128 ? 128 : root > 262144 ? 262144 : root;
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
 * Below its minimum a zone has pages only for who may not wait: half of them
 * for __GFP_HIGH, a quarter of the rest when it may not sleep either, all for
 * __GFP_MEMALLOC.
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

/* Highest block first, so that the lowest addresses are handed out first. */
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

/* Memory that costs nothing until it is written to. */
void *reserve(uint64_t bytes)
{
	void *p;

	if (bytes > SIZE_MAX)
		return NULL;
	p = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static void unreserve(void *p, size_t bytes)
{
	if (p)
		munmap(p, bytes);
}

int mm_init(struct mm *mm, struct kernel *k)
{
	const struct page_size *page = arch_page_size(k->arch, k->params.page_size);
	uint64_t size = k->params.mem, slots, room, span;
	uint64_t vm_base = vmalloc_base(k, &room);
	bool tracks = k->params.track || params_kasan(&k->params);

	*mm = (struct mm){
		.kernel = k, .size = size, .page_offset = k->arch->page_offset,
		.pfns = (uint32_t)(size >> PAGE_SHIFT), .vm_end = (uint32_t)(size >> PAGE_SHIFT),
		.span = size + (room < size ? room : size), .vm_base = vm_base,
		.page_order = (uint8_t)(page->shift - PAGE_SHIFT), .word = k->arch->word, .max_order = page->max_order,
		.poison = k->params.poison, .track = k->params.track,
		.nodes = k->params.nodes + k->params.memoryless_nodes,
		.mem_nodes = k->params.nodes,
	};
	span = mm->span;
	faults_init(mm);
	slab_caches_init(mm);
	slots = slab_slots_max(mm);
	mm->slots_max = slots < UINT32_MAX ? (uint32_t)slots : UINT32_MAX;
	mm->base = reserve(span + PAGE_SIZE); /* words may begin in the last byte */
	mm->pages = reserve((span >> PAGE_SHIFT) * sizeof(struct page));
	mm->slots = reserve((uint64_t)mm->slots_max * sizeof(uint32_t));
	mm->sheaves = reserve(mm_sheaves_size(mm));
	if (mm->poison)
		mm->images = reserve(IMAGES_SIZE);
	if (tracks)
		mm->lives = reserve(LIVES * sizeof(struct life));
	if (tracks)
		mm->tracks = reserve((uint64_t)mm->slots_max * sizeof(struct track));
	if (!mm->base || !mm->pages || !mm->slots || !mm->sheaves ||
	    (tracks && (!mm->tracks || !mm->lives)) || kasan_init(mm) || wild_init(mm)) {
		mm_finish(mm);
		return -ENOMEM;
	}
	slab_sheaves_init(mm);
	mm->host_to_sim = mm->page_offset - (uintptr_t)mm->base;
	/* nodes begin at block boundaries where there is room enough */
	mm->node_pages = (mm->pfns / (uint32_t)mm->mem_nodes) >> mm->page_order << mm->page_order;
	for (int i = 0; i < mm->nodes; i++) {
		struct numa_node *n = &mm->node[i];

		n->start = i < mm->mem_nodes ? (uint32_t)i * mm->node_pages : mm->pfns;
		n->end = i + 1 < mm->mem_nodes ? n->start + mm->node_pages : mm->pfns;
		node_init(mm, n);
	}
	set_min_free_kbytes(mm, default_min_free(mm));
	kmemleak_init(mm);
	return 0;
}

void mm_finish(struct mm *mm)
{
	kmemleak_finish(mm);
	unreserve(mm->base, mm->span + PAGE_SIZE);
	unreserve(mm->pages, (mm->span >> PAGE_SHIFT) * sizeof(struct page));
	unreserve(mm->slots, (size_t)mm->slots_max * sizeof(uint32_t));
	unreserve(mm->sheaves, mm_sheaves_size(mm));
	unreserve(mm->images, IMAGES_SIZE);
	unreserve(mm->tracks, (size_t)mm->slots_max * sizeof(struct track));
	unreserve(mm->lives, LIVES * sizeof(struct life));
	depot_finish(&mm->depot);
	unreserve(mm->kasan.shadow, mm->kasan.shadow_size);
	wild_finish(mm);
	mm->kasan = (struct kasan){ 0 };
	mm->base = NULL;
	mm->pages = NULL;
	mm->slots = NULL;
	mm->sheaves = NULL;
	mm->images = NULL;
	mm->tracks = NULL;
	mm->lives = NULL;
	mm->size = mm->span = 0;
}

int node_distance(int from, int to)
{
	return 10 + 10 * (from < to ? to - from : from - to);
}

int node_fallback(const struct mm *mm, int nid, int i)
{
	/* by distance: N, N+1, N-1, N+2, ... as far as they exist */
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

	/* what an architecture has no zone for comes from the next one */
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
 * Who cannot do without takes of the reserve. Linux would try for ever after
 * that; here there is nobody who could free something meanwhile.
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
	if (!page && slab_shrink(mm))
		page = get_page(mm, gfp, order, nid);
	if (!page && gfp & __GFP_NOFAIL)
		page = get_page_nofail(mm, gfp, order, nid);
	if (!page)
		return NULL;
	pfn = page_pfn(mm, page);
	*page = (struct page){ .kind = PAGE_RAW, .order = (uint8_t)order, .head = pfn };
	for (uint32_t i = 1; i < 1u << order; i++) {
		page[i].kind = PAGE_TAIL;
		page[i].head = pfn;
	}
	kasan_unpoison(mm, pfn_ptr(mm, pfn), (size_t)PAGE_SIZE << order);
	return page;
}

/* A WARN in `function` of the page allocator, which is on its way for somebody. */
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
