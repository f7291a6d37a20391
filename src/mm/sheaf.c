/* SPDX-License-Identifier: MIT */
/*
 * The free objects of a cache: its list, and the sheaf in front of it. Corresponds to the
 * sheaves of Linux' mm/slub.c.
 */
#include "mm/freeptr.h"

#include <string.h>

#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slab.h"

bool sheaf_fill(struct mm *mm, struct cache_node *cn)
{
	struct spare *end = cn->sheaf + SHEAF_SIZE / 2, *at = end;
	uint32_t number = cn->free, neighbour = 0;
	struct object o = { 0 };

	while (number && at > cn->sheaf) {
		if (number == neighbour)
			o.slot++; /* in the same slab: no lookup needed */
		else
			object_starting(mm, object_start(mm, number), &o);
		__builtin_prefetch(object_start(mm, number), 1);
		*--at = (struct spare){ number, o.slot };
		o.page->inuse++;
		neighbour = number + (cn->stride >> 3);
		if (o.slot + 1 == o.page->slots + cn->objects)
			neighbour = 0;
		number = mm->slots[o.slot];
	}
	cn->free = number;
	cn->spares = (uint32_t)(end - at);
	cn->taken += cn->spares;
	if (at > cn->sheaf)
		memmove(cn->sheaf, at, cn->spares * sizeof(*at));
	return cn->spares != 0;
}

void sheaf_drop(struct mm *mm, struct cache_node *cn, uint32_t n)
{
	uint32_t number = cn->free;

	for (uint32_t i = 0; i < n; i++) {
		struct spare spare = cn->sheaf[i];
		struct page *page;
		size_t off;

		page = block_of(mm, object_start(mm, spare.number), &off);
		if (!--page->inuse)
			mm->emptied = true;
		mm->slots[spare.slot] = number;
		number = spare.number;
	}
	cn->free = number;
	cn->spares -= n;
	cn->taken -= n;
	memmove(cn->sheaf, cn->sheaf + n, cn->spares * sizeof(*cn->sheaf));
}

/* Moves its older half to the list. */
static void sheaf_spill(struct mm *mm, struct cache_node *cn)
{
	sheaf_drop(mm, cn, SHEAF_SIZE / 2);
}

void slab_give_back(struct mm *mm, const struct object *o)
{
	if (!slab_put_ready(o))
		sheaf_spill(mm, o->page->owner);
	freeptr_link(mm, o);
	cache_put(mm, o->page->owner, o->slot, o->start);
}
