/* SPDX-License-Identifier: MIT */
/* Changing the size of plain memory, and freeing memory that held secrets. */
#include "call/entry.h"

#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/util.h"

/* If kfree() complained meanwhile, that is explained as for kfree(). */
static int changed(struct call_ctx *c, size_t size, gfp_t gfp)
{
	uint32_t before = report_complaints(c->machine);

	result_pointer(c, krealloc(&c->machine->mm, arg_ptr(c, 0), size, gfp));
	if (report_complaints(c->machine) != before)
		note_kfree(c, c->arg[0].u);
	return c->result->err;
}

static int run_krealloc(struct call_ctx *c)
{
	return changed(c, c->arg[1].u, (gfp_t)c->arg[2].u);
}

static int run_krealloc_array(struct call_ctx *c)
{
	size_t bytes;

	if (__builtin_mul_overflow(c->arg[1].u, c->arg[2].u, &bytes) ||
	    bytes > model_size_max(ctx_kernel(c)->arch))
		return result_pointer(c, NULL);
	return changed(c, bytes, (gfp_t)c->arg[3].u);
}

static int run_kfree_sensitive(struct call_ctx *c)
{
	uint32_t before = report_complaints(c->machine);

	note_release(c, 0);
	kfree_sensitive(&c->machine->mm, c->call->name, arg_ptr(c, 0));
	if (report_complaints(c->machine) != before)
		note_kfree(c, c->arg[0].u);
	return 0;
}

static int run_kzfree(struct call_ctx *c)
{
	return run_kfree_sensitive(c);
}

static int run_kmalloc_size_roundup(struct call_ctx *c)
{
	return result_uint(c->result, kmalloc_size_roundup(&c->machine->mm, c->arg[0].u));
}

#define OLD_PARAM { "p", P_ADDR, NULL, false, "what kmalloc returned; NULL allocates" }
#define SUBJECT .subject = "Plain memory"

const struct call krealloc_calls[] = {
	{
		.name = "krealloc", SUBJECT,
		.summary = "change the size of kmalloc memory",
		.param = {
			OLD_PARAM,
			{ "new_size", P_SIZE, NULL, false, "bytes; 0 frees" }, GFP_PARAM,
		},
		.returns = "pointer, NULL when memory runs out: p stays then; ZERO_SIZE_PTR for 0",
		.detail = "Within its bucket the memory stays where it is. 'p = krealloc $p ..' "
			  "loses p when it fails.",
		.example = "p = kmalloc 64\np = krealloc $p 300\nksize $p\nkfree $p",
		.flags = CALL_POINTER, .run = run_krealloc,
	},
	{
		.name = "krealloc_array", SUBJECT,
		.summary = "krealloc to n * size bytes, checked for overflow",
		.param = {
			OLD_PARAM,
			{ "new_n", P_SIZE, NULL, false, "elements" },
			{ "new_size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "p = kcalloc 4 16\np = krealloc_array $p 8 16\nkfree $p",
		.since = RELEASE(5, 11), .flags = CALL_POINTER, .run = run_krealloc_array,
	},
	{
		.name = "kfree_sensitive", SUBJECT,
		.summary = "zero memory, and free it",
		.param = { { "p", P_ADDR, NULL, false, "what kmalloc returned; NULL is fine" } },
		.returns = "nothing",
		.detail = "All bytes that ksize() counts. Up to 5.8 it was called kzfree().",
		.example = "key = kmalloc 32\nkfree_sensitive $key",
		.since = RELEASE(5, 9), .run = run_kfree_sensitive,
	},
	{
		.name = "kzfree", SUBJECT,
		.summary = "zero memory, and free it",
		.param = { { "p", P_ADDR, NULL, false, "what kmalloc returned; NULL is fine" } },
		.returns = "nothing",
		.detail = "Since 5.9 it is called kfree_sensitive().",
		.example = "boot release=4.19\nkey = kmalloc 32\nkzfree $key",
		.until = RELEASE(5, 9), .run = run_kzfree,
	},
	{
		.name = "kmalloc_size_roundup", SUBJECT,
		.summary = "the size that kmalloc rounds up to",
		.param = { { "size", P_SIZE, NULL, false, "bytes" } },
		.returns = "bytes: the bucket's, or whole pages",
		.example = "kmalloc_size_roundup 100",
		.since = RELEASE(6, 1), .run = run_kmalloc_size_roundup,
	},
	{ 0 },
};
