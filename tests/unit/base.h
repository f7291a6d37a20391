/* SPDX-License-Identifier: MIT */
/* Devices for tests, and helpers to check memory and the task. */
#ifndef DEVSH_TESTS_BASE_H
#define DEVSH_TESTS_BASE_H

#include "base/device.h"
#include "boot.h"
#include "lib/array.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slab.h"

static inline struct device *add_device(struct boot *b, const char *name)
{
	const struct device_config c = { .name = name, .numa_node = NUMA_NO_NODE };
	struct device *dev;

	assert_int_equal(device_register(&b->core, &c, &dev), 0);
	return dev;
}

static inline bool is_allocated(struct boot *b, const void *p)
{
	struct object o;

	return object_find(&b->mm, p, &o) && object_allocated(&b->mm, &o);
}

/* Objects in use in all caches, plus large ones. */
static inline uint32_t in_use(struct boot *b)
{
	uint32_t n = 0;

	for (size_t i = 0; i < COUNT(b->mm.caches); i++)
		for (int nid = 0; b->mm.caches[i].object_size && nid < b->mm.nodes; nid++)
			n += cache_node_inuse(&b->mm.caches[i].node[nid]);
	for (uint32_t pfn = 0; pfn < b->mm.pfns; pfn++)
		n += b->mm.pages[pfn].kind == PAGE_LARGE;
	return n;
}

static inline uint32_t warnings(struct boot *b)
{
	return b->kernel.reports[REPORT_WARN];
}

/* Whether a BUG or an Oops killed the task; the next caller sees a new task. */
static inline bool died(struct boot *b)
{
	bool dead = b->kernel.task_died;

	b->kernel.task_died = false;
	return dead;
}

#endif
