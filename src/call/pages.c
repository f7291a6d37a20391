/* SPDX-License-Identifier: MIT */
/* Unmanaged pages and per-CPU memory. */
#include "call/entry.h"

#include "kernel/report.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/page_dump.h"
#include "mm/slab.h"

/* --- pages --------------------------------------------------------------------- */

static int get(struct call_ctx *c, gfp_t gfp, uint64_t order)
{
	struct kernel *k = ctx_kernel(c);

	fn_enter(k, c->call->name);
	result_pointer(c, get_free_pages(&c->machine->mm, gfp, order < 64 ? (unsigned)order : 64));
	fn_exit(k);
	return 0;
}

static int run___get_free_pages(struct call_ctx *c)
{
	return get(c, (gfp_t)c->arg[0].u, c->arg[1].u);
}

static int run_get_zeroed_page(struct call_ctx *c)
{
	return get(c, (gfp_t)c->arg[0].u | __GFP_ZERO, 0);
}

/*
 * The order, in pages, of the block that begins at p; -1: it is not from
 * __get_free_pages().
 */
static int order_of(struct mm *mm, const void *p)
{
	struct object o;

	if (!object_find(mm, p, &o) || o.start != p || object_tag(mm, &o) != TAG_PAGES)
		return -1;
	return o.page->order - mm->page_order;
}

/* Reports a free of pages that are free, or that have another owner. */
static void bad(struct mm *mm, const void *p)
{
	if (page_of(mm, p))
		bad_page(mm, mm_pfn(mm, p), 0, "PAGE_FLAGS_CHECK_AT_FREE flag(s) set");
	else
		bad_page(mm, mm_pfn(mm, p), -1, "nonzero _refcount");
}

static int run_free_pages(struct call_ctx *c)
{
	struct mm *mm = &c->machine->mm;
	struct kernel *k = ctx_kernel(c);
	void *p = arg_ptr(c, 0);
	int order;

	if (!c->arg[0].u)
		return 0;
	order = order_of(mm, p);
	if (order >= 0 && (uint64_t)order != c->arg[1].u)
		return result_error(c->result, -EINVAL, "order %llu: it is a block of order %d; Linux "
				    "would not check, and free other pages or too few",
				    (unsigned long long)c->arg[1].u, order);
	fn_enter(k, "free_pages");
	if (order >= 0)
		free_pages_at(mm, p);
	else if (mm_has(mm, p))
		bad(mm, p);
	else
		kernel_oops(k, "free_pages", c->arg[0].u);
	fn_exit(k);
	return 0;
}

/* --- per-CPU memory -------------------------------------------------------------- */

static int run_alloc_percpu(struct call_ctx *c)
{
	/* a type is aligned like its widest member */
	return result_pointer(c, alloc_percpu(&c->machine->mm, c->arg[0].u, 8));
}

static int run___alloc_percpu(struct call_ctx *c)
{
	return result_pointer(c, alloc_percpu(&c->machine->mm, c->arg[0].u, c->arg[1].u));
}

static int run_free_percpu(struct call_ctx *c)
{
	struct kernel *k = ctx_kernel(c);

	if (!c->arg[0].u)
		return 0;
	fn_enter(k, "free_percpu");
	if (!free_percpu(&c->machine->mm, arg_ptr(c, 0)))
		kernel_oops(k, "free_percpu", c->arg[0].u);
	fn_exit(k);
	return 0;
}

#define ORDER_PARAM { "order", P_SIZE, "0", false, "2^order pages in a row" }
#define SUBJECT .subject = "Plain memory"

const struct call pages_calls[] = {
	{
		.name = "__get_free_pages", SUBJECT,
		.summary = "allocate pages, to be freed with free_pages()",
		.param = { GFP_PARAM, ORDER_PARAM },
		.returns = "address, 0 when memory runs out",
		.example = "p = __get_free_pages GFP_KERNEL|__GFP_ZERO 1\nfree_pages $p 1",
		.flags = CALL_POINTER, .run = run___get_free_pages,
	},
	{
		.name = "get_zeroed_page", SUBJECT,
		.summary = "one page of zeroes",
		.param = { GFP_PARAM },
		.returns = "address, 0 when memory runs out",
		.example = "p = get_zeroed_page\nx $p 16\nfree_pages $p 0",
		.flags = CALL_POINTER, .run = run_get_zeroed_page,
	},
	{
		.name = "free_pages", SUBJECT,
		.summary = "free pages from __get_free_pages",
		.param = {
			{ "addr", P_ADDR, NULL, false, "what __get_free_pages returned; 0 is fine" },
			ORDER_PARAM,
		},
		.returns = "nothing",
		.detail = "Pages that are free already are 'Bad page state', and nothing is done.",
		.example = "p = __get_free_pages\nfree_pages $p",
		.run = run_free_pages,
	},
	{
		.name = "alloc_percpu", SUBJECT,
		.summary = "allocate zeroed memory for each CPU",
		.param = { { "size", P_SIZE, NULL, false, "bytes" } },
		.returns = "pointer, NULL when memory runs out, or after a WARN about the size",
		.detail = "In C a macro over a type; here its size, at most 32 KiB. There is one CPU.",
		.example = "p = alloc_percpu 64\nfree_percpu $p",
		.flags = CALL_POINTER, .run = run_alloc_percpu,
	},
	{
		.name = "__alloc_percpu", SUBJECT,
		.summary = "alloc_percpu with an alignment",
		.param = {
			{ "size", P_SIZE, NULL, false, "bytes" },
			{ "align", P_SIZE, NULL, false, "power of two, at most a page" },
		},
		.returns = "pointer, NULL when memory runs out, or after a WARN about size or align",
		.example = "p = __alloc_percpu 64 256\nfree_percpu $p",
		.flags = CALL_POINTER, .run = run___alloc_percpu,
	},
	{
		.name = "free_percpu", SUBJECT,
		.summary = "free memory from alloc_percpu",
		.param = { { "p", P_ADDR, NULL, false, "what alloc_percpu returned; NULL is fine" } },
		.returns = "nothing",
		.example = "p = alloc_percpu 8\nfree_percpu $p",
		.run = run_free_percpu,
	},
	{ 0 },
};
