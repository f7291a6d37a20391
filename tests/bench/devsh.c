/* SPDX-License-Identifier: MIT */
/* The model itself: bare, and with its checks. */
#include "bench.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/driver.h"
#include "base/probe.h"
#include "machine/machine.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"

static struct machine *machine, *checked_machine;
static struct device *dev, *checked_dev;
static struct device_driver *ten_allocations;

static double pairs_on(struct device *d, uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++)
		devm_kfree(d, use(devm_kmalloc(d, SIZE, GFP_KERNEL)));
	return now() - start;
}

double devsh_pairs(uint32_t n)
{
	return pairs_on(dev, n);
}

double devsh_checked_pairs(uint32_t n)
{
	return pairs_on(checked_dev, n);
}

void devsh_fill(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(devm_kmalloc(dev, SIZE, GFP_KERNEL));
}

double devsh_alloc(uint32_t n)
{
	double start = now();

	devsh_fill(n);
	start = now() - start;
	devres_release_all(dev);
	return start;
}

double devsh_release(uint32_t n)
{
	double start;

	devsh_fill(n);
	start = now();
	devres_release_all(dev);
	return now() - start;
}

double devsh_free(uint32_t n)
{
	double start;

	devsh_fill(n);
	start = now();
	for (uint32_t i = 0; i < n; i++)
		devm_kfree(dev, nodes[free_order[i]]);
	return now() - start;
}

static int probe(struct device *d)
{
	for (int i = 0; i < PER_BIND; i++)
		use(devm_kzalloc(d, SIZE, GFP_KERNEL));
	return 0;
}

double devsh_binds(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		if (device_driver_attach(ten_allocations, dev))
			die("bind failed");
		device_driver_detach(dev);
	}
	return now() - start;
}

static struct machine *boot(const char *cmdline, struct device **device)
{
	struct device_config config = { .name = "bench", .numa_node = NUMA_NO_NODE };
	char why[256];
	struct machine *m = machine_create(cmdline, why, sizeof(why));

	if (!m)
		die("%s", why);
	if (device_register(&m->core, &config, device))
		die("cannot make a device");
	return m;
}

double devsh_bytes_when_full(const void *arg)
{
	double bytes = resident();
	uint32_t size = *(const uint32_t *)arg;
	struct device *d;
	struct mm *mm = &boot("mem=1G", &d)->mm;

	while (size < SIZE ? kmalloc(mm, size, GFP_KERNEL | __GFP_NOWARN)
			   : devm_kmalloc(d, size, GFP_KERNEL | __GFP_NOWARN))
		;
	return resident() - bytes;
}

void devsh_set_up(void)
{
	struct device_driver proto = { .name = (char *)"bench", .probe = probe };

	machine = boot("mem=512M slub_debug=-", &dev);
	checked_machine = boot("mem=64M", &checked_dev);
	if (driver_register(&machine->core, &proto, &ten_allocations))
		die("cannot make a driver");
	device_driver_detach(dev);
}

void devsh_tear_down(void)
{
	machine_destroy(checked_machine);
	machine_destroy(machine);
}

size_t devsh_bucket(void)
{
	return kmalloc_size_roundup(&machine->mm, machine->core.header + SIZE);
}
