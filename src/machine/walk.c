/* SPDX-License-Identifier: MIT */
/* Inspecting a machine's memory: what is in use, and what is where. */
#include "machine/machine.h"

#include "base/devres_walk.h"
#include "base/owner.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slab.h"

bool machine_objects(const struct machine *m, uint64_t *at, struct machine_object *o)
{
	const struct mm *mm = &m->mm;

	if (!objects_next(mm, at, &o->object))
		return false;
	o->tag = object_tag(mm, &o->object);
	o->track = object_track(mm, &o->object);
	o->addr = mm_addr(mm, o->object.start);
	return true;
}

void machine_cache(const struct machine *m, const struct kmem_cache *cache, int node,
		   struct machine_cache *out)
{
	*out = (struct machine_cache){ 0 };
	for (int n = 0; n < m->mm.nodes; n++)
		if (node < 0 || node == n) {
			out->slabs += cache->node[n].slabs;
			out->inuse += cache_node_inuse(&cache->node[n]);
		}
	out->objects = out->slabs * cache->objects;
}

static void place_object(const struct machine *m, struct machine_place *p)
{
	const struct mm *mm = &m->mm;
	uint32_t tag = object_tag(mm, &p->object);

	p->start = mm_addr(mm, p->object.start);
	p->size = p->object.size;
	p->allocated = tag != 0;
	p->track = object_track(mm, &p->object);
	p->owner = devres_owner(&m->core, tag);
	p->node = tag && devres_node_info(&m->core, &p->object, &p->info);
	p->header = p->node ? p->info.header : 0;
	if (p->node && p->info.kind >= NODE_GROUP_OPEN)
		p->header = p->size; /* markers are all that is in it */
	if (p->track) {
		p->by = owner_of(&m->core, p->track->owner);
		p->before = owner_of(&m->core, p->track->was);
		p->number = p->track->number;
	}
	if (!tag && p->number)
		p->asked = p->track->size - (p->track->rank <= p->track->size ? p->track->rank
									   : p->track->size);
	else if (p->track && p->track->size)
		p->asked = p->track->size - (p->header <= p->track->size ? p->header : p->track->size);
	else if (p->node && m->core.layout.size && p->info.size <= p->size - p->header)
		p->asked = p->info.size;
	else if (p->object.page->kind == PAGE_LARGE || p->object.page->kind == PAGE_VMALLOC)
		p->asked = p->object.page->bytes - p->header;
	else
		p->asked = p->size - p->header;
	p->kind = !tag ? "free object" : tag == TAG_PAGES ? "pages" :
		  tag == TAG_PERCPU ? "per-CPU memory" : tag == TAG_VMALLOC ? "vmalloc area" :
		  tag == TAG_CACHE ? "struct kmem_cache" : !p->node ? "object" :
		  p->info.kind >= NODE_GROUP_OPEN ? "devres group" :
		  p->info.kind == NODE_ACTION ? "action" : "devres node";
}

bool machine_place(const struct machine *m, uint64_t addr, struct machine_place *p)
{
	const struct mm *mm = &m->mm;
	void *ptr = mm_ptr(mm, addr, 1);

	*p = (struct machine_place){ 0 };
	if (!ptr)
		return false;
	p->has_object = object_find(mm, ptr, &p->object);
	if (p->has_object) {
		place_object(m, p);
		return true;
	}
	p->start = addr & ~(uint64_t)(page_size(mm) - 1);
	p->size = page_size(mm);
	p->kind = page_of(mm, ptr) ? "page" : "free page";
	return true;
}
