/* SPDX-License-Identifier: MIT */
/* Devices: references, parents, names, ids. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "lib/array.h"
#include "mm/gfp.h"
#include "mm/page.h"

static void references_keep_a_device(void **state)
{
	static const struct { const char *release; bool at_del; } row[] = {
		{ "release=4.19", false }, { "release=6.1", true }, { "release=6.12", true },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_all(row[i].release);
		struct device *dev = add_device(b, "eth0");
		void *p = devm_kmalloc(dev, 64, GFP_KERNEL);
		uint32_t id = dev->id;

		get_device(dev);
		assert_int_equal(device_unregister(dev), 0);
		assert_int_equal(is_allocated(b, p), !row[i].at_del);
		assert_int_equal(device_unregister(dev), -ENODEV);
		assert_ptr_equal(device_by_id(&b->core, id), dev);
		p = devm_kmalloc(dev, 64, GFP_KERNEL);
		put_device(dev);
		assert_false(is_allocated(b, p));
		assert_null(device_by_id(&b->core, id));
		assert_null(device_by_name(&b->core, "eth0"));
		off_all(b);
	}
}

static void a_parent_outlives_its_children(void **state)
{
	struct boot *b = boot_all("numa=fake=2 mem=32M");
	struct device_config c = { .name = "pci0", .numa_node = 1 };
	struct device *parent, *child;
	uint32_t id;

	assert_int_equal(device_register(&b->core, &c, &parent), 0);
	c = (struct device_config){ .name = "eth0", .parent = parent, .numa_node = NUMA_NO_NODE };
	assert_int_equal(device_register(&b->core, &c, &child), 0);
	assert_int_equal(child->numa_node, 1);
	assert_int_equal(pfn_node(&b->mm, mm_pfn(&b->mm, devm_kmalloc(child, 64, GFP_KERNEL))), 1);
	id = parent->id;
	assert_int_equal(device_unregister(parent), 0);
	assert_non_null(device_by_id(&b->core, id));
	assert_int_equal(device_unregister(child), 0);
	assert_null(device_by_id(&b->core, id));
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

static void names_are_words_and_unique(void **state)
{
	static const char *const bad[] = { "", " ", "a b", "a/b", ".", ".hidden", "a\n", "\177",
		"a\t" };
	struct device_config c = { .name = "eth0", .numa_node = NUMA_NO_NODE };
	struct boot *b = boot_all("");
	char name[NAME_MAX_BYTES + 2];

	for (size_t i = 0; i < COUNT(bad); i++) {
		c.name = bad[i];
		assert_int_equal(device_register(&b->core, &c, NULL), -EINVAL);
	}
	memset(name, 'a', sizeof(name));
	name[NAME_MAX_BYTES + 1] = '\0';
	assert_int_equal(check_name(name), -EINVAL);
	name[NAME_MAX_BYTES] = '\0';
	c.name = name;
	assert_int_equal(device_register(&b->core, &c, NULL), 0);
	assert_int_equal(device_register(&b->core, &c, NULL), -EEXIST);
	assert_true(logged(&b->kernel, "sysfs: cannot create duplicate filename "
			   "'/devices/platform/aaa"));
	off_all(b);
}

static void ids_never_come_back(void **state)
{
	struct boot *b = boot_all("");
	uint32_t last = 0;

	for (int i = 0; i < 1000; i++) {
		struct device *dev = add_device(b, "eth0");

		assert_true(dev->id > last);
		assert_null(device_by_id(&b->core, last));
		assert_null(driver_by_id(&b->core, dev->id));
		last = dev->id;
		device_unregister(dev);
	}
	assert_null(device_by_id(&b->core, 0));
	assert_null(device_by_id(&b->core, UINT32_MAX));
	off_all(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_keep_a_device),
		cmocka_unit_test(a_parent_outlives_its_children),
		cmocka_unit_test(names_are_words_and_unique),
		cmocka_unit_test(ids_never_come_back),
	};

	return cmocka_run_group_tests_name("device", tests, NULL, NULL);
}
