/* SPDX-License-Identifier: MIT */
/*
 * How many pages a slab has. Corresponds to calculate_order() of Linux'
 * mm/slub.c. Differs: when no block of this order is free, nothing smaller is
 * tried.
 */
#include "mm/slab.h"

#include "mm/page_alloc.h"

#define OBJECTS_MAX 32767 /* of a slab */

static unsigned objects_in(const struct mm *mm, unsigned order, size_t size)
{
	return (unsigned)((page_size(mm) << order) / size);
}

/* The first order from `order` to `max` that wastes at most 1/fraction of it; else max + 1. */
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

/* The order to begin with: it holds so many objects, and no more than have numbers. */
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
 * The order of a slab. Newer releases begin at the order of the objects that
 * the CPUs want and take ever more waste, older ones want fewer objects rather
 * than waste more than a quarter.
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
