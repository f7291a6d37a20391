/* SPDX-License-Identifier: MIT */
/* Copies of strings and of memory, and formatted ones. */
#include "call/entry.h"

#include <string.h>

#include "lib/buf.h"

static int run_devm_kstrdup(struct call_ctx *c);
static int run_devm_kstrdup_const(struct call_ctx *c);
static int run_devm_kmemdup(struct call_ctx *c);
static int run_devm_kmemdup_const(struct call_ctx *c);
static int run_devm_kmemdup_array(struct call_ctx *c);
static int run_devm_kasprintf(struct call_ctx *c);
static int run_devm_kvasprintf(struct call_ctx *c);
static int run_rodata(struct call_ctx *c);

#define DEV_PARAM { "dev", P_DEVICE, NULL, false, "device that owns it" }
#define GFP_PARAM { "gfp", P_GFP, "GFP_KERNEL", false, "allocation flags" }
#define SUBJECT .subject = "Managed copies"

const struct call copy_calls[] = {
	{
		.name = "devm_kstrdup", SUBJECT,
		.summary = "allocate a copy of a string",
		.param = {
			DEV_PARAM,
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
		.summary = "a string that is constant itself, else a copy of it",
		.param = {
			DEV_PARAM,
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
			DEV_PARAM, { "src", P_ADDR, NULL, false, "first byte to copy" },
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
			DEV_PARAM,
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
			DEV_PARAM,
			{ "src", P_ADDR, NULL, false, "where from" },
			{ "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" },
			GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "boot release=7.2\n"
			   "device eth0\n"
			   "q = kzalloc 64\n"
			   "p = devm_kmemdup_array eth0 $q 4 16",
		.since = RELEASE(7, 2), .flags = CALL_POINTER, .run = run_devm_kmemdup_array,
	},
	{
		.name = "devm_kasprintf", SUBJECT,
		.summary = "format a string into managed memory",
		.param = {
			DEV_PARAM,
			{ "gfp", P_GFP, NULL, false, "allocation flags" },
			{ "fmt", P_STR, NULL, false, "text with %s %d %u %x %c %p %%" },
			{ "a", P_STR, "", false, "for the first %" },
			{ "b", P_STR, "", false, "for the second" },
			{ "c", P_STR, "", false, "for the third" },
			{ "d", P_STR, "", false, "for the fourth" },
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
			DEV_PARAM,
			{ "gfp", P_GFP, NULL, false, "allocation flags" },
			{ "fmt", P_STR, NULL, false, "text with %s %d %u %x %c %p %%" },
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

/* What a P_CSTR argument says; NULL for NULL, and after an Oops. */
static const char *arg_string(struct call_ctx *c, int i, struct buf *text)
{
	struct mm *mm = &c->machine->mm;
	uint64_t addr = c->arg[i].u;
	char byte;

	if (c->arg[i].type == V_STR)
		return c->arg[i].s;
	if (!addr)
		return NULL;
	if (rodata_lookup(ctx_kernel(c), addr))
		return rodata_lookup(ctx_kernel(c), addr);
	while (!mm_read(mm, addr++, &byte, 1)) {
		if (!byte)
			return buf_str(text);
		buf_putc(text, byte);
	}
	return NULL;
}

static int duplicate(struct call_ctx *c, const char *function)
{
	struct kernel *k = ctx_kernel(c);
	struct buf text = BUF_INIT;
	const char *s;

	fn_enter(k, function);
	s = arg_string(c, 1, &text);
	result_pointer(c, devm_kstrdup(arg_device(c, 0), s, (gfp_t)c->arg[2].u));
	fn_exit(k);
	buf_finish(&text);
	return 0;
}

static int run_devm_kstrdup(struct call_ctx *c)
{
	return duplicate(c, "devm_kstrdup");
}

/* True: argument i is constant, and the answer is it. */
static bool constant(struct call_ctx *c, int i)
{
	if (c->arg[i].type != V_ADDR || !is_rodata(ctx_kernel(c), c->arg[i].u))
		return false;
	c->result->value = c->arg[i];
	return true;
}

static int run_devm_kstrdup_const(struct call_ctx *c)
{
	return constant(c, 1) ? 0 : duplicate(c, "devm_kstrdup_const");
}

/* Memory, or a constant as far as its text goes; NULL after an Oops. */
static const void *source(struct call_ctx *c, uint64_t addr, size_t len)
{
	const char *text = rodata_lookup(ctx_kernel(c), addr);
	const void *p = text && len <= strlen(text) + 1 ? text : mm_ptr(&c->machine->mm, addr, len);

	if (!p && len)
		kernel_oops(ctx_kernel(c), c->call->name, addr);
	return p;
}

static int copy_bytes(struct call_ctx *c, size_t len, gfp_t gfp)
{
	const void *src = source(c, c->arg[1].u, len);

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
	return constant(c, 1) ? 0 : run_devm_kmemdup(c);
}

static int run_devm_kmemdup_array(struct call_ctx *c)
{
	size_t len;

	/* the product saturates, and nobody has so much memory */
	if (__builtin_mul_overflow(c->arg[2].u, c->arg[3].u, &len) ||
	    len > model_size_max(ctx_kernel(c)->arch))
		return result_pointer(c, NULL);
	return copy_bytes(c, len, (gfp_t)c->arg[4].u);
}

static int formatted(struct call_ctx *c, char *const *args, size_t n)
{
	struct buf text = BUF_INIT;
	struct kernel *k = ctx_kernel(c);

	if (!call_format(c, c->arg[2].s, args, n, &text)) {
		fn_enter(k, c->call->name);
		result_pointer(c, devm_kmemdup(arg_device(c, 0), buf_str(&text), text.len + 1,
					       (gfp_t)c->arg[1].u));
		fn_exit(k);
	}
	buf_finish(&text);
	return c->result->err;
}

static int run_devm_kasprintf(struct call_ctx *c)
{
	char *args[4];
	size_t n = 0;

	for (int i = 3; i < 7 && c->arg[i].type == V_STR; i++)
		args[n++] = (char *)c->arg[i].s;
	return formatted(c, args, n);
}

static int run_devm_kvasprintf(struct call_ctx *c)
{
	char *args[16], list[512] = "", *save;
	size_t n = 0;

	if (c->arg[3].type == V_STR && strlen(c->arg[3].s) >= sizeof(list))
		return result_error(c->result, -EINVAL, "ap: longer than %zu bytes", sizeof(list) - 1);
	if (c->arg[3].type == V_STR)
		strcpy(list, c->arg[3].s);
	for (char *s = strtok_r(list, ",", &save); s && n < 16; s = strtok_r(NULL, ",", &save))
		args[n++] = s;
	return formatted(c, args, n);
}

static int run_rodata(struct call_ctx *c)
{
	c->result->value = v_addr(rodata_string(ctx_kernel(c), c->arg[0].s));
	return 0;
}
