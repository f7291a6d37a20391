/* SPDX-License-Identifier: MIT */
/* Walks all objects of a machine. Corresponds to no kernel file. */
#include "mm/vmalloc.h"

#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"

/* The first allocated slot at or after *index, out of `count`. */
static bool next_slot(const struct mm *mm, const struct page *page, uint32_t count,
		      uint32_t *index)
{
	for (; *index < count; ++*index)
		if (mm->slots[page->slots + *index] & SLOT_ALLOCATED)
			return true;
	return false;
}

/* Units to skip for a page that begins a block, or is in none. */
static uint32_t block_units(const struct mm *mm, const struct page *page)
{
	if (page->kind == PAGE_VMALLOC)
		return vmalloc_units(mm, page->bytes);
	return page->kind == PAGE_NONE || page->kind == PAGE_RESERVED || page->kind == PAGE_TAIL
		? 1 : 1u << page->order;
}

struct slab_walk slabs_of(const struct mm *mm, const struct kmem_cache *c)
{
	struct slab_walk w = { .cache = c };

	for (int n = 0; n < mm->nodes; n++)
		w.left += c->node[n].slabs;
	return w;
}

struct page *slabs_next(const struct mm *mm, struct slab_walk *w)
{
	while (w->left && w->pfn < mm->pfns) {
		struct page *page = &mm->pages[w->pfn];

		w->pfn += block_units(mm, page);
		if (page->kind != PAGE_SLAB || page->owner->cache != w->cache)
			continue;
		w->left--;
		return page;
	}
	return NULL;
}

bool objects_next(const struct mm *mm, uint64_t *at, struct object *o)
{
	uint32_t pfn = (uint32_t)(*at >> 16), index = *at & 0xffff;

	while (pfn < mm->vm_end) {
		const struct page *page = &mm->pages[pfn];
		bool slab = page->kind == PAGE_SLAB;
		char *first = pfn_ptr(mm, pfn);

		if ((slab || page->kind == PAGE_LARGE || page->kind == PAGE_VMALLOC) && page->inuse &&
		    next_slot(mm, page, slab ? page->owner->objects : 1, &index)) {
			object_find(mm, first + (slab ? (size_t)index * page->owner->stride : 0), o);
			*at = ((uint64_t)pfn << 16 | index) + 1;
			return true;
		}
		pfn += block_units(mm, page);
		index = 0;
	}
	return false;
}
