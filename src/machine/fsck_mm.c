/* SPDX-License-Identifier: MIT */
/*
 * Pages and objects: each page is in one block, each block on one list; each object is
 * allocated, in the sheaf, or on the free list of its cache; and each slot belongs to one
 * block.
 */
#include "machine/fsck.h"
#include "mm/kasan.h"
#include "mm/vmalloc.h"

#include <stdio.h>

#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/kmemleak.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slab.h"

/* Counts of the walk over all pages, for one cache on one node. */
struct tally {
	uint32_t slabs, listed, waiting;
};

/* --- pages ------------------------------------------------------------------ */

static bool block_fits(const struct mm *mm, const struct zone *z, uint32_t pfn, unsigned order,
		       uint32_t prev)
{
	const struct page *page;

	if (pfn < z->start || pfn >= z->end || (1u << order) > z->end - pfn ||
	    pfn & ((1u << order) - 1))
		return false;
	page = &mm->pages[pfn];
	return page->kind == PAGE_FREE && page->order == order && page->free.prev == prev;
}

/* Two free buddies should have been merged. */
static bool buddy_is_free(const struct mm *mm, const struct zone *z, uint32_t pfn, unsigned order)
{
	uint32_t buddy = pfn ^ (1u << order);

	return order < mm->page_order + mm->max_order &&
	       buddy >= z->start && buddy + (1u << order) <= z->end &&
	       mm->pages[buddy].kind == PAGE_FREE && mm->pages[buddy].order == order;
}

/* Checks a zone's lists; returns the number of blocks on them. */
static uint64_t check_zone(struct fsck *f, const struct zone *z, const char *where)
{
	const struct mm *mm = &f->m->mm;
	uint64_t all = 0, pages = 0;

	for (unsigned order = 0; order < ORDERS; order++) {
		uint32_t prev = NO_PAGE, blocks = 0;

		for (uint32_t pfn = z->head[order]; pfn != NO_PAGE; pfn = mm->pages[pfn].free.next) {
			if (!block_fits(mm, z, pfn, order, prev)) {
				fsck_report(f, FSCK_UNSOUND, where, "page %u is not a free block of "
					    "order %u", pfn, order);
				break;
			}
			if (buddy_is_free(mm, z, pfn, order))
				fsck_report(f, FSCK_UNSOUND, where, "page %u and its buddy of order %u "
					    "are both free", pfn, order);
			prev = pfn;
			blocks++;
		}
		if (blocks && (order < mm->page_order || order > mm->page_order + mm->max_order))
			fsck_report(f, FSCK_UNSOUND, where, "a page is a block of order %u, and there "
				    "are %u of order %u", mm->page_order, blocks, order);
		if (blocks != z->blocks[order])
			fsck_report(f, FSCK_UNSOUND, where, "%u blocks of order %u are counted, %u "
				    "are on the list", z->blocks[order], order, blocks);
		all += blocks;
		pages += (uint64_t)blocks << order;
	}
	if (pages != z->free)
		fsck_report(f, FSCK_UNSOUND, where, "%llu free pages are counted, %llu are on the lists",
			    (unsigned long long)z->free, (unsigned long long)pages);
	return all;
}

static bool in_a_zone(const struct mm *mm, uint32_t pfn)
{
	const struct numa_node *n = &mm->node[pfn_node(mm, pfn)];

	for (int i = 0; i < ZONES; i++)
		if (pfn >= n->zone[i].start && pfn < n->zone[i].end)
			return true;
	return false;
}

static void page_name(char out[32], uint32_t pfn)
{
	snprintf(out, 32, "page %u", pfn);
}

/* --- slots ------------------------------------------------------------------ */

/* A row of slots must belong to one owner only. */
static bool take_row(struct fsck *f, const char *where, uint32_t first, uint32_t n)
{
	const struct mm *mm = &f->m->mm;

	if (first > mm->slots_used || n > mm->slots_used - first) {
		fsck_report(f, FSCK_UNSOUND, where, "slots from %u on, of %u", first, mm->slots_used);
		return false;
	}
	for (uint32_t i = first; i < first + n; i++)
		if (fsck_mark(f->row, i)) {
			fsck_report(f, FSCK_UNSOUND, where, "slot %u has another owner, too", i);
			return false;
		}
	return true;
}

static void check_free_rows(struct fsck *f)
{
	const struct mm *mm = &f->m->mm;
	uint32_t lost = 0;

	for (unsigned row = 0; row < ROW_CLASSES; row++) {
		uint32_t n = slots_row(mm, row);

		for (uint32_t at = mm->slots_free[row]; at; at = mm->slots[at - 1])
			if (!take_row(f, "free slots", at - 1, n))
				break;
	}
	for (uint32_t i = 0; i < mm->slots_used; i++)
		lost += !fsck_bit(f->row, i);
	if (lost)
		fsck_report(f, FSCK_UNSOUND, "slots", "%u of %u have no owner", lost, mm->slots_used);
}

/* --- objects ---------------------------------------------------------------- */

static void cache_where(char out[48], const struct mm *mm, const struct cache_node *cn)
{
	snprintf(out, 48, "%.29s on node %d", cn->cache->name, (int)(cn - cn->cache->node));
	(void)mm;
}

/* The object with this number in this cache; false after a finding. */
static bool numbered(struct fsck *f, const struct cache_node *cn, const char *where,
		     uint32_t number, struct object *o)
{
	const struct mm *mm = &f->m->mm;

	if (object_at(mm, object_start(mm, number), o) && o->page->owner == cn &&
	    o->slot - o->page->slots < cn->objects && o->slot < mm->slots_used)
		return true;
	fsck_report(f, FSCK_UNSOUND, where, "object number %u is not in this cache", number);
	return false;
}

static void check_free_list(struct fsck *f, const struct cache_node *cn, const char *where,
			    struct tally *t)
{
	const struct mm *mm = &f->m->mm;
	struct object o;

	for (uint32_t number = cn->free; number; number = mm->slots[o.slot]) {
		if (!numbered(f, cn, where, number, &o))
			return;
		if (object_allocated(mm, &o) || fsck_mark(f->free_list, o.slot)) {
			fsck_report(f, FSCK_UNSOUND, where, "object %llx is on the free list and %s",
				    (unsigned long long)mm_addr(mm, o.start),
				    object_allocated(mm, &o) ? "allocated" : "there twice");
			return;
		}
		t->listed++;
	}
}

static void check_sheaf(struct fsck *f, const struct cache_node *cn, const char *where)
{
	const struct mm *mm = &f->m->mm;
	struct object o;

	if (cn->spares > SHEAF_SIZE || cn->spares > cn->taken) {
		fsck_report(f, FSCK_UNSOUND, where, "%u objects in the sheaf, %u off the list",
			    cn->spares, cn->taken);
		return;
	}
	for (uint32_t i = 0; i < cn->spares; i++) {
		if (!numbered(f, cn, where, cn->sheaf[i].number, &o))
			continue;
		if (cn->sheaf[i].slot != o.slot)
			fsck_report(f, FSCK_UNSOUND, where, "object %llx has slot %zu, in the sheaf %u",
				    (unsigned long long)mm_addr(mm, o.start), o.slot, cn->sheaf[i].slot);
		if (fsck_mark(f->sheaf, o.slot))
			fsck_report(f, FSCK_UNSOUND, where, "object %llx is in the sheaf twice",
				    (unsigned long long)mm_addr(mm, o.start));
	}
}

/* A tag is a purpose or the list that the object is on. */
static void check_tag(struct fsck *f, const char *where, size_t slot, uint64_t addr)
{
	const struct driver_core *core = &f->m->core;
	uint32_t tag = f->m->mm.slots[slot] & ~SLOT_ALLOCATED;

	if (tag >= TAG_KMALLOC && tag <= TAG_DEVRES)
		return;
	if (tag < TAG_LISTS || tag - TAG_LISTS >= core->lists_used) {
		fsck_report(f, FSCK_UNSOUND, where, "object %llx has the invalid tag %u",
			    (unsigned long long)addr, tag);
		return;
	}
	fsck_mark(f->used_tag, tag - TAG_LISTS);
	if (fsck_bit(f->free_tag, tag - TAG_LISTS))
		/* an overwritten list loses nodes and may be dropped before they are */
		fsck_report(f, f->memory, where, "object %llx has the free tag %u",
			    (unsigned long long)addr, tag);
	else if (!devres_owner(core, tag))
		return; /* leaked with its device, or being released */
	else if (!fsck_bit(f->on_list, slot))
		fsck_report(f, f->memory, where, "object %llx is not on the list of %.20s",
			    (unsigned long long)addr, devres_owner(core, tag)->name);
}

/* Whether KASAN allows access to the first byte. */
static bool first_byte_open(const struct mm *mm, uint64_t addr)
{
	return kasan_shadow_at(mm, mm_ptr(mm, addr, 1)) < KASAN_GRANULE;
}

static void check_slab(struct fsck *f, const struct page *page, struct tally *tally)
{
	const struct mm *mm = &f->m->mm;
	const struct cache_node *cn = page->owner;
	const char *first = pfn_ptr(mm, page->head);
	uint32_t listed = 0;
	struct tally *t;
	char where[48];

	cache_where(where, mm, cn);
	t = &tally[(cn->cache - mm->caches) * NODES_MAX + (cn - cn->cache->node)];
	t->slabs++;
	if (page->order != cn->cache->order + mm->page_order ||
	    cn - cn->cache->node != pfn_node(mm, page->head))
		fsck_report(f, FSCK_UNSOUND, where, "page %u is a slab of order %u of node %d",
			    page->head, page->order, pfn_node(mm, page->head));
	if (!take_row(f, where, page->slots, cn->cache->row))
		return;
	for (uint32_t i = 0; i < cn->objects; i++) {
		size_t slot = page->slots + i;
		uint64_t addr = mm_addr(mm, first + (size_t)i * cn->stride + cn->left);
		bool used = mm->slots[slot] & SLOT_ALLOCATED, on_free = fsck_bit(f->free_list, slot);
		bool spare = fsck_bit(f->sheaf, slot);

		listed += on_free;
		if (!used && !on_free && !spare && t->waiting < cn->quarantined)
			t->waiting++; /* in the quarantine, or set aside */
		else if (used + on_free + spare != 1)
			fsck_report(f, FSCK_UNSOUND, where, "object %llx is %s%s%s",
				    (unsigned long long)addr, used ? "allocated" : on_free || spare ?
				    "" : "neither allocated nor free", on_free ? " on the free list" : "",
				    spare ? " in the sheaf" : "");
		if (used)
			check_tag(f, where, slot, addr);
		if (mm->kasan.shadow && used != first_byte_open(mm, addr))
			fsck_report(f, FSCK_UNSOUND, where, "object %llx is %s, but its shadow disagrees",
				    (unsigned long long)addr, used ? "allocated" : "free");
	}
	if (mm->slots[page->slots + cn->objects])
		fsck_report(f, FSCK_UNSOUND, where, "page %u: the slot after the last is in use",
			    page->head);
	if (page->inuse != cn->objects - listed)
		fsck_report(f, FSCK_UNSOUND, where, "page %u: %u objects off the list are counted, "
			    "there are %u", page->head, page->inuse, cn->objects - listed);
}

static void check_large(struct fsck *f, const struct page *page, const char *where)
{
	const struct mm *mm = &f->m->mm;

	if (!take_row(f, where, page->slots, 1))
		return;
	if (page->inuse != 1 || !(mm->slots[page->slots] & SLOT_ALLOCATED) ||
	    page->bytes > (uint64_t)PAGE_SIZE << page->order)
		fsck_report(f, FSCK_UNSOUND, where, "a large object of %llu bytes, in use %u",
			    (unsigned long long)page->bytes, page->inuse);
	else
		check_tag(f, where, page->slots, mm_addr(mm, pfn_ptr(mm, page->head)));
}

/* --- blocks ----------------------------------------------------------------- */

/* The pages of a block after the first. */
static void check_tails(struct fsck *f, const struct page *page, uint32_t pfn, const char *where)
{
	bool free = page->kind == PAGE_FREE;

	for (uint32_t i = 1; i < 1u << page->order; i++)
		if (page[i].kind != (free ? PAGE_NONE : PAGE_TAIL) || (!free && page[i].head != pfn)) {
			fsck_report(f, FSCK_UNSOUND, where, "its page %u is of kind %d, head %u", pfn + i,
				    page[i].kind, page[i].head);
			return;
		}
}

static bool owner_exists(const struct mm *mm, const struct page *page)
{
	const char *at = (const char *)page->owner, *from = (const char *)mm->caches;

	return at >= from && at < from + sizeof(mm->caches);
}

/* Checks the block that begins here; returns its length in pages. */
static uint32_t check_block(struct fsck *f, uint32_t pfn, struct tally *tally, uint64_t *blocks)
{
	const struct mm *mm = &f->m->mm;
	const struct page *page = &mm->pages[pfn];
	char where[32];

	page_name(where, pfn);
	if (page->kind == PAGE_NONE || page->kind == PAGE_TAIL || page->kind > PAGE_TAIL ||
	    page->kind == PAGE_RESERVED) {
		if (in_a_zone(mm, pfn))
			fsck_report(f, FSCK_UNSOUND, where, "is in no block");
		return 1;
	}
	if (page->order < mm->page_order || page->order > mm->page_order + mm->max_order ||
	    (1u << page->order) > mm->pfns - pfn ||
	    (page->kind != PAGE_FREE && page->head != pfn)) {
		fsck_report(f, FSCK_UNSOUND, where, "order %u, head %u", page->order, page->head);
		return 1;
	}
	/* skip large free blocks, which are most of the memory */
	if (page->kind != PAGE_FREE || page->order < 5)
		check_tails(f, page, pfn, where);
	*blocks += page->kind == PAGE_FREE;
	if (page->kind == PAGE_LARGE)
		check_large(f, page, where);
	else if (page->kind == PAGE_SLAB && owner_exists(mm, page))
		check_slab(f, page, tally);
	else if (page->kind == PAGE_SLAB)
		fsck_report(f, FSCK_UNSOUND, where, "is a slab of no cache");
	return 1u << page->order;
}

static void check_tally(struct fsck *f, const struct cache_node *cn, const struct tally *t,
			const char *where)
{
	uint32_t off_list = t->slabs * cn->objects - t->listed;

	if (cn->slabs != t->slabs)
		fsck_report(f, FSCK_UNSOUND, where, "%u slabs are counted, there are %u", cn->slabs,
			    t->slabs);
	if (cn->quarantined != t->waiting)
		fsck_report(f, FSCK_UNSOUND, where, "%u waiting objects are counted, there are %u",
			    cn->quarantined, t->waiting);
	if (cn->taken != off_list)
		fsck_report(f, FSCK_UNSOUND, where, "%u objects off the list are counted, there are %u",
			    cn->taken, off_list);
}

/* A vmalloc() area: its slot, its pages, and the pages of memory that back it. */
static void check_area(struct fsck *f, const struct page *area, const char *where)
{
	const struct mm *mm = &f->m->mm;
	uint32_t units = vmalloc_units(mm, area->bytes);

	if (take_row(f, where, area->slots, 1))
		check_tag(f, where, area->slots, mm_addr(mm, pfn_ptr(mm, area->head)));
	for (uint32_t i = 1; i < units; i++)
		if (area[i].kind != PAGE_TAIL || area[i].head != area->head)
			fsck_report(f, FSCK_UNSOUND, where, "its page %u is of kind %d, head %u", i,
				    area[i].kind, area[i].head);
	for (uint32_t i = 0; i < units >> mm->page_order; i++) {
		uint32_t pfn = vmalloc_backing(mm, area, i);

		if (pfn >= mm->pfns || mm->pages[pfn].kind != PAGE_RAW)
			fsck_report(f, FSCK_UNSOUND, where, "page %u is backed by page %u, which is not its own",
				    i, pfn);
	}
}

static void check_areas(struct fsck *f)
{
	const struct mm *mm = &f->m->mm;
	char where[32];

	for (uint32_t pfn = mm->pfns; pfn < mm->vm_end;) {
		const struct page *page = &mm->pages[pfn];

		page_name(where, pfn);
		if (page->kind == PAGE_VMALLOC && page->head == pfn) {
			check_area(f, page, where);
			pfn += vmalloc_units(mm, page->bytes);
			continue;
		}
		if (page->kind != PAGE_NONE)
			fsck_report(f, FSCK_UNSOUND, where, "is of kind %d in the vmalloc window",
				    page->kind);
		pfn++;
	}
}

/* Objects that kmemleak remembers: sorted, and cleared only after they were reported. */
static void check_suspects(struct fsck *f)
{
	const struct kmemleak *k = &f->m->mm.kmemleak;
	uint32_t last = 0;

	if (k->on && !f->m->mm.tracks)
		fsck_report(f, FSCK_UNSOUND, "kmemleak", "is on, but no tracks are kept");
	for (uint32_t i = 0; i < k->suspects; last = k->suspect[i++].number) {
		const struct leak_suspect *l = &k->suspect[i];

		if (l->number <= last || l->number >= f->m->mm.span >> 3)
			fsck_report(f, FSCK_UNSOUND, "kmemleak", "suspect %u has number %u after %u", i,
				    l->number, last);
		if (l->grey && (l->white || !l->reported))
			fsck_report(f, FSCK_UNSOUND, "kmemleak", "suspect %u was cleared, and is %s", i,
				    l->white ? "still one" : "one that was not reported");
	}
}

void fsck_mm(struct fsck *f)
{
	const struct mm *mm = &f->m->mm;
	struct tally tally[CACHES * NODES_MAX] = { 0 };
	uint64_t listed = 0, blocks = 0;
	char where[48];

	for (int n = 0; n < mm->nodes; n++)
		for (int i = 0; i < ZONES; i++) {
			snprintf(where, sizeof(where), "zone %s of node %d", mm->node[n].zone[i].name, n);
			listed += check_zone(f, &mm->node[n].zone[i], where);
		}
	for (int i = 0; i < CACHES; i++)
		for (int n = 0; n < mm->nodes && mm->caches[i].object_size; n++) {
			const struct cache_node *cn = &mm->caches[i].node[n];

			cache_where(where, mm, cn);
			check_free_list(f, cn, where, &tally[i * NODES_MAX + n]);
			check_sheaf(f, cn, where);
		}
	check_suspects(f);
	for (uint32_t pfn = 0; pfn < mm->pfns;)
		pfn += check_block(f, pfn, tally, &blocks);
	check_areas(f);
	if (blocks != listed)
		fsck_report(f, FSCK_UNSOUND, "pages", "%llu free blocks, %llu on lists",
			    (unsigned long long)blocks, (unsigned long long)listed);
	for (int i = 0; i < CACHES; i++)
		for (int n = 0; n < mm->nodes && mm->caches[i].object_size; n++) {
			cache_where(where, mm, &mm->caches[i].node[n]);
			check_tally(f, &mm->caches[i].node[n], &tally[i * NODES_MAX + n], where);
		}
	check_free_rows(f);
}
