/* SPDX-License-Identifier: MIT */
#include "run/debug.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/interrupt.h"
#include "run/file.h"
#include "run/reporter.h"
#include "shell/prompt.h"
#include "shell/source.h"
#include "shell/steps.h"

struct debug {
	const struct run_options *o;
	struct reporter reporter;
	struct shell *sh;      /* of the file that runs */
	const struct scenario *failed; /* the first that did */
	bool stopped;
};

/* Of the same name and place in this script; -1: there is none. */
static int find_again(struct script *script, const struct scenario *wanted)
{
	struct scenario s;

	for (size_t i = 0; script_scenario(script, i, &s); i++)
		if (s.line == wanted->line && !strncmp(s.name, wanted->name, strlen(s.name)))
			return (int)i;
	return -1;
}

/* The prompt's steps start where the scenario failed: that point is made by running it again. */
static int fail_again(void *ctx, struct session *session, char *why, size_t size)
{
	const struct debug *d = ctx;
	struct output silent = { .silent = true }, *before = output_enter(d->sh, &silent);
	struct buf text = BUF_INIT, boot = BUF_INIT, error = BUF_INIT;
	const char *file = d->failed->file;
	struct outcome o = { 0 };
	int rc = read_file(file, &text), at = -1;

	if (!rc && script_run(session->script, file, buf_str(&text), text.len, &error) == SCRIPT_OK)
		at = find_again(session->script, d->failed);
	if (at >= 0) {
		script_scenario_run(session->script, (size_t)at, file_boot_line(d->o, d->failed->repeat, &boot), &o);
	} else {
		snprintf(why, size, "%.150s has changed", file);
		rc = -EINVAL;
	}
	outcome_finish(&o);
	buf_finish(&text);
	buf_finish(&boot);
	buf_finish(&error);
	output_enter(d->sh, before);
	return rc;
}

static void loaded(void *ctx, struct shell *sh)
{
	struct debug *d = ctx;

	d->sh = sh;
	/* shell lines are steps, one by one */
	if (sh)
		sh->steps = steps_create();
}

static void open_prompt(struct debug *d)
{
	struct shell *sh = d->sh;
	const bool lua = find_again(sh->session->script, d->failed) >= 0;

	sh->config.interactive = true;
	sh->config.confined = sh->config.embedded = false;
	sh->config.colour = sh->out->style.colour = d->o->colour;
	sh->config.leak_check = LEAK_CHECK_NO;
	sh->screen.failed = false;
	if (lua) {
		sh->setup.prepare = fail_again;
		sh->setup.ctx = d;
	}
	session_skip_log(sh->session);
	interrupted = 0;
	shell_prompt(sh);
}

static void ended(void *ctx, const struct scenario *s, struct outcome *o)
{
	struct debug *d = ctx;

	if (d->stopped)
		return;
	reporter_scenario(&d->reporter, s, o);
	if (!outcome_failed(o) || !d->sh)
		return;
	d->stopped = true;
	d->failed = s;
	reporter_end(&d->reporter);
	open_prompt(d);
	interrupted = 1; /* nothing else runs */
}

int run_debug(const struct run_options *o, const struct files *f)
{
	struct debug d = { .o = o };
	const struct sink sink = { .ctx = &d, .loaded = loaded, .ended = ended };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "devsh: --debug: wants a terminal\n");
		return EXIT_USAGE;
	}
	if (!reporter_begin(&d.reporter, o, NULL))
		return EXIT_USAGE;
	for (int i = 0; i < f->count && !interrupted && !d.stopped; i++)
		file_run(o, &f->at[i], (struct start){ 0 }, &sink);
	if (d.stopped)
		return EXIT_FAILED;
	if (!reporter_end(&d.reporter))
		return EXIT_USAGE;
	return interrupted ? EXIT_INTERRUPTED : report_verdict(&d.reporter.count);
}
