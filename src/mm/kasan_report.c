/* SPDX-License-Identifier: MIT */
/*
 * When KASAN reports, and its first lines. Corresponds to Linux' mm/kasan/report.c.
 * Differs: reports are counted even if they are not printed, and repeated ones of one
 * type and place are limited.
 */
#include "mm/kasan.h"

#include <stdio.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/kasan_layout.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/page_dump.h"

#define LOG(...) printk(k, KERN_ERR, __VA_ARGS__)

static void blank(struct kernel *k)
{
	LOG("%s", "");
}

static void rule(struct kernel *k)
{
	LOG("==================================================================");
}

/* --- who did it ------------------------------------------------------------- */

/* A bad access in memset() and the like is their caller's fault. */
static bool is_helper(const char *function)
{
	return !strcmp(function, "memset") || !strcmp(function, "memcpy") ||
	       !strcmp(function, "memmove");
}

/* The function that made the access. */
static const char *culprit(const struct kernel *k)
{
	int top = k->depth < STACK_MAX ? k->depth : STACK_MAX;

	while (top > 0 && is_helper(k->stack[top - 1]))
		top--;
	return top > 0 ? k->stack[top - 1] : k->context.caller;
}

/* The caller of kfree(). */
static const char *who_frees(const struct kernel *k)
{
	return k->depth > 1 && k->depth <= STACK_MAX ? k->stack[k->depth - 2] : k->context.caller;
}

static bool is_slab(const struct mm *mm, const struct kasan_report *r)
{
	const struct page *page = page_of(mm, mm_ptr(mm, r->addr, 1));

	return page && page->kind == PAGE_SLAB;
}

/* The function that the report names after "in". */
static const char *named(const struct mm *mm, const struct kasan_report *r)
{
	const struct kasan_layout *l = mm->kasan.layout;
	const struct kernel *k = mm->kernel;

	if (!r->free)
		return culprit(k);
	if ((is_slab(mm, r) ? l->slab_free_blames : l->large_free_blames) == BLAMES_CALLER)
		return who_frees(k);
	return freeing_function(k);
}

/* --- the stack --------------------------------------------------------------- */

#define ABOVE_MAX 12

struct above {
	const char *function[ABOVE_MAX + 1];
	unsigned n;
};

static void add(struct above *a, const char *function)
{
	if (a->n < ABOVE_MAX)
		a->function[a->n++] = function;
}

static void add_all(struct above *a, const char *const *function)
{
	for (; *function; function++)
		add(a, *function);
}

/* The function that the compiler calls before each load and store. */
static const char *asan_function(const struct kasan_report *r, char out[32])
{
	const char *way = r->write ? "store" : "load";

	if (r->size <= 16 && !(r->size & (r->size - 1)))
		snprintf(out, 32, "__asan_%s%zu", way, r->size);
	else
		snprintf(out, 32, "__asan_%sN", way);
	return out;
}

static void report_access_stack(struct mm *mm, const struct kasan_report *r)
{
	const struct kasan_layout *l = mm->kasan.layout;
	struct kernel *k = mm->kernel;
	const char *inner = kernel_function(k);
	struct above a = { .n = 0 };
	char access[32];

	add_all(&a, mm_ptr(mm, r->addr, 1) ? l->dump : l->wild_dump);
	add(&a, l->report);
	if (!is_helper(inner)) {
		add(&a, asan_function(r, access));
		dump_stack_lvl_above(k, KERN_ERR, a.function);
		return;
	}
	add(&a, l->check);
	/* newer compilers use other names for these */
	snprintf(access, sizeof(access), "%s%s", l->mem_prefix, inner);
	k->stack[k->depth - 1] = access;
	dump_stack_lvl_above(k, KERN_ERR, a.function);
	k->stack[k->depth - 1] = inner;
}

static void report_free_stack(struct mm *mm, const struct kasan_report *r)
{
	const struct kasan_layout *l = mm->kasan.layout;
	struct above a = { .n = 0 };

	add_all(&a, l->dump);
	add(&a, l->report_free);
	add_all(&a, is_slab(mm, r) ? l->slab_free : l->large_free);
	if (is_slab(mm, r) && l->kfree_calls && freeing_function(mm->kernel) != kmem_cache_free_name)
		add(&a, l->kfree_calls);
	dump_stack_lvl_above(mm->kernel, KERN_ERR, a.function);
}

static void report_stack(struct mm *mm, const struct kasan_report *r)
{
	if (r->free)
		report_free_stack(mm, r);
	else
		report_access_stack(mm, r);
}

/* --- the report -------------------------------------------------------------- */

static void report_title(struct mm *mm, const struct kasan_report *r)
{
	const struct kasan_layout *l = mm->kasan.layout;
	struct kernel *k = mm->kernel;
	char sym[96];

	LOG("BUG: KASAN: %s in %s", r->type, symbolic(named(mm, r), sym));
	if (!r->free)
		LOG("%s of size %zu at addr %016llx by task %s/%d", r->write ? "Write" : "Read",
		    r->size, (unsigned long long)r->addr, k->comm, k->pid);
	else if (l->free_kinds)
		LOG("Free of addr %016llx by task %s/%d", (unsigned long long)r->addr, k->comm,
		    k->pid);
	blank(k);
}

static void report_new(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;

	report_title(mm, r);
	report_stack(mm, r);
	if (mm_ptr(mm, r->addr, 1)) {
		blank(k);
		kasan_report_memory(mm, r);
		kasan_report_shadow(mm, r->bad);
	}
}

/* 4.9: no blank lines, no region, and the page only if it is not part of a slab. */
static void report_old_title(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;
	const char *p = mm_ptr(mm, r->addr, 1);
	char sym[96];

	if (r->free) {
		LOG("BUG: Double free or freeing an invalid pointer");
		LOG("Unexpected shadow byte: 0x%X", kasan_shadow_at(mm, p));
		return;
	}
	if (p)
		LOG("BUG: KASAN: %s in %s at addr %016llx", r->type, symbolic(culprit(k), sym),
		    (unsigned long long)r->addr);
	else
		LOG("BUG: KASAN: %s on address %016llx", r->type, (unsigned long long)r->addr);
	LOG("%s of size %zu by task %s/%d", r->write ? "Write" : "Read", r->size, k->comm, k->pid);
	if (p && !is_slab(mm, r))
		dump_page(mm, p, "kasan: bad access detected");
}

static void report_old(struct mm *mm, const struct kasan_report *r)
{
	report_old_title(mm, r);
	report_stack(mm, r);
	if (!mm_ptr(mm, r->addr, 1))
		return;
	kasan_report_old_object(mm, r);
	if (!r->free)
		kasan_report_shadow(mm, r->bad);
}

static void print_report(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;

	rule(k);
	if (mm->kasan.layout->old)
		report_old(mm, r);
	else
		report_new(mm, r);
	rule(k);
	if (k->profile->version < RELEASE(6, 1))
		kernel_taint(k, TAINT_BAD_PAGE);
	panic_on_kasan(k, r->write || r->free);
	if (k->profile->version >= RELEASE(6, 1))
		kernel_taint(k, TAINT_BAD_PAGE);
}

/*
 * Ten of a kind by one function about one cache, so that another bug is still reported.
 * Up to ten reports that are not printed are explained.
 */
static bool may_report(struct mm *mm, const struct kasan_report *r, bool printed)
{
	struct kernel *k = mm->kernel;
	const char *p = mm_ptr(mm, r->addr, 1);
	struct object o;
	char about[64];

	snprintf(about, sizeof(about), "%.20s %.20s %.20s", r->type, culprit(k),
		 p && object_find(mm, p, &o) ? object_cache_name(&o) : "");
	if (!printed)
		return ratelimit_quiet(k, "KASAN, not printed", about);
	return ratelimit(k, r->free ? "kasan_report_invalid_free" : "kasan_report", about);
}

/* Whether this report may be printed: all may, or it is the first. */
static bool shot_left(struct mm *mm, const struct kasan_report *r)
{
	const struct kasan_layout *l = mm->kasan.layout;
	bool first = !mm->kasan.shot;

	if (r->free ? l->every_free : l->every_access)
		return true;
	mm->kasan.shot = true;
	return first || mm->kernel->params.kasan_multi_shot;
}

bool kasan_report(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;
	bool reported = shot_left(mm, r);

	mm->kasan.reports++;
	mm->kasan.last = *r;
	mm->kasan.kept_back = !may_report(mm, r, reported);
	if (reported && !mm->kasan.kept_back)
		print_report(mm, r);
	/* without memory there, only the Oops that follows counts */
	if (mm_ptr(mm, r->addr, 1)) {
		kernel_count_report(k, REPORT_KASAN, culprit(k), r->addr);
		mm->kasan.withheld += !reported;
	}
	return reported;
}
