/* SPDX-License-Identifier: MIT */
#include "lua/outcome.h"

#include <devsh/call.h>
#include <devsh/report.h>

#include "machine/machine.h"
#include "view/view.h"

#define LOG_LINES 200

const char *const outcome_status_name[OUTCOMES] = {
	[OUTCOME_PASSED] = "passed", [OUTCOME_FAILED] = "failed", [OUTCOME_PENDING] = "pending",
	[OUTCOME_INTERRUPTED] = "interrupted", [OUTCOME_NOT_RUN] = "not run",
};

const char *const outcome_text_name[OUTCOME_TEXTS] = {
	[OUTCOME_AT] = "at", [OUTCOME_MESSAGE] = "message", [OUTCOME_EXPECTED] = "expected",
	[OUTCOME_GOT] = "got", [OUTCOME_TRACEBACK] = "traceback", [OUTCOME_OUTPUT] = "output",
	[OUTCOME_LISTS] = "lists", [OUTCOME_LOG] = "log", [OUTCOME_REPRODUCE] = "reproduce",
};

static const struct view_style plain = { .width = 76 }; /* reports indent it */

/* The last lines, where there are too many. */
static void capture_log(const struct machine *m, struct buf *out)
{
	uint64_t next = report_next(m), first = next > LOG_LINES ? next - LOG_LINES : 0;
	struct report_line line;

	if (first)
		buf_printf(out, "(%llu earlier lines)\n", (unsigned long long)first);
	for (uint64_t seq = first; report_line(m, seq, &line); seq = line.seq + 1)
		view_log_line(&line, &plain, out);
}

static void capture_lists(struct machine *m, struct buf *out)
{
	const struct call *c = call_find("devres");
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;

	if (m->kernel.task_died)
		return; /* a dead task makes no calls */
	if (!call_run(m, c, arg, &r))
		view_result(m, c, &r, NULL, &plain, out);
	result_finish(&r);
}

void outcome_capture(struct outcome *o, struct machine *m)
{
	buf_reset(&o->text[OUTCOME_LOG]);
	buf_reset(&o->text[OUTCOME_LISTS]);
	capture_log(m, &o->text[OUTCOME_LOG]);
	capture_lists(m, &o->text[OUTCOME_LISTS]);
}

void outcome_finish(struct outcome *o)
{
	for (int i = 0; i < OUTCOME_TEXTS; i++)
		buf_finish(&o->text[i]);
}
