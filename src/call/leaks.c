/* SPDX-License-Identifier: MIT */
/*
 * Leaked memory. kmemleak scans now and then; this scans at once, whatever the age, and
 * knows more: a session's variables belong to the user, not to the driver.
 */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "machine/leaks.h"

static const char *const columns[] = { "addr", "size", "by", "phase", "step", "holder" };

struct leaks {
	struct call_ctx *c;
	bool all;
	uint32_t lost, held; /* held: by a variable, but not by a driver */
};

static void found(void *ctx, const struct machine_leak *leak)
{
	struct leaks *l = ctx;
	struct result *r = l->c->result;
	struct value *row;

	if (leak->holder && !l->all && !leak->over)
		return;
	row = result_row(r);
	if (!row)
		return;
	*row++ = v_addr(leak->addr);
	*row++ = v_uint(leak->size);
	*row++ = v_str(r, leak->track ? leak->track->alloc_by : NULL);
	*row++ = v_str(r, leak->track ? leak->track->alloc_phase : NULL);
	*row++ = leak->track ? v_uint(leak->track->alloc_step) : (struct value){ 0 };
	*row++ = v_str(r, leak->holder && !*leak->holder ? "Lua" : leak->holder);
	l->lost += !leak->holder;
	l->held += leak->holder && leak->over;
}

static const char *advice(const struct leaks *l)
{
	if (l->lost && l->held)
		return "no holder: it is lost. kfree() in remove(), or use devm_kmalloc()";
	if (l->lost)
		return "nothing points to it: kfree() in remove(), or use devm_kmalloc()";
	if (l->held)
		return "only a variable has it: kfree() in remove(), or use devm_kmalloc()";
	return "";
}

static int run_leaks(struct call_ctx *c)
{
	struct leaks l = { .c = c, .all = c->arg[0].type == V_STR };

	result_columns(c->result, columns, COUNT(columns));
	if (machine_leaks(c->machine, found, &l))
		return result_errno(c->result, -ENOMEM);
	note(c, "%s", advice(&l));
	return c->result->err;
}

const struct call leaks_calls[] = {
	{
		.name = "leaks", .subject = "Looking",
		.summary = "show leaked memory: no device leads to it",
		.param = {
			{ "what", P_CHOICE, "", false, "all: also everything that only variables hold",
			  CHOICES("all") },
		},
		.returns = "a row for each object",
		.detail = "The holder is a variable that leads to it; none: it is lost. What a "
			  "variable holds is shown when a driver allocated it and is unbound by now. "
			  "Memory of devm_kmalloc() is its device's, and never shown.",
		.example = "device eth0\ndriver demo probe={ p = kmalloc 64; devm_kmalloc $dev 64 }\n"
			   "bind eth0 demo\nunbind eth0\nleaks\nkfree $p",
		.flags = CALL_LOOKS, .run = run_leaks,
	},
	{ 0 },
};
