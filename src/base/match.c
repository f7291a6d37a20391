/* SPDX-License-Identifier: MIT */
/*
 * The match functions of devm_kfree() and the like, by name: for calls of
 * devres_destroy() and so on that do the same. Corresponds to that part of Linux'
 * drivers/base/devres.c; devm_kfree() itself finds a node from its address.
 */
#include "base/node.h"

#include "base/device.h"
#include "base/devres.h"
#include "base/driver_core.h"
#include "lib/array.h"
#include "mm/access.h"
#include "mm/address.h"

/* match_data is the address itself. */
static bool kmalloc_match(struct device *dev, void *res, uint64_t data)
{
	return mm_addr(dev->core->mm, res) == data;
}

static bool percpu_match(struct device *dev, void *res, uint64_t data)
{
	return word_get(dev->core, res, 0) == data;
}

/* Compares the first `n` words of the data with those that match_data points to. */
static bool words_match(struct device *dev, void *res, uint64_t data, unsigned n)
{
	struct driver_core *core = dev->core;
	char wanted[16] = { 0 };

	if (mm_read(core->mm, data, wanted, (size_t)n * core->layout.word))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (word_get(core, res, i) != word_get(core, wanted, i))
			return false;
	return true;
}

/* struct pages_devres: the address comes first */
static bool pages_match(struct device *dev, void *res, uint64_t data)
{
	return words_match(dev, res, data, 1);
}

/* struct action_devres: its argument, and the action */
static bool action_match(struct device *dev, void *res, uint64_t data)
{
	return words_match(dev, res, data, 2);
}

static const struct kernel_match matches[] = {
	{ "devm_kmalloc_match", 0, kmalloc_match },
	{ "devm_action_match", 0, action_match },
	{ "devm_pages_match", 0, pages_match },
	{ "devm_percpu_match", RELEASE(4, 10), percpu_match },
};

const struct kernel_match *kernel_match_at(size_t i)
{
	return i < COUNT(matches) ? &matches[i] : NULL;
}

const struct kernel_match *kernel_match(const struct kernel *k, const char *name)
{
	const struct kernel_match *m;

	for (size_t i = 0; (m = kernel_match_at(i)); i++)
		if (k->profile->version >= m->since && !strcmp(m->name, name))
			return m;
	return NULL;
}
