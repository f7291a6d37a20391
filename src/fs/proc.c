/* SPDX-License-Identifier: MIT */
/*
 * /proc. Corresponds to Linux' fs/proc/, and for its tables to mm/slab_common.c and
 * mm/vmstat.c.
 */
#include "fs/node.h"

#include <errno.h>
#include <limits.h>

#include "kernel/module.h"
#include "kernel/panic.h"
#include "kernel/report.h"
#include "mm/page_alloc.h"

#define MODULE_BYTES 16384 /* all modules have the same size */

static void show_buddyinfo(const struct place *at, struct buf *out)
{
	const struct mm *mm = &at->m->mm;

	for (int n = 0; n < mm->nodes; n++)
		for (int z = 0; z < ZONES; z++) {
			const struct zone *zone = &mm->node[n].zone[z];

			if (zone->start == zone->end)
				continue;
			buf_printf(out, "Node %d, zone %8s ", n, zone->name);
			for (int order = 0; order <= mm->max_order; order++)
				buf_printf(out, "%6lu ",
					   (unsigned long)zone->blocks[mm->page_order + order]);
			buf_putc(out, '\n');
		}
}

static void show_cmdline(const struct place *at, struct buf *out)
{
	buf_printf(out, "%s\n", at->m->kernel.params.cmdline);
}

/* Newest first. Modules do not depend on each other, and all are out of tree. */
static void show_modules(const struct place *at, struct buf *out)
{
	static const char *const state[] = {
		[MODULE_COMING] = "Loading", [MODULE_LIVE] = "Live", [MODULE_GOING] = "Unloading",
	};
	const struct list *all = &at->m->kernel.modules;

	for (const struct list *l = all->prev; l != all; l = l->prev) {
		const struct module *m = list_entry(l, struct module, all);

		buf_printf(out, "%s %d 0 - %s 0x%0*llx (O%s)\n", m->name, MODULE_BYTES,
			   state[m->state], addr_digits(at->m->kernel.arch), (unsigned long long)m->base,
			   m->state == MODULE_COMING ? "+" : m->state == MODULE_GOING ? "-" : "");
	}
}

static void show_version(const struct place *at, struct buf *out)
{
	char version[128];

	machine_version(at->m, version, sizeof(version));
	buf_printf(out, "%s\n", version);
}

static void show_slabinfo(const struct place *at, struct buf *out)
{
	struct place on = *at;
	struct cursor c = { 0 };

	buf_puts(out, "slabinfo - version: 2.1\n"
		 "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
		 " : tunables <limit> <batchcount> <sharedfactor>"
		 " : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	while (place_next("<cache>", &on, &c)) {
		struct machine_cache held;

		machine_cache(at->m, on.cache, -1, &held);
		buf_printf(out, "%-17s %6lu %6lu %6u %4u %4d", on.cache->name,
			   (unsigned long)held.inuse, (unsigned long)held.objects,
			   on.cache->stride, on.cache->objects, 1 << on.cache->order);
		buf_printf(out, " : tunables %4u %4u %4u", 0u, 0u, 0u);
		buf_printf(out, " : slabdata %6lu %6lu %6lu\n", (unsigned long)held.slabs,
			   (unsigned long)held.slabs, 0ul);
	}
}

static void show_tainted(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->m->kernel.taint);
}

/* Taints can be set, but never cleared. */
static ssize_t store_tainted(const struct place *at, const char *text, size_t len)
{
	uint64_t taint;

	if (written_number(text, len, &taint) || taint > UINT32_MAX)
		return -EINVAL;
	at->m->kernel.taint |= (uint32_t)taint & TAINT_ALL;
	return (ssize_t)len;
}

static void show_min_free(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->m->mm.min_free_kbytes);
}

static ssize_t store_min_free(const struct place *at, const char *text, size_t len)
{
	uint64_t kbytes;

	if (written_number(text, len, &kbytes) || kbytes > INT_MAX)
		return -EINVAL;
	set_min_free_kbytes(&at->m->mm, (uint32_t)kbytes);
	return (ssize_t)len;
}

/* --- sysctls: what ends the machine --------------------------------------- */

#define SYSCTL(name, field, check)                                                       \
	static void show_##name(const struct place *at, struct buf *out)                \
	{                                                                               \
		buf_printf(out, "%d\n", (int)at->m->kernel.panic.field);                \
	}                                                                               \
	static ssize_t store_##name(const struct place *at, const char *text, size_t len) \
	{                                                                               \
		uint64_t n;                                                             \
		if (written_number(text, len, &n) || n > INT_MAX || !(check))           \
			return -EINVAL;                                                 \
		at->m->kernel.panic.field = (uint32_t)n;                                \
		return (ssize_t)len;                                                    \
	}

SYSCTL(panic, timeout, true)
SYSCTL(panic_on_warn, on_warn, n <= 1)
SYSCTL(panic_on_oops, on_oops, true)
SYSCTL(oops_limit, oops_limit, true)
SYSCTL(warn_limit, warn_limit, true)

static bool has_limits(const struct place *at)
{
	return at->m->kernel.profile->version >= RELEASE(5, 10);
}

const struct node proc_nodes[] = {
	{ .path = "/proc", .help = "information from the kernel, as text" },
	{ "/proc/buddyinfo", "free blocks of pages, by order", .mode = 0444, .show = show_buddyinfo },
	{ "/proc/cmdline", "boot parameters", .mode = 0444, .show = show_cmdline },
	{ "/proc/modules", "modules, newest first", .mode = 0444, .show = show_modules },
	{ "/proc/slabinfo", "all caches", .mode = 0400, .show = show_slabinfo },
	{ .path = "/proc/sys", .help = "settings" },
	{ .path = "/proc/sys/kernel", .help = "of the kernel" },
	{ "/proc/sys/kernel/oops_limit", "so many BUGs and Oopses end the machine; 0: never",
	  .mode = 0644, .exists = has_limits, .show = show_oops_limit, .store = store_oops_limit,
	  .wants = "a number" },
	{ "/proc/sys/kernel/panic", "seconds until a machine that panicked reboots; 0: never",
	  .mode = 0644, .show = show_panic, .store = store_panic, .wants = "seconds" },
	{ "/proc/sys/kernel/panic_on_oops", "1: a BUG or an Oops ends the machine", .mode = 0644,
	  .show = show_panic_on_oops, .store = store_panic_on_oops, .wants = "0 or 1" },
	{ "/proc/sys/kernel/panic_on_warn", "1: a WARN, or a report of KASAN, ends the machine",
	  .mode = 0644, .show = show_panic_on_warn, .store = store_panic_on_warn, .wants = "0 or 1" },
	{ "/proc/sys/kernel/tainted", "what happened to the kernel, as bits; 0: nothing", .mode = 0644,
	  .show = show_tainted, .store = store_tainted, .wants = "a number" },
	{ "/proc/sys/kernel/warn_limit", "so many WARNs end the machine; 0: never",
	  .mode = 0644, .exists = has_limits, .show = show_warn_limit, .store = store_warn_limit,
	  .wants = "a number" },
	{ .path = "/proc/sys/vm", .help = "of the memory" },
	{ "/proc/sys/vm/min_free_kbytes", "reserved for GFP_ATOMIC and __GFP_HIGH", .mode = 0644,
	  .show = show_min_free, .store = store_min_free,
	  .wants = "KiB, a number up to 2147483647" },
	{ "/proc/version", "the release", .mode = 0444, .show = show_version },
	{ 0 },
};
