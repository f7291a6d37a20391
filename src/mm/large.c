/* SPDX-License-Identifier: MIT */
/*
 * Objects that are whole blocks of pages. Corresponds to the large kmalloc in Linux'
 * mm/slab_common.c and to __get_free_pages().
 */
#include "mm/alloc_stack.h"
#include "mm/object_bytes.h"

#include <string.h>

#include "mm/gfp.h"
#include "mm/kasan.h"
#include "mm/large.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/poison.h"
#include "mm/slab.h"
#include "mm/slots.h"
#include "mm/track.h"

bool large_alloc(struct mm *mm, struct request r, gfp_t gfp, int nid, uint32_t tag,
		 const char *chain, struct object *o)
{
	struct page *page;
	uint32_t slot;
	size_t zero;

	page = alloc_pages_at(mm, gfp, get_order(mm, r.size), (int)alloc_node(mm, nid),
			      tag == TAG_PAGES ? AT_PAGES : AT_LARGE_PAGES);
	if (!page)
		return false;
	if (!slots_get(mm, SLOTS_LONE, 1, &slot)) {
		free_pages(mm, page);
		return false;
	}
	page->kind = PAGE_LARGE;
	page->slots = slot;
	page->inuse = 1;
	page->bytes = r.asked;
	mm->slots[slot] = tag | SLOT_ALLOCATED;
	object_find(mm, pfn_ptr(mm, page->head), o);
	kasan_alloc(mm, o, r.size, NULL);
	zero = zeroed_by_alloc(mm, o, r.asked, gfp);
	if (zero)
		slab_zero(o->start, zero);
	else if (mm->poison)
		memset(o->start, PAGE_POISON, o->size);
	if (mm->tracks)
		track_alloc(mm, slot, r.asked, chain);
	return true;
}

void large_free(struct mm *mm, const struct object *o)
{
	if (mm->poison)
		memset(o->start, PAGE_POISON, o->size);
	else if (zeroed_by_free(mm, o))
		memset(o->start, 0, o->size);
	slots_put(mm, SLOTS_LONE, o->slot);
	free_pages(mm, o->page);
}
