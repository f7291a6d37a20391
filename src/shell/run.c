/* SPDX-License-Identifier: MIT */
/* devsh run: scenario files and directories, each scenario on a fresh machine. */
#include "shell/run.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/interrupt.h"
#include "shell/builtin.h"
#include "shell/report.h"
#include "shell/source.h"
#include "shell/steps.h"

struct files {
	char **path;
	int count;
};

static void files_add(struct files *f, const char *path)
{
	char **all = realloc(f->path, ((size_t)f->count + 1) * sizeof(*all));

	if (!all)
		return;
	f->path = all;
	f->path[f->count++] = strdup(path);
}

static bool ends_with(const char *s, const char *end)
{
	size_t a = strlen(s), b = strlen(end);

	return a > b && !strcmp(s + a - b, end);
}

/* Files in the order of their names, whatever the file system says. 0 or -errno. */
static int files_find(struct files *f, const char *path, int depth)
{
	struct dirent **entry;
	struct buf name = BUF_INIT;
	struct stat st;
	int n, rc = 0;

	if (stat(path, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode)) {
		files_add(f, path);
		return 0;
	}
	n = depth < 16 ? scandir(path, &entry, NULL, alphasort) : 0;
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		buf_reset(&name);
		buf_printf(&name, "%s%s%s", path, ends_with(path, "/") ? "" : "/", entry[i]->d_name);
		if (entry[i]->d_name[0] != '.' && !stat(buf_str(&name), &st) &&
		    (S_ISDIR(st.st_mode) || ends_with(entry[i]->d_name, ".lua") ||
		     ends_with(entry[i]->d_name, ".dsh")) && !rc)
			rc = files_find(f, buf_str(&name), depth + 1);
		free(entry[i]);
	}
	if (depth < 16)
		free(entry);
	buf_finish(&name);
	return rc;
}

static void files_finish(struct files *f)
{
	for (int i = 0; i < f->count; i++)
		free(f->path[i]);
	free(f->path);
}

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

/* Every scenario that the session's script has described. */
static void run_all(struct shell *sh, const struct run_options *o, struct reporter *r,
		    const char *file)
{
	struct buf boot = BUF_INIT, shown = BUF_INIT;
	struct output out = *sh->out, *before;
	const char *cmdline = boot_line(o, &boot);
	struct scenario s;

	out.to = &shown;
	if (o->no_leaks)
		script_no_leaks(sh->session->script);
	for (size_t i = 0; script_scenario(sh->session->script, i, &s) && !interrupted; i++) {
		struct outcome outcome;

		if (!wanted(o, s.name))
			continue;
		if (o->list) {
			printf("%s:%d: %s\n", s.file, s.line, s.name);
			r->count.passed++;
			continue;
		}
		before = output_enter(sh, &out);
		script_scenario_run(sh->session->script, i, cmdline, &outcome);
		output_enter(sh, before);
		outcome.output = shown;
		shown = (struct buf)BUF_INIT;
		reporter_scenario(r, file, s.name, &outcome);
		outcome_finish(&outcome);
	}
	buf_finish(&boot);
}

static void run_lua_file(struct shell *sh, const struct run_options *o, struct reporter *r,
			 const char *file)
{
	struct buf text = BUF_INIT, why = BUF_INIT;
	struct scenario s;
	int rc = read_file(file, &text);

	if (rc)
		reporter_broken(r, file, strerror(-rc));
	else if (script_run(sh->session->script, file, buf_str(&text), text.len, &why) != SCRIPT_OK)
		reporter_broken(r, file, buf_str(&why));
	else if (report_unexpected(sh->session->machine))
		reporter_broken(r, file, "the kernel complained outside of a scenario");
	else if (!script_scenario(sh->session->script, 0, &s))
		reporter_broken(r, file, "describes no scenario: wants describe() and it()");
	else
		run_all(sh, o, r, file);
	buf_finish(&text);
	buf_finish(&why);
}

/* A file of shell lines is one scenario: it passes when no line fails. */
static void run_shell_file(struct shell *sh, const struct run_options *o, struct reporter *r,
			   const char *file)
{
	struct outcome outcome = { .status = OUTCOME_PASSED };
	struct output out = *sh->out, *before;

	if (!wanted(o, file))
		return;
	if (o->list) {
		printf("%s:1: %s\n", file, file);
		r->count.passed++;
		return;
	}
	out.to = &outcome.output;
	before = output_enter(sh, &out);
	if (shell_file(sh, file)) {
		outcome.status = OUTCOME_FAILED;
		buf_puts(&outcome.message, "a line failed");
	} else if (report_unexpected(sh->session->machine)) {
		outcome.status = OUTCOME_FAILED;
		buf_puts(&outcome.message, "the kernel complained, and no warns expected it");
	}
	output_enter(sh, before);
	buf_puts(&outcome.where, file);
	reporter_scenario(r, file, file, &outcome);
	outcome_finish(&outcome);
}

static void run_file(const struct run_options *o, struct reporter *r, const char *file)
{
	struct shell_config config = { .confined = true, .builtin = builtin_find };
	struct buf boot = BUF_INIT;
	struct shell sh;
	char why[200];

	config.boot = boot_line(o, &boot);
	if (shell_init(&sh, &config, why, sizeof(why))) {
		reporter_broken(r, file, why);
	} else {
		if (ends_with(file, ".lua"))
			run_lua_file(&sh, o, r, file);
		else
			run_shell_file(&sh, o, r, file);
		shell_finish(&sh);
	}
	buf_finish(&boot);
}

static int verdict(const struct reporter *r)
{
	if (interrupted)
		return EXIT_INTERRUPTED;
	/* a run in which nothing ran proves nothing */
	return r->count.failed || !r->count.passed ? EXIT_FAILED : EXIT_OK;
}

int run_scenarios(const struct run_options *o)
{
	struct files f = { 0 };
	struct reporter r;
	int status = EXIT_OK;

	for (int i = 0; o->path[i]; i++) {
		int rc = files_find(&f, o->path[i], 0);

		if (rc) {
			fprintf(stderr, "devsh: %s: %s\n", o->path[i], strerror(-rc));
			status = EXIT_USAGE;
		}
	}
	if (status) {
		files_finish(&f);
		return status;
	}
	if (o->list)
		r = (struct reporter){ 0 };
	else
		reporter_init(&r, o->format, o->colour);
	for (int i = 0; i < f.count && !interrupted; i++)
		run_file(o, &r, f.path[i]);
	if (!o->list)
		reporter_finish(&r);
	files_finish(&f);
	status = verdict(&r);
	fflush(stdout);
	if (status == EXIT_FAILED && !r.count.failed)
		fprintf(stderr, "devsh: no scenario ran\n");
	return status;
}

int run_described(struct shell *sh, const struct run_options *o)
{
	struct scenario s;
	struct reporter r;

	if (!script_scenario(sh->session->script, 0, &s))
		return EXIT_OK;
	/* each boots the machine, and is judged for itself */
	steps_forget(sh);
	sh->config.leak_check = LEAK_CHECK_NO;
	reporter_init(&r, o->format, o->colour);
	run_all(sh, o, &r, s.file);
	reporter_finish(&r);
	return verdict(&r);
}
