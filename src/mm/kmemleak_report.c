/* SPDX-License-Identifier: MIT */
/*
 * The contents of /sys/kernel/debug/kmemleak. Corresponds to the output of Linux'
 * mm/kmemleak.c. Differs: addresses of functions are shown even where the release hashes
 * them.
 */
#include "mm/kmemleak.h"

#include <errno.h>

#include "kernel/clock.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "mm/address.h"
#include "mm/depot.h"
#include "mm/kasan.h"
#include "mm/object.h"
#include "mm/track.h"

#define JIFFIES_AT_BOOT ((uint32_t)(-300 * 250)) /* they wrap five minutes after boot */
#define DUMPED 32
#define ROW 16

static const char *const no_names[] = { NULL };
#define NAMES(...) (const char *const[]){ __VA_ARGS__, NULL }


/* Functions in the traces and records of a release's kmemleak, innermost first. */
static const struct style {
	int since;
	const char *const *above, *const *above_large; /* below kfree(), when it finds an alias */
	const char *const *alloc, *const *alloc_large; /* below the allocator, when an object is
							* recorded */
	const char *indent;   /* of functions in the log */
	uint32_t checksum;    /* of objects that no scan has seen yet */
} styles[] = {
	{ RELEASE(6, 12), NAMES("__lookup_object", "delete_object_full", "kmemleak_free"),
	  NAMES("__lookup_object", "delete_object_full", "kmemleak_free", "free_large_kmalloc"),
	  NAMES("kmemleak_alloc"),
	  NAMES("kmemleak_alloc", "___kmalloc_large_node", "__kmalloc_large_node_noprof"),
	  " ", UINT32_MAX },
	{ RELEASE(6, 1), NAMES("__lookup_object", "find_and_remove_object", "kmemleak_free",
			       "__kmem_cache_free"),
	  NAMES("__lookup_object", "find_and_remove_object", "kmemleak_free",
		"free_large_kmalloc"), no_names, NAMES("__kmalloc_large_node"), "     ", 0 },
	{ 0, NAMES("lookup_object", "find_and_remove_object", "kmemleak_free",
		   "slab_free_freelist_hook"),
	  NAMES("lookup_object", "find_and_remove_object", "kmemleak_free"),
	  no_names, NAMES("kmalloc_order", "kmalloc_order_trace"), "     ", 0 },
};

static const struct style *style_of(const struct kernel *k)
{
	const struct style *s = styles;

	while (s->since > k->profile->version)
		s++;
	return s;
}

/* Yields the functions of an object's allocation, innermost first; false after the last. */
static bool next_frame(const struct mm *mm, const struct object *o, uint32_t *at, const char **out)
{
	const struct style *s = style_of(mm->kernel);
	const char *const *above = o->cache ? s->alloc : s->alloc_large;
	const char *const *frame;
	uint32_t i = (*at)++, n = 0;

	while (above[n] && n < i)
		n++;
	*out = above[n];
	if (*out)
		return true;
	i -= n;
	frame = depot_fetch(&mm->depot, object_track(mm, o)->alloc_stack, &n);
	if (i >= n)
		return false;
	*out = i ? frame[i] : kasan_allocator_name(mm, frame[i]);
	return true;
}

/* As Linux prints an unsigned long. */
static unsigned long long jiffies_of(const struct mm *mm, uint32_t when)
{
	uint64_t jiffies = (uint64_t)JIFFIES_AT_BOOT + when;

	return mm->kernel->arch->word == 4 ? (uint32_t)jiffies : jiffies;
}

static void show_bytes(const char *p, size_t len, struct buf *out)
{
	for (size_t at = 0; at < len; at += ROW) {
		size_t n = len - at < ROW ? len - at : ROW;

		buf_puts(out, "    ");
		for (size_t i = 0; i < n; i++)
			buf_printf(out, "%02x ", (uint8_t)p[at + i]);
		buf_pad(out, ' ', (int)(3 * (ROW - n) + 1));
		for (size_t i = 0; i < n; i++)
			buf_putc(out, p[at + i] >= ' ' && p[at + i] < 0x7f ? p[at + i] : '.');
		buf_putc(out, '\n');
	}
}

static void show_leak(const struct mm *mm, const struct leak_suspect *l, const struct object *o,
		      struct buf *out)
{
	const struct track *t = object_track(mm, o);
	const struct kernel *k = mm->kernel;
	size_t size = leak_object_size(mm, o), dumped = size < DUMPED ? size : DUMPED;
	uint32_t age = (jiffies(k) - t->alloc_when) * (JIFFY_NS / 1000000);
	bool percpu = object_tag(mm, o) == TAG_PERCPU;
	const char *frame;
	uint32_t at = 0;
	char sym[96];

	buf_printf(out, "unreferenced object%s 0x%0*llx (size %zu):\n", percpu ? " (percpu)" : "",
		   addr_digits(k->arch), (unsigned long long)mm_addr(mm, o->start), size);
	buf_printf(out, "  comm \"%s\", pid %d, jiffies %llu", k->comm, k->pid,
		   jiffies_of(mm, t->alloc_when));
	if (k->profile->leak_age)
		buf_printf(out, " (age %u.%03us)", age / 1000, age % 1000);
	buf_printf(out, "\n  hex dump (first %zu bytes%s):\n", dumped, percpu ? " on cpu 0" : "");
	show_bytes(o->start, dumped, out);
	if (k->profile->leak_crc)
		buf_printf(out, "  backtrace (crc %x):\n", l->crc);
	else
		buf_puts(out, "  backtrace:\n");
	while (next_frame(mm, o, &at, &frame)) {
		buf_puts(out, "    ");
		/* the releases with checksums no longer print addresses */
		if (!k->profile->leak_crc)
			buf_printf(out, "[<%0*llx>] ", addr_digits(k->arch), code_address(k, frame));
		buf_printf(out, "%s\n", symbolic(frame, sym));
	}
}

void kmemleak_show(const struct mm *mm, struct buf *out)
{
	const struct kmemleak *k = &mm->kmemleak;
	struct object o;

	for (uint32_t i = 0; i < k->suspects; i++)
		if (k->suspect[i].reported && k->suspect[i].white &&
		    kmemleak_object(mm, &k->suspect[i], &o))
			show_leak(mm, &k->suspect[i], &o, out);
}

/* What the scans recorded about an object. */
static struct leak_suspect remembered(const struct mm *mm, const struct object *o)
{
	const struct kmemleak *k = &mm->kmemleak;
	struct object other;

	for (uint32_t i = 0; i < k->suspects; i++)
		if (kmemleak_object(mm, &k->suspect[i], &other) && other.start == o->start)
			return k->suspect[i];
	return (struct leak_suspect){ 0 };
}

static void report_object(struct mm *mm, const struct object *o)
{
	struct kernel *k = mm->kernel;
	const struct style *s = style_of(k);
	struct leak_suspect l = remembered(mm, o);
	const char *frame;
	uint32_t at = 0;
	char sym[96];

	printk(k, KERN_NOTICE, "kmemleak: Object 0x%0*llx (size %zu):", addr_digits(k->arch),
	       (unsigned long long)mm_addr(mm, o->start), leak_object_size(mm, o));
	printk(k, KERN_NOTICE, "kmemleak:   comm \"%s\", pid %d, jiffies %llu", k->comm, k->pid,
	       jiffies_of(mm, object_track(mm, o)->alloc_when));
	printk(k, KERN_NOTICE, "kmemleak:   min_count = %d", l.ignored ? -1 : l.grey || l.not_leak ? 0 : 1);
	printk(k, KERN_NOTICE, "kmemleak:   count = %d", l.number && !l.white);
	printk(k, KERN_NOTICE, "kmemleak:   flags = 0x%x", 1 | l.reported << 1);
	printk(k, KERN_NOTICE, "kmemleak:   checksum = %u", l.number ? l.crc : s->checksum);
	printk(k, KERN_NOTICE, "kmemleak:   backtrace:");
	while (next_frame(mm, o, &at, &frame))
		printk(k, KERN_NOTICE, "%s%s", s->indent, symbolic(frame, sym));
}

void kmemleak_bad_free(struct mm *mm, const void *p, const struct object *o)
{
	struct kernel *k = mm->kernel;
	const struct style *s = style_of(k);
	size_t off = (size_t)((const char *)p - o->start);

	if (!mm->kmemleak.on || !object_allocated(mm, o) || object_tag(mm, o) == TAG_PAGES ||
	    (const char *)p <= o->start || off >= leak_object_size(mm, o))
		return;
	printk(k, KERN_WARNING, "kmemleak: Found object by alias at 0x%0*llx", addr_digits(k->arch),
	       (unsigned long long)mm_addr(mm, p));
	dump_stack_above(k, KERN_WARNING, o->cache ? s->above : s->above_large);
	report_object(mm, o);
}

int kmemleak_dump(struct mm *mm, uint64_t addr)
{
	struct kernel *k = mm->kernel;
	const char *p = mm_ptr(mm, addr, 1);
	struct object o;
	bool known = p && object_find(mm, p, &o) && object_allocated(mm, &o) &&
		     object_tag(mm, &o) != TAG_PAGES && p >= o.start &&
		     (size_t)(p - o.start) < leak_object_size(mm, &o);

	if (!known) {
		printk(k, KERN_INFO, "kmemleak: Unknown object at 0x%0*llx", addr_digits(k->arch),
		       (unsigned long long)addr);
		return -EINVAL;
	}
	report_object(mm, &o);
	return 0;
}
