/* SPDX-License-Identifier: MIT */
/*
 * SLUB's reports about damaged objects and slabs, and its repairs. Corresponds to the
 * reports in Linux' mm/slub.c. Differs: only ten per kind and place are printed, but all
 * are counted.
 */
#include "mm/slub_style.h"

#include <stdio.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"

#define LOG(...) SLUB_LOG(k, __VA_ARGS__)

static unsigned long long addr_of(const struct mm *mm, const char *p)
{
	return mm_addr(mm, p);
}

static void rule(struct kernel *k, char c)
{
	char line[78];

	memset(line, c, 77);
	line[77] = '\0';
	LOG("%s", line);
}

/* Ten reports of one kind about one cache; the FIX lines are printed along with them. */
static bool may_report(struct mm *mm, const struct object *o, const char *function, const char *what)
{
	char about[64];

	snprintf(about, sizeof(about), "%.24s %.24s", object_cache_name(o), what);
	mm->slab_printed = ratelimit(mm->kernel, function, about);
	return mm->slab_printed;
}

/* --- the frame ------------------------------------------------------------- */

static void header(struct kernel *k, const struct object *o, const char *what, const char *more)
{
	char taint[32];

	rule(k, '=');
	LOG("BUG %s (%s): %s%s", object_cache_name(o), print_tainted(k, taint), what, more);
	rule(k, '-');
	LOG("%s", "");
	if (slub_style(k)->taint == TAINT_AT_HEADER)
		kernel_taint(k, TAINT_BAD_PAGE);
}

/* Prints the call stack, newest function first: a stack dump, or a WARN. */
static void end_with(struct mm *mm, const char *const *above)
{
	enum slub_taint taint = slub_style(mm->kernel)->taint;

	if (taint != TAINT_BEFORE_WARN)
		dump_stack_above(mm->kernel, KERN_ERR, above);
	if (taint != TAINT_AT_HEADER)
		kernel_taint(mm->kernel, TAINT_BAD_PAGE);
	if (taint == TAINT_BEFORE_WARN)
		kernel_warn_end(mm->kernel, above);
}

static void end(struct mm *mm, enum slub_way way, const char *const *inner)
{
	const char *above[SLUB_FRAMES];

	slub_frames(mm, way, inner, above);
	end_with(mm, above);
}

static void count_report(struct mm *mm, const struct object *o)
{
	mm->kernel->taint |= TAINT_BAD_PAGE;
	kernel_count_report(mm->kernel, REPORT_SLAB, object_cache_name(o), addr_of(mm, o->start));
}

/* "0xffff888001000040-0xffff888001000041", plus "@offset=64" on releases that print it */
static void range(const struct mm *mm, const struct object *o, const struct slub_damage *d,
		  char *out, size_t size)
{
	int digits = addr_digits(mm->kernel->arch);
	int n = snprintf(out, size, "0x%0*llx-0x%0*llx", digits, addr_of(mm, d->first), digits,
			 addr_of(mm, d->last));

	if (slub_style(mm->kernel)->offset)
		snprintf(out + n, size - (size_t)n, " @offset=%zu",
			 (size_t)(d->first - pfn_ptr(mm, o->page->head)));
}

/* --- objects --------------------------------------------------------------- */

void slub_report_object(struct mm *mm, const struct object *o, enum slub_way way, const char *what)
{
	static const char *const of_free[] = { "print_trailer", "object_err", NULL };
	static const char *const of_check[] = { "print_trailer", "object_err", "check_object", NULL };
	const char *const *inner = strcmp(what, "Object already free") ? of_check : of_free;

	if (may_report(mm, o, "object_err", what)) {
		header(mm->kernel, o, what, "");
		slub_print_object(mm, o);
		/* on newer releases object_err() itself WARNs */
		end(mm, way, inner + slub_style(mm->kernel)->all_faults);
	}
	count_report(mm, o);
}

static const char *name_of(const struct kernel *k, const struct slub_damage *d)
{
	if (slub_style(k)->sides)
		return d->what;
	if (strstr(d->what, "Redzone"))
		return "Redzone";
	return strstr(d->what, "Poison") ? "Poison" : d->what;
}

static void report_bytes(struct mm *mm, const struct object *o, const struct slub_damage *d,
			 const char *in_front)
{
	struct kernel *k = mm->kernel;
	char where[80];

	range(mm, o, d, where, sizeof(where));
	LOG("%s%s. First byte 0x%x instead of 0x%x", in_front, where, (uint8_t)*d->first, d->value);
}

static void report_restored(struct mm *mm, const struct object *o, const struct slub_damage *d,
			    const char *name)
{
	int digits = addr_digits(mm->kernel->arch);
	bool names = slub_style(mm->kernel)->fix_names;

	slub_fix(mm, o, "Restoring %s%s0x%0*llx-0x%0*llx=0x%x", names ? name : "", names ? " " : "",
		 digits, addr_of(mm, d->first), digits, addr_of(mm, d->last), d->value);
	if (!names && mm->slab_printed)
		SLUB_LOG(mm->kernel, "%s", "");
}

/* One of several faults; the first fault of an object gets the report. */
static void report_damage(struct mm *mm, const struct object *o, const struct slub_damage *d,
			  bool first, enum slub_way way)
{
	static const char *const dumps[] = {
		"print_trailer", "check_bytes_and_report", "check_object", NULL,
	};
	static const char *const warns[] = {
		"object_err", "check_bytes_and_report", "check_object", NULL,
	};
	struct kernel *k = mm->kernel;
	const struct slub_style *s = slub_style(k);
	const char *name = name_of(k, d);
	char in_front[48];

	if (s->all_faults) {
		snprintf(in_front, sizeof(in_front), "[%s overwritten] ", name);
		report_bytes(mm, o, d, in_front);
	}
	if (first) {
		header(k, o, s->all_faults ? "Object corrupt" : name,
		       s->all_faults ? "" : " overwritten");
		if (!s->all_faults)
			report_bytes(mm, o, d, s->info);
		slub_print_object(mm, o);
		end(mm, way, s->all_faults ? warns : dumps);
	}
	report_restored(mm, o, d, name);
}

void slub_report_damage(struct mm *mm, const struct object *o, const struct slub_damage *d,
			unsigned n, enum slub_way way)
{
	mm->damage = (struct slub_report){
		.reports = mm->damage.reports + 1, .what = d->what,
		.start = addr_of(mm, o->start),
	};
	mm->damage.kept_back = !may_report(mm, o, "check_bytes_and_report", d->what);
	for (unsigned i = 0; i < n && mm->slab_printed; i++)
		report_damage(mm, o, &d[i], !i, way);
	count_report(mm, o);
}

/* --- slabs ----------------------------------------------------------------- */

void slub_report_slab(struct mm *mm, const struct object *o, enum slub_way way, const char *fmt, ...)
{
	static const char *const inner[] = { "__slab_err", "slab_err", NULL };
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (may_report(mm, o, "slab_err", fmt)) {
		header(mm->kernel, o, what, "");
		if (o->cache)
			slub_print_slab(mm, o);
		end(mm, way, inner + !slub_style(mm->kernel)->all_faults);
	}
	count_report(mm, o);
}

void slub_report_tail(struct mm *mm, const struct object *o, const struct slub_damage *d,
		      const char *end_of_slab, enum slub_way way)
{
	static const char *const dumps[] = { "slab_err", "slab_pad_check", "check_slab", NULL };
	static const char *const warns[] = { "__slab_err", "slab_pad_check", "check_slab", NULL };
	const char *first = pfn_ptr(mm, o->page->head) + (size_t)o->cache->objects * o->cache->stride;
	const struct slub_style *s = slub_style(mm->kernel);
	size_t len = (size_t)(end_of_slab - first);
	char where[80];

	if (may_report(mm, o, "slab_err", "Padding")) {
		range(mm, o, d, where, sizeof(where));
		header(mm->kernel, o, "Padding overwritten. ", where);
		if (s->tail_first)
			slub_dump(mm, KERN_ERR, "Padding ", first, len);
		slub_print_slab(mm, o);
		end(mm, way, s->all_faults ? warns : dumps);
		if (!s->tail_first)
			slub_dump(mm, KERN_ERR, "Padding ", first, len);
		report_restored(mm, o, d, d->what);
	}
	count_report(mm, o);
}

/* Lists the objects of a slab that are in use, with their tracks. */
static void report_remaining(struct mm *mm, const struct page *page)
{
	const struct kmem_cache *c = page->owner->cache;
	char *first = pfn_ptr(mm, page->head) + c->left;
	struct kernel *k = mm->kernel;
	struct object o;

	for (uint32_t i = 0; i < c->objects; i++) {
		object_starting(mm, first + (size_t)i * c->stride, &o);
		if (!object_allocated(mm, &o))
			continue;
		LOG("%sObject 0x%0*llx @offset=%zu", slub_style(k)->info, addr_digits(k->arch),
		    addr_of(mm, o.start), (size_t)(o.start - pfn_ptr(mm, page->head)));
		slub_print_tracks(mm, &o);
	}
}

void slub_report_remaining(struct mm *mm, const struct page *page)
{
	static const char *const above[] = { "__slab_err", "slab_err", "__kmem_cache_shutdown", NULL };
	const struct kmem_cache *c = page->owner->cache;
	bool new = slub_style(mm->kernel)->all_faults;
	struct object o;
	char what[120];

	object_starting(mm, pfn_ptr(mm, page->head) + c->left, &o);
	/* CONFIG_SLAB only reports that there are some */
	if (mm->kernel->profile->slab) {
		kernel_count_report(mm->kernel, REPORT_SLAB, c->name, addr_of(mm, o.start));
		return;
	}
	snprintf(what, sizeof(what), "Objects remaining %s%s%son __kmem_cache_shutdown()",
		 new ? "" : "in ", new ? "" : c->name, new ? "" : " ");
	if (may_report(mm, &o, "slab_err", what)) {
		header(mm->kernel, &o, what, "");
		if (new)
			report_remaining(mm, page);
		slub_print_slab(mm, &o);
		end_with(mm, above + !new);
		if (!new)
			report_remaining(mm, page);
	}
	count_report(mm, &o);
}

/* --- repairs ------------------------------------------------------------------ */

void slub_fix(struct mm *mm, const struct object *o, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	if (!mm->slab_printed)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	printk(mm->kernel, KERN_ERR, "FIX %s: %s", object_cache_name(o), what);
}

void slub_trace(struct mm *mm, const struct object *o, enum slub_way way)
{
	struct kernel *k = mm->kernel;
	int digits = addr_digits(k->arch);
	bool freed = way == SLUB_FREE;
	const char *above[SLUB_FRAMES];
	unsigned long long fp;
	unsigned used = slub_count_used(mm, o, &fp);

	printk(k, KERN_INFO, "TRACE %s %s 0x%0*llx inuse=%u fp=0x%0*llx", object_cache_name(o),
	       freed ? "free" : "alloc", digits, addr_of(mm, o->start), used, digits, fp);
	if (freed)
		slub_dump(mm, KERN_INFO, slub_style(k)->wide ? "Object   " : "Object ", o->start,
			  o->cache->object_size);
	slub_frames(mm, way, (const char *const[]){ NULL }, above);
	dump_stack_above(k, KERN_INFO, above);
}
