/* SPDX-License-Identifier: MIT */
/*
 * What SLUB's reports print about an object and its slab. Corresponds to print_trailer()
 * and the like in Linux' mm/slub.c. Differs: addresses are shown even where %p would hash
 * them (4.19 to 5.10); fp is the first free object of the slab.
 */
#include "mm/slub_style.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel/bug.h"
#include "kernel/clock.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/freeptr.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/track.h"

static const struct slub_style styles[] = {
	{ .since = RELEASE(4, 9), .info = "INFO: ", .track = "\t", .taint = TAINT_AT_HEADER },
	{ .since = RELEASE(5, 10), .info = "INFO: ", .track = "\t", .taint = TAINT_AT_HEADER,
	  .sides = true, .offset = true, .wide = true },
	{ .since = RELEASE(6, 1), .info = "", .track = " ", .taint = TAINT_AT_END,
	  .sides = true, .offset = true, .wide = true, .flag_names = true, .fix_names = true },
	{ .since = RELEASE(6, 12), .info = "", .track = " ", .taint = TAINT_BEFORE_WARN,
	  .sides = true, .offset = true, .wide = true, .flag_names = true, .fix_names = true,
	  .all_faults = true, .tail_first = true },
};

const struct slub_style *slub_style(const struct kernel *k)
{
	const struct slub_style *s = &styles[COUNT(styles) - 1];

	while (s > styles && s->since > k->profile->version)
		s--;
	return s;
}

static unsigned long long addr_of(const struct mm *mm, const char *p)
{
	return mm_addr(mm, p);
}

/* --- tracks ---------------------------------------------------------------- */

static void report_track(struct mm *mm, const struct track *t, bool freed)
{
	const char *by = freed ? track_freed_in(mm, t) : t->alloc_by;
	const struct slub_style *s = slub_style(mm->kernel);
	struct kernel *k = mm->kernel;
	struct call_path p;
	char sym[96];

	SLUB_LOG(k, "%s%s in %s age=%u cpu=0 pid=%d", s->info, freed ? "Freed" : "Allocated",
		 symbolic(by, sym), jiffies(k) - (freed ? t->free_when : t->alloc_when), k->pid);
	track_path(mm, t, freed, &p);
	for (int i = 0; i < p.n; i++)
		SLUB_LOG(k, "%s%s", s->track, symbolic(p.frame[i], sym));
}

void slub_print_tracks(struct mm *mm, const struct object *o)
{
	const struct track *t = object_track(mm, o);

	if (!t || !(o->cache->debug & SLUB_U) || !t->alloc_by)
		return;
	report_track(mm, t, false);
	if (t->free_by)
		report_track(mm, t, true);
}

/* --- the slab -------------------------------------------------------------- */

unsigned slub_count_used(struct mm *mm, const struct object *o, unsigned long long *fp)
{
	const struct kmem_cache *c = o->cache;
	const char *first = pfn_ptr(mm, o->page->head) + c->left;
	unsigned used = 0;

	*fp = 0;
	for (uint32_t i = 0; i < c->objects; i++)
		if (mm->slots[o->page->slots + i] & SLOT_ALLOCATED)
			used++;
		else if (!*fp)
			*fp = addr_of(mm, first + (size_t)i * c->stride);
	return used;
}

/* The address of page frame 0's struct page, its size, and the upper bits of its flags. */
static const struct page_struct {
	const char *arch;
	int since;
	uint64_t base;
	uint8_t size;
	uint8_t cpu_bits, cpu_shift;   /* bits for the last CPU; all ones */
	uint8_t zone_shift, node_shift; /* 0: no node bits */
} page_structs[] = {
	{ "x86_64", 0, 0xffffea0000000000, 64, 21, 30, 51, 54 },
	{ "arm64", 0, 0xfffffe0000000000, 64, 16, 42, 58, 60 },
	{ "arm64", RELEASE(6, 12), 0xffffc1ffc0000000, 64, 17, 40, 57, 59 },
	{ "riscv64", 0, 0xff1c000000000000, 64, 15, 45, 60, 62 },
	{ "riscv64", RELEASE(7, 2), 0xffff8d8000000000, 64, 16, 44, 60, 62 },
	{ "arm", 0, 0xcee00000, 36, 0, 0, 30, 0 },
	{ "arm", RELEASE(6, 1), 0xcee00000, 32, 0, 0, 30, 0 },
};

static const struct page_struct *page_struct(const struct kernel *k)
{
	const struct page_struct *found = page_structs;

	for (size_t i = 0; i < COUNT(page_structs); i++)
		if (!strcmp(page_structs[i].arch, k->arch->name) &&
		    page_structs[i].since <= k->profile->version)
			found = &page_structs[i];
	return found;
}

/* The number that Linux gives to the zone, counting those that the architecture has. */
static unsigned zone_number(const struct kernel *k, uint32_t pfn)
{
	const uint64_t end[] = { k->arch->dma_limit, k->arch->dma32_limit };
	unsigned n = 0;

	for (size_t i = 0; i < COUNT(end); i++) {
		if ((uint64_t)pfn << PAGE_SHIFT < end[i])
			break;
		n += end[i] != 0;
	}
	return n;
}

/*
 * Flag bits of slab pages. Since 6.10 PG_slab is gone, and the bit is printed as its
 * other name.
 */
static const struct {
	int since;
	unsigned slab, head;
	const char *name;
} page_bits[] = {
	{ RELEASE(4, 9), 0x80, 0x4000, "slab" }, { RELEASE(4, 19), 0x100, 0x8000, "slab" },
	{ RELEASE(5, 10), 0x200, 0x10000, "slab" }, { RELEASE(6, 12), 0x200, 0x40, "workingset" },
};

#define PG_LOCKED 1u /* set while an older release frees */

static void page_flags(const struct mm *mm, const struct page *page, char *out, size_t size)
{
	const struct kernel *k = mm->kernel;
	const struct page_struct *p = page_struct(k);
	unsigned zone = zone_number(k, page->head), bits = COUNT(page_bits) - 1;
	int node = pfn_node(mm, page->head), n;
	uint64_t cpus = (1ull << p->cpu_bits) - 1;
	uint64_t flags = cpus << p->cpu_shift | (uint64_t)zone << p->zone_shift;
	bool head = page->order > mm->page_order;

	while (page_bits[bits].since > k->profile->version)
		bits--;
	flags |= page_bits[bits].slab | (head ? page_bits[bits].head : 0);
	if (p->node_shift)
		flags |= (uint64_t)node << p->node_shift;
	if (!slub_style(k)->flag_names) {
		snprintf(out, size, "0x%04" PRIx64, flags | PG_LOCKED);
		return;
	}
	n = snprintf(out, size, "0x%" PRIx64 "(%s%s", flags, page_bits[bits].name,
		     head ? "|head" : "");
	if (p->node_shift)
		n += snprintf(out + n, size - (size_t)n, "|node=%d", node);
	n += snprintf(out + n, size - (size_t)n, "|zone=%u", zone);
	if (p->cpu_bits)
		n += snprintf(out + n, size - (size_t)n, "|lastcpupid=0x%" PRIx64, cpus);
	snprintf(out + n, size - (size_t)n, ")");
}

void slub_print_slab(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;
	const struct page_struct *p = page_struct(k);
	int digits = addr_digits(k->arch);
	unsigned long long fp;
	unsigned used = slub_count_used(mm, o, &fp);
	char flags[120];

	page_flags(mm, o->page, flags, sizeof(flags));
	SLUB_LOG(k, "%sSlab 0x%0*llx objects=%u used=%u fp=0x%0*llx flags=%s", slub_style(k)->info,
		 digits, (unsigned long long)(p->base + (uint64_t)(o->page->head >> mm->page_order) *
					      p->size),
		 o->cache->objects, used, digits, fp, flags);
}

/* --- the object ------------------------------------------------------------ */

static void report_place(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;
	int digits = addr_digits(k->arch);

	SLUB_LOG(k, "%sObject 0x%0*llx @offset=%zu fp=0x%0*llx", slub_style(k)->info, digits,
		 addr_of(mm, o->start), (size_t)(o->start - pfn_ptr(mm, o->page->head)), digits,
		 (unsigned long long)freeptr_get(mm, o));
	SLUB_LOG(k, "%s", "");
}

void slub_dump(struct mm *mm, enum log_level level, const char *label, const char *p, size_t len)
{
	struct kernel *k = mm->kernel;

	for (size_t at = 0; at < len; at += 16) {
		size_t n = len - at < 16 ? len - at : 16;
		char hex[16 * 3 + 1], text[17];

		for (size_t i = 0; i < n; i++) {
			uint8_t byte = (uint8_t)p[at + i];

			snprintf(hex + 3 * i, 4, "%02x ", byte);
			text[i] = byte >= ' ' && byte < 0x7f ? (char)byte : '.';
		}
		text[n] = '\0';
		printk(k, level, "%s%0*llx: %-48s %s", label, addr_digits(k->arch),
		       addr_of(mm, p + at), hex, text);
	}
}

static void dump_part(struct mm *mm, const char *what, const char *p, size_t len)
{
	char label[16];

	snprintf(label, sizeof(label), slub_style(mm->kernel)->wide ? "%-9s" : "%s ", what);
	slub_dump(mm, KERN_ERR, label, p, len);
}

static void dump_object(struct mm *mm, const struct object *o)
{
	const struct kmem_cache *c = o->cache;
	const char *p = o->start;

	if (c->left)
		dump_part(mm, "Redzone", p - c->left, c->left);
	else if ((size_t)(p - pfn_ptr(mm, o->page->head)) > 16)
		dump_part(mm, "Bytes b4", p - 16, 16);
	dump_part(mm, "Object", p, c->object_size < page_size(mm) ? c->object_size : page_size(mm));
	if (c->debug & SLUB_Z)
		dump_part(mm, "Redzone", p + c->object_size, c->inuse - c->object_size);
	dump_part(mm, "Padding", p + c->meta, c->stride - c->left - c->meta);
}

void slub_print_object(struct mm *mm, const struct object *o)
{
	slub_print_tracks(mm, o);
	slub_print_slab(mm, o);
	report_place(mm, o);
	dump_object(mm, o);
}
