/* SPDX-License-Identifier: MIT */
/* Pages of 4, 16 and 64 KiB: blocks, limits, size classes, zones and nodes. */
#include "unit.h"

#include <string.h>

#include "base/device.h"
#include "base/devm.h"
#include "base/driver_core.h"
#include "boot.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/page_alloc.h"

static const struct machine_pages {
	const char *cmdline;
	size_t page;
	unsigned max_order;
} machines[] = {
	{ "arch=x86_64", 4096, 10 }, { "arch=arm64 page_size=4k", 4096, 10 },
	{ "arch=arm64 page_size=16k", 16384, 11 }, { "arch=arm64 page_size=64k", 65536, 13 },
};

static struct boot *boot_pages(const struct machine_pages *m, const char *more)
{
	char cmdline[128];

	snprintf(cmdline, sizeof(cmdline), "%s %s", m->cmdline, more);
	return boot_mm(cmdline);
}

/* --- boot ------------------------------------------------------------------ */

static void only_arm64_has_a_choice(void **state)
{
	static const struct { const char *cmdline, *why; } bad[] = {
		{ "page_size=64k", "page_size=64k: x86_64 has pages of 4k only" },
		{ "page_size=16k arch=riscv64", "page_size=16k: riscv64 has" },
		{ "arch=arm page_size=64k", "page_size=64k: arm has" },
		{ "arch=arm64 page_size=8k", "wants 4k, 16k or 64k" },
		{ "arch=arm64 page_size=", "wants 4k, 16k or 64k" },
		{ "arch=arm64 page_size=-4k", "wants 4k, 16k or 64k" },
		{ "arch=arm64 page_size=4096T", "wants 4k, 16k or 64k" },
	};
	char why[200];
	struct params p;

	for (size_t i = 0; i < COUNT(bad); i++) {
		params_default(&p);
		assert_int_not_equal(params_parse(&p, bad[i].cmdline, why, sizeof(why)), 0);
		assert_non_null(strstr(why, bad[i].why));
		assert_int_equal(p.page_size, 4096);
	}
	params_default(&p);
	assert_int_equal(params_parse(&p, "page_size=0x10000 arch=aarch64", why, sizeof(why)), 0);
	assert_int_equal(p.page_size, 65536);
}

/* --- blocks ---------------------------------------------------------------- */

struct counts {
	uint32_t blocks[NODES_MAX][ZONES][ORDERS];
};

static void count_free(const struct mm *mm, struct counts *c)
{
	memset(c, 0, sizeof(*c));
	for (int n = 0; n < mm->nodes; n++)
		for (int z = 0; z < ZONES; z++)
			memcpy(c->blocks[n][z], mm->node[n].zone[z].blocks, sizeof(c->blocks[n][z]));
}

static void blocks_split_and_merge(void **state)
{
	for (size_t m = 0; m < COUNT(machines); m++) {
		struct boot *b = boot_pages(&machines[m], "mem=256M");
		struct mm *mm = &b->mm;
		struct counts before, after;
		struct page *one, *two;

		count_free(mm, &before);
		assert_int_equal(page_size(mm), machines[m].page);
		one = alloc_pages(mm, GFP_KERNEL, 0, 0);
		two = alloc_pages(mm, GFP_KERNEL, 0, 0);
		/* the buddy of the first block is next, one page after it */
		assert_int_equal(pfn_ptr(mm, page_pfn(mm, two)) - pfn_ptr(mm, page_pfn(mm, one)),
				 machines[m].page);
		free_pages(mm, one);
		free_pages(mm, two);
		count_free(mm, &after);
		assert_memory_equal(&before, &after, sizeof(before));
		off_mm(b);
	}
}

/* No block is smaller than a page, whatever the order of allocations. */
static void pages_are_never_split(void **state)
{
	enum { BLOCKS = 200 };

	for (size_t m = 0; m < COUNT(machines); m++) {
		struct boot *b = boot_pages(&machines[m], m % 2 ? "mem=61M" : "mem=61M numa=fake=3");
		struct page *block[BLOCKS] = { NULL };
		struct mm *mm = &b->mm;
		struct counts before, now;
		uint32_t random = 1;

		count_free(mm, &before);
		for (int step = 0; step < 10000; step++) {
			uint32_t r = random = random * 1664525 + 1013904223;
			struct page **at = &block[(r >> 8) % BLOCKS];
			unsigned order = (r >> 20) % (mm->max_order + 1u);

			if (*at) {
				free_pages(mm, *at);
				*at = NULL;
				continue;
			}
			*at = alloc_pages(mm, GFP_KERNEL | __GFP_NOWARN, order, (int)(r >> 30));
			if (*at)
				assert_int_equal(page_pfn(mm, *at) * (uint64_t)PAGE_SIZE %
						 (page_size(mm) << order), 0);
		}
		count_free(mm, &now);
		for (int n = 0; n < mm->nodes; n++)
			for (int z = 0; z < ZONES; z++)
				for (int o = 0; o < mm->page_order; o++)
					assert_int_equal(now.blocks[n][z][o], 0);
		for (int i = 0; i < BLOCKS; i++)
			if (block[i])
				free_pages(mm, block[i]);
		count_free(mm, &now);
		assert_memory_equal(&before, &now, sizeof(before));
		off_mm(b);
	}
}

/* --- limits ---------------------------------------------------------------- */

static void the_largest_block_is_the_limit(void **state)
{
	for (size_t m = 0; m < COUNT(machines); m++) {
		struct boot *b = boot_pages(&machines[m], "mem=2G slub_debug=-");
		size_t most = machines[m].page << machines[m].max_order;
		struct mm *mm = &b->mm;
		struct page *page;
		void *p;

		assert_int_equal(kmalloc_max_size(mm), most);
		assert_int_equal(get_order(mm, most), machines[m].max_order);
		page = alloc_pages(mm, GFP_KERNEL, machines[m].max_order, 0);
		assert_non_null(page);
		free_pages(mm, page);
		p = kmalloc(mm, most, GFP_KERNEL);
		assert_int_equal(ksize(mm, p), most);
		kfree(mm, p);
		assert_null(kmalloc(mm, most + 1, GFP_KERNEL | __GFP_NOWARN));
		assert_null(alloc_pages(mm, GFP_KERNEL | __GFP_NOWARN, machines[m].max_order + 1, 0));
		assert_int_equal(kernel_reports(&b->kernel), 0);
		assert_null(get_free_pages(mm, GFP_KERNEL, machines[m].max_order + 1));
		assert_null(get_free_pages(mm, GFP_KERNEL, 64));
		assert_null(kmalloc(mm, most + 1, GFP_KERNEL));
		/* once per boot, from whatever call */
		assert_int_equal(b->kernel.reports[REPORT_WARN], 1);
		off_mm(b);
	}
}

static void the_warning_is_in_the_function_of_the_release(void **state)
{
	static const struct { const char *boot, *where; } row[] = {
		{ "release=4.19", "at mm/page_alloc.c:4377 __alloc_pages_nodemask+" },
		{ "release=5.10", "at mm/page_alloc.c:5013 __alloc_pages_nodemask+" },
		{ "release=6.1", "at mm/page_alloc.c:5634 __alloc_pages+" },
		{ "release=6.12", "at mm/page_alloc.c:4832 __alloc_pages_noprof+" },
		{ "release=7.2", "WARNING: mm/page_alloc.c:5336 at __alloc_frozen_pages_noprof+" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].boot);

		assert_null(kmalloc(&b->mm, kmalloc_max_size(&b->mm) + 1, GFP_KERNEL));
		assert_true(logged(&b->kernel, row[i].where));
		off_mm(b);
	}
}

/* --- size classes ---------------------------------------------------------- */

static void the_largest_class_is_two_pages(void **state)
{
	static const char *const debug[] = { "slub_debug=-", "slub_debug=FZPU kasan=off", "" };
	static const char *const name[] = { "kmalloc-8k", "kmalloc-8k", "kmalloc-32k", "kmalloc-128k" };

	for (size_t m = 0; m < COUNT(machines); m++)
		for (size_t d = 0; d < COUNT(debug); d++) {
			struct boot *b = boot_pages(&machines[m], debug[d]);
			size_t most = 2 * machines[m].page;
			char *p = kmalloc(&b->mm, most, GFP_KERNEL);
			char *q = kmalloc(&b->mm, most + 1, GFP_KERNEL);
			struct object o = { 0 };

			assert_true(object_find(&b->mm, p, &o));
			assert_string_equal(object_cache_name(&o), name[m]);
			assert_true(object_find(&b->mm, q, &o));
			assert_string_equal(object_cache_name(&o), "pages");
			assert_int_equal(ksize(&b->mm, q), 2 * most);
			off_mm(b);
		}
}

/* Computed for one CPU: the rule for 4 KiB pages, applied to larger ones. */
static void slabs_are_as_long_as_the_rule_says(void **state)
{
	static const struct { size_t size; unsigned order[2], objects[2]; } row[] = {
		{ 8, { 0, 0 }, { 2048, 8192 } }, { 64, { 0, 0 }, { 256, 1024 } },
		{ 192, { 0, 0 }, { 85, 341 } }, { 1024, { 0, 0 }, { 16, 64 } },
		{ 4096, { 1, 0 }, { 8, 16 } }, { 8192, { 2, 0 }, { 8, 8 } },
		{ 16384, { 3, 1 }, { 8, 8 } }, { 32768, { 3, 2 }, { 4, 8 } },
	};

	for (int which = 0; which < 2; which++) {
		struct boot *b = boot_pages(&machines[2 + which], "slub_debug=-");

		for (size_t i = 0; i < COUNT(row); i++) {
			const struct kmem_cache *c = kmalloc_cache(&b->mm, row[i].size, GFP_KERNEL);

			assert_int_equal(c->order, row[i].order[which]);
			assert_int_equal(c->objects, row[i].objects[which]);
		}
		off_mm(b);
	}
}

/*
 * Each address of a slab belongs to the object that contains it; objects only begin at
 * their start.
 */
static void check_class(struct mm *mm, size_t size)
{
	const struct kmem_cache *c = kmalloc_cache(mm, size, GFP_KERNEL);
	char *p = kmalloc(mm, size, GFP_KERNEL), *first;
	struct object o = { 0 };
	size_t bytes;

	assert_true(object_at(mm, p, &o));
	assert_ptr_equal(o.start, p);
	assert_ptr_equal(o.cache, c);
	assert_int_equal(mm_addr(mm, p) % c->align, 0);
	first = pfn_ptr(mm, o.page->head);
	bytes = page_size(mm) << c->order;
	assert_true((size_t)c->objects * c->stride <= bytes);
	for (size_t i = 0; i < c->objects; i++) {
		char *start = first + i * c->stride + c->left;
		char *probe[] = { start - c->left, start, start + c->object_size - 1,
				  start - c->left + c->stride - 1 };

		for (size_t k = 0; k < COUNT(probe); k++) {
			assert_true(object_find(mm, probe[k], &o));
			assert_ptr_equal(o.start, start);
			assert_int_equal(object_at(mm, probe[k], &o), probe[k] == start);
		}
		for (int off = -7; off < 8; off++)
			assert_int_equal(object_at(mm, start + off, &o), !off);
	}
	kfree(mm, p);
}

static void every_object_is_found(void **state)
{
	static const char *const debug[] = {
		"slub_debug=-", "slub_debug=FZPU kasan=off", "", "slub_debug=U", "slub_debug=Z",
		"release=6.1", "release=4.9", "release=7.2 slub_debug=P",
	};

	for (size_t m = 0; m < COUNT(machines); m++)
		for (size_t d = 0; d < COUNT(debug); d++) {
			struct boot *b = boot_pages(&machines[m], debug[d]);

			for (size_t size = 8; size <= b->mm.large_limit && size <= 4 << 20; size *= 2) {
				check_class(&b->mm, size);
				check_class(&b->mm, size * 3 / 4);
			}
			assert_int_equal(kernel_reports(&b->kernel), 0);
			off_mm(b);
		}
}

/* --- devres ---------------------------------------------------------------- */

static void devm_memory_is_aligned_as_the_header_is(void **state)
{
	static const struct { const char *release; size_t header, align; } row[] = {
		{ "release=4.19", 24, 8 }, { "release=6.1", 128, 128 },
		{ "release=6.12", 128, 64 }, { "release=7.2", 128, 64 },
	};
	static const struct device_config config = { .name = "eth0", .numa_node = NUMA_NO_NODE };

	for (size_t m = 1; m < COUNT(machines); m++)
		for (size_t i = 0; i < COUNT(row); i++) {
			struct boot *b = boot_pages(&machines[m], row[i].release);
			struct device *dev;

			assert_int_equal(driver_core_init(&b->core, &b->kernel, &b->mm, 1), 0);
			assert_int_equal(device_register(&b->core, &config, &dev), 0);
			assert_int_equal(b->core.header, row[i].header);
			/*
			 * below 65 bytes kmalloc-192, which guarantees 64; two pages with
			 * the header
			 */
			for (size_t size = 1; size < 300000; size += size / 3 + 1) {
				char *p = devm_kmalloc(dev, size, GFP_KERNEL);

				assert_int_equal(mm_addr(&b->mm, p) % row[i].align, 0);
				if (size > 64 && row[i].header == 128)
					assert_int_equal(mm_addr(&b->mm, p) % 128, 0);
				assert_true(ksize(&b->mm, p - row[i].header) >= row[i].header + size);
			}
			assert_int_equal(kernel_reports(&b->kernel), 0);
			off_all(b);
		}
}

static void two_pages_with_a_header_are_four(void **state)
{
	static const struct device_config config = { .name = "eth0", .numa_node = NUMA_NO_NODE };

	for (size_t m = 1; m < COUNT(machines); m++) {
		struct boot *b = boot_pages(&machines[m], "");
		size_t page = machines[m].page;
		struct device *dev;

		assert_int_equal(driver_core_init(&b->core, &b->kernel, &b->mm, 1), 0);
		assert_int_equal(device_register(&b->core, &config, &dev), 0);
		assert_int_equal(ksize(&b->mm, (char *)devm_kmalloc(dev, 2 * page - 128, GFP_KERNEL) - 128),
				 2 * page);
		assert_int_equal(ksize(&b->mm, (char *)devm_kmalloc(dev, 2 * page, GFP_KERNEL) - 128),
				 4 * page);
		off_all(b);
	}
}

/* --- zones and nodes ------------------------------------------------------- */

static const char *zone_name(const struct mm *mm, const struct page *page)
{
	uint32_t pfn = page_pfn(mm, page);
	const struct numa_node *n = &mm->node[pfn_node(mm, pfn)];

	for (int z = 0; z < ZONES; z++)
		if (pfn >= n->zone[z].start && pfn < n->zone[z].end)
			return n->zone[z].name;
	return "none";
}

static void a_zone_falls_back_to_lower_ones_only(void **state)
{
	static const struct { const char *boot; gfp_t gfp; int nid; const char *zone; } row[] = {
		{ "mem=6G", GFP_KERNEL, 0, "Normal" }, { "mem=6G", __GFP_DMA32, 0, "DMA32" },
		{ "mem=6G", __GFP_DMA, 0, "DMA" }, { "mem=6G", __GFP_HIGHMEM, 0, "Normal" },
		{ "mem=6G", GFP_KERNEL | __GFP_MOVABLE, 0, "Normal" },
		{ "mem=64M", GFP_KERNEL, 0, "DMA32" }, { "mem=8M", GFP_KERNEL, 0, "DMA" },
		{ "mem=6G numa=fake=2", GFP_KERNEL, 0, "DMA32" },
		{ "mem=6G numa=fake=2", GFP_KERNEL, 1, "Normal" },
		{ "mem=6G numa=fake=2", __GFP_DMA32, 1, "DMA32" },
		{ "mem=6G numa=fake=2", __GFP_DMA, 1, "DMA" }, /* of node 0 */
		{ "mem=6G arch=arm64", GFP_KERNEL, 0, "Normal" },
		/* there, ZONE_DMA has everything below 4 GiB, and ZONE_DMA32 is empty */
		{ "mem=6G arch=arm64 page_size=64k", __GFP_DMA32, 0, "DMA" },
		{ "mem=6G arch=arm64 page_size=64k", __GFP_DMA, 0, "DMA" },
		{ "mem=6G arch=arm64 release=4.19", __GFP_DMA, 0, "DMA32" },
		{ "mem=6G arch=riscv64", __GFP_DMA, 0, "DMA32" }, /* the next one */
		{ "mem=64M arch=arm", GFP_KERNEL, 0, "DMA" },
		{ "mem=64M arch=arm", __GFP_DMA, 0, "DMA" },
		{ "mem=64M arch=arm release=4.19", __GFP_DMA, 0, "Normal" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].boot);
		struct page *page = alloc_pages(&b->mm, row[i].gfp | __GFP_NOWARN, 0, row[i].nid);

		assert_non_null(page);
		assert_string_equal(zone_name(&b->mm, page), row[i].zone);
		off_mm(b);
	}
}

static void a_node_without_the_zone_has_none_of_it(void **state)
{
	struct boot *b = boot_mm("mem=6G numa=fake=2");
	gfp_t gfp = __GFP_DMA | __GFP_THISNODE | __GFP_NOWARN;

	assert_null(alloc_pages(&b->mm, gfp, 0, 1));
	assert_non_null(alloc_pages(&b->mm, gfp, 0, 0));
	assert_null(kmalloc_node(&b->mm, 64, gfp, 1));
	off_mm(b);
}

/* ZONE_DMA is used up completely, and higher zones are never used instead. */
static void a_full_zone_is_not_helped_from_above(void **state)
{
	struct boot *b = boot_mm("mem=64M slub_debug=-");
	struct page *page;
	uint32_t got = 0;

	set_min_free_kbytes(&b->mm, 0);
	while ((page = alloc_pages(&b->mm, __GFP_DMA | __GFP_NOWARN, 0, 0))) {
		assert_string_equal(zone_name(&b->mm, page), "DMA");
		got++;
	}
	assert_int_equal(got, (16 - 1) * 256);
	assert_non_null(alloc_pages(&b->mm, GFP_KERNEL, 0, 0));
	off_mm(b);
}

static void nodes_begin_at_a_page(void **state)
{
	for (size_t m = 0; m < COUNT(machines); m++)
		for (int nodes = 1; nodes <= NODES_MAX; nodes++) {
			char more[40];
			struct boot *b;

			snprintf(more, sizeof(more), "mem=67M numa=fake=%d", nodes);
			b = boot_pages(&machines[m], more);
			for (int n = 0; n < nodes; n++) {
				const struct numa_node *node = &b->mm.node[n];
				struct page *page = alloc_pages(&b->mm, GFP_KERNEL | __GFP_THISNODE, 0, n);

				assert_int_equal(node->start % (1u << b->mm.page_order), 0);
				assert_int_equal(node->end, n + 1 < nodes ? node[1].start : b->mm.pfns);
				assert_int_equal(pfn_node(&b->mm, page_pfn(&b->mm, page)), n);
			}
			off_mm(b);
		}
}

static void a_node_without_memory_is_served_by_others(void **state)
{
	static const char *const debug[] = { "slub_debug=-", "" };

	for (size_t d = 0; d < COUNT(debug); d++) {
		char cmdline[80];
		struct boot *b;
		struct mm *mm;

		snprintf(cmdline, sizeof(cmdline), "numa=fake=2 memoryless_nodes=2 mem=64M %s", debug[d]);
		b = boot_mm(cmdline);
		mm = &b->mm;
		for (int nid = 2; nid < 4; nid++) {
			gfp_t only = GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN;
			void *p = kmalloc_node(mm, 20000, GFP_KERNEL, nid);

			/* pages by distance, objects from the CPU's node */
			assert_int_equal(pfn_node(mm, mm_pfn(mm, p)), 1);
			assert_null(kmalloc_node(mm, 20000, only, nid));
			p = kmalloc_node(mm, 64, only, nid);
			assert_int_equal(pfn_node(mm, mm_pfn(mm, p)), 0);
			kfree(mm, p);
			p = kmalloc_node(mm, 64, GFP_KERNEL, nid);
			assert_int_equal(pfn_node(mm, mm_pfn(mm, p)), 0);
		}
		assert_int_equal(kernel_reports(&b->kernel), 0);
		off_mm(b);
	}
}

static void distance_decides_who_is_next(void **state)
{
	struct boot *b = boot_mm("numa=fake=8 mem=64M");

	for (int nid = 0; nid < 8; nid++) {
		assert_int_equal(node_distance(nid, nid), 10);
		for (int i = 1; i < 8; i++) {
			int before = node_fallback(&b->mm, nid, i - 1), next = node_fallback(&b->mm, nid, i);

			assert_true(node_distance(nid, before) <= node_distance(nid, next));
			assert_int_equal(node_distance(nid, next), node_distance(next, nid));
		}
	}
	off_mm(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_arm64_has_a_choice),
		cmocka_unit_test(blocks_split_and_merge),
		cmocka_unit_test(pages_are_never_split),
		large_unit_test(the_largest_block_is_the_limit),
		cmocka_unit_test(the_warning_is_in_the_function_of_the_release),
		cmocka_unit_test(the_largest_class_is_two_pages),
		cmocka_unit_test(slabs_are_as_long_as_the_rule_says),
		cmocka_unit_test(every_object_is_found),
		cmocka_unit_test(devm_memory_is_aligned_as_the_header_is),
		cmocka_unit_test(two_pages_with_a_header_are_four),
		large_unit_test(a_zone_falls_back_to_lower_ones_only),
		large_unit_test(a_node_without_the_zone_has_none_of_it),
		cmocka_unit_test(a_full_zone_is_not_helped_from_above),
		cmocka_unit_test(nodes_begin_at_a_page),
		cmocka_unit_test(a_node_without_memory_is_served_by_others),
		cmocka_unit_test(distance_decides_who_is_next),
	};

	return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
