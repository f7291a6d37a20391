/* SPDX-License-Identifier: MIT */
/* Which cache an object comes from: its size, its flags, the release. */
#include "unit.h"

#include "kernel/report.h"
#include "lib/array.h"
#include "measured.h"
#include "mm.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/page_alloc.h"

static const char *const profiles[] = {
	"release=4.19 arch=x86_64", "release=4.19 arch=arm64",
	"release=6.1 arch=x86_64", "release=6.1 arch=arm64",
	"release=6.12 arch=x86_64", "release=6.12 arch=arm64",
};

/* The smallest object of each: ARCH_KMALLOC_MINALIGN, which is no longer 128 since 6.5. */
static const size_t smallest[] = { 8, 128, 8, 128, 8, 8 };

static const char *cache_of(struct boot *b, const void *p)
{
	struct object o;

	return object_find(&b->mm, p, &o) ? object_cache_name(&o) : "none";
}

static void kmalloc_answers_as_6_1_did(void **state)
{
	struct boot *b = boot_mm("release=6.1");

	assert_ptr_equal(kmalloc(&b->mm, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	for (size_t i = 0; i < COUNT(kmalloc_61); i++) {
		const struct measured *want = &kmalloc_61[i];
		void *p = kmalloc(&b->mm, want->size, GFP_KERNEL);

		assert_int_equal(ksize(&b->mm, p), want->object);
		if (!want->object) {
			assert_null(p);
			continue;
		}
		assert_string_equal(cache_of(b, p), want->cache);
		kfree(&b->mm, p);
	}
	off_mm(b);
}

static size_t bucket(size_t size, size_t min)
{
	size_t n = min;

	if (size > 64 && size <= 96 && min <= 32)
		return 96;
	if (size > 128 && size <= 192 && min <= 64)
		return 192;
	while (n < size)
		n *= 2;
	return n;
}

static void every_size_has_its_class(void **state)
{
	for (size_t i = 0; i < COUNT(profiles); i++) {
		struct boot *b = boot_mm(profiles[i]);

		for (size_t size = 1; size <= 8192; size++) {
			void *p = kmalloc(&b->mm, size, GFP_KERNEL);
			size_t want = bucket(size, smallest[i]);

			assert_int_equal(ksize(&b->mm, p), want);
			assert_int_equal(kmalloc_size_roundup(&b->mm, size), want);
			assert_int_equal(mm_addr(&b->mm, p) % kmalloc_cache(&b->mm, size, GFP_KERNEL)->align, 0);
			kfree(&b->mm, p);
		}
		for (size_t size = 8193; size <= KMALLOC_MAX_SIZE; size *= 2) {
			void *p = kmalloc(&b->mm, size, GFP_KERNEL);

			assert_string_equal(cache_of(b, p), "pages");
			assert_int_equal(ksize(&b->mm, p), (size_t)PAGE_SIZE << get_order(&b->mm, size));
			kfree(&b->mm, p);
		}
		assert_int_equal(kmalloc_size_roundup(&b->mm, 0), 0);
		off_mm(b);
	}
}

static void slab_of_4_9_has_classes_for_all(void **state)
{
	struct boot *b = boot_mm("release=4.9");
	void *p = kmalloc(&b->mm, 1, GFP_KERNEL);

	assert_string_equal(cache_of(b, p), "kmalloc-32");
	p = kmalloc(&b->mm, 1000, GFP_KERNEL);
	assert_string_equal(cache_of(b, p), "kmalloc-1024");
	p = kmalloc(&b->mm, KMALLOC_MAX_SIZE, GFP_KERNEL);
	assert_string_equal(cache_of(b, p), "kmalloc-4194304");
	/*
	 * sizes above the largest class never go to the page allocator; one WARN, if
	 * allowed
	 */
	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_int_equal(kernel_reports(&b->kernel), 1);
	assert_true(logged(&b->kernel, "at kmalloc_slab+"));
	off_mm(b);
}

/* One CPU, 4 KiB pages, no debugging: order and object count of each class. */
static void slabs_are_as_large_as_in_linux(void **state)
{
	static const struct { size_t size; unsigned order, objects; } row[] = {
		{ 8, 0, 512 }, { 16, 0, 256 }, { 32, 0, 128 }, { 64, 0, 64 }, { 96, 0, 42 },
		{ 128, 0, 32 }, { 192, 0, 21 }, { 256, 0, 16 }, { 512, 0, 8 }, { 1024, 1, 8 },
		{ 2048, 2, 8 }, { 4096, 3, 8 }, { 8192, 3, 4 },
	};
	struct boot *b = boot_mm("release=6.1 slub_debug=-");

	for (size_t i = 0; i < COUNT(row); i++) {
		struct kmem_cache *c = kmalloc_cache(&b->mm, row[i].size, GFP_KERNEL);

		assert_int_equal(c->object_size, row[i].size);
		assert_int_equal(c->order, row[i].order);
		assert_int_equal(c->objects, row[i].objects);
	}
	off_mm(b);
}

static void flags_choose_the_cache(void **state)
{
	static const struct { const char *cmdline; gfp_t gfp; const char *cache; } row[] = {
		{ "release=6.1", GFP_KERNEL, "kmalloc-64" },
		{ "release=6.1", __GFP_DMA, "dma-kmalloc-64" },
		{ "release=6.1", GFP_KERNEL | __GFP_ACCOUNT, "kmalloc-cg-64" },
		{ "release=6.1", GFP_KERNEL | __GFP_RECLAIMABLE, "kmalloc-rcl-64" },
		{ "release=6.1", GFP_KERNEL | __GFP_RECLAIMABLE | __GFP_ACCOUNT, "kmalloc-rcl-64" },
		{ "release=6.1", __GFP_DMA | __GFP_RECLAIMABLE, "dma-kmalloc-64" },
		{ "release=6.1 arch=arm64", __GFP_DMA, "dma-kmalloc-128" },
		{ "release=7.2 arch=arm", __GFP_DMA, "dma-kmalloc-64" },
		{ "release=5.10 arch=arm64", __GFP_DMA, "dma-kmalloc-128" },
		{ "release=6.12 arch=riscv64", __GFP_DMA, "kmalloc-64" },
		{ "release=4.19 arch=arm64", __GFP_DMA, "kmalloc-128" },
		{ "release=4.19", GFP_KERNEL | __GFP_ACCOUNT, "kmalloc-64" },
		{ "release=4.19", GFP_KERNEL | __GFP_RECLAIMABLE, "kmalloc-64" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].cmdline);

		assert_string_equal(cache_of(b, kmalloc(&b->mm, 64, row[i].gfp)), row[i].cache);
		assert_int_equal(kernel_reports(&b->kernel), 0);
		off_mm(b);
	}
}

static void flags_that_slab_refuses_are_dropped(void **state)
{
	struct boot *b = boot_mm("release=6.1");
	void *p = kmalloc(&b->mm, 64, GFP_KERNEL | __GFP_DMA32);

	assert_string_equal(cache_of(b, p), "kmalloc-64");
	assert_true(logged(&b->kernel, "Unexpected gfp: 0x4 (GFP_DMA32). Fixing up to gfp: "
			   "0xcc0 (GFP_KERNEL). Fix your code!"));
	off_mm(b);
}

static void kmalloc_array_does_not_wrap(void **state)
{
	struct boot *b = boot_mm("");
	void *p = kmalloc_array(&b->mm, 10, 10, GFP_KERNEL);

	assert_int_equal(ksize(&b->mm, p), 128);
	assert_null(kmalloc_array(&b->mm, SIZE_MAX, 2, GFP_KERNEL));
	assert_null(kmalloc_array(&b->mm, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 1, GFP_KERNEL));
	assert_ptr_equal(kmalloc_array(&b->mm, 0, SIZE_MAX, GFP_KERNEL), ZERO_SIZE_PTR);
	off_mm(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kmalloc_answers_as_6_1_did),
		cmocka_unit_test(every_size_has_its_class),
		cmocka_unit_test(slab_of_4_9_has_classes_for_all),
		cmocka_unit_test(slabs_are_as_large_as_in_linux),
		cmocka_unit_test(flags_choose_the_cache),
		cmocka_unit_test(flags_that_slab_refuses_are_dropped),
		cmocka_unit_test(kmalloc_array_does_not_wrap),
	};

	return cmocka_run_group_tests_name("size_class", tests, NULL, NULL);
}
