/* SPDX-License-Identifier: MIT */
/*
 * faults at the prompt: each run has a machine of its own, which is that of
 * the session made again, so nothing that fails is left on the session's.
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

/* The run takes place in the past's machine, in silence. */
static int run_on(struct shell *sh, const struct past *there, struct code *code, uint32_t n,
		  struct fault_run *run, struct result *r)
{
	const struct past own = { sh->machine, sh->script };
	struct buf *capture = sh->capture, error = BUF_INIT, why = BUF_INIT;
	const uint32_t log_boot = sh->log_boot;
	const uint64_t log_seen = sh->log_seen;
	const int callback_status = sh->callback_status;
	bool changed = sh->changed;
	int rc;

	sh->machine = there->machine;
	sh->script = there->script;
	sh->capture = NULL;
	sh->script_error = &error;
	sh->call_error = &why;
	sh->replaying = true;
	rc = faults_run(sh->machine, code, n, false, run, r);
	sh->replaying = false;
	sh->script_error = sh->call_error = NULL;
	sh->capture = capture;
	sh->machine = own.machine;
	sh->script = own.script;
	sh->changed = changed;
	sh->callback_status = callback_status; /* the verdict tells it */
	sh->log_boot = log_boot;
	sh->log_seen = log_seen;
	if (!rc && why.len && run->err && !run->injected && !run->complaints) {
		snprintf(run->verdict, sizeof(run->verdict), "%s", buf_str(&why));
		/* not even one allocation: what is wrong is the call */
		if (n == 1)
			rc = result_error(r, run->err, "%s", buf_str(&why));
	}
	buf_finish(&why);
	buf_finish(&error);
	return rc;
}

static int run_faults(const struct invocation *in)
{
	struct code *code = in->arg[0].code;
	struct shell *sh = in->sh;
	struct result *r = in->r;
	struct fault_run run;
	struct past there;
	char why[200];
	uint32_t n = 0;
	bool more;
	int rc;

	faults_columns(r);
	do {
		rc = steps_replay(sh, sh->steps ? sh->steps->at : 0, &there, why, sizeof(why));
		if (rc) {
			result_error(r, rc, "%s", why);
			break;
		}
		rc = run_on(sh, &there, code, ++n, &run, r);
		session_halt(there.machine, there.script);
		if (!rc && interrupted)
			rc = result_error(r, -EINTR, "interrupted");
		more = !rc && faults_add(r, &run);
	} while (more);
	code->drop(code);
	return EXIT_OK;
}
