/* SPDX-License-Identifier: MIT */
#include "run/file.h"

#include <string.h>

#include "lib/interrupt.h"
#include "run/find.h"
#include "shell/builtin.h"
#include "shell/source.h"

static bool wanted(const struct run_options *o, const char *name)
{
	return !o->filter || strstr(name, o->filter);
}

static const char *boot_line(const struct run_options *o, struct buf *out)
{
	buf_puts(out, o->boot ? o->boot : "");
	if (o->seed)
		buf_printf(out, " seed=%s", o->seed);
	return buf_str(out);
}

void file_broken(const char *file, const char *why, const struct sink *sink)
{
	const struct scenario s = { .name = (char *)"(the file itself)", .file = (char *)file };
	struct outcome o = { .status = OUTCOME_FAILED };

	buf_puts(&o.where, file);
	buf_puts(&o.message, why);
	sink->ended(sink->ctx, &s, &o);
	outcome_finish(&o);
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
	buf_puts(&o->message, "out of memory: the host has none left");
	buf_printf(&o->where, "%s:%d", s->file, s->line);
}

static void run_one(struct shell *sh, const struct scenario *s, size_t at, const char *cmdline,
		    const struct sink *sink)
{
	struct buf shown = BUF_INIT;
	struct output out = *sh->out, *before;
	struct outcome outcome;

	out.to = &shown;
	before = output_enter(sh, &out);
	script_scenario_run(sh->session->script, at, cmdline, &outcome);
	output_enter(sh, before);
	outcome.output = shown;
	lacks_memory(sh, s, &outcome);
	sink->ended(sink->ctx, s, &outcome);
	outcome_finish(&outcome);
}

void file_run_described(struct shell *sh, const struct run_options *o, size_t from,
			const struct sink *sink)
{
	struct script *script = sh->session->script;
	struct buf boot = BUF_INIT;
	const char *cmdline = boot_line(o, &boot);
	struct scenario s;
	size_t nth = 0;

	if (o->no_leaks)
		script_no_leaks(script);
	for (size_t i = 0; sink->found && script_scenario(script, i, &s); i++)
		if (wanted(o, s.name))
			sink->found(sink->ctx, &s);
	for (size_t i = 0; !o->list && script_scenario(script, i, &s) && !interrupted; i++) {
		if (!wanted(o, s.name) || nth++ < from)
			continue;
		if (sink->begins)
			sink->begins(sink->ctx, nth - 1);
		run_one(sh, &s, i, cmdline, sink);
	}
	buf_finish(&boot);
}

static void run_lua(struct shell *sh, const struct run_options *o, const char *file, size_t from,
		    const struct sink *sink)
{
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
		file_run_described(sh, o, from, sink);
	buf_finish(&text);
	buf_finish(&why);
}

/* A file of shell lines is one scenario: it passes when no line fails. */
static void run_lines(struct shell *sh, const struct run_options *o, const char *file, size_t from,
		      const struct sink *sink)
{
	struct scenario s = { .name = (char *)file, .file = (char *)file, .line = 1 };
	struct outcome outcome = { .status = OUTCOME_PASSED };
	struct output out = *sh->out, *before;

	if (!wanted(o, file))
		return;
	if (sink->found)
		sink->found(sink->ctx, &s);
	if (o->list || from)
		return;
	if (sink->begins)
		sink->begins(sink->ctx, 0);
	out.to = &outcome.output;
	before = output_enter(sh, &out);
	if (shell_file(sh, file)) {
		outcome.status = OUTCOME_FAILED;
		buf_puts(&outcome.message, "a line failed");
	} else if (sh->quit_status) {
		outcome.status = OUTCOME_FAILED;
		buf_printf(&outcome.message, "it quit with %d", sh->quit_status);
	} else if (report_unexpected(sh->session->machine)) {
		outcome.status = OUTCOME_FAILED;
		buf_puts(&outcome.message, "the kernel complained unexpectedly");
	}
	output_enter(sh, before);
	buf_puts(&outcome.where, file);
	lacks_memory(sh, &s, &outcome);
	sink->ended(sink->ctx, &s, &outcome);
	outcome_finish(&outcome);
}

void file_run(const struct run_options *o, const char *file, size_t from, const struct sink *sink)
{
	struct shell_config config = { .confined = true, .builtin = builtin_find };
	struct buf boot = BUF_INIT;
	struct shell sh;
	char why[200];

	config.boot = boot_line(o, &boot);
	if (shell_init(&sh, &config, why, sizeof(why))) {
		file_broken(file, why, sink);
	} else {
		sh.screen.failed = true; /* the reporter watches standard output */
		if (sink->loaded)
			sink->loaded(sink->ctx, sh.session->script);
		if (ends_with(file, ".lua"))
			run_lua(&sh, o, file, from, sink);
		else
			run_lines(&sh, o, file, from, sink);
		if (sink->loaded)
			sink->loaded(sink->ctx, NULL);
		shell_finish(&sh);
	}
	buf_finish(&boot);
}
