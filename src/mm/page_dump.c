/* SPDX-License-Identifier: MIT */
/*
 * What a report prints about a page. Corresponds to dump_page() in Linux' mm/debug.c.
 * Differs: of struct page, the words that the model knows are printed; the others, list
 * pointers, are those of a page that is on no list.
 */
#include "mm/page_dump.h"

#include <stdio.h>

#include "kernel/log.h"
#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"

#define LOG(...) printk(k, KERN_WARNING, __VA_ARGS__)

#define VMEMMAP 0xffffea0000000000ull
#define PAGE_STRUCT 64
#define LIST_POISON 0xdead000000000100ull
#define LIST_POISON_2 0xdead000000000122ull
#define NO_MAPPING 0xffffffffull /* -1: not mapped into a process */
#define BUDDY (-128)

/* The layout of the lines about a page, from a release on. */
struct page_lines {
	int since;
	const char *count;       /* "refcount" */
	bool names_page;         /* the line begins with page:ADDR; otherwise without an address */
	bool pfn, raw, page_type, heads;
	bool flags_name_place;   /* (slab|node=0|zone=2), not (slab) */
	bool slab_flag;          /* slab pages are marked by a flag, not by a type */
	bool slab_counts;        /* ... and have a refcount of 1 */
	bool per_cpu_blocks;     /* freed blocks of up to 8 pages go to a per-CPU list */
	uint8_t head;            /* bit of the flag of a block's first page */
	const char *large_type;  /* of a large kmalloc; NULL: none */
};

static const struct page_lines lines[] = {
	{ .since = RELEASE(7, 2), .count = "refcount", .pfn = true, .raw = true, .page_type = true,
	  .heads = true, .flags_name_place = true, .per_cpu_blocks = true, .head = 6,
	  .large_type = "f8(unknown)" },
	{ .since = RELEASE(6, 12), .count = "refcount", .pfn = true, .raw = true, .page_type = true,
	  .heads = true, .flags_name_place = true, .slab_counts = true, .per_cpu_blocks = true,
	  .head = 6 },
	{ .since = RELEASE(6, 1), .count = "refcount", .names_page = true, .pfn = true, .raw = true,
	  .flags_name_place = true, .slab_flag = true, .slab_counts = true,
	  .per_cpu_blocks = true, .head = 16 },
	{ .since = RELEASE(5, 10), .count = "refcount", .names_page = true, .pfn = true, .raw = true,
	  .slab_flag = true, .slab_counts = true, .head = 16 },
	{ .since = RELEASE(4, 19), .count = "count", .names_page = true, .raw = true,
	  .slab_flag = true, .slab_counts = true, .head = 15 },
	{ .count = "count", .names_page = true, .slab_flag = true, .slab_counts = true, .head = 14 },
};

static const struct page_lines *lines_of(const struct kernel *k)
{
	const struct page_lines *l = lines;

	while (l->since > k->profile->version)
		l++;
	return l;
}

/* --- the page ----------------------------------------------------------- */

struct what {
	const struct page_lines *l;
	const struct page *page; /* NULL: it is free */
	uint32_t pfn;            /* of the block's first page, in units */
	unsigned order;          /* in pages */
	bool slab, large;        /* large: kmalloc's */
};

static struct what what_is(const struct mm *mm, const void *p)
{
	const struct page *page = page_of(mm, p);
	struct what w = {
		.l = lines_of(mm->kernel), .page = page, .pfn = mm_pfn(mm, p),
	};

	w.pfn = w.pfn >> mm->page_order << mm->page_order;
	if (!page)
		return w;
	w.pfn = page->head;
	w.order = page->order - mm->page_order;
	w.slab = page->kind == PAGE_SLAB;
	w.large = page->kind == PAGE_LARGE &&
		  (mm->slots[page->slots] & ~SLOT_ALLOCATED) != TAG_PAGES;
	return w;
}

static int zone_index(const struct mm *mm, uint32_t pfn)
{
	const struct numa_node *n = &mm->node[pfn_node(mm, pfn)];

	for (int i = 0; i < ZONES; i++)
		if (pfn >= n->zone[i].start && pfn < n->zone[i].end)
			return i;
	return 0;
}

static int mapcount(const struct what *w)
{
	return w->page || w->l->per_cpu_blocks ? 0 : BUDDY;
}

static int refcount(const struct what *w)
{
	if (w->slab)
		return w->l->slab_counts;
	return w->page && !(w->large && w->l->large_type);
}

static unsigned long long page_struct(const struct mm *mm, uint32_t pfn)
{
	return VMEMMAP + (unsigned long long)(pfn >> mm->page_order) * PAGE_STRUCT;
}

/* Plain %p is hashed; early in a boot there is no hash yet. */
static const char *page_name(const struct mm *mm, const struct what *w, char out[32])
{
	const struct kernel *k = mm->kernel;
	bool hashed = k->profile->version >= RELEASE(5, 10);

	if (!w->l->names_page)
		return "";
	if (hashed)
		return "(____ptrval____)";
	snprintf(out, 32, "%016llx", page_struct(mm, w->pfn));
	return out;
}

/* The flags; their names, separated by '|', go to out. */
static uint64_t flags_of(const struct mm *mm, const struct what *w, char *out, size_t size)
{
	const struct kernel *k = mm->kernel;
	bool slab = w->slab && w->l->slab_flag, head = w->order > 0;
	int zone = zone_index(mm, w->pfn), node = pfn_node(mm, w->pfn);
	uint64_t flags = (uint64_t)slab << (w->l->since >= RELEASE(4, 19) ? 9 : 7) |
			 (uint64_t)head << w->l->head;
	int n = snprintf(out, size, "%s%s%s", slab ? "slab" : "", slab && head ? "|" : "",
			 head ? "head" : "");

	if (k->profile->numa)
		flags |= (uint64_t)node << 54 | (uint64_t)zone << 51 | 0x1fffffull << 30;
	if (!w->l->flags_name_place)
		return flags;
	if (k->profile->numa)
		snprintf(out + n, size - (size_t)n, "%snode=%d|zone=%d|lastcpupid=0x1fffff",
			 n ? "|" : "", node, zone);
	else
		snprintf(out + n, size - (size_t)n, "%szone=%d", n ? "|" : "", zone);
	return flags;
}

static const char *type_of(const struct what *w)
{
	if (w->slab)
		return "f5(slab)";
	return w->large ? w->l->large_type : NULL;
}

/* --- its words ------------------------------------------------------------ */

/* Objects of a slab, how many are in use, and whether the CPU owns it. */
static uint64_t counters(const struct mm *mm, const struct what *w)
{
	const struct kmem_cache *c = w->page->owner->cache;
	bool frozen = !c->debug && !mm->kernel->profile->no_cpu_slabs;

	return (uint64_t)frozen << 31 | (uint64_t)c->objects << 16 |
	       (w->page->inuse < c->objects ? w->page->inuse : c->objects);
}

/* An invented address for the cache: all of them are in one row. */
static uint64_t cache_address(const struct mm *mm, const struct kmem_cache *c)
{
	return mm->page_offset + 0x140000 + (uint64_t)(c - mm->caches) * 0xc0;
}

static void words_of(const struct mm *mm, const struct what *w, uint64_t flags, uint64_t out[8])
{
	uint64_t type = NO_MAPPING;

	out[0] = flags;
	out[1] = w->slab || w->page ? LIST_POISON : 0;
	out[2] = w->page ? LIST_POISON_2 : 0;
	out[3] = out[4] = out[5] = out[7] = 0;
	if (w->slab) {
		uint64_t cache = cache_address(mm, w->page->owner->cache);

		out[w->l->page_type ? 1 : 3] = cache;
		out[5] = counters(mm, w);
	}
	if (w->large && w->l->page_type)
		out[1] = 0;
	if (w->l->page_type && type_of(w))
		type = w->slab ? 0xf5000000 : 0xf8000000;
	else if (mapcount(w))
		type = (uint32_t)(BUDDY - 1);
	out[6] = (uint64_t)refcount(w) << 32 | type;
}

static void report_words(struct kernel *k, const char *what, const uint64_t word[4])
{
	LOG("%s: %016llx %016llx %016llx %016llx", what, (unsigned long long)word[0],
	    (unsigned long long)word[1], (unsigned long long)word[2], (unsigned long long)word[3]);
}

static void report_raw(struct mm *mm, const struct what *w, uint64_t flags)
{
	struct kernel *k = mm->kernel;
	uint64_t word[8], second[8] = { 0 };

	words_of(mm, w, flags, word);
	report_words(k, "raw", word);
	report_words(k, "raw", word + 4);
	if (!w->order || !w->l->heads)
		return;
	report_words(k, "head", word);
	report_words(k, "head", word + 4);
	/* fields of the second page that describe the whole block */
	second[0] = w->order;
	second[1] = page_struct(mm, w->pfn) + PAGE_STRUCT + 1;
	second[2] = NO_MAPPING;
	second[4] = w->l->large_type ? 0 : 1u << w->order;
	second[6] = NO_MAPPING;
	report_words(k, "head", second);
	report_words(k, "head", second + 4);
}

/* --- the report -------------------------------------------------------------- */

static void report_head(struct mm *mm, const struct what *w)
{
	struct kernel *k = mm->kernel;
	char name[32];

	if (w->l->page_type)
		LOG("head: order:%u mapcount:0 entire_mapcount:0 nr_pages_mapped:0 pincount:0",
		    w->order);
	else
		LOG("head:%s order:%u compound_mapcount:0 compound_pincount:0",
		    page_name(mm, w, name), w->order);
}

static void report_page(struct mm *mm, const struct what *w)
{
	struct kernel *k = mm->kernel;
	char name[32], pfn[24] = "";

	if (w->l->pfn)
		snprintf(pfn, sizeof(pfn), " pfn:0x%x", w->pfn >> mm->page_order);
	LOG("page:%s %s:%d mapcount:%d mapping:%016llx index:0x0%s%s", page_name(mm, w, name),
	    w->l->count, refcount(w), mapcount(w), 0ull, pfn,
	    w->order && !w->l->pfn ? " compound_mapcount: 0" : "");
	if (w->order && w->l->pfn)
		report_head(mm, w);
}

void dump_page(struct mm *mm, const void *p, const char *because)
{
	struct kernel *k = mm->kernel;
	struct what w = what_is(mm, p);
	char names[96];
	uint64_t flags = flags_of(mm, &w, names, sizeof(names));

	report_page(mm, &w);
	LOG("flags: 0x%llx(%s)", (unsigned long long)flags, names);
	if (w.l->page_type && type_of(&w))
		LOG("page_type: %s", type_of(&w));
	if (w.l->raw)
		report_raw(mm, &w, flags);
	LOG("page dumped because: %s", because);
}
