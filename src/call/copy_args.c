/* SPDX-License-Identifier: MIT */
/* Arguments of the calls that copy: strings, bytes, and formatted text. */
#include "call/copy_args.h"

#include <string.h>

#include "kernel/report.h"
#include "kernel/symbol.h"
#include "mm/access.h"
#include "mm/address.h"

const char *arg_cstring(struct call_ctx *c, int i, struct buf *text)
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

bool arg_constant(struct call_ctx *c, int i)
{
	if (c->arg[i].type != V_ADDR || !is_rodata(ctx_kernel(c), c->arg[i].u))
		return false;
	c->result->value = c->arg[i];
	return true;
}

const void *arg_bytes(struct call_ctx *c, int i, size_t len)
{
	uint64_t addr = c->arg[i].u;
	const char *text = rodata_lookup(ctx_kernel(c), addr);
	const void *p = text && len <= strlen(text) + 1 ? text : mm_ptr(&c->machine->mm, addr, len);

	if (!p && len)
		kernel_oops(ctx_kernel(c), c->call->name, addr);
	return p;
}

bool arg_product(struct call_ctx *c, int i, size_t *bytes)
{
	/* the product saturates, and such an allocation fails anyway */
	return !__builtin_mul_overflow(c->arg[i].u, c->arg[i + 1].u, bytes) &&
	       *bytes <= model_size_max(ctx_kernel(c)->arch);
}

int arg_formatted(struct call_ctx *c, int i, struct buf *text)
{
	char *args[16], list[512] = "", *save;
	const char *fmt = c->arg[i++].s;
	size_t n = 0;

	if (c->call->param[i].type == P_NAMES) {
		if (c->arg[i].type == V_STR && strlen(c->arg[i].s) >= sizeof(list))
			return result_error(c->result, -EINVAL, "ap: longer than %zu bytes",
					    sizeof(list) - 1);
		if (c->arg[i].type == V_STR)
			strcpy(list, c->arg[i].s);
		for (char *s = strtok_r(list, ",", &save); s && n < 16;
		     s = strtok_r(NULL, ",", &save))
			args[n++] = s;
	} else {
		for (; c->call->param[i].type == P_STR && c->arg[i].type == V_STR; i++)
			args[n++] = (char *)c->arg[i].s;
	}
	return call_format(c, fmt, args, n, text);
}
