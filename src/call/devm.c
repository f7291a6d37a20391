/* SPDX-License-Identifier: MIT */
/* Managed memory: devm_kmalloc and its family, pages, per-CPU memory. */
#include "call/entry.h"

#include "base/device.h"
#include "base/devm.h"
#include "mm/gfp.h"

static int run_devm_kmalloc(struct call_ctx *c)
{
	return result_pointer(c, devm_kmalloc(arg_device(c, 0), c->arg[1].u, (gfp_t)c->arg[2].u));
}

static int run_devm_kzalloc(struct call_ctx *c)
{
	return result_pointer(c, devm_kzalloc(arg_device(c, 0), c->arg[1].u, (gfp_t)c->arg[2].u));
}

static int run_devm_kmalloc_array(struct call_ctx *c)
{
	return result_pointer(c, devm_kmalloc_array(arg_device(c, 0), c->arg[1].u, c->arg[2].u,
						    (gfp_t)c->arg[3].u));
}

static int run_devm_kcalloc(struct call_ctx *c)
{
	return result_pointer(c, devm_kcalloc(arg_device(c, 0), c->arg[1].u, c->arg[2].u,
					      (gfp_t)c->arg[3].u));
}

static int run_devm_krealloc(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	uint32_t before = report_complaints(c->machine);

	result_pointer(c, devm_krealloc(dev, arg_ptr(c, 1), c->arg[2].u, (gfp_t)c->arg[3].u));
	if (report_complaints(c->machine) != before && !ctx_kernel(c)->task_died)
		note_devm_kfree(c, dev, c->arg[1].u);
	return c->result->err;
}

static int run_devm_krealloc_array(struct call_ctx *c)
{
	return result_pointer(c, devm_krealloc_array(arg_device(c, 0), arg_ptr(c, 1), c->arg[2].u,
						     c->arg[3].u, (gfp_t)c->arg[4].u));
}

static int run_devm_kfree(struct call_ctx *c)
{
	uint32_t before = report_complaints(c->machine);

	devm_kfree(arg_device(c, 0), arg_ptr(c, 1));
	if (report_complaints(c->machine) != before && !ctx_kernel(c)->task_died)
		note_devm_kfree(c, arg_device(c, 0), c->arg[1].u);
	return 0;
}

static int run_devm_get_free_pages(struct call_ctx *c)
{
	unsigned order = c->arg[2].u < 64 ? (unsigned)c->arg[2].u : 64;

	return result_pointer(c, devm_get_free_pages(arg_device(c, 0), (gfp_t)c->arg[1].u, order));
}

static int run_devm_free_pages(struct call_ctx *c)
{
	devm_free_pages(arg_device(c, 0), arg_ptr(c, 1));
	return 0;
}

static int run_devm_alloc_percpu(struct call_ctx *c)
{
	/* a type is aligned like its widest member */
	return result_pointer(c, devm_alloc_percpu(arg_device(c, 0), c->arg[1].u, 8));
}

static int run___devm_alloc_percpu(struct call_ctx *c)
{
	return result_pointer(c, devm_alloc_percpu(arg_device(c, 0), c->arg[1].u, c->arg[2].u));
}

static int run_devm_free_percpu(struct call_ctx *c)
{
	devm_free_percpu(arg_device(c, 0), arg_ptr(c, 1));
	return 0;
}

#define SUBJECT .subject = "Managed memory"

const struct call devm_calls[] = {
	{
		.name = "devm_kmalloc", SUBJECT,
		.summary = "allocate memory that is freed when the driver is unbound",
		.param = { OWNER_PARAM, { "size", P_SIZE, NULL, false, "bytes" }, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out, ZERO_SIZE_PTR for size 0",
		.detail = "Not zeroed. The memory follows a header in the same object, so the "
			  "pointer is aligned like unsigned long long, no better, and a power of "
			  "two takes the next bucket.",
		.example = "device eth0\np = devm_kmalloc eth0 100 GFP_KERNEL\ndevm_kfree eth0 $p",
		.flags = CALL_POINTER, .run = run_devm_kmalloc,
	},
	{
		.name = "devm_kzalloc", SUBJECT,
		.summary = "devm_kmalloc, zeroed",
		.param = { OWNER_PARAM, { "size", P_SIZE, NULL, false, "bytes" }, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\np = devm_kzalloc eth0 64\nx $p",
		.flags = CALL_POINTER, .run = run_devm_kzalloc,
	},
	{
		.name = "devm_kmalloc_array", SUBJECT,
		.summary = "devm_kmalloc of n * size bytes, checked for overflow",
		.param = {
			OWNER_PARAM, { "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "device eth0\np = devm_kmalloc_array eth0 8 16\n"
			   "! devm_kmalloc_array eth0 SIZE_MAX 2",
		.flags = CALL_POINTER, .run = run_devm_kmalloc_array,
	},
	{
		.name = "devm_kcalloc", SUBJECT,
		.summary = "devm_kmalloc_array, zeroed",
		.param = {
			OWNER_PARAM, { "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "device eth0\np = devm_kcalloc eth0 8 16",
		.flags = CALL_POINTER, .run = run_devm_kcalloc,
	},
	{
		.name = "devm_krealloc", SUBJECT,
		.summary = "change the size of devm_kmalloc memory",
		.param = {
			OWNER_PARAM,
			{ "p", P_ADDR, NULL, false, "what devm_kmalloc returned; NULL allocates" },
			{ "new_size", P_SIZE, NULL, false, "bytes; 0 frees" },
			GFP_PARAM,
		},
		.returns = "pointer, NULL when memory runs out or p is not the device's: p stays then",
		.detail = "Within its bucket the memory stays where it is, and its owner is not checked. "
			  "What outgrows it keeps its place in the order of release. New bytes are "
			  "not zeroed, whatever gfp says.",
		.example = "device eth0\n"
			   "p = devm_kmalloc eth0 64\n"
			   "p = devm_krealloc eth0 $p 300\n"
			   "devres eth0",
		.since = RELEASE(5, 10), .flags = CALL_POINTER, .run = run_devm_krealloc,
	},
	{
		.name = "devm_krealloc_array", SUBJECT,
		.summary = "devm_krealloc to n * size bytes, checked for overflow",
		.param = {
			OWNER_PARAM,
			{ "p", P_ADDR, NULL, false, "what devm_kmalloc returned; NULL allocates" },
			{ "new_n", P_SIZE, NULL, false, "elements" },
			{ "new_size", P_SIZE, NULL, false, "bytes of one" },
			GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "device eth0\n"
			   "p = devm_kcalloc eth0 4 16\n"
			   "p = devm_krealloc_array eth0 $p 8 16",
		.since = RELEASE(6, 5), .flags = CALL_POINTER, .run = run_devm_krealloc_array,
	},
	{
		.name = "devm_kfree", SUBJECT,
		.summary = "free memory from devm_kmalloc early",
		.param = { OWNER_PARAM, { "p", P_ADDR, NULL, false, "what devm_kmalloc returned" } },
		.returns = "nothing; WARNs when p is not on the device's list",
		.example = "device eth0\np = devm_kmalloc eth0 100\ndevm_kfree eth0 $p",
		.run = run_devm_kfree,
	},
	{
		.name = "devm_get_free_pages", SUBJECT,
		.summary = "allocate pages that are freed when the driver is unbound",
		.param = {
			OWNER_PARAM,
			GFP_PARAM,
			{ "order", P_SIZE, "0", false, "2^order pages in a row" },
		},
		.returns = "pointer, NULL when memory runs out",
		.detail = "The node that remembers them is allocated with GFP_KERNEL, whatever gfp "
			  "says. Pages are the machine's: see page_size in 'help boot'. An order "
			  "above the limit, 10 with pages of 4 KiB, is NULL and one WARN per boot.",
		.example = "device eth0\n"
			   "p = devm_get_free_pages eth0 GFP_KERNEL|__GFP_ZERO 1\n"
			   "devres eth0\n"
			   "devm_free_pages eth0 $p",
		.flags = CALL_POINTER, .run = run_devm_get_free_pages,
	},
	{
		.name = "devm_free_pages", SUBJECT,
		.summary = "free pages from devm_get_free_pages now",
		.param = {
			OWNER_PARAM,
			{ "addr", P_ADDR, NULL, false, "what devm_get_free_pages returned" },
		},
		.returns = "nothing; WARNs when they are not the device's",
		.example = "device eth0\n"
			   "p = devm_get_free_pages eth0\n"
			   "devm_free_pages eth0 $p",
		.run = run_devm_free_pages,
	},
	{
		.name = "devm_alloc_percpu", SUBJECT,
		.summary = "allocate zeroed memory for each CPU",
		.param = { OWNER_PARAM, { "size", P_SIZE, NULL, false, "bytes" } },
		.returns = "pointer, NULL when memory runs out",
		.detail = "In C a macro over a type; here its size. There is one CPU.",
		.example = "device eth0\np = devm_alloc_percpu eth0 64\ndevres eth0",
		.since = RELEASE(4, 10), .flags = CALL_POINTER, .run = run_devm_alloc_percpu,
	},
	{
		.name = "__devm_alloc_percpu", SUBJECT,
		.summary = "devm_alloc_percpu with an alignment",
		.param = {
			OWNER_PARAM, { "size", P_SIZE, NULL, false, "bytes" },
			{ "align", P_SIZE, NULL, false, "power of two, at most a page" },
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\np = __devm_alloc_percpu eth0 64 256\ndevm_free_percpu eth0 $p",
		.since = RELEASE(4, 10), .flags = CALL_POINTER, .run = run___devm_alloc_percpu,
	},
	{
		.name = "devm_free_percpu", SUBJECT,
		.summary = "free memory from devm_alloc_percpu now",
		.param = {
			OWNER_PARAM,
			{ "pdata", P_ADDR, NULL, false, "what devm_alloc_percpu returned" },
		},
		.returns = "nothing; WARNs when it is not the device's",
		.detail = "Up to 5.10 it frees the node alone, and the memory leaks.",
		.example = "device eth0\n"
			   "p = devm_alloc_percpu eth0 64\n"
			   "devm_free_percpu eth0 $p",
		.since = RELEASE(4, 10), .until = RELEASE(6, 12), .run = run_devm_free_percpu,
	},
	{ 0 },
};
