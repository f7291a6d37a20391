/* SPDX-License-Identifier: MIT */
/*
 * CONFIG_SLAB's reports about damaged objects. Corresponds to the reports in Linux'
 * mm/slab.c. Differs: only ten per kind and place are printed, but all are counted.
 */
#include "mm/slab_debug.h"

#include <stdio.h>

#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/object.h"
#include "mm/poison.h"
#include "mm/track.h"

#define LOG(...) printk(k, KERN_ERR, __VA_ARGS__)
#define ROW 16      /* bytes per line */
#define ROWS_MAX 6  /* ... of the object that was written to */
#define ROWS_NEAR 2 /* ... of each of its neighbours */

static unsigned long long addr_of(const struct mm *mm, const char *p)
{
	return mm_addr(mm, p);
}

/* Records the report for its explanation; returns whether to print it. */
static bool may_report(struct mm *mm, const struct object *o, const char *function, const char *what,
		       enum slub_way way)
{
	bool print = ratelimit(mm->kernel, function, object_cache_name(o));

	if (!what)
		return print;
	mm->damage = (struct slub_report){
		.reports = mm->damage.reports + 1, .kept_back = !print, .what = what,
		.start = addr_of(mm, o->start),
		.then = way == SLUB_FREE ? DAMAGED_FREED
		      : way == SLUB_ALLOC ? DAMAGED_HANDED_OUT : DAMAGED_STAYS,
	};
	return print;
}

static void count_report(struct mm *mm, const struct object *o)
{
	kernel_count_report(mm->kernel, REPORT_SLAB, object_cache_name(o), addr_of(mm, o->start));
}

/* --- red zones ------------------------------------------------------------- */

void slab_report_zones(struct mm *mm, const struct object *o, bool in_use, enum slub_way way)
{
	static const char *const inner[] = { "__slab_error", NULL };
	const char *function = in_use ? "verify_redzone_free" : "cache_alloc_debugcheck_after";
	const char *msg = "double free, or memory outside object was overwritten", *what;
	struct kernel *k = mm->kernel;
	const char *above[SLUB_FRAMES];
	struct slab_zones z = slab_zones(o);
	bool twice = in_use && z.left == SLAB_ZONE_FREE && z.right == SLAB_ZONE_FREE;

	what = z.left == (in_use ? SLAB_ZONE_USED : SLAB_ZONE_FREE) ? "Right Redzone" : "Left Redzone";
	if (in_use)
		msg = twice ? "double free detected" : "memory outside object was overwritten";
	if (may_report(mm, o, function, twice ? NULL : what, way)) {
		LOG("slab error in %s(): cache `%s': %s", function, object_cache_name(o), msg);
		slub_frames(mm, way, inner, above);
		dump_stack_above(k, KERN_ERR, above);
		kernel_taint(k, TAINT_BAD_PAGE);
		LOG("%0*llx: redzone 1:0x%llx, redzone 2:0x%llx", addr_digits(k->arch),
		    addr_of(mm, o->start - SLAB_ZONE), (unsigned long long)z.left,
		    (unsigned long long)z.right);
	}
	k->taint |= TAINT_BAD_PAGE;
	count_report(mm, o);
}

/* --- poison ---------------------------------------------------------------- */

const char *slab_last_user(const struct mm *mm, const struct object *o, uint64_t *addr)
{
	const struct track *t = object_track(mm, o);
	const char *by[2] = { NULL };

	memcpy(addr, o->start + o->cache->inuse, SLAB_ZONE);
	if (t && t->alloc_by)
		by[0] = t->alloc_by;
	if (t && t->free_by)
		by[1] = track_freed_in(mm, t);
	for (int i = 0; i < 2; i++)
		if (by[i] && code_address(mm->kernel, by[i]) == *addr)
			return by[i];
	return NULL;
}

static void report_user(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;
	uint64_t addr;
	const char *by = slab_last_user(mm, o, &addr);
	char sym[96];

	if (!addr)
		LOG("Last user: [<%16s>](%16s)", "(null)", "(null)");
	else if (by)
		LOG("Last user: [<%016llx>](%s)", (unsigned long long)addr, symbolic(by, sym));
	else
		LOG("Last user: [<%016llx>](0x%llx)", (unsigned long long)addr,
		    (unsigned long long)addr);
}

static void report_row(struct kernel *k, const struct object *o, size_t at)
{
	size_t n = o->cache->object_size - at < ROW ? o->cache->object_size - at : ROW;
	char hex[ROW * 3 + 1], text[ROW + 1];

	for (size_t i = 0; i < n; i++) {
		uint8_t byte = (uint8_t)o->start[at + i];

		snprintf(hex + 3 * i, 4, "%02x ", byte);
		text[i] = byte >= ' ' && byte < 0x7f ? (char)byte : '.';
	}
	text[n] = '\0';
	LOG("%03zx: %-48s %s", at, hex, text);
}

/* Its red zones, its last caller, and so many lines of its contents. */
static void report_object(struct mm *mm, const struct object *o, size_t rows)
{
	struct kernel *k = mm->kernel;
	struct slab_zones z;

	if (o->cache->debug & SLUB_Z) {
		z = slab_zones(o);
		LOG("Redzone: 0x%llx/0x%llx", (unsigned long long)z.left,
		    (unsigned long long)z.right);
	}
	if (o->cache->debug & SLUB_U)
		report_user(mm, o);
	for (size_t at = 0; at < o->cache->object_size && rows; at += ROW, rows--)
		report_row(k, o, at);
}

static void report_neighbour(struct mm *mm, const struct object *o, const char *which, int step)
{
	const struct kmem_cache *c = o->cache;
	struct kernel *k = mm->kernel;
	struct object near;

	object_starting(mm, o->start + step * (int64_t)c->stride, &near);
	LOG("%s obj: start=%0*llx, len=%u", which, addr_digits(k->arch), addr_of(mm, near.start),
	    c->object_size);
	report_object(mm, &near, ROWS_NEAR);
}

/* The number of wrong bits in a line; *bytes: the number of bytes that have some. */
static unsigned wrong_bits(const struct object *o, size_t at, unsigned *bytes)
{
	size_t size = o->cache->object_size;
	unsigned bits = 0;

	*bytes = 0;
	for (size_t i = at; i < at + ROW && i < size; i++) {
		uint8_t is = (uint8_t)o->start[i], was = i + 1 < size ? POISON_FREE : POISON_END;

		*bytes += is != was;
		bits += (unsigned)__builtin_popcount(is ^ was);
	}
	return bits;
}

/* Drivers rarely flip a single bit: blame the hardware. */
static void report_single_bit(struct kernel *k)
{
	LOG("Single bit error detected. Probably bad RAM.");
	if (!strcmp(k->arch->name, "x86_64"))
		LOG("Run memtest86+ or a similar memory test tool.");
}

static void report_damaged_rows(struct mm *mm, const struct object *o)
{
	size_t rows = 0;

	for (size_t at = 0; at < o->cache->object_size && rows < ROWS_MAX; at += ROW) {
		unsigned bytes, bits = wrong_bits(o, at, &bytes);

		if (!bytes)
			continue;
		report_row(mm->kernel, o, at);
		if (bits == 1)
			report_single_bit(mm->kernel);
		rows++;
	}
}

void slab_report_corruption(struct mm *mm, const struct object *o, enum slub_way way)
{
	struct kernel *k = mm->kernel;
	const struct kmem_cache *c = o->cache;
	size_t index = o->slot - o->page->slots;
	char taint[32];

	if (may_report(mm, o, "check_poison_obj", "Poison", way)) {
		LOG("Slab corruption (%s): %s start=%0*llx, len=%u", print_tainted(k, taint), c->name,
		    addr_digits(k->arch), addr_of(mm, o->start), c->object_size);
		report_object(mm, o, 0);
		report_damaged_rows(mm, o);
		if (index)
			report_neighbour(mm, o, "Prev", -1);
		if (index + 1 < c->objects)
			report_neighbour(mm, o, "Next", 1);
	}
	count_report(mm, o);
}
