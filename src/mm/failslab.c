/* SPDX-License-Identifier: MIT */
/*
 * Allocations that fail on purpose. Corresponds to Linux' mm/failslab.c,
 * mm/fail_page_alloc.c and lib/fault-inject.c. Differs: no filter by call stack; the
 * pages of a new slab can fail through fail_page_alloc, but fail-nth does not count them:
 * the allocation of the object that needs them is counted already.
 */
#include "mm/failslab.h"

#include <stdio.h>

#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/random.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "mm/cache.h"
#include "mm/gfp.h"

static void attr_init(struct fault_attr *a, const char *name, const struct fault_param *p)
{
	*a = (struct fault_attr){
		.name = name, .probability = p->probability, .interval = p->interval,
		.space = p->space, .times = p->times, .verbose = 2, .ignore_gfp_wait = true,
		.ignore_gfp_highmem = true, .min_order = 1,
	};
}

void faults_init(struct mm *mm)
{
	attr_init(&mm->faults.slab, "failslab", &mm->kernel->params.failslab);
	attr_init(&mm->faults.pages, "fail_page_alloc", &mm->kernel->params.fail_page_alloc);
	faults_changed(mm);
}

void faults_changed(struct mm *mm)
{
	const struct faults *f = &mm->faults;

	mm->kernel->injecting = f->slab.probability || f->pages.probability || f->fail_nth;
	kernel_watch_again(mm->kernel);
}

static void forced(struct mm *mm, struct fault_attr *a, const char *what, size_t size, gfp_t gfp)
{
	struct kernel *k = mm->kernel;
	struct fault *last = &mm->faults.last;

	last->hits++;
	last->step = k->step;
	snprintf(last->what, sizeof(last->what), "%s", what);
	last->size = size;
	snprintf(last->function, sizeof(last->function), "%s", kernel_function(k));
	snprintf(last->caller, sizeof(last->caller), "%s", k->context.caller);
	EVENT(k, EV_NOMEM, .what = a->name, .name = what, .size = size);
	if (a->verbose && !(gfp & __GFP_NOWARN)) {
		printk(k, KERN_NOTICE, "FAULT_INJECTION: forcing a failure.");
		printk(k, KERN_NOTICE, "name %s, interval %llu, probability %llu, space %d, times %d",
		       a->name, (unsigned long long)a->interval,
		       (unsigned long long)a->probability, a->space, a->times);
		if (a->verbose > 1)
			dump_stack(k, KERN_NOTICE, "should_fail_ex");
	}
	if (a->times > 0)
		a->times--;
}

/* Whether chance makes it fail; the filters come first. */
static bool unlucky(struct mm *mm, struct fault_attr *a, size_t size)
{
	if (!a->probability || (a->task_filter && !mm->faults.make_it_fail) || !a->times)
		return false;
	if (a->space > 0 && (size_t)a->space > size) {
		a->space -= (int)size;
		return false;
	}
	if (a->interval > 1 && ++a->count % a->interval)
		return false;
	return kernel_random(mm->kernel) % 100 < a->probability;
}

/* True: fail-nth has reached this allocation. While it counts, nothing else fails. */
static bool should_fail(struct mm *mm, struct fault_attr *a, size_t size, bool counts)
{
	struct faults *f = &mm->faults;

	if (!f->fail_nth || !counts)
		return unlucky(mm, a, size);
	if (--f->fail_nth)
		return false;
	faults_changed(mm);
	return true;
}

bool should_failslab_slow(struct mm *mm, struct kmem_cache *c, gfp_t gfp)
{
	struct fault_attr *a = &mm->faults.slab;

	if (gfp & __GFP_NOFAIL || (a->ignore_gfp_wait && gfp & __GFP_DIRECT_RECLAIM) ||
	    (a->cache_filter && !c->failslab) || !should_fail(mm, a, c->object_size, true))
		return false;
	forced(mm, a, c->name, c->object_size, gfp);
	return true;
}

bool should_fail_alloc_page_slow(struct mm *mm, gfp_t gfp, unsigned order, bool slab)
{
	struct fault_attr *a = &mm->faults.pages;
	size_t size = page_size(mm) << order;

	if (order < a->min_order || gfp & __GFP_NOFAIL ||
	    (a->ignore_gfp_highmem && gfp & __GFP_HIGHMEM) ||
	    (a->ignore_gfp_wait && gfp & __GFP_DIRECT_RECLAIM) ||
	    !should_fail(mm, a, (size_t)1 << order, !slab))
		return false;
	forced(mm, a, slab ? "a slab" : "pages", size, gfp);
	return true;
}

bool fault_was_injected(const struct mm *mm)
{
	return mm->faults.last.hits && mm->faults.last.step == mm->kernel->step;
}
