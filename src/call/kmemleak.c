/* SPDX-License-Identifier: MIT */
/* Calls by which drivers mark memory for kmemleak. */
#include "call/entry.h"

#include "kernel/trace.h"
#include "mm/kmemleak.h"

static int mark(struct call_ctx *c, bool ignored)
{
	struct kernel *k = ctx_kernel(c);

	fn_enter(k, c->call->name);
	kmemleak_mark(&c->machine->mm, c->arg[0].u, ignored);
	fn_exit(k);
	return 0;
}

static int run_kmemleak_not_leak(struct call_ctx *c)
{
	return mark(c, false);
}

static int run_kmemleak_ignore(struct call_ctx *c)
{
	return mark(c, true);
}

#define PTR_PARAM { "ptr", P_ADDR, NULL, false, "the start of an object" }
#define SUBJECT .subject = "Plain memory"

const struct call kmemleak_calls[] = {
	{
		.name = "kmemleak_not_leak", SUBJECT,
		.summary = "mark an object as not leaked, even if nothing points to it",
		.param = { PTR_PARAM },
		.returns = "nothing; a message when no object begins there",
		.detail = "It is still scanned: what it points to is not a leak either.",
		.example = "p = kmalloc 64\nkmemleak_not_leak $p\nleaks",
		.run = run_kmemleak_not_leak,
	},
	{
		.name = "kmemleak_ignore", SUBJECT,
		.summary = "mark an object as not leaked, and do not scan it",
		.param = { PTR_PARAM },
		.returns = "nothing; a message when no object begins there",
		.example = "p = kmalloc 64\nkmemleak_ignore $p\nleaks",
		.run = run_kmemleak_ignore,
	},
	{ 0 },
};
