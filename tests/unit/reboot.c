/* SPDX-License-Identifier: MIT */
/* The memory that is kept from one boot to the next is as fresh as new. */
#include "unit.h"

#include <string.h>

#include "mm.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/kmalloc.h"
#include "mm/page_alloc.h"
#include "mm/vmalloc.h"

enum { OBJECTS = 100 };

/* Allocations of all kinds, accesses to them, to free memory, and to firmware's. */
static void use_memory(struct mm *mm, uint32_t seed)
{
	static const size_t size[] = { 8, 100, 192, 1000, 3000, 9000, 70000, 300000 };
	static const gfp_t zone[] = { GFP_KERNEL, GFP_KERNEL | __GFP_DMA, GFP_KERNEL, __GFP_HIGH };
	void *object[OBJECTS] = { NULL };

	for (int i = 0; i < 2 * OBJECTS; i++) {
		uint32_t at = next_random(&seed) % OBJECTS;
		size_t n = size[next_random(&seed) % COUNT(size)];

		kfree(mm, object[at]);
		object[at] = kmalloc_node(mm, n, zone[i % COUNT(zone)] | __GFP_NOWARN, i % mm->nodes);
		if (object[at])
			memset(object[at], 0xa5, n);
		if (i % 50 == 0)
			vmalloc(mm, "vmalloc", n * 3, GFP_KERNEL | __GFP_NOWARN);
		if (i % 70 == 0)
			mm_fill(mm, mm->page_offset + next_random(&seed) % (mm->size - n), 0x5a, n);
	}
	mm_fill(mm, mm->page_offset + 100, 1, 5000);
	mm_fill(mm, mm->page_offset + mm->size - 100, 1, 100);
}

static void all_zero(const struct mm *mm, enum mm_area area)
{
	const char *p = mm->area[area].p;
	uint64_t bytes = mm->area[area].bytes;

	if (p && (*p || memcmp(p, p + 1, (size_t)bytes - 1)))
		for (uint64_t i = 0; i < bytes; i++)
			if (p[i])
				fail_msg("area %d: byte %llu of %llu is not zero", area, (unsigned long long)i, (unsigned long long)bytes);
}

static void start(struct boot *b, const char *cmdline)
{
	struct params p;
	char why[200] = "";

	params_default(&p);
	if (params_parse(&p, cmdline, why, sizeof(why)))
		fail_msg("%s: %s", cmdline, why);
	kernel_init(&b->kernel, &p);
	assert_int_equal(mm_init(&b->mm, &b->kernel), 0);
}

static void what_is_kept_is_zero(void **state)
{
	static const char *const machines[] = {
		"mem=16M", "mem=16M slub_debug=-", "mem=16M slub_debug=- kasan=off numa=fake=2",
		"mem=16M", "mem=16M init_on_free=1 kasan=off", "mem=32M", "mem=16M release=4.9",
		"mem=16M release=5.10 slub_debug=FZPU", "mem=64M arch=arm64 page_size=64k",
		"mem=64M arch=arm64 page_size=16k", "mem=16M freelist_random=on",
	};
	struct boot *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	for (uint32_t i = 0; i < COUNT(machines); i++) {
		start(b, machines[i % COUNT(machines)]);
		use_memory(&b->mm, i);
		mm_finish(&b->mm);
		kernel_finish(&b->kernel);
		for (int area = 0; area < AREAS; area++)
			if (area != AREA_SHEAVES && area != AREA_IMAGES)
				all_zero(&b->mm, (enum mm_area)area);
	}
	mm_drop(&b->mm);
	free(b);
}

/* Of the same length it is the same memory; a machine that needs less gives the rest back. */
static void memory_is_kept(void **state)
{
	struct boot *b = calloc(1, sizeof(*b));
	const char *base;

	assert_non_null(b);
	start(b, "mem=16M");
	base = b->mm.base;
	assert_true(b->mm.area[AREA_SHADOW].p);
	mm_finish(&b->mm);
	kernel_finish(&b->kernel);
	start(b, "mem=16M slub_debug=- kasan=off");
	assert_ptr_equal(b->mm.base, base);
	assert_null(b->mm.area[AREA_SHADOW].p);
	assert_null(b->mm.area[AREA_TRACKS].p);
	off_mm(b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_zero), cmocka_unit_test(memory_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
