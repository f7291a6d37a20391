/* SPDX-License-Identifier: MIT */
/*
 * Managed pages and managed per-CPU memory: a small node records what to free.
 * Corresponds to that part of Linux' drivers/base/devres.c.
 */
#include "base/node.h"

#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/driver_core.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"

/* The data of the node: the address, followed by the order for pages. */

static bool address_match(struct device *dev, void *res, void *match_data)
{
	return word_get(dev->core, res, 0) == *(uint64_t *)match_data;
}

static uint64_t address_at(struct driver_core *core, uint64_t data)
{
	void *res = mm_ptr(core->mm, data, core->layout.word);

	return res ? word_get(core, res, 0) : 0;
}

/* Adds a node for an allocation; false: no memory. */
static bool remember(struct device *dev, uint64_t release, size_t size, const void *p,
		     unsigned order)
{
	struct driver_core *core = dev->core;
	void *res = devres_alloc_node(core, release, size, GFP_KERNEL, NUMA_NO_NODE);
	uint32_t order32 = order;

	if (!res)
		return false;
	word_set(core, res, 0, mm_addr(core->mm, p));
	if (size > core->layout.word)
		memcpy((char *)res + core->layout.word, &order32, sizeof(order32));
	devres_add(dev, res);
	return true;
}

/* --- pages ---------------------------------------------------------------- */

void *devm_get_free_pages(struct device *dev, gfp_t gfp, unsigned order)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	void *p;

	if (!devres_lock(dev))
		return NULL;
	fn_enter(k, "devm_get_free_pages");
	p = get_free_pages(core->mm, gfp, order);
	if (p && !remember(dev, core->release_pages, 2u * core->layout.word, p, order)) {
		free_pages_at(core->mm, p);
		p = NULL;
	}
	fn_exit(k);
	return p;
}

static void pages_release(struct device *dev, uint64_t data)
{
	struct driver_core *core = dev->core;
	uint64_t addr = address_at(core, data);

	/* the pages were freed by hand, or the address was overwritten */
	if (!free_pages_at(core->mm, mm_wild_ptr(core->mm, addr)))
		kernel_oops(core->kernel, "free_pages", addr);
}

void devm_free_pages(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t addr = mm_addr(core->mm, p);

	fn_enter(k, "devm_free_pages");
	if (devres_release(dev, core->release_pages, address_match, &addr) && !k->task_died)
		kernel_warn(k, "devm_free_pages", NULL);
	fn_exit(k);
}

/* --- per-CPU memory ---------------------------------------------------------- */

void *devm_alloc_percpu(struct device *dev, size_t size, size_t align)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	void *p;

	if (!devres_lock(dev))
		return NULL;
	fn_enter(k, "__devm_alloc_percpu");
	p = alloc_percpu(core->mm, size, align);
	if (p && !remember(dev, core->release_percpu, core->layout.word, p, 0)) {
		free_percpu(core->mm, p);
		p = NULL;
	}
	fn_exit(k);
	return p;
}

static void percpu_release(struct device *dev, uint64_t data)
{
	struct driver_core *core = dev->core;
	uint64_t addr = address_at(core, data);

	if (!free_percpu(core->mm, mm_wild_ptr(core->mm, addr)))
		kernel_oops(core->kernel, "free_percpu", addr);
}

void devm_free_percpu(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t addr = mm_addr(core->mm, p);
	int rc;

	fn_enter(k, "devm_free_percpu");
	if (k->profile->free_percpu_leaks)
		rc = devres_destroy(dev, core->release_percpu, address_match, &addr);
	else
		rc = devres_release(dev, core->release_percpu, address_match, &addr);
	if (rc && !k->task_died)
		kernel_warn(k, "devm_free_percpu", NULL);
	fn_exit(k);
}

void devm_pages_init(struct driver_core *core)
{
	devres_own_release(core, core->release_pages, pages_release);
	devres_own_release(core, core->release_percpu, percpu_release);
}
