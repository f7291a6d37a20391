/* SPDX-License-Identifier: MIT */
/*
 * Actions: what runs, in which order, and what they add while everything is being
 * released.
 */
#include "unit.h"

#include <errno.h>

#include "base.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/devres_walk.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "lib/array.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "note.h"

static void actions_run_newest_first(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	uint64_t a = function(b, "a", "a", note), c = function(b, "c", "c", note);

	devm_add_action(dev, a, 1);
	devm_kmalloc(dev, 64, GFP_KERNEL);
	devm_add_action(dev, c, 2);
	devm_add_action_or_reset(dev, a, 3);
	assert_string_equal(order, "");
	assert_int_equal(devres_release_all(dev), 4);
	assert_string_equal(order, "a3c2a1");
	assert_int_equal(in_use(b), 0);
	assert_int_equal(devres_release_all(dev), 0);
	off_all(b);
}

static void actions_are_found_by_function_and_data(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	uint64_t a = function(b, "a", "a", note), c = function(b, "c", "c", note);

	devm_add_action(dev, a, 1);
	devm_add_action(dev, a, 2);
	devm_add_action(dev, c, 1);
	devm_remove_action(dev, a, 1);
	assert_string_equal(order, "");
	assert_int_equal(dev->devres.count, 2);
	devm_release_action(dev, a, 2);
	assert_string_equal(order, "a2");
	assert_int_equal(warnings(b), 0);
	devm_release_action(dev, a, 2);
	devm_remove_action(dev, a, 1);
	devm_remove_action(dev, c, 2);
	assert_int_equal(warnings(b), 3);
	assert_string_equal(order, "a2");
	devres_release_all(dev);
	assert_string_equal(order, "a2c1");
	off_all(b);
}

static void actions_are_named_as_the_release_does(void **state)
{
	static const struct { const char *release, *name; } row[] = {
		{ "release=6.1", "devm_action_release" }, { "release=6.12", "disable_clk" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_all(row[i].release);
		struct device *dev = add_device(b, "eth0");
		struct devres_info info;
		uint64_t at = 0;

		devm_add_action(dev, text_symbol(&b->kernel, "disable_clk"), 0);
		assert_true(devres_walk(dev, &at, &info));
		assert_string_equal(info.release_name, row[i].name);
		assert_int_equal(info.size, 16);
		off_all(b);
	}
}

static void run_out_of_memory(struct boot *b)
{
	while (kmalloc(&b->mm, 8192, GFP_KERNEL | __GFP_NOWARN))
		;
	for (size_t size = 4096; size >= 8; size /= 2)
		while (kmalloc(&b->mm, size, GFP_KERNEL | __GFP_NOWARN))
			;
	while (kmalloc(&b->mm, 96, GFP_KERNEL | __GFP_NOWARN) ||
	       kmalloc(&b->mm, 192, GFP_KERNEL | __GFP_NOWARN))
		;
}

static void without_memory_nothing_is_registered(void **state)
{
	struct boot *b = boot_all("mem=4M");
	struct device *dev = add_device(b, "eth0");
	uint64_t a = function(b, "a", "a", note);

	run_out_of_memory(b);
	assert_null(devm_kmalloc(dev, 64, GFP_KERNEL));
	assert_int_equal(devm_add_action(dev, a, 1), -ENOMEM);
	assert_string_equal(order, "");
	assert_int_equal(devm_add_action_or_reset(dev, a, 2), -ENOMEM);
	assert_string_equal(order, "a2");
	assert_null(devres_alloc_node(&b->core, a, 16, GFP_KERNEL, NUMA_NO_NODE));
	assert_int_equal(dev->devres.count, 0);
	assert_int_equal(devres_release_all(dev), 0);
	off_all(b);
}

/* A release that allocates: the new node is not released in this pass. */
static void add_late(void *ctx, struct device *dev, uint64_t data,
		     enum symbol_use use)
{
	devm_kmalloc(dev, 64, GFP_KERNEL);
}

static void what_a_release_adds_stays_for_later(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");

	devm_add_action(dev, function(b, "late", "", add_late), 0);
	assert_int_equal(devres_release_all(dev), 1);
	assert_int_equal(dev->devres.count, 1);
	assert_int_equal(devres_release_all(dev), 1);
	off_all(b);
}

static void *lost;

static void add_lost(void *ctx, struct device *dev, uint64_t data, enum symbol_use use)
{
	lost = devm_kmalloc(dev, 64, GFP_KERNEL);
}

static void what_is_added_to_a_dying_device_is_nobodys(void **state)
{
	struct boot *b = boot_all("release=5.10");
	struct device *dev = add_device(b, "eth0");

	devm_add_action(dev, function(b, "late", "", add_lost), 0);
	assert_int_equal(device_unregister(dev), 0);
	dev = add_device(b, "eth1");
	devm_kfree(dev, lost);
	assert_int_equal(b->kernel.reports[REPORT_WARN], 1);
	assert_int_equal(kernel_reports(&b->kernel), 1);
	off_all(b);
}

static void *sibling;

static void free_sibling(void *ctx, struct device *dev, uint64_t data,
			 enum symbol_use use)
{
	devm_kfree(dev, sibling);
}

static void siblings_are_out_of_reach_while_all_is_released(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");

	sibling = devm_kmalloc(dev, 64, GFP_KERNEL);
	devm_add_action(dev, function(b, "sibling", "", free_sibling), 0);
	assert_int_equal(devres_release_all(dev), 2);
	assert_int_equal(warnings(b), 1);
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actions_run_newest_first),
		cmocka_unit_test(actions_are_found_by_function_and_data),
		cmocka_unit_test(actions_are_named_as_the_release_does),
		cmocka_unit_test(without_memory_nothing_is_registered),
		cmocka_unit_test(what_a_release_adds_stays_for_later),
		cmocka_unit_test(what_is_added_to_a_dying_device_is_nobodys),
		cmocka_unit_test(siblings_are_out_of_reach_while_all_is_released),
	};

	return cmocka_run_group_tests_name("action", tests, NULL, NULL);
}
