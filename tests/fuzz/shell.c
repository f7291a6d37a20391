/* SPDX-License-Identifier: MIT */
/*
 * Lines of the shell, in a confined session that continues after errors. Its steps are
 * replayed on a second machine, which must end up the same: undo, redo, goto and diff
 * rely on that. A first line "# json" means --json.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <devsh/report.h>

#include "lib/interrupt.h"
#include "machine/leaks.h"
#include "shell/builtin.h"
#include "shell/diff.h"
#include "shell/source.h"
#include "shell/steps.h"

size_t fuzz_seed(size_t i, const char **text)
{
	return fuzz_example(i, text);
}

static void same_log(const struct machine *a, const struct machine *b)
{
	struct report_line x, y;

	for (uint64_t seq = 0; report_line(a, seq, &x); seq = x.seq + 1) {
		if (report_line(b, seq, &y) && x.seq == y.seq && !strcmp(x.text, y.text))
			continue;
		fprintf(stderr, "the log came out differently: %s\n", x.text);
		abort();
	}
}

static void same_machines(const struct session *then, const struct session *now)
{
	struct result r = RESULT_INIT;

	diff_sessions(then, now, &r);
	for (size_t i = 0; i < r.rows; i++)
		for (unsigned k = 0; k < r.columns; k++)
			if (result_cell(&r, i, k)->type == V_STR)
				fprintf(stderr, "%s%c", result_cell(&r, i, k)->s,
					k + 1 < r.columns ? ' ' : '\n');
	if (r.rows)
		abort();
	result_finish(&r);
	same_log(then->machine, now->machine);
}

/* Does nothing if a step cannot be replayed: it was interrupted, or read a file. */
static void check_replay(struct shell *sh)
{
	struct session again;
	char why[300];
	int rc = steps_copy(sh, &again, why, sizeof(why));

	if (rc && strstr(why, "differently")) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	if (rc)
		return;
	if (!interrupted)
		same_machines(&again, sh->session);
	session_end(&again);
}

static void count(void *ctx, const struct machine_leak *leak)
{
	(void)leak;
	++*(size_t *)ctx;
}

/* A text that is not valid as a whole may have valid lines. */
static void run_text(struct shell *sh, char *text, size_t size)
{
	if (shell_text(sh, "fuzz", text, size) != EXIT_SYNTAX)
		return;
	for (char *line; (line = strsep(&text, "\n"));)
		if (!interrupted)
			shell_text(sh, NULL, line, strlen(line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct shell_config config = {
		.boot = "mem=32M", .confined = true, .embedded = true, .keep_going = true,
		.json = size > 6 && !memcmp(data, "# json", 6), .builtin = builtin_find,
	};
	struct steps *steps = steps_create();
	struct shell sh;
	char why[256], *text = calloc(1, size + 1); /* all texts end with a NUL */
	size_t leaks = 0;

	if (!text || !steps || shell_init(&sh, &config, why, sizeof(why)))
		abort();
	builtins_open();
	sh.steps = steps;
	memcpy(text, data, size);
	fuzz_time_limit(300);
	run_text(&sh, text, size);
	fuzz_time_limit_off();
	fuzz_check(sh.session->machine);
	machine_leaks(sh.session->machine, count, &leaks);
	fuzz_time_limit(600);
	check_replay(&sh);
	fuzz_time_limit_off();
	free(text);
	shell_finish(&sh);
	steps_destroy(steps);
	return 0;
}
