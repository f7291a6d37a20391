/* SPDX-License-Identifier: MIT */
/* devm_kmalloc() and devm_kfree(): sizes, buckets, limits and wrong pointers. */
#include "unit.h"

#include "base.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/devres_walk.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "lib/array.h"
#include "measured.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"

/* --- devm_kmalloc ------------------------------------------------------- */

static void devm_kmalloc_answers_as_6_1_did(void **state)
{
	struct boot *b = boot_all("release=6.1");
	struct device *dev = add_device(b, "eth0");

	assert_int_equal(b->core.header, 40);
	assert_ptr_equal(devm_kmalloc(dev, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_int_equal(dev->devres.count, 0);
	for (size_t i = 0; i < COUNT(devm_kmalloc_61); i++) {
		const struct measured *want = &devm_kmalloc_61[i];
		char *p = devm_kmalloc(dev, want->size, GFP_KERNEL);
		struct object o = { 0 };

		assert_int_equal(p != NULL, want->object != 0);
		if (!p)
			continue;
		assert_int_equal((uintptr_t)p % 8, 0);
		assert_int_equal(ksize(&b->mm, p - 40), want->object);
		assert_true(object_find(&b->mm, p, &o));
		assert_string_equal(object_cache_name(&o), want->cache);
		devm_kfree(dev, p);
	}
	assert_int_equal(warnings(b), 1); /* once for all sizes that are too large */
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

/* The bucket of devm_kmalloc(n) with a header of 24 bytes. */
static void devm_kmalloc_takes_other_buckets_on_4_19(void **state)
{
	static const struct { size_t size, object; } row[] = {
		{ 1, 32 }, { 8, 32 }, { 24, 64 }, { 40, 64 }, { 64, 96 }, { 88, 128 },
		{ 100, 128 }, { 152, 192 }, { 200, 256 }, { 256, 512 }, { 1000, 1024 },
		{ 4056, 4096 }, { 4096, 8192 }, { 8136, 8192 }, { 8152, 8192 }, { 8169, 16384 },
	};
	struct boot *b = boot_all("release=4.19");
	struct device *dev = add_device(b, "eth0");

	for (size_t i = 0; i < COUNT(row); i++) {
		char *p = devm_kmalloc(dev, row[i].size, GFP_KERNEL);

		assert_int_equal(ksize(&b->mm, p - 24), row[i].object);
	}
	off_all(b);
}

static void size_zero_is_a_node_before_5_10(void **state)
{
	struct boot *b = boot_all("release=4.19");
	struct device *dev = add_device(b, "eth0");
	void *p = devm_kmalloc(dev, 0, GFP_KERNEL);

	assert_true(is_allocated(b, (char *)p - 1));
	assert_int_equal(dev->devres.count, 1);
	devm_kfree(dev, p);
	assert_int_equal(dev->devres.count, 0);
	assert_int_equal(warnings(b), 0);
	off_all(b);
}

static void sizes_that_overflow_give_null(void **state)
{
	static const char *const release[] = { "release=4.19", "release=6.1", "release=6.12" };

	for (size_t i = 0; i < COUNT(release); i++) {
		struct boot *b = boot_all(release[i]);
		struct device *dev = add_device(b, "eth0");

		assert_null(devm_kmalloc(dev, SIZE_MAX, GFP_KERNEL));
		assert_null(devm_kmalloc(dev, SIZE_MAX - b->core.header + 1, GFP_KERNEL));
		assert_null(devm_kmalloc_array(dev, SIZE_MAX, 2, GFP_KERNEL));
		assert_null(devm_kcalloc(dev, SIZE_MAX / 2 + 1, 2, GFP_KERNEL));
		assert_int_equal(dev->devres.count, 0);
		assert_int_equal(kernel_reports(&b->kernel), 0);
		off_all(b);
	}
}

/*
 * Before 4.18 the sum was not checked: the object is too small, and the driver overruns
 * it.
 */
static void sizes_wrap_on_4_9(void **state)
{
	struct boot *b = boot_all("release=4.9");
	struct device *dev = add_device(b, "eth0");
	char *p = devm_kmalloc(dev, SIZE_MAX - 10, GFP_KERNEL);

	assert_non_null(p);
	assert_int_equal(ksize(&b->mm, p - 24), 32);
	devm_kfree(dev, p);
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

static void copies_hold_what_was_copied(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");

	assert_string_equal(devm_kstrdup(dev, "eth0-rx", GFP_KERNEL), "eth0-rx");
	assert_null(devm_kstrdup(dev, NULL, GFP_KERNEL));
	assert_memory_equal(devm_kmemdup(dev, "a\0b", 3, GFP_KERNEL), "a\0b", 3);
	assert_ptr_equal(devm_kmemdup(dev, "", 0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_int_equal(dev->devres.count, 2);
	off_all(b);
}

/* --- devm_kfree: the wrong-pointer matrix ------------------------------- */

static void devm_kfree_knows_its_own(void **state)
{
	static const char *const release[] = {
		"release=4.19", "release=6.1", "release=6.12", "release=6.12 slub_debug=-",
	};

	for (size_t i = 0; i < COUNT(release); i++) {
		struct boot *b = boot_all(release[i]);
		struct device *dev = add_device(b, "eth0"), *other = add_device(b, "eth1");
		char *p = devm_kmalloc(dev, 64, GFP_KERNEL), *q = kmalloc(&b->mm, 64, GFP_KERNEL);
		void *foreign = devm_kmalloc(other, 64, GFP_KERNEL);
		uint64_t constant = rodata_string(&b->kernel, "constant");
		uint32_t n, old = i == 0;

		devm_kfree(dev, NULL);
		assert_int_equal(warnings(b), old);
		devm_kfree(dev, ZERO_SIZE_PTR);
		assert_int_equal(warnings(b), 2 * old);
		devm_kfree(dev, mm_wild_ptr(&b->mm, constant));
		assert_int_equal(warnings(b), n = 3 * old);
		devm_kfree(dev, q);
		devm_kfree(dev, foreign);
		devm_kfree(dev, p + 8);
		devm_kfree(dev, p - b->core.header);
		devm_kfree(dev, (void *)0xdeadbeefull);
		devm_kfree(dev, &b);
		assert_int_equal(warnings(b), n += 6);
		assert_true(is_allocated(b, p) && is_allocated(b, q) && is_allocated(b, foreign));
		devm_kfree(dev, p);
		assert_false(is_allocated(b, p));
		assert_int_equal(warnings(b), n);
		devm_kfree(dev, p);
		assert_int_equal(warnings(b), n + 1);
		assert_int_equal(other->devres.count, 1);
		off_all(b);
	}
}

enum { MANY = 2000 };

/*
 * For an address equal to the header size the node would be at NULL, which also means "no
 * newest node".
 */
static void devm_kfree_of_a_header_at_null(void **state)
{
	static const char *const machine[] = { "slub_debug=-", "", "release=6.1", "release=7.2" };

	for (size_t i = 0; i < COUNT(machine); i++) {
		struct boot *b = boot_all(machine[i]);
		struct device *dev = add_device(b, "eth0");

		/*
		 * the second one takes a fast path, after which there is no known newest
		 * node
		 */
		devm_kmalloc(dev, 64, GFP_KERNEL);
		devm_kmalloc(dev, 64, GFP_KERNEL);
		assert_non_null(devm_get_free_pages(dev, GFP_KERNEL, 0));
		assert_null(dev->newest);
		devm_kfree(dev, (void *)(uintptr_t)b->core.header);
		assert_int_equal(warnings(b), 1);
		off_all(b);
	}
}

static void any_order_of_devm_kfree_keeps_the_list(void **state)
{
	static const char *const machine[] = { "", "slub_debug=-" };

	for (size_t m = 0; m < COUNT(machine); m++) {
		struct boot *b = boot_all(machine[m]);
		struct device *dev = add_device(b, "eth0");
		void *p[MANY], *left[MANY];
		struct devres_info info;
		uint32_t n = 0, all;
		uint64_t at = 0;

		for (int i = 0; i < MANY; i++)
			p[i] = devm_kmalloc(dev, 24, GFP_KERNEL);
		/* oldest, newest and some in the middle */
		for (int i = 0; i < MANY; i++) {
			if (i % 3 == 0 || i < 10 || i > MANY - 10)
				devm_kfree(dev, p[i]);
			else
				left[n++] = p[i];
		}
		all = n;
		assert_int_equal(dev->devres.count, all);
		while (devres_walk(dev, &at, &info))
			assert_ptr_equal(info.data, left[--n]);
		assert_int_equal(n, 0);
		assert_int_equal(devres_release_all(dev), all);
		assert_int_equal(in_use(b), 0);
		off_all(b);
	}
}

/* Linux walks from the newest node; the nodes it would have looked at are counted. */
static void the_cost_of_the_walk_is_counted(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	void *p[10];

	for (int i = 0; i < 10; i++)
		p[i] = devm_kmalloc(dev, 24, GFP_KERNEL);
	devm_kfree(dev, p[9]);
	assert_int_equal(dev->devres_last_seen, 1);
	devm_kfree(dev, p[0]);
	assert_int_equal(dev->devres_last_seen, 9);
	devm_kfree(dev, p[5]);
	assert_int_equal(dev->devres_last_seen, 4);
	devm_kfree(dev, p[5]);
	assert_int_equal(dev->devres_last_seen, 7); /* to the end */
	assert_int_equal(dev->devres_seen, 1 + 9 + 4 + 7);
	off_all(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devm_kmalloc_answers_as_6_1_did),
		cmocka_unit_test(devm_kmalloc_takes_other_buckets_on_4_19),
		cmocka_unit_test(size_zero_is_a_node_before_5_10),
		cmocka_unit_test(sizes_that_overflow_give_null),
		cmocka_unit_test(sizes_wrap_on_4_9),
		cmocka_unit_test(copies_hold_what_was_copied),
		cmocka_unit_test(devm_kfree_knows_its_own),
		cmocka_unit_test(devm_kfree_of_a_header_at_null),
		cmocka_unit_test(any_order_of_devm_kfree_keeps_the_list),
		cmocka_unit_test(the_cost_of_the_walk_is_counted),
	};

	return cmocka_run_group_tests_name("devm", tests, NULL, NULL);
}
