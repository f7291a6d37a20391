/* SPDX-License-Identifier: MIT */
#include "run/file.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "lib/interrupt.h"
#include "run/clock.h"
#include "run/find.h"
#include "run/plan.h"
#include "shell/builtin.h"
#include "shell/source.h"
#include "shell/steps.h"

const char *file_boot_line(const struct run_options *o, uint32_t repeat, struct buf *out)
{
	buf_reset(out);
	buf_puts(out, o->boot ? o->boot : "");
	if (o->seed || repeat)
		buf_printf(out, " seed=%" PRIu64, run_seed(o) + repeat);
	return buf_str(out);
}

void file_broken(const char *file, const char *why, const struct sink *sink)
{
	const struct scenario s = { .name = (char *)"(the file itself)", .file = (char *)file };
	struct outcome o = { .status = OUTCOME_FAILED };

	buf_puts(&o.text[OUTCOME_AT], file);
	buf_puts(&o.text[OUTCOME_MESSAGE], why);
	sink->ended(sink->ctx, &s, &o);
	outcome_finish(&o);
}

static void line_broken(const struct file *f, const struct sink *sink)
{
	struct buf why = BUF_INIT;

	buf_printf(&why, "no scenario is at line %d: 'devsh run --list' shows where they are", f->line);
	file_broken(f->path, buf_str(&why), sink);
	buf_finish(&why);
}

/* What it came to is nothing to go by. The next one has another machine. */
static void lacks_memory(struct shell *sh, const struct scenario *s, struct outcome *o)
{
	if (!shell_lacks_memory(sh))
		return;
	shell_out_of_memory(sh, NULL, 0);
	sh->session->over = false;
	outcome_finish(o);
	*o = (struct outcome){ .status = OUTCOME_FAILED };
	buf_puts(&o->text[OUTCOME_MESSAGE], "out of memory: the host has none left");
	buf_printf(&o->text[OUTCOME_AT], "%s:%d", s->file, s->line);
}

static void run_once(struct shell *sh, const struct planned *p, const char *cmdline,
		     struct outcome *outcome)
{
	struct buf shown = BUF_INIT;
	struct output out = *sh->out, *before;
	uint64_t begun = clock_us();

	out.to = &shown;
	before = output_enter(sh, &out);
	script_scenario_run(sh->session->script, p->at, cmdline, outcome);
	output_enter(sh, before);
	outcome->us = clock_us() - begun;
	outcome->text[OUTCOME_OUTPUT] = shown;
	lacks_memory(sh, &p->s, outcome);
}

/* What the first try came to stays with one that passes. */
static void keep_failure(struct outcome *from, struct outcome *to)
{
	for (int i = OUTCOME_AT; i <= OUTCOME_MESSAGE; i++) {
		buf_finish(&to->text[i]);
		to->text[i] = from->text[i];
		from->text[i] = (struct buf)BUF_INIT;
	}
}

static void run_planned(struct shell *sh, const struct planned *p, const struct run_options *o,
			uint32_t tried, const struct sink *sink)
{
	struct buf boot = BUF_INIT;
	const char *cmdline = file_boot_line(o, p->s.repeat, &boot);
	struct outcome outcome, first = { 0 };

	run_once(sh, p, cmdline, &outcome);
	while (outcome.status == OUTCOME_FAILED && tried < o->retries) {
		if (!tried++) {
			first = outcome;
			outcome = (struct outcome){ 0 };
		}
		outcome_finish(&outcome);
		run_once(sh, p, cmdline, &outcome);
	}
	outcome.tries = tried + 1;
	if (tried && outcome.status == OUTCOME_PASSED)
		keep_failure(&first, &outcome);
	sink->ended(sink->ctx, &p->s, &outcome);
	outcome_finish(&outcome);
	outcome_finish(&first);
	buf_finish(&boot);
}

static bool stops(const struct sink *sink)
{
	return interrupted || (sink->stops && sink->stops(sink->ctx));
}

static void not_run(const struct scenario *s, const struct sink *sink)
{
	struct outcome o = { .status = OUTCOME_NOT_RUN };

	buf_puts(&o.text[OUTCOME_MESSAGE], "not run: the run was ended");
	sink->ended(sink->ctx, s, &o);
	outcome_finish(&o);
}

void file_not_run(const char *file, const struct sink *sink)
{
	const struct scenario s = { .name = (char *)"(the file itself)", .file = (char *)file };

	not_run(&s, sink);
}

static void run_plan(struct shell *sh, const struct plan *plan, const struct run_options *o,
		     struct start from, const struct sink *sink)
{
	for (size_t i = 0; sink->found && i < plan->count; i++)
		sink->found(sink->ctx, &plan->at[i].s);
	for (size_t i = from.nth; !o->list && i < plan->count; i++) {
		if (stops(sink)) {
			not_run(&plan->at[i].s, sink);
			continue;
		}
		if (sink->begins)
			sink->begins(sink->ctx, i);
		run_planned(sh, &plan->at[i], o, i == from.nth ? from.tried : 0, sink);
	}
}

static bool described(void *ctx, size_t i, struct scenario *s)
{
	return script_scenario(ctx, i, s);
}

void file_run_described(struct shell *sh, const struct run_options *o, const struct file *file,
			struct start from, const struct sink *sink)
{
	struct script *script = sh->session->script;
	struct plan plan;

	if (o->no_leaks)
		script_no_leaks(script);
	if (!plan_make(&plan, o, file, described, script))
		file_broken(file->path, "the host has no memory", sink);
	else if (file->line && !plan.line_found)
		line_broken(file, sink);
	else
		run_plan(sh, &plan, o, from, sink);
	plan_finish(&plan);
}

static void run_lua(struct shell *sh, const struct run_options *o, const struct file *f,
		    struct start from, const struct sink *sink)
{
	const char *file = f->path;
	struct buf text = BUF_INIT, why = BUF_INIT;
	struct scenario s;
	int rc = read_file(file, &text);

	if (o->memory)
		script_limit(sh->session->script, o->memory);
	if (rc)
		file_broken(file, strerror(-rc), sink);
	else if (script_run(sh->session->script, file, buf_str(&text), text.len, &why) != SCRIPT_OK)
		file_broken(file, buf_str(&why), sink);
	else if (shell_lacks_memory(sh))
		file_broken(file, "out of memory: the host has none left", sink);
	else if (report_unexpected(sh->session->machine))
		file_broken(file, "the kernel complained outside a scenario", sink);
	else if (!script_scenario(sh->session->script, 0, &s))
		file_broken(file, "describes no scenario: wants describe() and it()", sink);
	else
		file_run_described(sh, o, f, from, sink);
	buf_finish(&text);
	buf_finish(&why);
}

/* A file of shell lines is one scenario: it passes when no line fails. */
static bool the_file(void *ctx, size_t i, struct scenario *s)
{
	*s = (struct scenario){ .name = ctx, .file = ctx, .line = 1, .last = INT_MAX };
	return !i;
}

static void run_lines(struct shell *sh, const struct scenario *s, struct outcome *outcome)
{
	const char *file = s->file;
	struct output out = *sh->out, *before;
	struct mishap mishap = { 0 };
	uint64_t begun = clock_us();

	out.to = &outcome->text[OUTCOME_OUTPUT];
	before = output_enter(sh, &out);
	sh->mishap = &mishap;
	if (shell_file(sh, file)) {
		outcome->status = OUTCOME_FAILED;
		outcome->text[OUTCOME_AT] = mishap.where;
		outcome->text[OUTCOME_MESSAGE] = mishap.text;
		mishap = (struct mishap){ 0 };
	} else if (sh->quit_status) {
		outcome->status = OUTCOME_FAILED;
		buf_printf(&outcome->text[OUTCOME_MESSAGE], "it quit with %d", sh->quit_status);
	} else if (report_unexpected(sh->session->machine)) {
		outcome->status = OUTCOME_FAILED;
		buf_puts(&outcome->text[OUTCOME_MESSAGE], "the kernel complained unexpectedly");
	}
	outcome->us = clock_us() - begun;
	if (outcome->status == OUTCOME_FAILED)
		outcome_capture(outcome, sh->session->machine);
	sh->mishap = NULL;
	output_enter(sh, before);
	buf_finish(&mishap.where);
	buf_finish(&mishap.text);
	lacks_memory(sh, s, outcome);
	if (outcome->status != OUTCOME_FAILED)
		return;
	if (!outcome->text[OUTCOME_AT].len)
		buf_puts(&outcome->text[OUTCOME_AT], file);
	if (!outcome->text[OUTCOME_MESSAGE].len)
		buf_puts(&outcome->text[OUTCOME_MESSAGE], "a line failed");
}

/* A shell of its own for the file; NULL: it was broken, and was reported. */
static struct shell *open_shell(struct shell *sh, const char *file, const char *boot,
				const struct sink *sink)
{
	struct shell_config config = { .confined = true, .embedded = true, .builtin = builtin_find, .boot = boot };
	char why[200];

	if (shell_init(sh, &config, why, sizeof(why))) {
		file_broken(file, why, sink);
		return NULL;
	}
	sh->screen.failed = true; /* the reporter watches standard output */
	if (sink->loaded)
		sink->loaded(sink->ctx, sh);
	return sh;
}

static void close_shell(struct shell *sh, const struct sink *sink)
{
	struct steps *steps = sh->steps;

	if (sink->loaded)
		sink->loaded(sink->ctx, NULL);
	shell_finish(sh);
	steps_destroy(steps);
}

static void run_lines_once(const struct run_options *o, const struct planned *p, uint32_t tried,
			   const struct sink *sink)
{
	struct outcome outcome = { 0 }, first = { 0 };
	struct buf boot = BUF_INIT;
	struct shell sh;

	while (open_shell(&sh, p->s.file, file_boot_line(o, p->s.repeat, &boot), sink)) {
		run_lines(&sh, &p->s, &outcome);
		if (outcome.status != OUTCOME_FAILED || tried >= o->retries) {
			outcome.tries = tried + 1;
			if (tried && outcome.status == OUTCOME_PASSED)
				keep_failure(&first, &outcome);
			sink->ended(sink->ctx, &p->s, &outcome);
			close_shell(&sh, sink);
			break;
		}
		close_shell(&sh, sink);
		if (!tried++) {
			first = outcome;
			outcome = (struct outcome){ 0 };
		}
		outcome_finish(&outcome);
		outcome = (struct outcome){ 0 };
	}
	outcome_finish(&outcome);
	outcome_finish(&first);
	buf_finish(&boot);
}

static void run_file_of_lines(const struct run_options *o, const struct file *file,
			      struct start from, const struct sink *sink)
{
	const struct file whole = { .path = file->path };
	struct plan plan;

	if (!plan_make(&plan, o, &whole, the_file, file->path))
		file_broken(file->path, "the host has no memory", sink);
	for (size_t i = 0; sink->found && i < plan.count; i++)
		sink->found(sink->ctx, &plan.at[i].s);
	for (size_t i = from.nth; !o->list && i < plan.count; i++) {
		if (stops(sink)) {
			not_run(&plan.at[i].s, sink);
			continue;
		}
		if (sink->begins)
			sink->begins(sink->ctx, i);
		run_lines_once(o, &plan.at[i], i == from.nth ? from.tried : 0, sink);
	}
	plan_finish(&plan);
}

void file_run(const struct run_options *o, const struct file *file, struct start from,
	      const struct sink *sink)
{
	struct buf boot = BUF_INIT;
	struct shell sh;

	if (!ends_with(file->path, ".lua")) {
		run_file_of_lines(o, file, from, sink);
	} else if (open_shell(&sh, file->path, file_boot_line(o, 0, &boot), sink)) {
		run_lua(&sh, o, file, from, sink);
		close_shell(&sh, sink);
	}
	buf_finish(&boot);
}
