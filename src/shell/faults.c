/* SPDX-License-Identifier: MIT */
/*
 * faults at the prompt: each run has a machine of its own, a copy of the session's, so a
 * failure leaves nothing on the session's machine.
 */
#include "call/faults.h"

#include <stdio.h>
#include <string.h>

#include "lib/interrupt.h"
#include "shell/builtin.h"
#include "shell/steps.h"

static int run_faults(const struct invocation *in);

const struct builtin faults_builtins[] = {
	{ .call = { .name = "faults" }, .flags = BUILTIN_ALONE | BUILTIN_STEPS, .run = run_faults },
	{ .run = NULL },
};

/* Runs the code on the copy without showing output. */
static int run_on(struct shell *sh, struct session *copy, struct code *code, uint32_t n,
		  struct fault_run *run, struct result *r)
{
	struct unshown errors = { 0 };
	struct visit visit;
	int rc;

	shell_visit(sh, &visit, copy, &errors);
	rc = faults_run(copy->machine, code, n, false, run, r);
	shell_return(sh, &visit);
	if (!rc && errors.call.len && run->err && !run->injected && !run->complaints) {
		snprintf(run->verdict, sizeof(run->verdict), "%s", buf_str(&errors.call));
		/* nothing was allocated: the call itself is wrong */
		if (n == 1)
			rc = result_error(r, run->err, "%s", buf_str(&errors.call));
	}
	buf_finish(&errors.call);
	buf_finish(&errors.script);
	return rc;
}

static int run_faults(const struct invocation *in)
{
	struct code *code = in->arg[0].code;
	struct shell *sh = in->sh;
	struct result *r = in->r;
	struct fault_run run;
	struct session copy;
	char why[200];
	uint32_t n = 0;
	bool more;
	int rc;

	faults_columns(r);
	do {
		rc = steps_copy(sh, &copy, why, sizeof(why));
		if (rc) {
			result_error(r, rc, "%s", why);
			break;
		}
		rc = run_on(sh, &copy, code, ++n, &run, r);
		session_end(&copy);
		if (!rc && interrupted)
			rc = result_error(r, -EINTR, "interrupted");
		more = !rc && faults_add(r, &run);
	} while (more);
	code->drop(code);
	return EXIT_OK;
}
