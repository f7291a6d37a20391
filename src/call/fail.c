/* SPDX-License-Identifier: MIT */
/* Functions that fail on purpose. */
#include "call/entry.h"

#include "kernel/fail.h"
#include "lib/distance.h"

static const char *const fail_columns[] = { "function", "retval", "times", "hits" };

static int list_failing(struct call_ctx *c)
{
	result_columns(c->result, fail_columns, 4);
	for (struct fail_function *f = ctx_kernel(c)->fails; f; f = f->next) {
		struct value *row = result_row(c->result);

		if (!row)
			break;
		row[0] = v_str(c->result, f->function);
		row[1] = v_int(f->retval);
		row[2] = v_int(f->times);
		row[3] = v_uint(f->hits);
	}
	return c->result->err;
}

static int no_such_function(struct call_ctx *c)
{
	struct nearest n = { .word = c->arg[0].s };

	for (size_t i = 0; fail_function_at(i); i++)
		nearest_offer(&n, fail_function_at(i));
	return n.best ? result_error(c->result, -EINVAL, "function '%.40s': cannot be made to fail; "
				     "did you mean %s?", c->arg[0].s, n.best)
		      : result_error(c->result, -EINVAL, "function '%.40s': cannot be made to fail; "
				     "see 'help fail_function'", c->arg[0].s);
}

static int run_fail_function(struct call_ctx *c)
{
	int64_t retval = c->arg[1].i;
	int rc;

	if (c->arg[0].type != V_STR)
		return list_failing(c);
	if (retval >= 0 || retval < -4095)
		return result_error(c->result, -EINVAL, "retval: wants an errno, -1 to -4095");
	rc = fail_function(ctx_kernel(c), c->arg[0].s, (int)retval, c->arg[2].i);
	if (rc == -EINVAL)
		return no_such_function(c);
	return rc ? result_errno(c->result, rc) : 0;
}

const struct call fail_calls[] = {
	{
		.name = "fail_function", .subject = "Fault injection",
		.summary = "make a function of the kernel fail",
		.param = {
			{ "function", P_STR, "", false, "its name; none: list what fails" },
			{ "retval", P_INT, "-ENOMEM", false, "what it returns" },
			{ "times", P_INT, "1", false, "how often; -1: always, 0: no longer" },
		},
		.returns = "nothing; rows without a function",
		.detail = "As Linux' fault injection of this name. Functions: the steps of device_add() "
			  "and really_probe(), as 'trace' shows them.",
		.example = "device eth0\ndriver demo\nfail_function driver_sysfs_add -EEXIST\n"
			   "fail_function\n! bind eth0 demo",
		.flags = CALL_LOOKS_BARE, .run = run_fail_function,
	},
	{ 0 },
};
