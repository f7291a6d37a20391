/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU memory. Corresponds to Linux' mm/percpu.c. Differs: there is one CPU, whose
 * memory comes from the kmalloc caches instead of from chunks.
 */
#include "mm/slab.h"

#include "kernel/report.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"

#define UNIT_MAX 32768 /* bytes; or one page if that is more */

static const char *const chain[] = {
	"__alloc_percpu", "__alloc_percpu", "pcpu_alloc", NULL,
};

/* Before 5.4, red zones and metadata can leave an object unaligned. */
static bool is_aligned(struct mm *mm, size_t size, size_t align)
{
	const struct kmem_cache *c;

	if (size > mm->large_limit)
		return true;
	c = kmalloc_cache(mm, size, GFP_KERNEL);
	return c->stride % align == 0 && c->left % align == 0;
}

void *alloc_percpu(struct mm *mm, size_t size, size_t align)
{
	size_t bytes = size > align ? size : align, natural = 1;
	size_t page = page_size(mm), most = page > UNIT_MAX ? page : UNIT_MAX;
	struct object o;

	if (!size || size > most || !align || align & (align - 1) || align > page) {
		kernel_warn(mm->kernel, "pcpu_alloc",
			    "illegal size (%zu) or align (%zu) for percpu allocation", size, align);
		return NULL;
	}
	/* powers of two are naturally aligned */
	while (natural < bytes || !is_aligned(mm, natural, align))
		natural *= 2;
	if (!slab_alloc(mm, (struct request){ natural, size }, GFP_KERNEL | __GFP_ZERO, NUMA_NO_NODE, TAG_PERCPU,
			chain, &o))
		return NULL;
	return o.start;
}

bool free_percpu(struct mm *mm, const void *p)
{
	struct object o;

	if (!object_find(mm, p, &o) || o.start != p || object_tag(mm, &o) != TAG_PERCPU)
		return false;
	slab_free(mm, &o);
	return true;
}
