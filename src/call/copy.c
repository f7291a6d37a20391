/* SPDX-License-Identifier: MIT */
/* Managed copies of strings and memory, and formatted strings. */
#include "call/copy_args.h"

#include "base/devm.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "mm/gfp.h"

static int duplicate(struct call_ctx *c, const char *function)
{
	struct kernel *k = ctx_kernel(c);
	struct buf text = BUF_INIT;
	const char *s;

	fn_enter(k, function);
	s = arg_cstring(c, 1, &text);
	result_pointer(c, devm_kstrdup(arg_device(c, 0), s, (gfp_t)c->arg[2].u));
	fn_exit(k);
	buf_finish(&text);
	return 0;
}

static int run_devm_kstrdup(struct call_ctx *c)
{
	return duplicate(c, "devm_kstrdup");
}

static int run_devm_kstrdup_const(struct call_ctx *c)
{
	return arg_constant(c, 1) ? 0 : duplicate(c, "devm_kstrdup_const");
}

static int copy_bytes(struct call_ctx *c, size_t len, gfp_t gfp)
{
	const void *src = arg_bytes(c, 1, len);

	if (!src && len)
		return -EFAULT;
	return result_pointer(c, devm_kmemdup(arg_device(c, 0), src, len, gfp));
}

static int run_devm_kmemdup(struct call_ctx *c)
{
	return copy_bytes(c, c->arg[2].u, (gfp_t)c->arg[3].u);
}

static int run_devm_kmemdup_const(struct call_ctx *c)
{
	return arg_constant(c, 1) ? 0 : run_devm_kmemdup(c);
}

static int run_devm_kmemdup_array(struct call_ctx *c)
{
	size_t len;

	if (!arg_product(c, 2, &len))
		return result_pointer(c, NULL);
	return copy_bytes(c, len, (gfp_t)c->arg[4].u);
}

static int run_devm_kasprintf(struct call_ctx *c)
{
	struct buf text = BUF_INIT;
	struct kernel *k = ctx_kernel(c);

	if (!arg_formatted(c, 2, &text)) {
		fn_enter(k, c->call->name);
		result_pointer(c, devm_kmemdup(arg_device(c, 0), buf_str(&text), text.len + 1,
					       (gfp_t)c->arg[1].u));
		fn_exit(k);
	}
	buf_finish(&text);
	return c->result->err;
}

static int run_devm_kvasprintf(struct call_ctx *c)
{
	return run_devm_kasprintf(c);
}

static int run_rodata(struct call_ctx *c)
{
	c->result->value = v_addr(rodata_string(ctx_kernel(c), c->arg[0].s));
	return 0;
}

#define SUBJECT .subject = "Managed copies"

const struct call copy_calls[] = {
	{
		.name = "devm_kstrdup", SUBJECT,
		.summary = "allocate a copy of a string",
		.param = {
			OWNER_PARAM,
			{ "s", P_CSTR, NULL, false, "the string, or a pointer to one; NULL gives NULL" },
			GFP_PARAM,
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\n"
			   "p = devm_kstrdup eth0 \"eth0-rx\"\n"
			   "x $p",
		.flags = CALL_POINTER, .run = run_devm_kstrdup,
	},
	{
		.name = "devm_kstrdup_const", SUBJECT,
		.summary = "a constant string itself, or a copy of any other",
		.param = {
			OWNER_PARAM,
			{ "s", P_CSTR, NULL, false, "a string as a module has it, or a pointer" },
			GFP_PARAM,
		},
		.returns = "the pointer that rodata gave, or else one to a copy",
		.detail = "A constant of the kernel is used as it is. The strings of a module are not among "
			  "them, so text that is written here is copied.",
		.example = "device eth0\n"
			   "name = rodata \"eth0-rx\"\n"
			   "p = devm_kstrdup_const eth0 $name\n"
			   "q = devm_kstrdup_const eth0 \"eth0-tx\"\n"
			   "devres eth0",
		.since = RELEASE(4, 20), .flags = CALL_POINTER, .run = run_devm_kstrdup_const,
	},
	{
		.name = "devm_kmemdup", SUBJECT,
		.summary = "managed copy of memory",
		.param = {
			OWNER_PARAM, { "src", P_ADDR, NULL, false, "first byte to copy" },
			{ "len", P_SIZE, NULL, false, "bytes" }, GFP_PARAM,
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\nq = kstrdup \"settings\"\np = devm_kmemdup eth0 $q 9\nkfree $q",
		.flags = CALL_POINTER, .run = run_devm_kmemdup,
	},
	{
		.name = "devm_kmemdup_const", SUBJECT,
		.summary = "constant memory itself, else a copy of it",
		.param = {
			OWNER_PARAM,
			{ "src", P_ADDR, NULL, false, "where from" },
			{ "len", P_SIZE, NULL, false, "bytes" },
			GFP_PARAM,
		},
		.returns = "src when it is constant, or else a pointer to a copy",
		.example = "boot release=7.2\n"
			   "device eth0\n"
			   "table = rodata \"0123\"\n"
			   "p = devm_kmemdup_const eth0 $table 4",
		.since = RELEASE(7, 2), .flags = CALL_POINTER, .run = run_devm_kmemdup_const,
	},
	{
		.name = "devm_kmemdup_array", SUBJECT,
		.summary = "devm_kmemdup of n * size bytes",
		.param = {
			OWNER_PARAM,
			{ "src", P_ADDR, NULL, false, "where from" },
			{ "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" },
			GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "device eth0\n"
			   "q = kzalloc 64\n"
			   "p = devm_kmemdup_array eth0 $q 4 16",
		.since = RELEASE(6, 15), .backport = RELEASE(6, 12), .flags = CALL_POINTER,
		.run = run_devm_kmemdup_array,
	},
	{
		.name = "devm_kasprintf", SUBJECT,
		.summary = "format a string into managed memory",
		.param = {
			OWNER_PARAM,
			{ "gfp", P_GFP, NULL, false, "allocation flags" },
			FMT_PARAM,
			FMT_ARGS,
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\n"
			   "p = devm_kasprintf eth0 GFP_KERNEL \"%s-rx%d\" eth0 3\n"
			   "x $p",
		.flags = CALL_POINTER, .run = run_devm_kasprintf,
	},
	{
		.name = "devm_kvasprintf", SUBJECT,
		.summary = "devm_kasprintf with the arguments as a list",
		.param = {
			OWNER_PARAM,
			{ "gfp", P_GFP, NULL, false, "allocation flags" },
			FMT_PARAM,
			{ "ap", P_NAMES, "", false, "the arguments, a,b,c" },
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\n"
			   "p = devm_kvasprintf eth0 GFP_KERNEL \"%s-rx%d\" eth0,3\n"
			   "x $p",
		.flags = CALL_POINTER, .run = run_devm_kvasprintf,
	},
	{
		.name = "rodata", SUBJECT,
		.summary = "a constant string of the kernel",
		.param = {
			{ "text", P_STR, NULL, false, "its text" },
		},
		.returns = "its address, the same for the same text",
		.detail = "It lies in .rodata, where devm_kstrdup_const finds it.",
		.example = "name = rodata \"eth0-rx\"\n"
			   "device eth0\n"
			   "devm_kfree eth0 $name",
		.flags = CALL_POINTER, .run = run_rodata,
	},
	{ 0 },
};
