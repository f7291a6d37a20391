/* SPDX-License-Identifier: MIT */
/*
 * Invalid frees: of a pointer into an object, or of one that is already free. Corresponds
 * to __kasan_slab_free() and kasan_kfree_large() in Linux' mm/kasan/common.c. Such frees
 * have no other effect.
 */
#include "mm/kasan.h"
#include "mm/address.h"
#include "mm/kasan_layout.h"
#include "mm/object.h"
#include "mm/page.h"

static bool report(struct mm *mm, const void *p, bool twice)
{
	struct kasan_report r = { .free = true, .addr = mm_addr(mm, p), .bad = mm_addr(mm, p) };

	r.type = twice ? "double-free" : "invalid-free";
	if (!mm->kasan.layout->free_kinds)
		r.type = "double-free or invalid-free";
	kasan_report(mm, &r);
	return true;
}

/* 4.9 trusts the shadow: it marks the bytes from p on as a freed object. */
static bool believe(struct mm *mm, const char *p, const struct object *o)
{
	const char *end = pfn_ptr(mm, o->page->head) + ((size_t)PAGE_SIZE << o->page->order);
	size_t len = (o->size + KASAN_GRANULE - 1) / KASAN_GRANULE * KASAN_GRANULE;

	p -= ((uintptr_t)p - (uintptr_t)mm->base) % KASAN_GRANULE;
	kasan_poison(mm, p, (size_t)(end - p) < len ? (size_t)(end - p) : len, KASAN_SLAB_FREE);
	return false;
}

bool kasan_bad_free(struct mm *mm, const void *p, const struct object *o)
{
	const struct kasan_layout *l = mm->kasan.layout;
	bool twice = p == o->start && !object_allocated(mm, o);

	if (!mm->kasan.shadow || (p == o->start && !twice))
		return false;
	if (!o->cache && !l->large_inside)
		return false;
	if (o->cache && l->believes_shadow && kasan_shadow_at(mm, p) < KASAN_GRANULE)
		return believe(mm, p, o);
	return report(mm, p, twice);
}

void kasan_bad_large_free(struct mm *mm, const void *p)
{
	bool begins = (mm_addr(mm, p) - mm->page_offset) % page_size(mm) == 0;

	if (!mm->kasan.shadow || !mm->kasan.layout->large_twice)
		return;
	/* memory left by firmware may be accessed */
	if (!begins || kasan_shadow_at(mm, p) >= KASAN_GRANULE)
		report(mm, p, begins);
}
