/* SPDX-License-Identifier: MIT */
/*
 * Objects that nothing points to. Corresponds to Linux' mm/kmemleak.c. Differs: kmemleak
 * costs nothing between scans, because the age and the stack of an object are those of
 * its track, and only objects that a scan could not reach are remembered until the next
 * one.
 *
 * As in Linux, an object is reported if it is older than 5 s and its bytes have not
 * changed since the last scan: whatever writes to it still refers to it.
 */
#include "mm/kmemleak.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/clock.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "lib/host_memory.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/slab.h"

#define MIN_AGE (5 * NS_PER_SECOND / JIFFY_NS) /* jiffies */
#define FIRST_SCAN 60
#define SCAN_WAIT 600

void kmemleak_init(struct mm *mm)
{
	const struct params *p = &mm->kernel->params;
	bool on = mm->tracks && (p->kmemleak < 0 ? p->track : p->kmemleak);

	mm->kmemleak = (struct kmemleak){
		.on = on, .seconds = SCAN_WAIT, .next = on ? FIRST_SCAN * NS_PER_SECOND : UINT64_MAX,
	};
}

void kmemleak_finish(struct mm *mm)
{
	free(mm->kmemleak.suspect);
	mm->kmemleak = (struct kmemleak){ 0 };
}

void kmemleak_disable(struct mm *mm)
{
	mm->kmemleak.on = false;
	mm->kmemleak.next = UINT64_MAX;
	printk(mm->kernel, KERN_INFO, "kmemleak: Kernel memory leak detector disabled");
}

void kmemleak_clear(struct mm *mm)
{
	struct kmemleak *k = &mm->kmemleak;

	for (uint32_t i = 0; i < k->suspects; i++)
		if (k->suspect[i].reported && k->suspect[i].white) {
			k->suspect[i].grey = true;
			k->suspect[i].white = false;
		}
	/* there are no more scans, so nothing has to be remembered */
	if (!k->on)
		k->suspects = 0;
}

/* The object that begins at addr; false after a message. */
static bool find_marked(struct mm *mm, uint64_t addr, bool ignored, struct object *o)
{
	const char *p = mm_ptr(mm, addr, 1);
	struct kernel *k = mm->kernel;

	if (p && object_find(mm, p, o) && o->start == p && object_allocated(mm, o) &&
	    object_tag(mm, o) != TAG_PAGES)
		return true;
	printk(k, KERN_WARNING, "kmemleak: Trying to color unknown object at 0x%0*llx as %s",
	       addr_digits(k->arch), (unsigned long long)addr, ignored ? "Black" : "Grey");
	dump_stack(k, KERN_WARNING, "kmemleak_object");
	return false;
}

/* Index of the first remembered object whose number is not lower. */
static uint32_t place_of(const struct kmemleak *k, uint32_t number)
{
	uint32_t i = 0;

	while (i < k->suspects && k->suspect[i].number < number)
		i++;
	return i;
}

void kmemleak_mark(struct mm *mm, uint64_t addr, bool ignored)
{
	struct kmemleak *k = &mm->kmemleak;
	struct leak_suspect l = { .not_leak = !ignored, .ignored = ignored }, *grown;
	struct object o;
	uint32_t i;

	if (!k->on || !addr || !find_marked(mm, addr, ignored, &o))
		return;
	l.number = object_number(mm, o.start);
	l.when = object_track(mm, &o)->alloc_when;
	i = place_of(k, l.number);
	if (i == k->suspects || k->suspect[i].number != l.number) {
		grown = host_realloc(k->suspect, (k->suspects + 1) * sizeof(*grown));
		if (!grown)
			return;
		k->suspect = grown;
		memmove(grown + i + 1, grown + i, (k->suspects++ - i) * sizeof(*grown));
	}
	k->suspect[i] = l;
}

/* CRC-32 as the kernel's crc32(0, ...): zeroes give 0. */
static uint32_t checksum(const char *p, size_t len)
{
	static const uint32_t step[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = 0;

	for (const char *end = p + len; p < end; p++) {
		crc ^= (uint8_t)*p;
		crc = crc >> 4 ^ step[crc & 15];
		crc = crc >> 4 ^ step[crc & 15];
	}
	return crc;
}

bool kmemleak_object(const struct mm *mm, const struct leak_suspect *l, struct object *o)
{
	return object_find(mm, object_start(mm, l->number), o) && object_allocated(mm, o) &&
	       object_number(mm, o->start) == l->number &&
	       object_track(mm, o)->alloc_when == l->when;
}

/* Scanned but never reported: struct kmem_cache, and in older releases per-CPU memory. */
static bool is_root(const struct mm *mm, const struct object *o)
{
	return object_tag(mm, o) == TAG_CACHE ||
	       (object_tag(mm, o) == TAG_PERCPU && !mm->kernel->profile->leak_percpu);
}

void kmemleak_add_marked(struct leak_scan *s)
{
	const struct kmemleak *k = &s->mm->kmemleak;
	struct object o;

	for (uint32_t i = 0; i < k->suspects; i++) {
		const struct leak_suspect *l = &k->suspect[i];

		if ((!l->not_leak && !l->ignored) || !kmemleak_object(s->mm, l, &o))
			continue;
		if (l->ignored)
			leak_scan_skip(s, &o);
		else
			leak_scan_object(s, &o);
	}
}

static uint32_t reach_roots(struct leak_scan *s)
{
	const struct mm *mm = s->mm;
	uint32_t objects = 0;
	struct object o;
	uint64_t at = 0;

	kmemleak_add_marked(s);
	for (; objects_next(mm, &at, &o); objects++)
		if (object_tag(mm, &o) >= TAG_LISTS || is_root(mm, &o))
			leak_scan_object(s, &o);
	for (uint32_t i = 0; i < mm->kmemleak.suspects; i++)
		if (mm->kmemleak.suspect[i].grey &&
		    kmemleak_object(mm, &mm->kmemleak.suspect[i], &o))
			leak_scan_object(s, &o);
	return objects;
}

/*
 * Collects the objects that were not reached, and the remembered ones that still exist,
 * in order of their numbers. Objects whose bytes have changed are then scanned.
 */
static uint32_t collect(struct leak_scan *s, struct leak_suspect *out)
{
	const struct kmemleak *k = &s->mm->kmemleak;
	uint32_t old = 0, n = 0;
	struct object o;
	uint64_t at = 0;

	while (objects_next(s->mm, &at, &o)) {
		struct leak_suspect l = {
			.number = object_number(s->mm, o.start),
			.when = object_track(s->mm, &o)->alloc_when,
		};
		bool known;
		uint32_t crc;

		while (old < k->suspects && k->suspect[old].number < l.number)
			old++;
		known = old < k->suspects && k->suspect[old].number == l.number &&
			k->suspect[old].when == l.when;
		if (known)
			l = k->suspect[old];
		l.white = false;
		if (l.not_leak || l.ignored) {
			out[n++] = l;
			continue;
		}
		if (object_tag(s->mm, &o) == TAG_PAGES || (leak_scan_reached(s, &o) && !known))
			continue;
		if (!leak_scan_reached(s, &o)) {
			crc = checksum(o.start, leak_object_size(s->mm, &o));
			l.white = crc == l.crc;
			l.crc = crc;
		}
		out[n++] = l;
	}
	/* only now: until here, an object is judged by what the roots lead to */
	for (uint32_t i = 0; i < n; i++)
		if (!out[i].white && !out[i].ignored && kmemleak_object(s->mm, &out[i], &o))
			leak_scan_object(s, &o);
	leak_scan_run(s);
	return n;
}

/* An object that is still not reached, and old enough, is a leak. */
static int report_new(const struct leak_scan *s, struct leak_suspect *l, uint32_t n)
{
	uint32_t now = jiffies(s->mm->kernel);
	struct object o;
	int fresh = 0;

	for (; n--; l++) {
		l->white &= kmemleak_object(s->mm, l, &o) && !leak_scan_reached(s, &o);
		if (!l->white || l->reported || now - l->when < MIN_AGE)
			continue;
		l->reported = true;
		fresh++;
	}
	return fresh;
}

int kmemleak_scan(struct mm *mm, leak_roots_fn roots, void *ctx)
{
	struct kmemleak *k = &mm->kmemleak;
	struct leak_suspect *next;
	struct leak_scan s;
	uint32_t objects;
	int fresh;

	if (leak_scan_begin(&s, mm, false))
		return -ENOMEM;
	objects = reach_roots(&s);
	roots(ctx, &s, !k->no_stack);
	leak_scan_run(&s);
	/* remembered ones are objects, too, so this is enough */
	next = objects ? host_malloc(objects * sizeof(*next)) : NULL;
	if (objects && !next) {
		leak_scan_finish(&s);
		return -ENOMEM;
	}
	k->suspects = objects ? collect(&s, next) : 0;
	free(k->suspect);
	k->suspect = next;
	fresh = report_new(&s, next, k->suspects);
	leak_scan_finish(&s);
	if (fresh)
		printk(mm->kernel, KERN_INFO,
		       "kmemleak: %d new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
		       fresh);
	return fresh;
}
