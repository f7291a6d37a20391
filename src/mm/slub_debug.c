/* SPDX-License-Identifier: MIT */
/*
 * Red zones, poison and padding around objects. Corresponds to the debugging
 * part of Linux' mm/slub.c. Differs: free pointers and tracks lie outside of
 * the simulated memory, so only their places are there; an object that is
 * damaged while it is free is put aside alone, not with its whole slab.
 */
#include "mm/slub_debug.h"

#include <string.h>

#include "lib/bytes.h"

#define PARTS_MAX 6

enum { RED_INACTIVE = 0xbb, RED_ACTIVE = 0xcc, POISON_INUSE = 0x5a };

/* --- what stands where ------------------------------------------------- */

/* A part of an object that holds one value as long as nobody errs. */
struct part {
	const char *what;
	char *at;
	size_t len;
	uint8_t value;
	bool constant; /* the same in a free object and in one that is in use */
};

typedef bool (*see_part_fn)(const struct part *part, void *arg);

/*
 * Shows an object's parts until `see` says false; then false. Inline, so that
 * the checks of each allocation are straight code.
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
		SEE(mm->kernel->profile->slab_wording ? "End Poison" : "Poison",
		    p + c->object_size - 1, 1, POISON_END, false);
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

void slub_init_object(struct mm *mm, const struct object *o)
{
	each_part(mm, o, false, fill_part, mm);
}

void slub_take_back(struct mm *mm, const struct object *o)
{
	each_part(mm, o, false, fill_part, NULL);
}

void slub_hand_out(struct mm *mm, const struct object *o, size_t size)
{
	if (o->cache->keeps_size)
		mm->tracks[o->slot].orig = (uint32_t)(size < o->size ? size : o->size);
	each_part(mm, o, true, fill_part, NULL);
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

/* Its first and last byte that differ. */
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

static noinline void report_damage(struct mm *mm, const struct object *o, bool in_use,
				   const char *checker)
{
	struct damages d = { .n = 0 };

	each_part(mm, o, in_use, note_damage, &d);
	if (!mm->kernel->profile->slab_wording)
		d.n = 1;
	slub_report_damage(mm, o, d.at, d.n, checker);
	for (unsigned i = 0; i < d.n; i++) {
		size_t len = (size_t)(d.at[i].last - d.at[i].first) + 1;

		memset((char *)(uintptr_t)d.at[i].first, d.at[i].value, len);
		slub_report_restored(mm, o, &d.at[i]);
	}
}

bool slub_check_object(struct mm *mm, const struct object *o, bool in_use, const char *checker)
{
	bool ok = in_use ? each_part(mm, o, true, part_intact, NULL)
			 : each_part(mm, o, false, part_intact, NULL);

	if (unlikely(!ok))
		report_damage(mm, o, in_use, checker);
	return ok;
}

void slub_put_aside(struct mm *mm, const struct object *o)
{
	printk(mm->kernel, KERN_ERR, "FIX %s: Marking all objects used", o->cache->name);
	mm->slots[o->slot] = 0;
	o->page->owner->quarantined++;
}

void slub_keep(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;

	printk(k, KERN_ERR, "FIX %s: Object at 0x%0*llx not freed", o->cache->name,
	       addr_digits(k->arch), (unsigned long long)mm_addr(mm, o->start));
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
