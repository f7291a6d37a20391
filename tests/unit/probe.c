/* SPDX-License-Identifier: MIT */
/* Where devices and drivers meet: probe, remove, deferral, and calls from callbacks. */
#include "unit.h"

#include <errno.h>

#include "base.h"
#include "base/dev_printk.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/driver.h"
#include "base/owner.h"
#include "base/probe.h"
#include "base/registry.h"
#include "base/work.h"
#include "kernel/errors.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/object.h"
#include "mm/track.h"

/* --- probe and remove --------------------------------------------------- */

static struct boot *current;
static int probe_result, probes;
static void *probe_got[8];
static struct device_driver *probe_driver;

static int probe(struct device *dev)
{
	probes++;
	probe_driver = dev->driver;
	for (int i = 0; i < 8; i++)
		probe_got[i] = devm_kzalloc(dev, 16u << i, GFP_KERNEL);
	dev->drvdata = mm_addr(dev->core->mm, probe_got[0]);
	return probe_result;
}

static bool memory_was_there;
static uint64_t drvdata_in_remove;

static void remove_driver(struct device *dev)
{
	memory_was_there = is_allocated(current, probe_got[0]);
	drvdata_in_remove = dev->drvdata;
	devm_kmalloc(dev, 64, GFP_KERNEL); /* too late to be useful, but released all the same */
}

static struct device_driver *add_driver(struct boot *b, const char *name)
{
	const struct device_driver proto = {
		.name = (char *)name, .probe = probe, .remove = remove_driver,
	};
	struct device_driver *drv;

	probes = probe_result = 0;
	current = b;
	assert_int_equal(driver_register(&b->core, &proto, &drv), 0);
	return drv;
}

static void a_match_is_probed_whoever_comes_first(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev;

	add_device(b, "uart.0");
	add_driver(b, "uart");
	assert_int_equal(probes, 1);
	dev = add_device(b, "uart.1");
	assert_int_equal(probes, 2);
	assert_ptr_equal(dev->driver, driver_by_name(&b->core, "uart"));
	assert_ptr_equal(probe_driver, dev->driver);
	add_device(b, "uart");
	add_device(b, "uart.");
	add_device(b, "uart.x");
	add_device(b, "uart2");
	assert_int_equal(probes, 3);
	off_all(b);
}

static void unbind_releases_after_remove(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev;

	add_driver(b, "uart");
	dev = add_device(b, "uart.0");
	assert_int_equal(dev->devres.count, 8);
	assert_int_equal(device_driver_detach(dev), 0);
	assert_true(memory_was_there);
	assert_int_equal(drvdata_in_remove, mm_addr(&b->mm, probe_got[0]));
	assert_null(dev->driver);
	assert_int_equal(dev->drvdata, 0);
	assert_int_equal(in_use(b), 0);
	assert_int_equal(device_driver_detach(dev), -ENODEV);
	off_all(b);
}

/* Name, driver and number of a node's owner outlive all of them. */
static void tracks_know_the_owner_of_what_is_gone(void **state)
{
	struct boot *b = boot_all("");
	struct device_driver *drv = add_driver(b, "uart");
	struct device *dev = add_device(b, "uart.0");
	const struct owner *owner;
	struct track *t;
	struct object o = { 0 };

	assert_true(object_find(&b->mm, probe_got[0], &o));
	t = object_track(&b->mm, &o);
	assert_int_equal(device_unregister(dev), 0);
	driver_unregister(drv);
	owner = owner_of(&b->core, t->owner);
	assert_non_null(owner);
	assert_string_equal(owner->device, "uart.0");
	assert_string_equal(owner->driver, "uart");
	assert_int_equal(t->number, 1);
	assert_string_equal(t->free_phase, "release");
	/* equal names are the same owner */
	add_driver(b, "uart");
	dev = add_device(b, "uart.0");
	assert_ptr_equal(owner_of(&b->core, owner_mark(dev)), owner);
	assert_int_equal(device_driver_detach(dev), 0);
	assert_string_equal(owner_of(&b->core, owner_mark(dev))->driver, "");
	assert_null(owner_of(&b->core, 0));
	off_all(b);
	b = boot_all("slub_debug=-");
	assert_int_equal(owner_mark(add_device(b, "eth0")), 0);
	off_all(b);
}

static void numbers_stay_while_others_go(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	void *p[3], *grown;
	struct object o = { 0 };

	for (int i = 0; i < 3; i++)
		p[i] = devm_kmalloc(dev, 8, GFP_KERNEL);
	devm_kfree(dev, p[0]);
	assert_true(object_find(&b->mm, p[2], &o));
	assert_int_equal(object_track(&b->mm, &o)->number, 3);
	grown = devm_krealloc(dev, p[1], 500, GFP_KERNEL);
	assert_true(object_find(&b->mm, grown, &o));
	assert_int_equal(object_track(&b->mm, &o)->number, 2);
	devres_release_all(dev);
	p[0] = devm_kmalloc(dev, 8, GFP_KERNEL);
	assert_true(object_find(&b->mm, p[0], &o));
	assert_int_equal(object_track(&b->mm, &o)->number, 1);
	off_all(b);
}

static void a_failed_probe_gives_everything_back(void **state)
{
	static const struct { int result, rc; bool told; } row[] = {
		{ -ENOMEM, -ENOMEM, true }, { -EIO, -EIO, true }, { -ENODEV, -ENODEV, false },
		{ -ENXIO, -ENXIO, false }, { -EPROBE_DEFER, -EAGAIN, false }, { 5, -5, true },
	};
	struct boot *b = boot_all("release=6.1");
	struct device_driver *drv = add_driver(b, "alpha");
	struct device *dev = NULL;
	char text[100];

	probe_result = -ENODEV;
	dev = add_device(b, "alpha.0");
	for (size_t i = 0; i < COUNT(row); i++) {
		uint64_t lines = b->kernel.log.next_seq;

		probe_result = row[i].result;
		assert_int_equal(device_driver_attach(drv, dev), row[i].rc);
		assert_null(dev->driver);
		assert_int_equal(dev->drvdata, 0);
		assert_int_equal(dev->devres.count, 0);
		assert_int_equal(in_use(b), 0);
		assert_int_equal(b->kernel.log.next_seq - lines, row[i].told);
		snprintf(text, sizeof(text), "alpha: probe of alpha.0 failed with error %d",
			 row[i].result);
		assert_int_equal(logged(&b->kernel, text), row[i].told);
	}
	probe_result = 0;
	assert_int_equal(device_driver_attach(drv, dev), 0);
	assert_int_equal(device_driver_attach(drv, dev), -EBUSY);
	assert_int_equal(drv->active, 0);
	off_all(b);
}

static void the_failure_s_text_changed_in_6_12(void **state)
{
	struct boot *b = boot_all("release=6.12");

	add_driver(b, "alpha");
	probe_result = -EIO;
	add_device(b, "alpha.0");
	assert_string_equal(log_at(&b->kernel.log, 0)->text,
			    "alpha alpha.0: probe with driver alpha failed with error -5");
	assert_int_equal(log_at(&b->kernel.log, 0)->level, KERN_ERR);
	off_all(b);
}

static void resources_present_stop_the_probe(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "alpha.0");
	struct device_driver *drv;
	void *p = devm_kmalloc(dev, 64, GFP_KERNEL);

	drv = add_driver(b, "alpha");
	assert_int_equal(probes, 0);
	assert_int_equal(device_driver_attach(drv, dev), -EBUSY);
	assert_string_equal(log_at(&b->kernel.log, 0)->text,
			    "platform alpha.0: Resources present before probing");
	assert_int_equal(log_at(&b->kernel.log, 0)->level, KERN_CRIT);
	assert_true(is_allocated(b, p));
	devm_kfree(dev, p);
	assert_int_equal(device_driver_attach(drv, dev), 0);
	off_all(b);
}

static void a_deferred_probe_is_tried_again(void **state)
{
	struct boot *b = boot_all("");
	struct device *a0, *a1;

	add_driver(b, "alpha");
	probe_result = -EPROBE_DEFER;
	a0 = add_device(b, "alpha.0");
	a1 = add_device(b, "alpha.1");
	assert_int_equal(probes, 2);
	assert_false(list_empty(&a0->deferred));
	probe_result = 0;
	/* a successful probe starts another round */
	add_device(b, "alpha.2");
	run_work(&b->core);
	assert_int_equal(probes, 5);
	assert_non_null(a0->driver);
	assert_non_null(a1->driver);
	assert_true(list_empty(&b->core.pending));
	off_all(b);
}

/* Binding through the driver's file: -EAGAIN, and the device is not queued. */
static void a_bind_that_defers_is_not_queued(void **state)
{
	struct boot *b = boot_all("");
	struct device_driver *drv = add_driver(b, "alpha");
	struct device *dev;

	probe_result = -ENODEV;
	dev = add_device(b, "alpha.0");
	probe_result = -EPROBE_DEFER;
	assert_int_equal(device_driver_attach(drv, dev), -EAGAIN);
	assert_true(list_empty(&dev->deferred));
	off_all(b);
}

static void a_driver_goes_with_its_devices_unbound(void **state)
{
	struct boot *b = boot_all("");
	struct device_driver *drv = add_driver(b, "uart");
	struct device *dev = add_device(b, "uart.0");
	uint32_t id = drv->id;

	add_device(b, "uart.1");
	assert_int_equal(driver_unregister(drv), 0);
	assert_null(driver_by_id(&b->core, id));
	assert_null(driver_by_name(&b->core, "uart"));
	assert_null(dev->driver);
	assert_int_equal(in_use(b), 0);
	/* the name can be reused, the id cannot */
	drv = add_driver(b, "uart");
	assert_true(drv->id > id);
	assert_int_equal(probes, 2);
	off_all(b);
}

static void log_prefix_is_driver_or_bus(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev;

	add_driver(b, "uart");
	dev = add_device(b, "uart.0");
	dev_printk(KERN_INFO, dev, "text %d", 1);
	device_driver_detach(dev);
	dev_printk(KERN_INFO, dev, "text %d", 2);
	dev_printk(KERN_INFO, b->core.root, "text %d", 3);
	assert_string_equal(log_at(&b->kernel.log, 0)->text, "uart uart.0: text 1");
	assert_string_equal(log_at(&b->kernel.log, 1)->text, "platform uart.0: text 2");
	assert_string_equal(log_at(&b->kernel.log, 2)->text, " platform: text 3");
	off_all(b);
}

/* --- from inside of callbacks ------------------------------------------- */

static struct device *victim;
static int inside[4];

static int meddle(struct device *dev)
{
	inside[0] = device_unregister(dev);
	inside[1] = device_driver_detach(dev);
	inside[2] = driver_unregister(dev->driver);
	inside[3] = device_driver_attach(dev->driver, dev);
	if (victim) {
		device_unregister(victim);
		victim = NULL;
	}
	return 0;
}

static void a_probe_cannot_pull_the_rug_away(void **state)
{
	const struct device_driver proto = { .name = (char *)"uart", .probe = meddle };
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "uart.0");
	struct device_driver *drv;
	uint32_t id;

	victim = add_device(b, "uart.1");
	id = victim->id;
	add_device(b, "uart.2");
	assert_int_equal(driver_register(&b->core, &proto, &drv), 0);
	for (size_t i = 0; i < COUNT(inside); i++)
		assert_int_equal(inside[i], -EDEADLK);
	assert_ptr_equal(dev->driver, drv);
	assert_null(device_by_id(&b->core, id));
	assert_non_null(device_by_name(&b->core, "uart.2")->driver);
	assert_int_equal(driver_unregister(drv), 0);
	off_all(b);
}

static int die_in_probe(struct device *dev)
{
	devm_kmalloc(dev, 64, GFP_KERNEL);
	kernel_bug(dev->core->kernel, "demo_probe");
	return 0;
}

static void a_task_that_dies_keeps_its_locks(void **state)
{
	const struct device_driver proto = { .name = (char *)"uart", .probe = die_in_probe };
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "uart.0");
	struct device_driver *drv;

	driver_register(&b->core, &proto, &drv);
	assert_true(died(b));
	assert_true(dev->deadlocked);
	assert_int_equal(device_driver_detach(dev), -EDEADLK);
	assert_int_equal(device_unregister(dev), -EDEADLK);
	assert_int_equal(driver_unregister(drv), -EDEADLK);
	/* other devices are not affected */
	dev = add_device(b, "eth0");
	assert_int_equal(device_unregister(dev), 0);
	off_all(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_match_is_probed_whoever_comes_first),
		cmocka_unit_test(unbind_releases_after_remove),
		cmocka_unit_test(tracks_know_the_owner_of_what_is_gone),
		cmocka_unit_test(numbers_stay_while_others_go),
		cmocka_unit_test(a_failed_probe_gives_everything_back),
		cmocka_unit_test(the_failure_s_text_changed_in_6_12),
		cmocka_unit_test(resources_present_stop_the_probe),
		cmocka_unit_test(a_deferred_probe_is_tried_again),
		cmocka_unit_test(a_bind_that_defers_is_not_queued),
		cmocka_unit_test(a_driver_goes_with_its_devices_unbound),
		cmocka_unit_test(a_probe_cannot_pull_the_rug_away),
		cmocka_unit_test(a_task_that_dies_keeps_its_locks),
		cmocka_unit_test(log_prefix_is_driver_or_bus),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
