/* SPDX-License-Identifier: MIT */
/*
 * A million devices with ten nodes each, registered, bound and removed; and a million
 * devices waiting for a deferred probe. Prints seconds and the size of the process;
 * asserts nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <sys/resource.h>

#include "base/device.h"
#include "base/devm.h"
#include "base/driver.h"
#include "base/work.h"
#include "kernel/errors.h"
#include "machine/machine.h"
#include "mm/gfp.h"

#define DEVICES 1000000
#define PER_DEVICE 10

static struct device *clock_device;

static void die(const char *what)
{
	fprintf(stderr, "million: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double peak(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / (1 << 20);
}

static int ten_nodes(struct device *dev)
{
	for (int i = 0; i < PER_DEVICE; i++)
		if (!devm_kmalloc(dev, 64, GFP_KERNEL))
			return -12;
	return 0;
}

static int wait_for_clock(struct device *dev)
{
	(void)dev;
	return clock_device && clock_device->driver ? 0 : -EPROBE_DEFER;
}

static int ready(struct device *dev)
{
	clock_device = dev;
	return 0;
}

static struct device_driver *make_driver(struct machine *m, const char *name,
					 int (*probe)(struct device *dev))
{
	struct device_driver proto = { .name = (char *)name, .probe = probe }, *drv;

	if (driver_register(&m->core, &proto, &drv))
		die("cannot make a driver");
	return drv;
}

static void make_devices(struct machine *m)
{
	char name[32];
	struct device_config c = { .name = name, .numa_node = NUMA_NO_NODE };

	for (int i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "many.%d", i);
		if (device_register(&m->core, &c, NULL))
			die("cannot make a device");
	}
}

static struct machine *boot(void)
{
	char why[200];
	struct machine *m = machine_create("mem=4G slub_debug=-", why, sizeof(why));

	if (!m)
		die(why);
	return m;
}

static void ten_nodes_each(void)
{
	struct machine *m = boot();
	double start = now(), made, torn;

	make_driver(m, "many", ten_nodes);
	make_devices(m);
	made = now();
	while (!list_empty(&m->core.platform.devices))
		device_unregister(list_entry(m->core.platform.devices.next, struct device, on_bus));
	torn = now();
	machine_destroy(m);
	printf("%d devices, %d nodes each\n", DEVICES, PER_DEVICE);
	printf("  made and bound      %6.2f s\n", made - start);
	printf("  unbound and freed   %6.2f s\n", torn - made);
	printf("  the machine's end   %6.2f s\n", now() - torn);
	printf("  all of it           %6.2f s   aim: <= 20 s\n", now() - start);
	printf("  largest resident    %6.2f GiB aim: <= 4 GiB\n", peak());
}

static void all_deferred(void)
{
	struct device_config c = { .name = "clock", .numa_node = NUMA_NO_NODE };
	struct machine *m = boot();
	double start = now(), made;
	struct device *dev;
	uint32_t bound = 0;

	make_driver(m, "many", wait_for_clock);
	make_devices(m);
	made = now();
	make_driver(m, "clock", ready);
	if (device_register(&m->core, &c, NULL))
		die("cannot make a device");
	run_work(&m->core);
	list_each(dev, &m->core.platform.devices, struct device, on_bus)
		bound += device_is_bound(dev);
	printf("%d devices that wait for a clock\n", DEVICES);
	printf("  made and deferred   %6.2f s\n", made - start);
	printf("  all tried again     %6.2f s, %u bound\n", now() - made, bound);
	machine_destroy(m);
}

int main(void)
{
	ten_nodes_each();
	all_deferred();
	return 0;
}
