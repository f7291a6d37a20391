/* SPDX-License-Identifier: MIT */
/* The driver core without a front end: buses, links, deferral, release. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/link.h"
#include "base/probe.h"
#include "base/registry.h"
#include "base/work.h"
#include "boot.h"
#include "kernel/errors.h"
#include "kernel/fail.h"

static struct device *add_device(struct boot *b, const char *name, struct bus_type *bus)
{
	const struct device_config c = { .name = name, .bus = bus, .numa_node = NUMA_NO_NODE };
	struct device *dev;

	assert_int_equal(device_register(&b->core, &c, &dev), 0);
	return dev;
}

static int probes, result;

static int probe(struct device *dev)
{
	probes++;
	return result;
}

static struct device_driver *add_driver(struct boot *b, const char *name, struct bus_type *bus)
{
	const struct device_driver proto = { .name = (char *)name, .bus = bus, .probe = probe };
	struct device_driver *drv;

	assert_int_equal(driver_register(&b->core, &proto, &drv), 0);
	return drv;
}

static int destroyed;

static void destroy_bus(struct bus_type *bus)
{
	destroyed++;
}

static void a_bus_lives_as_long_as_what_is_on_it(void **state)
{
	const struct bus_type proto = { .name = (char *)"b", .destroy = destroy_bus };
	struct boot *b = boot_all("");
	struct device *dev;
	struct device_driver *drv;
	struct bus_type *bus, *second;

	destroyed = 0;
	assert_int_equal(bus_register(&b->core, &proto, &bus), 0);
	assert_int_equal(bus_register(&b->core, &proto, &second), -EEXIST);
	assert_int_equal(destroyed, 1); /* ownership came with the call */
	assert_ptr_equal(bus_by_name(&b->core, "b"), bus);
	result = 0;
	drv = add_driver(b, "d", bus);
	dev = add_device(b, "a", bus);
	assert_ptr_equal(dev->driver, drv);
	assert_ptr_equal(device_by_name(&b->core, "b:a"), dev);
	assert_int_equal(bus_unregister(bus), 0);
	assert_int_equal(bus_unregister(bus), -ENODEV);
	assert_int_equal(driver_unregister(drv), 0);
	assert_int_equal(destroyed, 1);
	device_unregister(dev);
	assert_int_equal(destroyed, 2);
	off_all(b);
}

/* A machine that ends in the middle of things frees everything. */
static void a_machine_may_end_at_any_time(void **state)
{
	const struct bus_type proto = { .name = (char *)"b", .destroy = destroy_bus };
	const struct device_driver async = {
		.name = (char *)"async", .probe = probe, .probe_type = PREFER_ASYNCHRONOUS,
	};
	struct boot *b = boot_all("");
	struct device_driver *drv;
	struct bus_type *bus;
	struct device *dev;
	const char *why;

	assert_int_equal(bus_register(&b->core, &proto, &bus), 0);
	result = -EPROBE_DEFER;
	add_driver(b, "d", bus);
	dev = add_device(b, "a", bus);
	assert_non_null(device_link_add(dev, add_device(b, "s", NULL), 0, &why));
	bus_unregister(bus);
	add_device(b, "async", NULL);
	assert_int_equal(driver_register(&b->core, &async, &drv), 0);
	assert_false(list_empty(&b->core.work));
	destroyed = 0;
	off_all(b);
	assert_int_equal(destroyed, 1);
}

static void a_deferred_probe_has_a_reason(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev;

	result = -EPROBE_DEFER;
	add_driver(b, "d", NULL);
	dev = add_device(b, "d.0", NULL);
	assert_string_equal(device_deferred_reason(dev), "");
	assert_int_equal(dev_err_probe(dev, -EPROBE_DEFER, "", "no clk"), -EPROBE_DEFER);
	assert_string_equal(device_deferred_reason(dev), "platform: no clk");
	result = 0;
	driver_deferred_probe_trigger(&b->core);
	run_work(&b->core);
	assert_non_null(dev->driver);
	assert_string_equal(device_deferred_reason(dev), "");
	off_all(b);
}

/* Each success retries each waiting device once, and no more. */
static void many_deferred_devices_are_cheap(void **state)
{
	struct boot *b = boot_all("mem=16M slub_debug=-");
	char name[32];

	result = -EPROBE_DEFER;
	add_driver(b, "d", NULL);
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "d.%d", i);
		add_device(b, name, NULL);
	}
	probes = 0;
	driver_deferred_probe_trigger(&b->core);
	run_work(&b->core);
	assert_int_equal(probes, 20000);
	result = 0;
	driver_deferred_probe_trigger(&b->core);
	run_work(&b->core);
	assert_int_equal(probes, 40000);
	assert_true(list_empty(&b->core.pending));
	off_all(b);
}

static void links_refuse_cycles(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev[50];
	const char *why;
	char name[16];

	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		dev[i] = add_device(b, name, NULL);
		if (i)
			assert_non_null(device_link_add(dev[i], dev[i - 1], 0, &why));
	}
	for (int i = 1; i < 50; i++) {
		assert_null(device_link_add(dev[0], dev[i], 0, &why));
		assert_non_null(strstr(why, "cycle"));
	}
	for (int i = 0; i < 50; i += 2)
		assert_int_equal(device_unregister(dev[i]), 0);
	off_all(b);
}

static void functions_fail_as_often_as_asked(void **state)
{
	struct boot *b = boot_all("");
	const struct device_config c = { .name = "a", .numa_node = NUMA_NO_NODE };
	struct device *dev;

	assert_int_equal(fail_function(&b->kernel, "no_such_function", -EIO, 1), -EINVAL);
	assert_int_equal(fail_function(&b->kernel, "bus_add_device", 1, 1), -EINVAL);
	assert_int_equal(fail_function(&b->kernel, "bus_add_device", -EIO, 2), 0);
	assert_int_equal(device_register(&b->core, &c, &dev), -EIO);
	assert_int_equal(device_register(&b->core, &c, &dev), -EIO);
	assert_int_equal(device_register(&b->core, &c, &dev), 0);
	assert_int_equal(fail_function(&b->kernel, "bus_add_device", -EIO, 0), 0);
	assert_null(b->kernel.fails);
	off_all(b);
}

static struct device *gone;

static int remove_other(struct device *dev)
{
	if (gone) {
		struct device *victim = gone;

		gone = NULL;
		device_unregister(victim);
	}
	return probe(dev);
}

/* Devices that follow one removed by a probe are probed, too. */
static void a_walk_survives_what_probes_remove(void **state)
{
	const struct device_driver proto = { .name = (char *)"d", .probe = remove_other };
	struct boot *b = boot_all("");
	struct device_driver *drv;

	add_device(b, "d.0", NULL);
	gone = add_device(b, "d.1", NULL);
	add_device(b, "d.2", NULL);
	add_device(b, "d.3", NULL);
	probes = result = 0;
	assert_int_equal(driver_register(&b->core, &proto, &drv), 0);
	assert_int_equal(probes, 3);
	assert_null(b->core.walks);
	off_all(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bus_lives_as_long_as_what_is_on_it),
		cmocka_unit_test(a_machine_may_end_at_any_time),
		cmocka_unit_test(a_deferred_probe_has_a_reason),
		cmocka_unit_test(many_deferred_devices_are_cheap),
		cmocka_unit_test(links_refuse_cycles),
		cmocka_unit_test(functions_fail_as_often_as_asked),
		cmocka_unit_test(a_walk_survives_what_probes_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
