/* SPDX-License-Identifier: MIT */
/* vmalloc(), and kvmalloc(), which falls back to it. */
#include "call/entry.h"

#include "mm/gfp.h"
#include "mm/vmalloc.h"

static int answer(struct call_ctx *c, uint64_t addr)
{
	c->result->value = v_addr(addr);
	return 0;
}

static int run_kvmalloc(struct call_ctx *c)
{
	return answer(c, kvmalloc(&c->machine->mm, c->arg[0].u, (gfp_t)c->arg[1].u));
}

static int run_kvzalloc(struct call_ctx *c)
{
	return answer(c, kvmalloc(&c->machine->mm, c->arg[0].u, (gfp_t)c->arg[1].u | __GFP_ZERO));
}

static int array(struct call_ctx *c, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(c->arg[0].u, c->arg[1].u, &bytes) ||
	    bytes > model_size_max(ctx_kernel(c)->arch))
		return answer(c, 0);
	return answer(c, kvmalloc(&c->machine->mm, bytes, gfp));
}

static int run_kvmalloc_array(struct call_ctx *c)
{
	return array(c, (gfp_t)c->arg[2].u);
}

static int run_kvcalloc(struct call_ctx *c)
{
	return array(c, (gfp_t)c->arg[2].u | __GFP_ZERO);
}

static int run_kvrealloc(struct call_ctx *c)
{
	const struct profile *p = ctx_kernel(c)->profile;
	bool given = c->arg[3].type != V_NONE;

	if (!given && p->version < RELEASE(6, 12))
		return result_error(c->result, -EINVAL, "needs oldsize= up to 6.11; this machine runs %s",
				    p->release);
	return answer(c, kvrealloc(&c->machine->mm, c->arg[0].u, given ? c->arg[3].u : 0,
				   c->arg[1].u, (gfp_t)c->arg[2].u));
}

static int run_kvfree(struct call_ctx *c)
{
	uint32_t before = report_complaints(c->machine);

	note_release(c, 0);
	kvfree(&c->machine->mm, c->arg[0].u);
	if (report_complaints(c->machine) != before && !is_vmalloc_addr(&c->machine->mm, c->arg[0].u))
		note_kfree(c, c->arg[0].u);
	return 0;
}

static int run_vmalloc(struct call_ctx *c)
{
	return answer(c, vmalloc(&c->machine->mm, "vmalloc", c->arg[0].u, GFP_KERNEL));
}

static int run_vzalloc(struct call_ctx *c)
{
	return answer(c, vmalloc(&c->machine->mm, "vzalloc", c->arg[0].u, GFP_KERNEL | __GFP_ZERO));
}

static int run_vfree(struct call_ctx *c)
{
	vfree(&c->machine->mm, c->arg[0].u);
	return 0;
}

#define SIZE_PARAM { "size", P_SIZE, NULL, false, "bytes" }
#define N_PARAM { "n", P_SIZE, NULL, false, "elements" }
#define SUBJECT .subject = "Plain memory"

const struct call kvmalloc_calls[] = {
	{
		.name = "kvmalloc", SUBJECT,
		.summary = "kmalloc, or vmalloc if that fails",
		.param = { SIZE_PARAM, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.detail = "Up to a page it is kmalloc(). Flags that are not all of GFP_KERNEL get no "
			  "vmalloc() up to 5.17, those that may not sleep none up to 6.12.",
		.example = "p = kvmalloc 8M\nx $p 16\nkvfree $p",
		.since = RELEASE(4, 12), .flags = CALL_POINTER, .run = run_kvmalloc,
	},
	{
		.name = "kvzalloc", SUBJECT,
		.summary = "kvmalloc, zeroed",
		.param = { SIZE_PARAM, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "p = kvzalloc 100\nx $p\nkvfree $p",
		.since = RELEASE(4, 12), .flags = CALL_POINTER, .run = run_kvzalloc,
	},
	{
		.name = "kvmalloc_array", SUBJECT,
		.summary = "kvmalloc of n * size bytes, checked for overflow",
		.param = { N_PARAM, { "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM },
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "p = kvmalloc_array 1000 64\nkvfree $p",
		.since = RELEASE(4, 12), .flags = CALL_POINTER, .run = run_kvmalloc_array,
	},
	{
		.name = "kvcalloc", SUBJECT,
		.summary = "kvmalloc_array, zeroed",
		.param = { N_PARAM, { "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM },
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "p = kvcalloc 1000 64\nkvfree $p",
		.since = RELEASE(4, 18), .flags = CALL_POINTER, .run = run_kvcalloc,
	},
	{
		.name = "kvrealloc", SUBJECT,
		.summary = "change the size of kvmalloc memory",
		.param = {
			{ "p", P_ADDR, NULL, false, "what kvmalloc returned; NULL allocates" },
			SIZE_PARAM, GFP_PARAM,
			{ "oldsize", P_SIZE, "", true, "bytes of p: must be given up to 6.11" },
		},
		.returns = "pointer, NULL when memory runs out: p stays then",
		.example = "p = kvmalloc 100\np = kvrealloc $p 10000\nkvfree $p",
		.since = RELEASE(5, 15), .backport = RELEASE(5, 10), .flags = CALL_POINTER,
		.run = run_kvrealloc,
	},
	{
		.name = "kvfree", SUBJECT,
		.summary = "free memory from kvmalloc, by its address",
		.param = { { "p", P_ADDR, NULL, false, "what kvmalloc returned; NULL is fine" } },
		.returns = "nothing",
		.example = "p = kmalloc 100\nkvfree $p",
		.run = run_kvfree,
	},
	{
		.name = "vmalloc", SUBJECT,
		.summary = "allocate pages at consecutive addresses",
		.param = { SIZE_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.detail = "Each area is followed by an unmapped guard page.",
		.example = "p = vmalloc 10000\nx $p 16\nvfree $p",
		.flags = CALL_POINTER, .run = run_vmalloc,
	},
	{
		.name = "vzalloc", SUBJECT,
		.summary = "vmalloc, zeroed",
		.param = { SIZE_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "p = vzalloc 10000\nvfree $p",
		.flags = CALL_POINTER, .run = run_vzalloc,
	},
	{
		.name = "vfree", SUBJECT,
		.summary = "free memory from vmalloc",
		.param = { { "addr", P_ADDR, NULL, false, "what vmalloc returned; NULL is fine" } },
		.returns = "nothing; WARNs when no area begins there",
		.example = "p = vmalloc 10000\nvfree $p",
		.run = run_vfree,
	},
	{ 0 },
};
