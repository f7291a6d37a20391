/* SPDX-License-Identifier: MIT */
/* Copies in plain memory, to be freed with kfree(). */
#include "call/copy_args.h"

#include <string.h>

#include "kernel/symbol.h"
#include "mm/gfp.h"
#include "mm/util.h"

static int duplicate(struct call_ctx *c)
{
	struct buf text = BUF_INIT;
	const char *s = arg_cstring(c, 0, &text);

	result_pointer(c, s ? kstrdup_as(&c->machine->mm, c->call->name, s, (gfp_t)c->arg[1].u)
			    : NULL);
	buf_finish(&text);
	return 0;
}

static int run_kstrdup(struct call_ctx *c)
{
	return duplicate(c);
}

static int run_kstrdup_const(struct call_ctx *c)
{
	return arg_constant(c, 0) ? 0 : duplicate(c);
}

static int copy_bytes(struct call_ctx *c, size_t len, gfp_t gfp)
{
	struct mm *mm = &c->machine->mm;
	const char *text = rodata_lookup(ctx_kernel(c), c->arg[0].u);
	void *p;

	if (!text || !len || len > strlen(text) + 1)
		return result_pointer(c, kmemdup(mm, c->arg[0].u, len, gfp));
	p = kmalloc_track_caller(mm, len, gfp);
	if (p)
		memcpy(p, text, len);
	return result_pointer(c, p);
}

static int run_kmemdup(struct call_ctx *c)
{
	return copy_bytes(c, c->arg[1].u, (gfp_t)c->arg[2].u);
}

static int run_kmemdup_array(struct call_ctx *c)
{
	size_t len;

	return arg_product(c, 1, &len) ? copy_bytes(c, len, (gfp_t)c->arg[3].u)
				       : result_pointer(c, NULL);
}

static int run_kasprintf(struct call_ctx *c)
{
	struct buf text = BUF_INIT;

	if (!arg_formatted(c, 1, &text))
		result_pointer(c, kstrdup_as(&c->machine->mm, c->call->name, buf_str(&text),
					     (gfp_t)c->arg[0].u));
	buf_finish(&text);
	return c->result->err;
}

static int run_kvasprintf(struct call_ctx *c)
{
	return run_kasprintf(c);
}

static int run_kfree_const(struct call_ctx *c)
{
	uint32_t before = report_complaints(c->machine);

	note_release(c, 0);
	kfree_const(&c->machine->mm, c->arg[0].u);
	if (report_complaints(c->machine) != before)
		note_kfree(c, c->arg[0].u);
	return 0;
}

#define GFP_FIRST { "gfp", P_GFP, NULL, false, "allocation flags" }
#define SUBJECT .subject = "Plain memory"

const struct call plain_copy_calls[] = {
	{
		.name = "kstrdup", SUBJECT,
		.summary = "allocate a copy of a string",
		.param = {
			{ "s", P_CSTR, NULL, false, "the string, or a pointer to one; NULL gives NULL" },
			GFP_PARAM,
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "q = kstrdup \"eth0-rx\"\nx $q\nkfree $q",
		.flags = CALL_POINTER, .run = run_kstrdup,
	},
	{
		.name = "kstrdup_const", SUBJECT,
		.summary = "a constant string itself, or a copy of any other",
		.param = {
			{ "s", P_CSTR, NULL, false, "a string as a module has it, or a pointer" },
			GFP_PARAM,
		},
		.returns = "the pointer that rodata gave, or else one to a copy",
		.detail = "What it returns goes back with kfree_const(), which knows which it was.",
		.example = "name = rodata \"eth0-rx\"\np = kstrdup_const $name\n"
			   "q = kstrdup_const \"eth0-tx\"\nkfree_const $p; kfree_const $q",
		.flags = CALL_POINTER, .run = run_kstrdup_const,
	},
	{
		.name = "kmemdup", SUBJECT,
		.summary = "copy of memory",
		.param = {
			{ "src", P_ADDR, NULL, false, "first byte to copy" },
			{ "len", P_SIZE, NULL, false, "bytes" }, GFP_PARAM,
		},
		.returns = "pointer, NULL when memory runs out, ZERO_SIZE_PTR for no bytes",
		.example = "q = kstrdup \"settings\"\np = kmemdup $q 9\nkfree $p; kfree $q",
		.flags = CALL_POINTER, .run = run_kmemdup,
	},
	{
		.name = "kmemdup_array", SUBJECT,
		.summary = "kmemdup of n * size bytes",
		.param = {
			{ "src", P_ADDR, NULL, false, "where from" },
			{ "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "q = kzalloc 64\np = kmemdup_array $q 4 16\nkfree $p; kfree $q",
		.since = RELEASE(6, 9), .flags = CALL_POINTER, .run = run_kmemdup_array,
	},
	{
		.name = "kasprintf", SUBJECT,
		.summary = "format a string into memory",
		.param = { GFP_FIRST, FMT_PARAM, FMT_ARGS },
		.returns = "pointer, NULL when memory runs out",
		.example = "q = kasprintf GFP_KERNEL \"%s-rx%d\" eth0 3\nx $q\nkfree $q",
		.flags = CALL_POINTER, .run = run_kasprintf,
	},
	{
		.name = "kvasprintf", SUBJECT,
		.summary = "kasprintf with the arguments as a list",
		.param = {
			GFP_FIRST, FMT_PARAM,
			{ "ap", P_NAMES, "", false, "the arguments, a,b,c" },
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "q = kvasprintf GFP_KERNEL \"%s-rx%d\" eth0,3\nkfree $q",
		.flags = CALL_POINTER, .run = run_kvasprintf,
	},
	{
		.name = "kfree_const", SUBJECT,
		.summary = "kfree, but a constant is left alone",
		.param = { { "p", P_ADDR, NULL, false, "what kstrdup_const returned" } },
		.returns = "nothing",
		.example = "name = rodata \"eth0-rx\"\nkfree_const $name",
		.run = run_kfree_const,
	},
	{ 0 },
};
