/* SPDX-License-Identifier: MIT */
/*
 * Sets up and tears down the memory of a machine. Corresponds to mm_core_init() in Linux'
 * mm/mm_init.c.
 */
#include "mm/kmemleak.h"
#include "mm/vmalloc.h"

#include <errno.h>

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
		mm->slots = reserve(slots * sizeof(uint32_t));
		mm->tracks = tracks ? reserve(slots * sizeof(struct track)) : NULL;
		if (mm->slots && (mm->tracks || !tracks))
			return true;
		unreserve(mm->slots, slots * sizeof(uint32_t));
		unreserve(mm->tracks, slots * sizeof(struct track));
		mm->slots = NULL;
		mm->tracks = NULL;
		if (slots < SLOTS_FEW)
			return false;
	}
}

int mm_init(struct mm *mm, struct kernel *k)
{
	const struct page_size *page = arch_page_size(k->arch, k->params.page_size);
	uint64_t size = k->params.mem, room, span;
	uint64_t vm_base = vmalloc_base(k, &room);
	bool tracks = k->params.track || params_kasan(&k->params);

	*mm = (struct mm){
		.kernel = k, .size = size, .page_offset = k->arch->page_offset,
		.pfns = (uint32_t)(size >> PAGE_SHIFT), .vm_end = (uint32_t)(size >> PAGE_SHIFT),
		.span = size + (room < size ? room : size), .vm_base = vm_base,
		.page_order = (uint8_t)(page->shift - PAGE_SHIFT), .word = k->arch->word, .max_order = page->max_order,
		.gfp_wrong = __GFP_DMA32 | __GFP_HIGHMEM | ~gfp_known(k->profile),
		.poison = k->params.poison, .track = k->params.track,
		.nodes = k->params.nodes + k->params.memoryless_nodes,
		.mem_nodes = k->params.nodes,
	};
	span = mm->span;
	mm->shrink = slab_shrink;
	faults_init(mm);
	slab_caches_init(mm);
	mm->base = reserve(span + PAGE_SIZE); /* one more page: a word may begin in the last byte */
	mm->pages = reserve((span >> PAGE_SHIFT) * sizeof(struct page));
	mm->sheaves = reserve(mm_sheaves_size(mm));
	if (mm->poison)
		mm->images = reserve(IMAGES_SIZE);
	if (tracks)
		mm->lives = reserve(LIVES * sizeof(struct life));
	if (!mm->base || !mm->pages || !mm->sheaves || (tracks && !mm->lives) || kasan_init(mm) ||
	    wild_init(mm) || !reserve_slots(mm, tracks)) {
		mm_finish(mm);
		return -ENOMEM;
	}
	slab_sheaves_init(mm);
	mm->host_to_sim = mm->page_offset - (uintptr_t)mm->base;
	pages_init(mm);
	kmemleak_init(mm);
	return 0;
}

void mm_off(struct mm *mm, struct kernel *k)
{
	*mm = (struct mm){ .kernel = k, .word = k->arch->word };
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
