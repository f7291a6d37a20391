/* SPDX-License-Identifier: MIT */
/*
 * who: all that is known about an address, most important first; or who holds a device or
 * driver. Changes nothing.
 */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/device.h"
#include "base/devres_walk.h"
#include "base/driver.h"
#include "base/link.h"
#include "base/owner.h"
#include "call/who.h"
#include "explain/not_memory.h"
#include "explain/owner_words.h"
#include "kernel/module.h"
#include "kernel/report.h"
#include "lib/buf.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/kasan.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slub_debug.h"
#include "mm/track.h"
#include "mm/vmalloc.h"

static unsigned long long at(const struct call_ctx *c, const void *p)
{
	return (unsigned long long)mm_addr(&c->machine->mm, p);
}

static int digits(const struct call_ctx *c)
{
	return addr_digits(ctx_kernel(c)->arch);
}

/* --- the part of an object -------------------------------------------------------- */

/* The part of an object that an address is in. */
struct part {
	const char *name;
	uint64_t byte, len;  /* the byte's index, and the length of the part */
};

/* Free, with nothing recorded about what it was. */
static bool is_blank(const struct machine_place *p)
{
	return !p->allocated && !p->number && !(p->track && p->track->alloc_by);
}

static struct part part_of(const struct call_ctx *c, const struct machine_place *p, uint64_t addr)
{
	uint64_t off = addr - p->start, header = p->header, end, red;
	struct cache_part around;

	/* it was a node */
	if (!p->allocated && p->number && p->track->rank <= p->size)
		header = p->track->rank;
	end = header + p->asked;
	if (off < p->size && is_blank(p))
		return (struct part){ "object", off, p->size };
	if (off < p->size) {
		if (off < header)
			return (struct part){ p->header == p->size ? "group marker" : "header",
					      off, header };
		if (off < end)
			return (struct part){ "data", off - header, p->asked };
		red = slub_kmalloc_red(&c->machine->mm, &p->object);
		if (off >= red)
			return (struct part){ "kmalloc red zone", off - red, p->size - red };
		return (struct part){ "slack of the bucket", off - end, red - end };
	}
	around = cache_part(&c->machine->mm, p->object.cache, (int64_t)off);
	return (struct part){ around.name, off - (uint64_t)around.from, around.len };
}

/* --- objects -------------------------------------------------------------------- */

static void fact_owner(struct call_ctx *c, const struct machine_place *p)
{
	struct machine *m = c->machine;
	uint32_t tag = object_tag(&m->mm, &p->object);
	struct device *dev = p->owner ? p->owner : tag == TAG_PAGES || tag == TAG_PERCPU
			   ? remembered_by(m, p->start) : NULL;

	if (!p->allocated && p->by && p->number)
		fact(c, "owner", "none any more; it was %.60s's", p->by->device);
	else if (!p->allocated)
		fact(c, "owner", "none");
	else if (dev && device_is_bound(dev))
		fact(c, "owner", "%.60s, bound to %.60s: unbind frees it", dev->name,
		     dev->driver->name);
	else if (dev)
		fact(c, "owner", "%.60s, not bound: freed with the device", dev->name);
	else if (p->node)
		fact(c, "owner", "no device: nothing frees it by itself");
	else
		fact(c, "owner", "no device: whoever allocated it must free it");
}

static void fact_object(struct call_ctx *c, const struct machine_place *p)
{
	const struct object *o = &p->object;
	size_t end = p->header + p->asked, red = slub_kmalloc_red(&c->machine->mm, o);
	struct buf parts = BUF_INIT;

	if (red < end)
		red = end;
	if (p->node && p->info.kind < NODE_GROUP_OPEN)
		buf_printf(&parts, ": %zu header, %zu data", p->header, p->asked);
	else if (p->allocated && p->asked < p->size && p->header < p->size)
		buf_printf(&parts, ": %zu data", p->asked);
	if (parts.len && (red > end || red == p->size))
		buf_printf(&parts, ", %zu slack", red - end);
	if (parts.len && red < p->size)
		buf_printf(&parts, ", %zu red zone", p->size - red);
	fact(c, "object", "%0*llx, %zu bytes%s", digits(c), (unsigned long long)p->start, p->size,
	     buf_str(&parts));
	buf_finish(&parts);
	if (o->cache)
		fact(c, "cache", "%s, object %zu of %u in the slab at %0*llx", o->cache->name,
		     o->slot - o->page->slots + 1, o->cache->objects, digits(c),
		     at(c, pfn_ptr(&c->machine->mm, o->page->head)));
}

/* "step 5, by demo_probe, in probe of demo for eth0" */
static void fact_allocated(struct call_ctx *c, const struct machine_place *p)
{
	const struct track *t = p->track;
	struct buf out = BUF_INIT;

	if (!t->alloc_by)
		return;
	buf_printf(&out, "step %u, by %.60s", t->alloc_step, t->alloc_by);
	if (*t->alloc_phase)
		buf_printf(&out, ", in %s", t->alloc_phase);
	if (*t->alloc_phase && p->by && *p->by->driver)
		buf_printf(&out, " of %.60s", p->by->driver);
	if (p->by)
		buf_printf(&out, " for %.60s", p->by->device);
	fact(c, "allocated", "%s", buf_str(&out));
	buf_finish(&out);
}

static void fact_freed(struct call_ctx *c, const struct machine_place *p)
{
	const struct track *t = p->track;
	struct buf out = BUF_INIT;

	if (!t->free_by)
		return;
	buf_printf(&out, "%sstep %u, by ", p->allocated ? "freed in " : "", t->free_step);
	free_words(c->machine, p, "", &out);
	if (p->allocated && p->before)
		buf_printf(&out, "; it was %.60s's", p->before->device);
	fact(c, p->allocated ? "before" : "freed", "%s", buf_str(&out));
	buf_finish(&out);
}

enum { EARLIER_MAX = 6 };

/* Earlier owners that the track does not know, newest first. */
static void fact_earlier(struct call_ctx *c, const struct machine_place *p)
{
	const struct life *life = life_at(&c->machine->mm, p->track->life);
	const struct owner *owner;

	/* for an object in use, the last one is shown as `before` */
	if (life && p->allocated)
		life = life_at(&c->machine->mm, life->before);
	for (int i = 0; life && i < EARLIER_MAX; i++) {
		owner = owner_of(&c->machine->core, life->owner);
		fact(c, "earlier", "%.60s%s, from step %u to %u", owner ? owner->device : "no device",
		     owner ? "'s" : "'s, plain memory", life->alloc_step, life->free_step);
		life = life_at(&c->machine->mm, life->before);
	}
}

static void fact_history(struct call_ctx *c, const struct machine_place *p)
{
	struct mm *mm = &c->machine->mm;

	if (p->track) {
		fact_allocated(c, p);
		fact_freed(c, p);
		fact_earlier(c, p);
	} else {
		fact(c, "history", "not kept: slub_debug=U at boot would know");
	}
	if (!p->allocated && p->object.cache && mm->kasan.shadow)
		fact(c, "state", quarantine_has(mm, &p->object)
		     ? "in KASAN's quarantine: not handed out for now"
		     : "free: the next allocation may get it");
	else if (!p->allocated)
		fact(c, "state", "free: the next allocation may get it");
}

static void fact_checkers(struct call_ctx *c, const struct machine_place *p, uint64_t addr)
{
	struct machine *m = c->machine;

	uint64_t off = addr - p->start;

	if (off < p->header + p->asked || off >= p->size || !p->node || !p->allocated ||
	    p->info.kind >= NODE_GROUP_OPEN || !m->mm.kasan.shadow)
		return;
	if (m->core.whole_bucket)
		fact(c, "checkers", "%s asks for whole buckets: KASAN does not see who uses the "
		     "slack, on 6.1 it does", m->kernel.profile->release);
	else if (m->mm.kasan.opens_all)
		fact(c, "checkers", "KASAN of %s opens whole buckets to devm_kmalloc(): it does not "
		     "see who uses the slack, on 6.1 it does", m->kernel.profile->release);
}

/* --- pages ------------------------------------------------------------------------ */

static const char *zone_name(const struct mm *mm, uint32_t pfn)
{
	const struct numa_node *node = &mm->node[pfn_node(mm, pfn)];

	for (int i = 0; i < ZONES; i++)
		if (pfn >= node->zone[i].start && pfn < node->zone[i].end)
			return node->zone[i].name;
	return NULL;
}

/* The free block that contains a page; NULL: the page is not free. */
static const struct page *free_block(const struct mm *mm, uint32_t pfn)
{
	for (unsigned order = mm->page_order; order < ORDERS; order++) {
		const struct page *page = &mm->pages[pfn & ~((1u << order) - 1)];

		if (page->kind == PAGE_FREE && page->order >= order)
			return page;
	}
	return NULL;
}

static void page_kind(const struct mm *mm, uint32_t pfn, struct buf *out)
{
	const struct page *page = &mm->pages[pfn], *block;

	if (page->kind == PAGE_TAIL)
		page = &mm->pages[page->head];
	switch (page->kind) {
	case PAGE_SLAB:
		buf_puts(out, "slab");
		break;
	case PAGE_LARGE:
		buf_puts(out, "large allocation");
		break;
	case PAGE_RAW:
		buf_puts(out, "pages of alloc_pages");
		break;
	default:
		block = free_block(mm, pfn);
		buf_puts(out, "free");
		if (block)
			buf_printf(out, ", in a block of order %u", block->order - mm->page_order);
		return;
	}
	buf_printf(out, ", order %u", page->order - mm->page_order);
	if (page->order > mm->page_order)
		buf_printf(out, ", page %u", ((pfn - page->head) >> mm->page_order) + 1);
}

static void fact_page(struct call_ctx *c, uint64_t addr)
{
	const struct mm *mm = &c->machine->mm;
	uint32_t pfn = mm_pfn(mm, mm_ptr(mm, addr, 1)), page = pfn >> mm->page_order;
	const char *zone = zone_name(mm, pfn);
	struct buf kind = BUF_INIT;

	if (is_vmalloc_addr(mm, addr)) {
		const struct page *area = &mm->pages[pfn];

		if (area->kind == PAGE_TAIL)
			area = &mm->pages[area->head];
		fact(c, "page", "pfn %#x of the memory, page %u of an area of vmalloc()",
		     vmalloc_backing(mm, area, (pfn - area->head) >> mm->page_order) >>
		     mm->page_order, ((pfn - area->head) >> mm->page_order) + 1);
		return;
	}
	if (!zone) {
		fact(c, "page", "pfn %u, node %d, in no zone: firmware keeps it", page,
		     pfn_node(mm, pfn));
		return;
	}
	page_kind(mm, pfn, &kind);
	fact(c, "page", "pfn %#x, node %d, zone %s: %s", page, pfn_node(mm, pfn), zone,
	     buf_str(&kind));
	buf_finish(&kind);
}

/* --- any address -------------------------------------------------------------------- */

static void who_object(struct call_ctx *c, const struct machine_place *p, uint64_t addr)
{
	struct part part = part_of(c, p, addr);
	struct buf what = BUF_INIT;

	if (is_blank(p))
		buf_puts(&what, "a free object");
	else
		owner_words(c->machine, p, &what);
	if (!p->allocated && !is_blank(p))
		buf_puts(&what, ", which was freed");
	fact(c, "what", "%s", buf_str(&what));
	buf_finish(&what);
	fact(c, "part", "%s, byte %llu of %llu", part.name, (unsigned long long)part.byte,
	     (unsigned long long)part.len);
	fact_owner(c, p);
	fact_history(c, p);
	fact_object(c, p);
	fact_checkers(c, p, addr);
}

static void who_page(struct call_ctx *c, uint64_t addr)
{
	const struct mm *mm = &c->machine->mm;
	const struct page *page = &mm->pages[mm_pfn(mm, mm_ptr(mm, addr, 1))];

	if (page->kind == PAGE_TAIL)
		page = &mm->pages[page->head];
	if (page->kind == PAGE_SLAB)
		fact(c, "what", "the rest of a slab, too small for one more object");
	else if (!zone_name(mm, mm_pfn(mm, mm_ptr(mm, addr, 1))))
		fact(c, "what", "reserved memory: never allocated");
	else if (page->kind == PAGE_RAW)
		fact(c, "what", "pages that alloc_pages() gave");
	else
		fact(c, "what", "free memory");
	if (page->kind < PAGE_SLAB && zone_name(mm, mm_pfn(mm, mm_ptr(mm, addr, 1))))
		fact(c, "history", "not kept for pages: what was here before is not known");
}

void who_address(struct call_ctx *c, uint64_t addr)
{
	struct buf what = BUF_INIT;
	struct machine_place p;

	RESULT_COLUMNS(c->result, FACTS);
	if (!machine_place(c->machine, addr, &p)) {
		enum wrong w = not_memory(c->machine, addr, &what);

		fact(c, "what", "%s", buf_str(&what));
		if (*usual_repair(w))
			fact(c, "repair", "%s", usual_repair(w));
		buf_finish(&what);
		return;
	}
	if (p.has_object)
		who_object(c, &p, addr);
	else
		who_page(c, addr);
	fact_page(c, addr);
}

/* --- who holds a device ------------------------------------------------------------- */

static void who_device(struct call_ctx *c, struct device *dev)
{
	struct device_link *link;
	struct device *child;

	fact(c, "what", "device %.60s%s%.60s", dev->name, device_is_bound(dev) ? ", bound to " :
	     dev->registered ? ", not bound" : ", not registered",
	     device_is_bound(dev) ? dev->driver->name : "");
	fact(c, "references", "%d, %d of them by the creator and get_device", dev->refcount,
	     dev->user_refs);
	list_each(child, &c->machine->core.devices, struct device, all)
		if (child->parent == dev)
			fact(c, "child", "%.60s", child->name);
	if (dev->more) {
		list_each(link, &dev->more->consumers, struct device_link, by_supplier)
			fact(c, "consumer", "%.60s", link->consumer->name);
		list_each(link, &dev->more->suppliers, struct device_link, by_consumer)
			fact(c, "supplier", "%.60s", link->supplier->name);
	}
	if (dev->parent)
		fact(c, "parent", "%.60s", dev->parent->name);
	fact(c, "resources", "%u on its list%s", dev->devres.count,
	     dev->devres.count ? ": 'devres' shows them" : "");
}

static void who_driver(struct call_ctx *c, struct device_driver *drv)
{
	struct device *dev;
	unsigned bound = 0;

	list_each(dev, &drv->devices, struct device, bound)
		bound++;
	fact(c, "what", "driver %.60s, bound to %u device%s", drv->name, bound, plural(bound));
	list_each(dev, &drv->devices, struct device, bound)
		fact(c, "device", "%.60s", dev->name);
	if (drv->code.module)
		fact(c, "module", "%.60s", drv->code.module->name);
	fact(c, "bus", "%.60s", drv->bus->name);
}

static int run_who(struct call_ctx *c)
{
	const struct value *what = &c->arg[0];

	RESULT_COLUMNS(c->result, FACTS);
	if (what->type == V_DEVICE)
		who_device(c, arg_device(c, 0));
	else if (what->type == V_DRIVER)
		who_driver(c, arg_driver(c, 0));
	else
		who_address(c, what->u);
	return c->result->err;
}

const struct call who_calls[] = {
	{
		.name = "who", .subject = "Looking",
		.summary = "explain whose memory an address is or was",
		.param = { { "what", P_THING, NULL, false, "an address, a device or a driver" } },
		.returns = "a row for each fact: owner, part, object, page, history",
		.detail = "Any address will do, even one outside memory. Of a device or a "
			  "driver it shows who holds it.",
		.example = "device eth0\np = devm_kmalloc eth0 64\nwho $p\ndevm_kfree eth0 $p\nwho $p",
		.view = "why", .flags = CALL_LOOKS | CALL_LIVE, .run = run_who,
	},
	{ 0 },
};
