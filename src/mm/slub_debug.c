/* SPDX-License-Identifier: MIT */
/*
 * Red zones, poison and padding around objects. Corresponds to the debugging
 * part of Linux' mm/slub.c. Differs: free pointers and tracks lie outside of
 * the simulated memory, so only their places are there; an object that is
 * damaged while it is free is put aside alone, not with its whole slab.
 */
#include "mm/slub_debug.h"

#include <string.h>

enum { RED_INACTIVE = 0xbb, RED_ACTIVE = 0xcc, POISON_INUSE = 0x5a };

/* --- contents ---------------------------------------------------------- */

static void fill_zones(const struct kmem_cache *c, char *p, uint8_t red)
{
	if (!(c->debug & SLUB_Z))
		return;
	memset(p - c->left, red, c->left);
	memset(p + c->object_size, red, c->inuse - c->object_size);
}

void slub_init_object(const struct kmem_cache *c, char *p)
{
	if (!c->debug)
		return;
	if (c->debug & SLUB_P) {
		memset(p, POISON_FREE, c->object_size - 1);
		p[c->object_size - 1] = (char)POISON_END;
		memset(p + c->meta, POISON_INUSE, c->stride - c->left - c->meta);
	}
	fill_zones(c, p, RED_INACTIVE);
}

static bool keeps_size(const struct mm *mm, const struct kmem_cache *c)
{
	return mm->kernel->profile->kmalloc_redzone && mm->tracks &&
	       (c->debug & (SLUB_Z | SLUB_U)) == (SLUB_Z | SLUB_U);
}

void slub_hand_out(struct mm *mm, const struct object *o, size_t size)
{
	const struct kmem_cache *c = o->cache;

	if (!c->debug)
		return;
	fill_zones(c, o->start, RED_ACTIVE);
	if (!keeps_size(mm, c))
		return;
	mm->tracks[o->slot].orig = (uint32_t)size;
	if (size < c->object_size)
		memset(o->start + size, RED_ACTIVE, c->object_size - size);
}

/* --- checks ------------------------------------------------------------ */

/* A part of an object that must hold one value. */
struct part {
	const char *what;
	int64_t from;
	size_t len;
	uint8_t value;
};

#define PARTS_MAX 6

/* What holds one value in an object that is in use or free. */
static unsigned parts_of(const struct mm *mm, const struct object *o, bool in_use, struct part *out)
{
	const struct kmem_cache *c = o->cache;
	uint8_t red = in_use ? RED_ACTIVE : RED_INACTIVE;
	struct part *p = out;

	if (c->debug & SLUB_Z) {
		*p++ = (struct part){ "Left Redzone", -(int64_t)c->left, c->left, red };
		*p++ = (struct part){ "Right Redzone", c->object_size, c->inuse - c->object_size, red };
		if (in_use && keeps_size(mm, c) && mm->tracks[o->slot].orig < c->object_size)
			*p++ = (struct part){
				"kmalloc Redzone", mm->tracks[o->slot].orig,
				c->object_size - mm->tracks[o->slot].orig, red,
			};
	}
	if (!(c->debug & SLUB_P))
		return (unsigned)(p - out);
	if (!in_use) {
		*p++ = (struct part){ "Poison", 0, c->object_size - 1, POISON_FREE };
		*p++ = (struct part){
			mm->kernel->profile->slab_wording ? "End Poison" : "Poison",
			c->object_size - 1, 1, POISON_END,
		};
	}
	*p++ = (struct part){ "Object padding", c->meta, c->stride - c->left - c->meta, POISON_INUSE };
	return (unsigned)(p - out);
}

/* First and last byte that differ; false: none does. */
static bool damaged(const struct object *o, const struct part *p, struct slub_damage *d)
{
	const uint8_t *at = (const uint8_t *)o->start + p->from, *end = at + p->len;

	/* each byte as the one before it: what has most of the time is quick */
	if (!p->len || (*at == p->value && !memcmp(at, at + 1, p->len - 1)))
		return false;
	while (*at == p->value)
		at++;
	while (end[-1] == p->value)
		end--;
	*d = (struct slub_damage){ p->what, (const char *)at, (const char *)end - 1, p->value };
	return true;
}

bool slub_check_object(struct mm *mm, const struct object *o, bool in_use, const char *checker)
{
	struct part part[PARTS_MAX];
	unsigned n = parts_of(mm, o, in_use, part), found = 0;
	struct slub_damage d[PARTS_MAX];

	for (unsigned i = 0; i < n; i++)
		found += damaged(o, &part[i], &d[found]);
	if (!found)
		return true;
	if (!mm->kernel->profile->slab_wording)
		found = 1;
	slub_report_damage(mm, o, d, found, checker);
	for (unsigned i = 0; i < found; i++) {
		memset((char *)(uintptr_t)d[i].first, d[i].value, (size_t)(d[i].last - d[i].first) + 1);
		slub_report_restored(mm, o, &d[i]);
	}
	return false;
}

bool slub_check_alloc(struct mm *mm, const struct object *o)
{
	if (!(o->cache->debug & SLUB_F) ||
	    slub_check_object(mm, o, false, "alloc_debug_processing"))
		return true;
	printk(mm->kernel, KERN_ERR, "FIX %s: Marking all objects used", o->cache->name);
	mm->slots[o->slot] = 0;
	o->page->owner->quarantined++;
	return false;
}

bool slub_check_free(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;

	if (!(o->cache->debug & SLUB_F) || slub_check_object(mm, o, true, "free_to_partial_list"))
		return true;
	printk(k, KERN_ERR, "FIX %s: Object at 0x%0*llx not freed", o->cache->name,
	       addr_digits(k->arch), (unsigned long long)mm_addr(mm, o->start));
	return false;
}

uint32_t slub_validate(struct mm *mm, const struct kmem_cache *c)
{
	uint32_t bad = 0;

	for (uint32_t pfn = 0; c->debug && pfn < mm->pfns; pfn++) {
		struct page *page = &mm->pages[pfn];
		char *first = pfn_ptr(mm, pfn);

		if (page->kind != PAGE_SLAB || page->owner->cache != c)
			continue;
		for (uint32_t i = 0; i < c->objects; i++) {
			struct object o;

			object_starting(mm, first + (size_t)i * c->stride + c->left, &o);
			bad += !slub_check_object(mm, &o, object_allocated(mm, &o), "validate_slab");
		}
	}
	return bad;
}
