/* SPDX-License-Identifier: MIT */
/* Checks the machine's own bookkeeping: see machine/fsck.h. */
#include "call/entry.h"
#include "machine/fsck.h"

static const char *const columns[] = { "what", "where", "text" };

static void found(void *ctx, const struct fsck_finding *finding)
{
	struct result *r = ctx;
	struct value *row = result_row(r);

	if (!row)
		return;
	row[0] = v_str(r, finding->kind == FSCK_UNSOUND ? "unsound" : "overwritten");
	row[1] = v_str(r, finding->where);
	row[2] = v_str(r, finding->text);
}

static int run_fsck(struct call_ctx *c)
{
	int64_t n;

	result_columns(c->result, columns, 3);
	n = machine_fsck(c->machine, found, c->result);
	return n < 0 ? result_errno(c->result, (int)n) : c->result->err;
}

const struct call fsck_calls[] = {
	{
		.name = "fsck", .subject = "Looking",
		.summary = "check the simulator's own bookkeeping",
		.returns = "a row for each finding; none: the machine is sound",
		.detail = "Lists, counters and references are walked and compared. 'unsound' is a "
			  "bug of devsh: please report it. 'overwritten' is what a driver did to "
			  "memory that its lists need, as it could in Linux.",
		.example = "device eth0\np = devm_kmalloc eth0 64\nfsck\n"
			   "lua memset(p - 40, 0x5a, 8)\nfsck",
		.view = "fsck", .flags = CALL_LOOKS, .run = run_fsck,
	},
	{ 0 },
};
