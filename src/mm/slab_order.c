/* SPDX-License-Identifier: MIT */
/*
 * The number of pages in a slab. Corresponds to calculate_order() in Linux' mm/slub.c.
 * Differs: if there is no free block of this order, no smaller one is tried.
 */
#include "mm/slab.h"

#include "mm/page_alloc.h"

#define OBJECTS_MAX 32767 /* in a slab */

static unsigned objects_in(const struct mm *mm, unsigned order, size_t size)
{
	return (unsigned)((page_size(mm) << order) / size);
}

/*
 * The first order from `order` to `max` that wastes at most 1/fraction; max + 1: none
 * does.
 */
static unsigned order_with_waste(const struct mm *mm, size_t size, unsigned order, unsigned max,
				 size_t fraction)
{
	for (; order <= max; order++) {
		size_t bytes = page_size(mm) << order;

		if (bytes >= size && bytes % size <= bytes / fraction)
			break;
	}
	return order;
}

/*
 * The first order to try: it has room for so many objects, but not for more than can be
 * counted.
 */
static unsigned first_order(const struct mm *mm, size_t size, unsigned objects)
{
	unsigned order = get_order(mm, size * objects);

	if (order < mm->kernel->params.slub_min_order)
		order = mm->kernel->params.slub_min_order;
	while (objects_in(mm, order, size) > OBJECTS_MAX)
		order--;
	return order;
}

static unsigned wanted_objects(const struct mm *mm, size_t size)
{
	const struct params *p = &mm->kernel->params;
	unsigned max = objects_in(mm, p->slub_max_order, size), fls = 32;
	unsigned objects = p->slub_min_objects;

	fls -= (unsigned)__builtin_clz(p->nr_cpus);
	if (!objects)
		objects = 4 * (fls + 1);
	return objects < max ? objects : max ? max : 1;
}

/*
 * The order of a slab. Newer releases start with enough objects for the CPUs and accept
 * more and more waste; older ones rather reduce the number of objects than waste more
 * than a quarter.
 */
unsigned slab_order(const struct mm *mm, size_t size)
{
	const struct kernel *k = mm->kernel;
	unsigned objects = wanted_objects(mm, size), max = k->params.slub_max_order, order;
	size_t most = k->profile->order_by_waste ? 2 : 4;

	for (; objects > 1 || k->profile->order_by_waste; objects--) {
		for (size_t fraction = 16; fraction >= most; fraction /= 2) {
			order = order_with_waste(mm, size, first_order(mm, size, objects), max,
						 fraction);
			if (order <= max)
				return order;
		}
		if (k->profile->order_by_waste)
			return get_order(mm, size);
	}
	return first_order(mm, size, 1);
}
