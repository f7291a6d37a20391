/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/slab: caches. Corresponds to the end of Linux' mm/slub.c. Differs: caches
 * are not merged, so there are no aliases. What the model does not have (partial slabs,
 * per-CPU and per-node lists, KFENCE) shows the values of an idle machine and can be set
 * without effect. No SLUB_STATS.
 */
#include "fs/node.h"

#include <errno.h>

#include "mm/cache.h"
#include "mm/kmem_cache.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slab.h"
#include "mm/slub_debug.h"

#define SHEAF_HEAD 32 /* bytes before the pointers in a sheaf */

/* CONFIG_SLAB has no such directory. */
static bool has_slub(const struct place *at)
{
	return !at->m->kernel.profile->slab;
}

static bool has_dma(const struct place *at)
{
	return zone_dma_end(at->m->kernel.profile, at->m->kernel.arch) != 0;
}

static bool has_numa(const struct place *at)
{
	return at->m->kernel.profile->numa;
}

static bool has_kfence(const struct place *at)
{
	return at->m->kernel.profile->kfence;
}

static bool has_sheaves(const struct place *at)
{
	return at->m->kernel.profile->no_cpu_slabs;
}

/* A place has a const pointer; this is for writing. */
static struct kmem_cache *changed(const struct place *at)
{
	return &at->m->mm.caches[at->cache - at->m->mm.caches];
}

static int cache_type_of(const struct place *at)
{
	ptrdiff_t i = at->cache - at->m->mm.caches;

	return i < KMALLOC_CACHES ? (int)(i / CLASSES) : CACHE_NORMAL;
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
	/* '1' turns it on, anything else off */
	changed(at)->failslab = text[0] == '1';
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

/* Reading these yields nothing in Linux, too. */
static void show_nothing(const struct place *at, struct buf *out)
{
	(void)at;
	(void)out;
}

static void show_zero(const struct place *at, struct buf *out)
{
	(void)at;
	buf_puts(out, "0\n");
}

static ssize_t store_validate(const struct place *at, const char *text, size_t len)
{
	int64_t rc;

	if (text[0] != '1' || (!at->cache->debug && at->m->kernel.profile->validate_checked))
		return -EINVAL;
	rc = kmem_cache_validate(&at->m->mm, at->cache);
	return rc < 0 ? (ssize_t)rc : (ssize_t)len;
}

static ssize_t store_shrink(const struct place *at, const char *text, size_t len)
{
	if (text[0] != '1')
		return -EINVAL;
	slab_shrink_cache(&at->m->mm, changed(at));
	return (ssize_t)len;
}

static void show_reclaim_account(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", cache_type_of(at) == CACHE_RCL);
}

/* --- settings without effect --------------------------------------------- */

static ssize_t store_limit(const char *text, size_t len, uint64_t most, uint32_t *to)
{
	uint64_t n;

	if (written_number(text, len, &n))
		return -EINVAL;
	if (n > most)
		return -ERANGE;
	*to = (uint32_t)n;
	return (ssize_t)len;
}

static void show_min_partial(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->min_partial);
}

static ssize_t store_min_partial(const struct place *at, const char *text, size_t len)
{
	return store_limit(text, len, UINT32_MAX, &changed(at)->min_partial);
}

static void show_cpu_partial(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->cpu_partial);
}

/*
 * Only 0 is accepted for caches with debugging, which have no such lists, and on new
 * releases.
 */
static ssize_t store_cpu_partial(const struct place *at, const char *text, size_t len)
{
	bool none = at->cache->debug || has_sheaves(at);
	uint32_t n = 0;
	ssize_t rc = store_limit(text, len, UINT32_MAX, &n);

	if (rc < 0)
		return rc;
	if (none && n)
		return -EINVAL;
	changed(at)->cpu_partial = n;
	return rc;
}

static void show_slabs_cpu_partial(const struct place *at, struct buf *out)
{
	(void)at;
	buf_puts(out, "0(0)\n");
}

static void show_defrag_ratio(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->defrag_ratio);
}

static ssize_t store_defrag_ratio(const struct place *at, const char *text, size_t len)
{
	uint32_t ratio;
	ssize_t rc = store_limit(text, len, 100, &ratio);

	if (rc >= 0)
		changed(at)->defrag_ratio = (uint8_t)ratio;
	return rc;
}

static void show_skip_kfence(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", at->cache->skip_kfence);
}

static ssize_t store_skip_kfence(const struct place *at, const char *text, size_t len)
{
	if (text[0] != '0' && text[0] != '1')
		return -EINVAL;
	changed(at)->skip_kfence = text[0] == '1';
	return (ssize_t)len;
}

/*
 * The capacity of Linux' sheaves: depends on the object size, rounded up to a kmalloc
 * bucket.
 */
static void show_sheaf_capacity(const struct place *at, struct buf *out)
{
	unsigned size = at->cache->object_size, bucket = 64;
	unsigned target = size < 256 ? 60 : size < 1024 ? 26 : size < 4096 ? 12 : 4;

	while (bucket < SHEAF_HEAD + 8 * target)
		bucket *= 2;
	buf_printf(out, "%u\n", at->cache->debug ? 0 : (bucket - SHEAF_HEAD) / 8);
}

/* --- counts ---------------------------------------------------------------- */

static void show_slab_size(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", at->cache->stride);
}

static void show_trace(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->cache->debug & SLUB_T));
}

static void show_store_user(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->cache->debug & SLUB_U));
}

/* A count for all nodes, then for each node that has some: "512 N0=512". */
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

/* For each node, the slabs that are not full, and their objects in use. */
static void count_partial(const struct place *at, uint64_t slabs[], uint64_t objects[])
{
	const struct mm *mm = &at->m->mm;
	struct slab_walk w = slabs_of(mm, at->cache);
	const struct page *page;

	while ((page = slabs_next(mm, &w))) {
		int node = pfn_node(mm, page->head);
		uint32_t used = 0;

		for (uint32_t i = 0; i < at->cache->objects; i++)
			used += !!(mm->slots[page->slots + i] & SLOT_ALLOCATED);
		if (used == at->cache->objects)
			continue;
		slabs[node]++;
		objects[node] += used;
	}
}

static void show_by_node(const struct place *at, const uint64_t count[], struct buf *out)
{
	uint64_t all = 0;

	for (int n = 0; n < at->m->mm.nodes; n++)
		all += count[n];
	buf_printf(out, "%llu", (unsigned long long)all);
	for (int n = 0; n < at->m->mm.nodes && at->m->kernel.profile->numa; n++)
		if (count[n])
			buf_printf(out, " N%d=%llu", n, (unsigned long long)count[n]);
	buf_putc(out, '\n');
}

static void show_partial(const struct place *at, struct buf *out)
{
	uint64_t slabs[NODES_MAX] = { 0 }, objects[NODES_MAX] = { 0 };

	count_partial(at, slabs, objects);
	show_by_node(at, slabs, out);
}

static void show_objects_partial(const struct place *at, struct buf *out)
{
	uint64_t slabs[NODES_MAX] = { 0 }, objects[NODES_MAX] = { 0 };

	count_partial(at, slabs, objects);
	show_by_node(at, objects, out);
}

#define CACHE "/sys/kernel/slab/<cache>"

#define RO .mode = 0400
#define RW .mode = 0600

const struct node slab_nodes[] = {
	{ "/sys/kernel/slab", "caches of the allocator", .exists = has_slub },
	{ .path = CACHE, .help = "one cache" },
	{ CACHE "/aliases", "caches that were merged into it", RO, .show = show_zero },
	{ CACHE "/align", "bytes that objects are aligned to", RO, .show = show_align },
	{ CACHE "/cache_dma", "1: from ZONE_DMA", RO, .exists = has_dma, .show = show_cache_dma },
	{ CACHE "/cpu_partial", "objects that a CPU keeps in partial slabs", RW,
	  .show = show_cpu_partial, .store = store_cpu_partial, .wants = "a number" },
	{ CACHE "/cpu_slabs", "slabs that CPUs hold", RO, .show = show_zero },
	{ CACHE "/ctor", "the constructor; empty: none", RO, .show = show_nothing },
	{ CACHE "/destroy_by_rcu", "1: slabs are freed after a grace period", RO, .show = show_zero },
	{ CACHE "/failslab", "1: fails with failslab's cache-filter", RW,
	  .show = show_failslab, .store = store_failslab, .wants = "0 or 1" },
	{ CACHE "/hwcache_align", "1: aligned to cache lines", RO, .show = show_zero },
	{ CACHE "/min_partial", "partial slabs that a node keeps", RW,
	  .show = show_min_partial, .store = store_min_partial, .wants = "a number" },
	{ CACHE "/object_size", "bytes of an object", RO, .show = show_object_size },
	{ CACHE "/objects", "objects in use", RO, .show = show_objects },
	{ CACHE "/objects_partial", "objects in use in slabs that are not full", RO,
	  .show = show_objects_partial },
	{ CACHE "/objs_per_slab", "objects in a slab", RO, .show = show_objs_per_slab },
	{ CACHE "/order", "a slab is 2^order pages", RO, .show = show_order },
	{ CACHE "/partial", "slabs that are not full", RO, .show = show_partial },
	{ CACHE "/poison", "1: free objects are filled", RO, .show = show_poison },
	{ CACHE "/reclaim_account", "1: for __GFP_RECLAIMABLE", RO, .show = show_reclaim_account },
	{ CACHE "/red_zone", "1: objects have red zones", RO, .show = show_red_zone },
	{ CACHE "/remote_node_defrag_ratio", "percent: how often other nodes are tried", RW,
	  .exists = has_numa, .show = show_defrag_ratio, .store = store_defrag_ratio, .wants = "a number up to 100" },
	{ CACHE "/sanity_checks", "1: checked when allocated and freed", RO,
	  .show = show_sanity_checks },
	{ CACHE "/sheaf_capacity", "objects in a sheaf", RO, .exists = has_sheaves,
	  .show = show_sheaf_capacity },
	{ CACHE "/shrink", "write 1: free empty slabs", RW, .show = show_nothing,
	  .store = store_shrink, .wants = "1" },
	{ CACHE "/skip_kfence", "1: KFENCE takes none of its objects", RW, .exists = has_kfence,
	  .show = show_skip_kfence, .store = store_skip_kfence, .wants = "0 or 1" },
	{ CACHE "/slab_size", "bytes from one object to the next", RO, .show = show_slab_size },
	{ CACHE "/slabs", "slabs", RO, .show = show_slabs },
	{ CACHE "/slabs_cpu_partial", "objects(slabs) on partial lists of CPUs", RO,
	  .show = show_slabs_cpu_partial },
	{ CACHE "/store_user", "1: records who allocated and freed", RO, .show = show_store_user },
	{ CACHE "/total_objects", "objects in use and free", RO, .show = show_total_objects },
	{ CACHE "/trace", "1: each allocation and free is logged", RO, .show = show_trace },
	{ CACHE "/usersize", "bytes that may be copied to user space", RO, .show = show_object_size },
	{ CACHE "/validate", "write 1: check all objects now", RW, .show = show_nothing,
	  .store = store_validate, .wants = "1" },
	{ 0 },
};
