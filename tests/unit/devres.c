/* SPDX-License-Identifier: MIT */
/* devres_*(): resources, overwritten lists, devres.log. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/devres_walk.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "note.h"

/* --- the raw interface -------------------------------------------------- */

static void resources_are_found_newest_first(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	uint64_t put = function(b, "put", "p", note), other = function(b, "other", "o", note);
	char *r[3];

	for (int i = 0; i < 3; i++) {
		r[i] = devres_alloc_node(&b->core, put, 16, GFP_KERNEL, NUMA_NO_NODE);
		for (int n = 0; n < 16; n++)
			assert_int_equal(r[i][n], 0);
		devres_add(dev, r[i]);
	}
	assert_ptr_equal(devres_find(dev, put, NULL, NULL), r[2]);
	assert_null(devres_find(dev, other, NULL, NULL));
	assert_ptr_equal(devres_remove(dev, put, NULL, NULL), r[2]);
	assert_ptr_equal(devres_find(dev, put, NULL, NULL), r[1]);
	devres_free(&b->core, r[2]);
	assert_int_equal(devres_destroy(dev, put, NULL, NULL), 0);
	assert_string_equal(order, "");
	assert_int_equal(devres_release(dev, put, NULL, NULL), 0);
	assert_int_equal(order[0], 'p');
	assert_int_equal(devres_release(dev, put, NULL, NULL), -ENOENT);
	assert_int_equal(devres_destroy(dev, put, NULL, NULL), -ENOENT);
	assert_null(devres_remove(dev, put, NULL, NULL));
	assert_int_equal(in_use(b), 0);
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_all(b);
}

static void size_zero_is_legal_for_a_resource(void **state)
{
	struct boot *b = boot_all("");
	void *r = devres_alloc_node(&b->core, text_symbol(&b->kernel, "put"), 0, GFP_KERNEL,
				    NUMA_NO_NODE);

	assert_true(r && r != ZERO_SIZE_PTR);
	devres_free(&b->core, r);
	devres_free(&b->core, NULL);
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

static void a_resource_is_on_one_list_once(void **state)
{
	struct boot *b = boot_all("release=6.1");
	struct device *dev = add_device(b, "eth0"), *other = add_device(b, "eth1");
	void *r = devres_alloc_node(&b->core, text_symbol(&b->kernel, "put"), 16, GFP_KERNEL,
				    NUMA_NO_NODE);

	devres_add(dev, r);
	devres_add(dev, r);
	assert_true(died(b));
	assert_true(logged(&b->kernel, "kernel BUG at drivers/base/devres.c:132!"));
	devres_add(other, r);
	assert_true(died(b));
	devres_free(&b->core, r);
	assert_true(died(b));
	assert_true(logged(&b->kernel, "kernel BUG at drivers/base/devres.c:225!"));
	assert_int_equal(dev->devres.count, 1);
	assert_int_equal(other->devres.count, 0);
	assert_int_equal(devres_release_all(dev), 1);
	off_all(b);
}

static void what_is_no_resource_is_an_oops(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	char *q = kmalloc(&b->mm, 64, GFP_KERNEL);

	devres_add(dev, q);
	assert_true(died(b));
	devres_add(dev, q + b->core.header);
	assert_true(died(b));
	devres_free(&b->core, (void *)0x1234);
	assert_true(died(b));
	assert_int_equal(dev->devres.count, 0);
	assert_true(is_allocated(b, q));
	off_all(b);
}

/* --- overwritten lists ---------------------------------------------------- */

/* Each word of the header is overwritten with each of these values. */
static uint64_t bad_word(struct boot *b, struct device *dev, void *node, int kind)
{
	switch (kind) {
	case 0: return 0;
	case 1: return 0x5a5a5a5a5a5a5a5aull;
	case 2: return mm_addr(&b->mm, node);         /* itself */
	case 3: return devres_head(dev);
	case 4: return mm_addr(&b->mm, node) + 8;
	case 5: return b->mm.page_offset;             /* memory, but not a node */
	case 6: return b->mm.page_offset + b->mm.size - 8;
	default: return UINT64_MAX;
	}
}

static void a_list_that_was_overwritten_is_survived(void **state)
{
	static const char *const machine[] = { "", "slub_debug=-", "release=4.19", "devres.log=1" };

	for (int i = 0; i < (int)COUNT(machine) * 5 * 8 * 3; i++) {
		struct boot *b = boot_all(machine[i / 120]);
		struct device *dev = add_device(b, "eth0");
		struct devres_info info;
		uint64_t *node, at = 0;
		int nodes = 0;
		char *p[5];

		for (int n = 0; n < 5; n++)
			p[n] = devm_kmalloc(dev, 24, GFP_KERNEL);
		node = (uint64_t *)(p[1 + i % 3] - b->core.header);
		if (b->core.header >= 40 || i / 24 % 5 < 3)
			node[i / 24 % 5] = bad_word(b, dev, node, i / 3 % 8);
		while (nodes <= 100 && devres_walk(dev, &at, &info))
			nodes++;
		for (int n = 0; n < 5; n++)
			devm_kfree(dev, p[n]);
		devm_kmalloc(dev, 24, GFP_KERNEL);
		devm_remove_action(dev, text_symbol(&b->kernel, "a"), 0);
		died(b);
		devres_release_all(dev);
		died(b);
		/* and the machine still works */
		dev = add_device(b, "eth1");
		assert_non_null(devm_kmalloc(dev, 64, GFP_KERNEL));
		assert_int_equal(devres_release_all(dev), 1);
		off_all(b);
	}
}

static void del_of_a_corrupt_node_is_a_bug_and_not_a_free(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	char *p[3];

	for (int i = 0; i < 3; i++)
		p[i] = devm_kmalloc(dev, 24, GFP_KERNEL);
	memset(p[0] - b->core.header, 0, 16);
	devm_kfree(dev, p[1]);
	assert_true(died(b));
	assert_true(logged(&b->kernel, "list_del corruption. prev->next should be "));
	assert_true(is_allocated(b, p[1]));
	off_all(b);
}

/* --- devres.log --------------------------------------------------------- */

static void log_lines_read_as_in_linux(void **state)
{
	static const struct { const char *cmdline; uint64_t header; } row[] = {
		{ "devres.log=1 release=6.1", 40 }, { "devres.log=1 release=4.19", 40 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_all(row[i].cmdline);
		struct device *dev = add_device(b, "eth0");
		char *p = devm_kmalloc(dev, 64, GFP_KERNEL), text[100];
		unsigned long long node = mm_addr(&b->mm, p - row[i].header);

		assert_int_equal(b->core.header, row[i].header);
		snprintf(text, sizeof(text), "platform eth0: DEVRES ADD %016llx "
			 "devm_kzalloc_release (64 bytes)", node);
		assert_string_equal(log_at(&b->kernel.log, 0)->text, text);
		assert_int_equal(log_at(&b->kernel.log, 0)->level, KERN_ERR);
		devm_kfree(dev, p);
		memcpy(strstr(text, "ADD"), "REM", 3);
		assert_string_equal(log_at(&b->kernel.log, 1)->text, text);
		p = devm_kmalloc(dev, 64, GFP_KERNEL);
		snprintf(text, sizeof(text), "platform eth0: DEVRES REL %016llx "
			 "devm_kzalloc_release (64 bytes)",
			 (unsigned long long)mm_addr(&b->mm, p - row[i].header));
		devres_release_all(dev);
		assert_string_equal(log_at(&b->kernel.log, 3)->text, text);
		assert_int_equal(b->kernel.log.count, 4);
		off_all(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resources_are_found_newest_first),
		cmocka_unit_test(size_zero_is_legal_for_a_resource),
		cmocka_unit_test(a_resource_is_on_one_list_once),
		cmocka_unit_test(what_is_no_resource_is_an_oops),
		cmocka_unit_test(a_list_that_was_overwritten_is_survived),
		cmocka_unit_test(del_of_a_corrupt_node_is_a_bug_and_not_a_free),
		cmocka_unit_test(log_lines_read_as_in_linux),
	};

	return cmocka_run_group_tests_name("devres", tests, NULL, NULL);
}
