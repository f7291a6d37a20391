/* SPDX-License-Identifier: MIT */
/*
 * Sets up and tears down the memory of a machine. Corresponds to mm_core_init() in Linux'
 * mm/mm_init.c.
 */
#include "mm/kmemleak.h"
#include "mm/vmalloc.h"

#include <errno.h>
#include <string.h>

#include "mm/address.h"
#include "mm/cache.h"
#include "mm/depot.h"
#include "mm/failslab.h"
#include "mm/gfp.h"
#include "mm/host.h"
#include "mm/kasan.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/slab.h"
#include "mm/track.h"

#define SLOTS_FEW (1u << 18)

/*
 * Reserves slots for a machine full of the smallest objects, or fewer if the host limits
 * the address space.
 */
static bool reserve_slots(struct mm *mm, bool tracks)
{
	uint64_t slots = slab_slots_max(mm);

	for (slots = slots < UINT32_MAX ? slots : UINT32_MAX;; slots /= 2, mm->slots_few = true) {
		mm->slots_max = (uint32_t)slots;
		mm->slots = area_take(&mm->area[AREA_SLOTS], slots * sizeof(uint32_t));
		mm->tracks = tracks ? area_take(&mm->area[AREA_TRACKS], slots * sizeof(struct track))
				    : NULL;
		if (mm->slots && (mm->tracks || !tracks))
			return true;
		area_drop(&mm->area[AREA_SLOTS]);
		area_drop(&mm->area[AREA_TRACKS]);
		mm->slots = NULL;
		mm->tracks = NULL;
		if (slots < SLOTS_FEW)
			return false;
	}
}

/* Drops all areas, or only those that this boot did not take. */
static void drop_areas(struct mm *mm, bool spare_taken)
{
	for (int i = 0; i < AREAS; i++)
		if (!spare_taken || !mm->area[i].taken)
			area_drop(&mm->area[i]);
}

/* Zeroes these units of memory, and their shadow. */
static void clear_memory(struct mm *mm, uint32_t from, uint32_t to)
{
	uint64_t at = (uint64_t)from << PAGE_SHIFT, bytes = (uint64_t)(to - from) << PAGE_SHIFT;

	area_clear(&mm->area[AREA_BASE], at, bytes);
	area_clear(&mm->area[AREA_SHADOW], at / KASAN_GRANULE, bytes / KASAN_GRANULE);
}

/*
 * Zeroes what was written since boot. Mapping the areas anew instead would cost a page
 * fault for each page, which takes longer than most scenarios run. Sheaves and images are
 * never read before they are written, and stay as they are.
 */
static void clear_areas(struct mm *mm)
{
	if (!mm->base || !mm->pages || !mm->slots)
		return;
	pages_clear(mm, &mm->area[AREA_PAGES]);
	if (mm->touched.from < mm->touched.to)
		clear_memory(mm, mm->touched.from, mm->touched.to);
	clear_memory(mm, mm->pfns, mm->vm_end);
	area_clear(&mm->area[AREA_SLOTS], 0, (uint64_t)mm->slots_used * sizeof(uint32_t));
	area_clear(&mm->area[AREA_TRACKS], 0, (uint64_t)mm->slots_used * sizeof(struct track));
	area_clear(&mm->area[AREA_LIVES], 0, (uint64_t)mm->lives_used * sizeof(struct life));
}

int mm_init(struct mm *mm, struct kernel *k)
{
	const struct page_size *page = arch_page_size(k->arch, k->params.page_size);
	uint64_t size = k->params.mem, room, span;
	uint64_t vm_base = vmalloc_base(k, &room);
	bool tracks = k->params.track || params_kasan(&k->params);
	struct area kept[AREAS];

	memcpy(kept, mm->area, sizeof(kept));
	*mm = (struct mm){
		.kernel = k, .size = size, .page_offset = k->arch->page_offset,
		.pfns = (uint32_t)(size >> PAGE_SHIFT), .vm_end = (uint32_t)(size >> PAGE_SHIFT),
		.span = size + (room < size ? room : size), .vm_base = vm_base,
		.page_order = (uint8_t)(page->shift - PAGE_SHIFT), .word = k->arch->word, .max_order = page->max_order,
		.gfp_wrong = __GFP_DMA32 | __GFP_HIGHMEM | ~gfp_known(k->profile),
		.poison = k->params.poison, .track = k->params.track,
		.nodes = k->params.nodes + k->params.memoryless_nodes,
		.mem_nodes = k->params.nodes, .touched = { UINT32_MAX, 0 },
	};
	memcpy(mm->area, kept, sizeof(kept));
	span = mm->span;
	if (mm->area[AREA_BASE].bytes != span + PAGE_SIZE)
		drop_areas(mm, false); /* areas for another memory size do not fit */
	mm->shrink = slab_shrink;
	faults_init(mm);
	slab_caches_init(mm);
	mm->base = area_take(&mm->area[AREA_BASE], span + PAGE_SIZE); /* one more page: a word may begin in the last byte */
	mm->pages = area_take(&mm->area[AREA_PAGES], (span >> PAGE_SHIFT) * sizeof(struct page));
	mm->sheaves = area_take(&mm->area[AREA_SHEAVES], mm_sheaves_size(mm));
	if (mm->poison)
		mm->images = area_take(&mm->area[AREA_IMAGES], IMAGES_SIZE);
	if (tracks)
		mm->lives = area_take(&mm->area[AREA_LIVES], LIVES * sizeof(struct life));
	if (!mm->base || !mm->pages || !mm->sheaves || (tracks && !mm->lives) || kasan_init(mm) ||
	    wild_init(mm) || !reserve_slots(mm, tracks)) {
		mm_finish(mm);
		return -ENOMEM;
	}
	drop_areas(mm, true);
	slab_sheaves_init(mm);
	mm->host_to_sim = mm->page_offset - (uintptr_t)mm->base;
	pages_init(mm);
	kmemleak_init(mm);
	return 0;
}

void mm_off(struct mm *mm, struct kernel *k)
{
	drop_areas(mm, false);
	*mm = (struct mm){ .kernel = k, .word = k->arch->word };
}

void mm_finish(struct mm *mm)
{
	kmemleak_finish(mm);
	clear_areas(mm);
	for (int i = 0; i < AREAS; i++)
		area_keep(&mm->area[i]);
	depot_finish(&mm->depot);
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

void mm_drop(struct mm *mm)
{
	drop_areas(mm, false);
}
