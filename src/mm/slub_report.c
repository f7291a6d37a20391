/* SPDX-License-Identifier: MIT */
/*
 * What SLUB says about damaged objects. Corresponds to the reports of Linux'
 * mm/slub.c. Differs: a slab's flags are its node alone; fp is the first
 * free object of the slab.
 */
#include "mm/slub_debug.h"

#include <stdio.h>
#include <string.h>

#define SAY(...) printk(k, KERN_ERR, __VA_ARGS__)
#define VMEMMAP 0xffffea0000000000ull
#define PAGE_STRUCT 64
#define JIFFY_NS 4000000u

static unsigned long long addr_of(const struct mm *mm, const char *p)
{
	return mm_addr(mm, p);
}

static const char *info(const struct kernel *k)
{
	return k->profile->slab_info ? "INFO: " : "";
}

static void rule(struct kernel *k, char c)
{
	char line[78];

	memset(line, c, 77);
	line[77] = '\0';
	SAY("%s", line);
}

static void say_bytes(struct mm *mm, const struct object *o, const struct slub_damage *d,
		      const char *in_front)
{
	struct kernel *k = mm->kernel;
	int digits = addr_digits(k->arch);

	SAY("%s0x%0*llx-0x%0*llx @offset=%zu. First byte 0x%x instead of 0x%x", in_front,
	    digits, addr_of(mm, d->first), digits, addr_of(mm, d->last),
	    (size_t)(d->first - pfn_ptr(mm, o->page->head)), (uint8_t)*d->first, d->value);
}

static void say_track(struct mm *mm, const char *what, const char *by, uint32_t when, uint32_t stack)
{
	struct kernel *k = mm->kernel;
	const char *const *frame;
	char sym[96];
	uint32_t n;

	if (!by)
		return;
	SAY("%s%s in %s age=%u cpu=0 pid=%d", info(k), what, symbolic(by, sym),
	    (uint32_t)(k->now / JIFFY_NS) - when, k->pid);
	frame = depot_fetch(&mm->depot, stack, &n);
	for (uint32_t i = 0; i < n; i++)
		SAY(" %s", symbolic(frame[i], sym));
}

/* Who called kfree(). */
static const char *freed_in(const struct mm *mm, const struct track *t)
{
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, t->free_stack, &n);

	return n > 1 ? frame[1] : t->free_by;
}

static void say_tracks(struct mm *mm, const struct object *o)
{
	const struct track *t = object_track(mm, o);

	if (!t || !(o->cache->debug & SLUB_U))
		return;
	say_track(mm, "Allocated", t->alloc_by, t->alloc_when, t->alloc_stack);
	if (t->free_by)
		say_track(mm, "Freed", freed_in(mm, t), t->free_when, t->free_stack);
}

static void say_slab(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;
	const struct kmem_cache *c = o->cache;
	const char *first = pfn_ptr(mm, o->page->head) + c->left;
	unsigned long long fp = 0;
	unsigned used = 0;

	for (uint32_t i = 0; i < c->objects; i++)
		if (mm->slots[o->page->slots + i] & SLOT_ALLOCATED)
			used++;
		else if (!fp)
			fp = addr_of(mm, first + (size_t)i * c->stride);
	SAY("%sSlab 0x%016llx objects=%u used=%u fp=0x%016llx flags=0x200(slab|node=%d)", info(k),
	    VMEMMAP + (unsigned long long)(o->page->head >> mm->page_order) * PAGE_STRUCT,
	    c->objects, used, fp, pfn_node(mm, o->page->head));
	SAY("%sObject 0x%016llx @offset=%zu fp=0x%016llx", info(k), addr_of(mm, o->start),
	    (size_t)(o->start - first + c->left), object_allocated(mm, o) ? 0 : fp);
	SAY("%s", "");
}

static void dump(struct mm *mm, const char *label, const char *p, size_t len)
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
		SAY("%-9s%0*llx: %-48s %s", label, addr_digits(k->arch), addr_of(mm, p + at), hex, text);
	}
}

static void dump_object(struct mm *mm, const struct object *o)
{
	const struct kmem_cache *c = o->cache;
	const char *p = o->start;

	if (c->left)
		dump(mm, "Redzone", p - c->left, c->left);
	else if ((size_t)(p - pfn_ptr(mm, o->page->head)) >= 16)
		dump(mm, "Bytes b4", p - 16, 16);
	dump(mm, "Object", p, c->object_size < page_size(mm) ? c->object_size : page_size(mm));
	if (c->debug & SLUB_Z)
		dump(mm, "Redzone", p + c->object_size, c->inuse - c->object_size);
	dump(mm, "Padding", p + c->meta, c->stride - c->left - c->meta);
}

void slub_report_damage(struct mm *mm, const struct object *o, const struct slub_damage *d,
			unsigned n, const char *checker)
{
	const char *const above[] = { "check_object", checker, NULL };
	struct kernel *k = mm->kernel;
	bool new = k->profile->slab_wording;
	char taint[32], in_front[48];

	mm->damage = (struct slub_report){
		.reports = mm->damage.reports + 1, .told = mm->damage.told, .what = d->what,
		.start = addr_of(mm, o->start),
	};
	for (unsigned i = 0; new && i < n; i++) {
		snprintf(in_front, sizeof(in_front), "[%s overwritten] ", d[i].what);
		say_bytes(mm, o, &d[i], in_front);
	}
	rule(k, '=');
	SAY("BUG %s (%s): %s%s", o->cache->name, print_tainted(k, taint),
	    new ? "Object corrupt" : d->what, new ? "" : " overwritten");
	rule(k, '-');
	SAY("%s", "");
	if (!new)
		say_bytes(mm, o, d, info(k));
	say_tracks(mm, o);
	say_slab(mm, o);
	dump_object(mm, o);
	if (!new)
		dump_stack_above(k, KERN_ERR, above);
	kernel_taint(k, TAINT_BAD_PAGE);
	kernel_complain(k, REPORT_SLAB, o->cache->name, addr_of(mm, o->start));
	if (new) {
		kernel_warn(k, "object_err", NULL);
		k->reports[REPORT_WARN]--; /* it is the end of this one */
	}
}

void slub_report_restored(struct mm *mm, const struct object *o, const struct slub_damage *d)
{
	struct kernel *k = mm->kernel;
	int digits = addr_digits(k->arch);

	SAY("FIX %s: Restoring %s 0x%0*llx-0x%0*llx=0x%x", o->cache->name, d->what, digits,
	    addr_of(mm, d->first), digits, addr_of(mm, d->last), d->value);
}
