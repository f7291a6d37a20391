/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/slab: caches. Corresponds to the end of Linux' mm/slub.c.
 * Differs: caches are not merged, so there are no aliases; what is not
 * simulated has no attribute.
 */
#include "fs/node.h"

#include <errno.h>

#include "mm/slub_debug.h"

/* CONFIG_SLAB has no such directory. */
static bool has_slub(const struct place *at)
{
	return !at->m->kernel.profile->slab;
}

static int cache_type_of(const struct place *at)
{
	return (int)((at->cache - at->m->mm.caches) / CLASSES);
}

static void show_align(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->align);
}

static void show_cache_dma(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", cache_type_of(at) == CACHE_DMA);
}

static void show_failslab(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", at->cache->failslab);
}

static ssize_t store_failslab(const struct place *at, const char *text, size_t len)
{
	/* '1' is on, anything else off */
	at->m->mm.caches[at->cache - at->m->mm.caches].failslab = text[0] == '1';
	return (ssize_t)len;
}

static void show_object_size(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->object_size);
}

static void show_objs_per_slab(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->objects);
}

static void show_order(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->order);
}

static void show_poison(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->cache->debug & SLUB_P));
}

static void show_red_zone(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->cache->debug & SLUB_Z));
}

static void show_sanity_checks(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->cache->debug & SLUB_F));
}

/* Linux reads nothing from it. */
static void show_validate(const struct place *at, struct buf *out)
{
}

static ssize_t store_validate(const struct place *at, const char *text, size_t len)
{
	if (!len || text[0] != '1')
		return -EINVAL;
	slub_validate(&at->m->mm, at->cache);
	return (ssize_t)len;
}

static void show_reclaim_account(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", cache_type_of(at) == CACHE_RCL);
}

static void show_slab_size(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->stride);
}

static void show_store_user(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->cache->debug & SLUB_U));
}

/* A number for all nodes, then one for each that has some: "512 N0=512". */
static void show_count(const struct place *at, size_t member, struct buf *out)
{
	for (int n = -1; n < at->m->mm.nodes; n++) {
		struct machine_cache held;
		unsigned long long count;

		machine_cache(at->m, at->cache, n, &held);
		count = *(uint64_t *)((char *)&held + member);
		if (n < 0)
			buf_printf(out, "%llu", count);
		else if (count && at->m->kernel.profile->numa)
			buf_printf(out, " N%d=%llu", n, count);
	}
	buf_putc(out, '\n');
}

static void show_objects(const struct place *at, struct buf *out)
{
	show_count(at, offsetof(struct machine_cache, inuse), out);
}

static void show_slabs(const struct place *at, struct buf *out)
{
	show_count(at, offsetof(struct machine_cache, slabs), out);
}

static void show_total_objects(const struct place *at, struct buf *out)
{
	show_count(at, offsetof(struct machine_cache, objects), out);
}

#define CACHE "/sys/kernel/slab/<cache>"

const struct node slab_nodes[] = {
	{ "/sys/kernel/slab", "caches of the allocator", .exists = has_slub },
	{ .path = CACHE, .help = "one cache" },
	{ CACHE "/align", "bytes that objects are aligned to", .mode = 0444, .show = show_align },
	{ CACHE "/cache_dma", "1: from ZONE_DMA", .mode = 0444, .show = show_cache_dma },
	{ CACHE "/failslab", "1: fails with failslab's cache-filter", .mode = 0644,
	  .show = show_failslab, .store = store_failslab },
	{ CACHE "/object_size", "bytes of an object", .mode = 0444, .show = show_object_size },
	{ CACHE "/objects", "objects in use", .mode = 0444, .show = show_objects },
	{ CACHE "/objs_per_slab", "objects in a slab", .mode = 0444, .show = show_objs_per_slab },
	{ CACHE "/order", "a slab is 2^order pages", .mode = 0444, .show = show_order },
	{ CACHE "/poison", "1: free objects are filled", .mode = 0444, .show = show_poison },
	{ CACHE "/red_zone", "1: objects have red zones", .mode = 0444, .show = show_red_zone },
	{ CACHE "/reclaim_account", "1: for __GFP_RECLAIMABLE", .mode = 0444,
	  .show = show_reclaim_account },
	{ CACHE "/sanity_checks", "1: objects are checked when allocated and freed", .mode = 0444,
	  .show = show_sanity_checks },
	{ CACHE "/slab_size", "bytes from one object to the next", .mode = 0444, .show = show_slab_size },
	{ CACHE "/slabs", "slabs", .mode = 0444, .show = show_slabs },
	{ CACHE "/store_user", "1: who allocated and freed is kept", .mode = 0444,
	  .show = show_store_user },
	{ CACHE "/total_objects", "objects in use and free", .mode = 0444, .show = show_total_objects },
	{ CACHE "/validate", "write 1: check all objects now", .mode = 0600, .show = show_validate,
	  .store = store_validate },
	{ 0 },
};
