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
	    jiffies(k) - when, k->pid);
	frame = depot_fetch(&mm->depot, stack, &n);
	for (uint32_t i = 0; i < n; i++)
		SAY(" %s", symbolic(frame[i], sym));
}

const char *track_freed_in(const struct mm *mm, const struct track *t)
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
		say_track(mm, "Freed", track_freed_in(mm, t), t->free_when, t->free_stack);
}

/* Objects of its slab that are in use; *fp: the first one that is not. */
static unsigned count_used(struct mm *mm, const struct object *o, unsigned long long *fp)
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

static void say_slab(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;
	unsigned long long fp;
	unsigned used = count_used(mm, o, &fp);

	SAY("%sSlab 0x%016llx objects=%u used=%u fp=0x%016llx flags=0x200(slab|node=%d)", info(k),
	    VMEMMAP + (unsigned long long)(o->page->head >> mm->page_order) * PAGE_STRUCT,
	    o->cache->objects, used, fp, pfn_node(mm, o->page->head));
}

static void say_object(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;

	SAY("%sObject 0x%016llx @offset=%zu fp=0x%016llx", info(k), addr_of(mm, o->start),
	    (size_t)(o->start - pfn_ptr(mm, o->page->head)),
	    (unsigned long long)freeptr_get(mm, o));
	SAY("%s", "");
}

static void dump(struct mm *mm, enum log_level level, const char *label, const char *p, size_t len)
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
		printk(k, level, "%-9s%0*llx: %-48s %s", label, addr_digits(k->arch),
		       addr_of(mm, p + at), hex, text);
	}
}

static void dump_object(struct mm *mm, const struct object *o)
{
	const struct kmem_cache *c = o->cache;
	const char *p = o->start;

	if (c->left)
		dump(mm, KERN_ERR, "Redzone", p - c->left, c->left);
	else if ((size_t)(p - pfn_ptr(mm, o->page->head)) >= 16)
		dump(mm, KERN_ERR, "Bytes b4", p - 16, 16);
	dump(mm, KERN_ERR, "Object", p,
	     c->object_size < page_size(mm) ? c->object_size : page_size(mm));
	if (c->debug & SLUB_Z)
		dump(mm, KERN_ERR, "Redzone", p + c->object_size, c->inuse - c->object_size);
	dump(mm, KERN_ERR, "Padding", p + c->meta, c->stride - c->left - c->meta);
}

/* Ten reports of one kind about one cache; what is done about them goes with them. */
static bool may_say(struct mm *mm, const struct object *o, const char *function, const char *what)
{
	char about[64];

	snprintf(about, sizeof(about), "%.24s %.24s", object_cache_name(o), what);
	mm->slab_said = ratelimit(mm->kernel, function, about);
	return mm->slab_said;
}

static void header(struct kernel *k, const struct object *o, const char *what, const char *more)
{
	char taint[32];

	rule(k, '=');
	SAY("BUG %s (%s): %s%s", object_cache_name(o), print_tainted(k, taint), what, more);
	rule(k, '-');
	SAY("%s", "");
}

static void body(struct mm *mm, const struct object *o)
{
	say_tracks(mm, o);
	say_slab(mm, o);
	say_object(mm, o);
	dump_object(mm, o);
}

/* Call stack and taint; newer releases WARN, with a stack of its own. */
static void end(struct kernel *k, const char *function, const char *const *above)
{
	if (!k->profile->slab_wording)
		dump_stack_above(k, KERN_ERR, above);
	kernel_taint(k, TAINT_BAD_PAGE);
	if (k->profile->slab_wording)
		kernel_warn_end(k, function);
}

static void complain(struct mm *mm, const struct object *o)
{
	mm->kernel->taint |= TAINT_BAD_PAGE;
	kernel_complain(mm->kernel, REPORT_SLAB, object_cache_name(o), addr_of(mm, o->start));
}

void slub_report_object(struct mm *mm, const struct object *o, const char *what)
{
	static const char *const above[] = { "object_err", NULL };
	struct kernel *k = mm->kernel;

	if (may_say(mm, o, "object_err", what)) {
		header(k, o, what, "");
		body(mm, o);
		end(k, "object_err", above);
	}
	complain(mm, o);
}

static void say_slab_error(struct mm *mm, const struct object *o, const char *what,
			   const char *checker)
{
	const char *const above[] = { "slab_err", checker, NULL };
	struct kernel *k = mm->kernel;

	header(k, o, what, "");
	if (o->cache)
		say_slab(mm, o);
	end(k, "slab_err", above);
}

void slub_report_slab(struct mm *mm, const struct object *o, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (may_say(mm, o, "slab_err", fmt))
		say_slab_error(mm, o, what, "free_to_partial_list");
	complain(mm, o);
}

void slub_report_tail(struct mm *mm, const struct object *o, const struct slub_damage *d,
		      const char *end_of_slab)
{
	int digits = addr_digits(mm->kernel->arch);
	const char *first = pfn_ptr(mm, o->page->head) + (size_t)o->cache->objects * o->cache->stride;
	char what[160];

	snprintf(what, sizeof(what), "Padding overwritten. 0x%0*llx-0x%0*llx @offset=%zu", digits,
		 addr_of(mm, d->first), digits, addr_of(mm, d->last),
		 (size_t)(d->first - pfn_ptr(mm, o->page->head)));
	if (may_say(mm, o, "slab_err", "Padding")) {
		say_slab_error(mm, o, what, "slab_pad_check");
		dump(mm, KERN_ERR, "Padding", first, (size_t)(end_of_slab - first));
	}
	complain(mm, o);
	slub_report_restored(mm, o, d);
}

void slub_report_damage(struct mm *mm, const struct object *o, const struct slub_damage *d,
			unsigned n, const char *checker)
{
	const char *const above[] = { "check_bytes_and_report", "check_object", checker, NULL };
	struct kernel *k = mm->kernel;
	bool new = k->profile->slab_wording;
	char in_front[48];

	mm->damage = (struct slub_report){
		.reports = mm->damage.reports + 1, .told = mm->damage.told, .what = d->what,
		.start = addr_of(mm, o->start),
	};
	if (may_say(mm, o, "check_bytes_and_report", d->what)) {
		for (unsigned i = 0; new && i < n; i++) {
			snprintf(in_front, sizeof(in_front), "[%s overwritten] ", d[i].what);
			say_bytes(mm, o, &d[i], in_front);
		}
		header(k, o, new ? "Object corrupt" : d->what, new ? "" : " overwritten");
		if (!new)
			say_bytes(mm, o, d, info(k));
		body(mm, o);
		end(k, "object_err", above);
	} else {
		mm->damage.told = mm->damage.reports; /* nothing to tell more about */
	}
	complain(mm, o);
}

void slub_fix(struct mm *mm, const struct object *o, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	if (!mm->slab_said)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	printk(mm->kernel, KERN_ERR, "FIX %s: %s", object_cache_name(o), what);
}

void slub_report_restored(struct mm *mm, const struct object *o, const struct slub_damage *d)
{
	int digits = addr_digits(mm->kernel->arch);

	slub_fix(mm, o, "Restoring %s 0x%0*llx-0x%0*llx=0x%x", d->what, digits,
		 addr_of(mm, d->first), digits, addr_of(mm, d->last), d->value);
}

void slub_trace(struct mm *mm, const struct object *o, const char *what)
{
	struct kernel *k = mm->kernel;
	int digits = addr_digits(k->arch);
	unsigned long long fp;
	unsigned used = count_used(mm, o, &fp);

	printk(k, KERN_INFO, "TRACE %s %s 0x%0*llx inuse=%u fp=0x%0*llx", object_cache_name(o), what,
	       digits, addr_of(mm, o->start), used, digits, fp);
	if (*what == 'f')
		dump(mm, KERN_INFO, "Object", o->start, o->cache->object_size);
	dump_stack(k, KERN_INFO, *what == 'f' ? "free_to_partial_list" : "alloc_debug_processing");
}
