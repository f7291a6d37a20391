/* SPDX-License-Identifier: MIT */
/*
 * Red zones, poison and padding around objects. Corresponds to the debugging part of
 * Linux' mm/slub.c. Differs: tracks are kept outside the simulated memory, so objects
 * only have room for them; an object that was damaged while free is set aside alone, not
 * with its whole slab; the unused end of a slab is checked by validate and when the slab
 * is freed.
 */
#include "mm/slab_debug.h"
#include "mm/slub_style.h"

#include <errno.h>
#include <string.h>

#include "kernel/compiler.h"
#include "kernel/report.h"
#include "lib/bytes.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/freeptr.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/poison.h"

#define PARTS_MAX 6

/* --- layout ------------------------------------------------------------ */

/* A part of an object that has one value unless it was damaged. */
struct part {
	const char *what;
	char *at;
	size_t len;
	uint8_t value;
	bool constant; /* the same whether the object is free or in use */
};

typedef bool (*see_part_fn)(const struct part *part, void *arg);

/*
 * Calls `see` for each part of an object until it returns false; then false. Inlined, so
 * that the checks of an allocation become straight-line code.
 */
static __always_inline bool each_part(const struct mm *mm, const struct object *o, bool in_use,
				      see_part_fn see, void *arg)
{
	const struct kmem_cache *c = o->cache;
	uint8_t red = in_use ? RED_ACTIVE : RED_INACTIVE;
	char *p = o->start;

#define SEE(...) do { if (!see(&(struct part){ __VA_ARGS__ }, arg)) return false; } while (0)
	if (c->debug & SLUB_Z) {
		SEE("Left Redzone", p - c->left, c->left, red, false);
		SEE("Right Redzone", p + c->object_size, c->inuse - c->object_size, red, false);
	}
	if (in_use && c->keeps_size) {
		size_t size = mm->tracks[o->slot].orig;

		SEE("kmalloc Redzone", p + size, c->object_size - size, red, false);
	}
	if (!(c->debug & SLUB_P))
		return true;
	if (!in_use) {
		SEE("Poison", p, c->object_size - 1, POISON_FREE, false);
		SEE("End Poison", p + c->object_size - 1, 1, POISON_END, false);
	}
	SEE("Object padding", p + c->meta, c->stride - c->left - c->meta, POISON_INUSE, true);
#undef SEE
	return true;
}

/* --- contents ---------------------------------------------------------- */

static __always_inline bool fill_part(const struct part *part, void *all)
{
	if (all || !part->constant)
		bytes_fill(part->at, part->value, part->len);
	return true;
}

/* The unused end of a slab. */
static struct part tail_of(const struct mm *mm, const struct page *page)
{
	const struct kmem_cache *c = page->owner->cache;
	size_t used = (size_t)c->objects * c->stride;

	return (struct part){
		.what = "slab padding", .at = pfn_ptr(mm, page->head) + used,
		.len = (page_size(mm) << c->order) - used, .value = POISON_INUSE,
	};
}

/* Most objects are small: free ones are compared with an image in one memcmp(). */
static void take_image(struct mm *mm, struct kmem_cache *c, const char *start)
{
	size_t len = (size_t)c->left + c->inuse;
	char *image;

	if (c->image || !(c->debug & SLUB_P) || len > IMAGE_MAX)
		return;
	/* without poison there are no images */
	image = mm->images + IMAGE_MAX * (size_t)(c - mm->caches);
	memcpy(image, start - c->left, len);
	c->image = image;
	c->image_len = (uint16_t)len;
}

void slub_init_slab(struct mm *mm, struct page *page)
{
	struct kmem_cache *c = page->owner->cache;
	char *first = pfn_ptr(mm, page->head) + c->left;
	struct part tail = tail_of(mm, page);

	if (c->debug & DEBUG_SLAB) {
		slab_init_slab(mm, page);
		return;
	}
	for (uint32_t i = 0; i < c->objects; i++) {
		struct object o;

		object_fill(page, first + (size_t)i * c->stride, i, &o);
		each_part(mm, &o, false, fill_part, mm);
		freeptr_set(mm, &o, i + 1 < c->objects ? o.start + c->stride : NULL);
	}
	if (c->debug & SLUB_P)
		memset(tail.at, tail.value, tail.len);
	take_image(mm, c, first);
}

void slub_take_back(struct mm *mm, const struct object *o)
{
	const struct kmem_cache *c = o->cache;

	if (likely(c->image != NULL))
		memcpy(o->start - c->left, c->image, c->image_len);
	else if (unlikely(c->debug & DEBUG_SLAB))
		slab_take_back(mm, o);
	else
		each_part(mm, o, false, fill_part, NULL);
}

void slub_hand_out(struct mm *mm, const struct object *o, size_t size)
{
	const struct kmem_cache *c = o->cache;
	size_t orig = size < c->orig_least ? c->orig_least : size;

	if (unlikely(c->debug & DEBUG_SLAB)) {
		slab_hand_out(mm, o);
		return;
	}
	if (orig > o->size)
		orig = o->size;
	if (c->keeps_orig)
		mm->tracks[o->slot].orig = (uint32_t)orig;
	if (!c->poisons_orig)
		orig = o->size;
	if (c->debug & SLUB_P) {
		/*
		 * without F the poison was not checked: the object still has its old
		 * contents
		 */
		if (!(c->debug & SLUB_F))
			memset(o->start, POISON_FREE, orig);
		o->start[orig - 1] = (char)POISON_END;
	}
	each_part(mm, o, true, fill_part, NULL);
	freeptr_handed_out(mm, o);
}

/* --- checks ------------------------------------------------------------ */

static __always_inline bool part_intact(const struct part *part, void *unused)
{
	return bytes_are(part->at, part->value, part->len);
}

struct damages {
	struct slub_damage at[PARTS_MAX];
	unsigned n;
};

/* Records the first and last byte that differ. */
static bool note_damage(const struct part *part, void *arg)
{
	struct damages *d = arg;
	char *first = part->at, *last = part->at + part->len - 1;

	if (bytes_are(part->at, part->value, part->len))
		return true;
	while ((uint8_t)*first == part->value)
		first++;
	while ((uint8_t)*last == part->value)
		last--;
	d->at[d->n++] = (struct slub_damage){ part->what, first, last, part->value };
	return true;
}

/* Older releases stop at the first fault of an object. */
static bool all_faults(const struct mm *mm)
{
	return slub_style(mm->kernel)->all_faults;
}

/* True if the object may be used all the same: older releases tolerate damaged padding. */
static noinline bool report_damage(struct mm *mm, const struct object *o, bool in_use,
				   enum slub_way way)
{
	struct damages d = { .n = 0 };

	each_part(mm, o, in_use, note_damage, &d);
	if (!all_faults(mm))
		d.n = 1;
	slub_report_damage(mm, o, d.at, d.n, way);
	for (unsigned i = 0; i < d.n; i++)
		memset((char *)(uintptr_t)d.at[i].first, d.at[i].value,
		       (size_t)(d.at[i].last - d.at[i].first) + 1);
	return !all_faults(mm) && !strcmp(d.at[0].what, "Object padding");
}

static noinline void report_freeptr(struct mm *mm, const struct object *o, bool in_use,
				    enum slub_way way)
{
	/* validate follows the list from one free object to the next */
	bool walks = !in_use && way == SLUB_VALIDATE;

	slub_report_object(mm, o, way, walks ? "Freechain corrupt" : "Freepointer corrupt");
	freeptr_set(mm, o, NULL);
}

struct value_at {
	const char *at;
	int value;
};

static bool find_value(const struct part *part, void *arg)
{
	struct value_at *v = arg;

	if (v->at < part->at || v->at >= part->at + part->len)
		return true;
	v->value = part->value;
	return false;
}

int slub_value_at(const struct mm *mm, const struct object *o, int64_t off)
{
	struct value_at v = { o->start + off, -1 };

	if (o->cache->debug & DEBUG_SLAB)
		return slab_value_at(mm, o, off);
	each_part(mm, o, object_allocated(mm, o), find_value, &v);
	return v.value;
}

static inline bool free_intact(const struct mm *mm, const struct object *o)
{
	const struct kmem_cache *c = o->cache;

	if (unlikely(!c->image))
		return each_part(mm, o, false, part_intact, NULL);
	return !memcmp(o->start - c->left, c->image, c->image_len) &&
	       bytes_are(o->start + c->meta, POISON_INUSE, c->stride - c->left - c->meta);
}

bool slub_check_object(struct mm *mm, const struct object *o, bool in_use, enum slub_way way)
{
	bool ok = in_use ? each_part(mm, o, true, part_intact, NULL) : free_intact(mm, o);
	bool leads = freeptr_valid(mm, o, in_use);

	if (unlikely(!ok))
		ok = report_damage(mm, o, in_use, way);
	/* newer releases report all faults, older ones only the first */
	if (unlikely(!leads) && (ok || all_faults(mm)))
		report_freeptr(mm, o, in_use, way);
	return ok && leads;
}

void slub_put_aside(struct mm *mm, const struct object *o)
{
	slub_fix(mm, o, "Marking all objects used");
	mm->slots[o->slot] = 0;
	o->page->owner->quarantined++;
}

void slub_keep(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;

	slub_fix(mm, o, "Object at 0x%0*llx not freed", addr_digits(k->arch),
		 (unsigned long long)mm_addr(mm, o->start));
}

void slub_check_tail(struct mm *mm, const struct object *o, enum slub_way way)
{
	struct part tail = tail_of(mm, o->page);
	struct damages d = { .n = 0 };

	o->page->writes = (uint16_t)mm->writes;
	if (!(o->cache->debug & SLUB_P) || o->cache->debug & DEBUG_SLAB)
		return;
	note_damage(&tail, &d);
	if (!d.n)
		return;
	slub_report_tail(mm, o, d.at, tail.at + tail.len, way);
	memset(tail.at, tail.value, tail.len);
}

/*
 * The number of damaged objects in a slab. They are checked as free ones, or as their
 * slots say.
 */
static uint32_t check_slab(struct mm *mm, struct page *page, bool all_free, enum slub_way way)
{
	const struct kmem_cache *c = page->owner->cache;
	char *first = pfn_ptr(mm, page->head) + c->left;
	bool (*check)(struct mm *, const struct object *, bool, enum slub_way);
	struct object o;
	uint32_t bad = 0;

	check = c->debug & DEBUG_SLAB ? slab_check_object : slub_check_object;
	object_starting(mm, first, &o);
	slub_check_tail(mm, &o, way);
	for (uint32_t i = 0; i < c->objects; i++) {
		object_starting(mm, first + (size_t)i * c->stride, &o);
		bad += !check(mm, &o, !all_free && object_allocated(mm, &o), way);
	}
	return bad;
}

void slub_check_discard(struct mm *mm, struct page *page)
{
	if (page->owner->cache->debug & SLUB_F)
		check_slab(mm, page, true, SLUB_DISCARD);
}

uint32_t slub_validate(struct mm *mm, const struct kmem_cache *c)
{
	struct slab_walk w;
	struct page *page;
	uint32_t bad = 0;

	w = slabs_of(mm, c);
	while (c->debug && (page = slabs_next(mm, &w)))
		bad += check_slab(mm, page, false, SLUB_VALIDATE);
	return bad;
}
