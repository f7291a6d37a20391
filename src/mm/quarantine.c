/* SPDX-License-Identifier: MIT */
/*
 * Freed objects in the quarantine, so that uses after free are detected. Corresponds to
 * Linux' mm/kasan/quarantine.c. Differs: one quarantine for all CPUs, which is emptied
 * before memory runs out; with slub_debug=P a freed object is already poisoned when it
 * gets there.
 */
#include "mm/slub_debug.h"

#include "kernel/compiler.h"
#include "mm/freeptr.h"
#include "mm/kasan.h"
#include "mm/object.h"
#include "mm/slab.h"

void quarantine_put(struct mm *mm, const struct object *o)
{
	struct kasan *kasan = &mm->kasan;
	uint32_t number = object_number(mm, o->start);

	mm->slots[o->slot] = 0;
	if (unlikely(o->cache->freeptr < o->size))
		freeptr_set(mm, o, NULL); /* until now it was data */
	if (kasan->oldest)
		mm->slots[kasan->newest_slot] = number;
	else
		kasan->oldest = number;
	kasan->newest_slot = (uint32_t)o->slot;
	kasan->waiting += o->cache->stride;
	o->page->owner->quarantined++;
}

void quarantine_reduce(struct mm *mm, uint64_t bytes)
{
	struct kasan *kasan = &mm->kasan;

	while (kasan->oldest && kasan->waiting > bytes) {
		struct object o;

		object_starting(mm, object_start(mm, kasan->oldest), &o);
		kasan->oldest = mm->slots[o.slot];
		kasan->waiting -= o.cache->stride;
		o.page->owner->quarantined--;
		slab_give_back(mm, &o);
	}
}

bool quarantine_has(const struct mm *mm, const struct object *o)
{
	uint32_t wanted = object_number(mm, o->start), at = mm->kasan.oldest;

	while (at && at != wanted) {
		struct object waiting;

		object_starting(mm, object_start(mm, at), &waiting);
		at = mm->slots[waiting.slot];
	}
	return at != 0;
}
