/* SPDX-License-Identifier: MIT */
/* Pages: buddies, reserves, orders, zones. Other page sizes are in pages.c. */
#include "unit.h"

#include <stdlib.h>

#include "kernel/report.h"
#include "lib/array.h"
#include "mm.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/page.h"
#include "mm/page_alloc.h"

enum { BLOCKS = 400 };

static void buddies_find_each_other_again(void **state)
{
	static const char *const machine[] = { "mem=64M", "mem=63M numa=fake=3", "mem=5M" };

	for (size_t m = 0; m < COUNT(machine); m++) {
		struct boot *b = boot_mm(machine[m]);
		struct page *block[BLOCKS] = { NULL };
		struct free_blocks before, after;
		uint32_t random = 1;

		count_free(&b->mm, &before);
		for (int step = 0; step < 20000; step++) {
			unsigned i = next_random(&random) % BLOCKS;
			unsigned order = next_random(&random) % (MAX_ORDER + 1);
			int nid = (int)(next_random(&random) % (unsigned)b->mm.nodes);

			if (block[i]) {
				free_pages(&b->mm, block[i]);
				block[i] = NULL;
				continue;
			}
			block[i] = alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOWARN, order, nid);
			if (block[i])
				assert_int_equal(page_pfn(&b->mm, block[i]) % (1u << order), 0);
		}
		for (int i = 0; i < BLOCKS; i++)
			if (block[i])
				free_pages(&b->mm, block[i]);
		count_free(&b->mm, &after);
		assert_memory_equal(&before, &after, sizeof(before));
		off_mm(b);
	}
}

static void no_two_blocks_share_a_page(void **state)
{
	struct boot *b = boot_mm("mem=16M");
	uint8_t *owner = calloc(b->mm.pfns, 1);
	uint64_t room = 0, got = 0;
	struct page *page;

	set_min_free_kbytes(&b->mm, 0);
	for (int z = 0; z < ZONES; z++)
		room += b->mm.node[0].zone[z].free;
	for (unsigned n = 0;; n++) {
		unsigned order = n % 5;

		page = alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOWARN, order, 0);
		if (!page)
			page = alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOWARN, order = 0, 0);
		if (!page)
			break;
		for (uint32_t i = 0; i < 1u << order; i++)
			assert_int_equal(owner[page_pfn(&b->mm, page) + i]++, 0);
		got += 1u << order;
	}
	/* all of it, up to the last page */
	assert_int_equal(got, room);
	free(owner);
	off_mm(b);
}

static uint64_t take_all(struct mm *mm, gfp_t gfp)
{
	uint64_t n = 0;

	while (alloc_pages(mm, gfp | __GFP_NOWARN, 0, 0))
		n++;
	return n;
}

/* Each caller may take what the ones before it had to leave. */
static void reserves_are_for_who_cannot_wait(void **state)
{
	struct boot *b = boot_mm("mem=8M release=6.12");
	uint64_t min = 0;

	/* 4 * sqrt(8192), in KiB, without the first MiB's share */
	assert_int_equal(b->mm.min_free_kbytes, 362);
	for (int z = 0; z < ZONES; z++)
		min += b->mm.node[0].zone[z].min;
	assert_in_range(min, 70, 90);
	assert_true(take_all(&b->mm, GFP_KERNEL) > 1000);
	assert_int_equal(take_all(&b->mm, b->kernel.profile->gfp_nowait), 0);
	assert_int_equal(take_all(&b->mm, GFP_KERNEL | __GFP_HIGH), min / 2);
	assert_in_range(take_all(&b->mm, b->kernel.profile->gfp_atomic), min / 8 - 1, min / 8 + 1);
	assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 0, 0));
	assert_in_range(take_all(&b->mm, GFP_KERNEL | __GFP_MEMALLOC), min / 4, min / 2);
	/* Linux would wait forever */
	assert_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL | __GFP_NOWARN, 0, 0));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_mm(b);
}

static void nofail_is_for_small_blocks_of_who_may_sleep(void **state)
{
	/* __GFP_NOFAIL for more than two pages: newer releases only warn if it fails */
	static const struct { const char *boot; uint32_t warns; } row[] = {
		{ "mem=8M release=5.10", 1 }, { "mem=8M release=6.1", 1 },
		{ "mem=8M release=6.12", 0 }, { "mem=8M release=7.2", 0 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].boot);

		assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 1, 0));
		assert_int_equal(kernel_reports(&b->kernel), 0);
		assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 2, 0));
		assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 2, 0));
		assert_int_equal(b->kernel.reports[REPORT_WARN], row[i].warns);
		assert_int_equal(logged(&b->kernel, "get_page_from_freelist+"), row[i].warns != 0);
		take_all(&b->mm, GFP_KERNEL);
		assert_null(alloc_pages(&b->mm, __GFP_NOFAIL | __GFP_NOWARN, 0, 0));
		assert_int_equal(b->kernel.reports[REPORT_WARN], row[i].warns + 1);
		off_mm(b);
	}
}

static void orders_are_rounded_up(void **state)
{
	static const struct { size_t size; unsigned order; } row[] = {
		{ 0, 0 }, { 1, 0 }, { 4096, 0 }, { 4097, 1 }, { 8192, 1 }, { 8193, 2 },
		{ KMALLOC_MAX_SIZE, 10 }, { KMALLOC_MAX_SIZE + 1, 11 }, { SIZE_MAX, sizeof(size_t) * 8 - PAGE_SHIFT },
	};

	struct boot *b = boot_mm("");

	for (size_t i = 0; i < COUNT(row); i++)
		assert_int_equal(get_order(&b->mm, row[i].size), row[i].order);
	off_mm(b);
}

static void too_large_is_null_and_one_warning(void **state)
{
	struct boot *b = boot_mm("");

	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_null(kmalloc(&b->mm, SIZE_MAX, GFP_KERNEL));
	assert_int_equal(b->kernel.reports[REPORT_WARN], 1);
	off_mm(b);
}

static void zones_are_where_the_architecture_has_them(void **state)
{
	struct boot *b = boot_mm("mem=64M");
	uint64_t end = b->mm.page_offset + (16 << 20);
	void *p;

	while ((p = kmalloc(&b->mm, 100000, __GFP_DMA | __GFP_NOWARN)))
		assert_true(mm_addr(&b->mm, p) < end);
	p = kmalloc(&b->mm, 100000, GFP_KERNEL);
	assert_true(mm_addr(&b->mm, p) >= end);
	off_mm(b);

	b = boot_mm("mem=64M arch=riscv64");
	assert_int_equal(b->mm.node[0].zone[0].free, 0);
	assert_non_null(kmalloc(&b->mm, 100000, __GFP_DMA));
	off_mm(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buddies_find_each_other_again),
		cmocka_unit_test(no_two_blocks_share_a_page),
		cmocka_unit_test(reserves_are_for_who_cannot_wait),
		cmocka_unit_test(nofail_is_for_small_blocks_of_who_may_sleep),
		cmocka_unit_test(orders_are_rounded_up),
		cmocka_unit_test(too_large_is_null_and_one_warning),
		cmocka_unit_test(zones_are_where_the_architecture_has_them),
	};

	return cmocka_run_group_tests_name("page_alloc", tests, NULL, NULL);
}
