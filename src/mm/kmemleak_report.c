/* SPDX-License-Identifier: MIT */
/*
 * What /sys/kernel/debug/kmemleak says. Corresponds to the output of Linux'
 * mm/kmemleak.c. Differs: addresses of functions are shown as they are, also by
 * the releases that hash them.
 */
#include "mm/kmemleak.h"

#include <errno.h>

#define JIFFIES_AT_BOOT ((uint32_t)(-300 * 250)) /* five minutes before they wrap */
#define DUMPED 32
#define ROW 16

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
	const char *const *frame;
	char sym[96];
	uint32_t n;

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
	frame = depot_fetch(&mm->depot, t->alloc_stack, &n);
	for (uint32_t i = 0; i < n; i++) {
		buf_puts(out, "    ");
		/* the checksum came when addresses went */
		if (!k->profile->leak_crc)
			buf_printf(out, "[<%0*llx>] ", addr_digits(k->arch), code_address(k, frame[i]));
		buf_printf(out, "%s\n", symbolic(frame[i], sym));
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

/* What a scan remembers of an object. */
static struct leak_suspect remembered(const struct mm *mm, const struct object *o)
{
	const struct kmemleak *k = &mm->kmemleak;
	struct object other;

	for (uint32_t i = 0; i < k->suspects; i++)
		if (kmemleak_object(mm, &k->suspect[i], &other) && other.start == o->start)
			return k->suspect[i];
	return (struct leak_suspect){ 0 };
}

int kmemleak_dump(struct mm *mm, uint64_t addr)
{
	struct kernel *k = mm->kernel;
	const char *p = mm_ptr(mm, addr, 1);
	const char *const *frame;
	struct leak_suspect l;
	const struct track *t;
	struct object o;
	char sym[96];
	uint32_t n;
	bool known = p && object_find(mm, p, &o) && object_allocated(mm, &o) &&
		     object_tag(mm, &o) != TAG_PAGES && p >= o.start &&
		     (size_t)(p - o.start) < leak_object_size(mm, &o);

	if (!known) {
		printk(k, KERN_INFO, "kmemleak: Unknown object at 0x%0*llx", addr_digits(k->arch),
		       (unsigned long long)addr);
		return -EINVAL;
	}
	l = remembered(mm, &o);
	t = object_track(mm, &o);
	printk(k, KERN_NOTICE, "kmemleak: Object 0x%0*llx (size %zu):", addr_digits(k->arch),
	       (unsigned long long)mm_addr(mm, o.start), leak_object_size(mm, &o));
	printk(k, KERN_NOTICE, "kmemleak:   comm \"%s\", pid %d, jiffies %llu", k->comm, k->pid,
	       jiffies_of(mm, t->alloc_when));
	printk(k, KERN_NOTICE, "kmemleak:   min_count = %d", l.ignored ? -1 : l.grey || l.not_leak ? 0 : 1);
	printk(k, KERN_NOTICE, "kmemleak:   count = %d", !l.white);
	printk(k, KERN_NOTICE, "kmemleak:   flags = 0x%x", 1 | l.reported << 1);
	printk(k, KERN_NOTICE, "kmemleak:   checksum = %u", l.crc);
	printk(k, KERN_NOTICE, "kmemleak:   backtrace:");
	frame = depot_fetch(&mm->depot, t->alloc_stack, &n);
	for (uint32_t i = 0; i < n; i++)
		printk(k, KERN_NOTICE, "     %s", symbolic(frame[i], sym));
	return 0;
}
