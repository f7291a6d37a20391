/* SPDX-License-Identifier: MIT */
#include "run/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"
#include "run/confine.h"
#include "run/debug.h"
#include "run/file.h"
#include "run/find.h"
#include "run/formats.h"
#include "run/history.h"
#include "run/reporter.h"
#include "run/shuffle.h"
#include "run/stops.h"
#include "run/supervisor.h"
#include "run/watch.h"
#include "shell/steps.h"

static bool stops(void *ctx)
{
	return reporter_stops(ctx);
}

static void report(void *ctx, const struct scenario *s, struct outcome *o)
{
	reporter_scenario(ctx, s, o);
}

struct listing {
	bool json;
	int scenarios, broken;
};

static void list_found(void *ctx, const struct scenario *s)
{
	struct listing *l = ctx;
	struct buf line = BUF_INIT;

	if (l->json) {
		json_list(s, &line);
	} else {
		plain_line(&line, s->file);
		buf_printf(&line, ":%d: ", s->line);
		plain_line(&line, s->name);
	}
	printf("%s\n", buf_str(&line));
	buf_finish(&line);
	l->scenarios++;
}

static void list_broken(void *ctx, const struct scenario *s, struct outcome *o)
{
	struct listing *l = ctx;

	fprintf(stderr, "devsh: %s: %s\n", s->file, buf_str(&o->text[OUTCOME_MESSAGE]));
	l->broken++;
}

static int verdict(const struct reporter *r)
{
	return interrupted ? EXIT_INTERRUPTED : report_verdict(&r->count);
}

static int say_no_memory(void)
{
	fprintf(stderr, "devsh: out of memory\n");
	return EXIT_NO_MEMORY;
}

static int end_report(struct reporter *r, int status)
{
	bool written = reporter_end(r);

	/* a report with gaps, at the best */
	if (host_memory_failures)
		return say_no_memory();
	if (!written)
		return EXIT_USAGE;
	if (status != EXIT_FAILED || report_total(&r->count))
		return status;
	/* there may be more shards than scenarios; that all of them are empty is seen when they are merged */
	if (r->o->select.shards) {
		fprintf(stderr, "devsh: no scenario is in shard %u/%u\n", r->o->select.shard,
			r->o->select.shards);
		return EXIT_OK;
	}
	fprintf(stderr, "devsh: no scenario ran\n");
	return status;
}

static int list(const struct run_options *o, const struct files *f)
{
	struct listing l = { .json = o->format == &format_json };
	const struct sink sink = { .ctx = &l, .found = list_found, .ended = list_broken };

	for (int i = 0; i < f->count && !interrupted; i++)
		file_run(o, &f->at[i], (struct start){ 0 }, &sink);
	if (fflush(stdout) || ferror(stdout)) {
		perror("devsh: the list was not written");
		return EXIT_USAGE;
	}
	if (host_memory_failures)
		return say_no_memory();
	if (interrupted)
		return EXIT_INTERRUPTED;
	if (!l.scenarios && !l.broken)
		fprintf(stderr, "devsh: no scenario is there\n");
	return l.broken || !l.scenarios ? EXIT_FAILED : EXIT_OK;
}

static int run_here(const struct run_options *o, const struct files *f)
{
	struct reporter r;
	const struct sink sink = { .ctx = &r, .stops = stops, .ended = report };

	if (!reporter_begin(&r, o, NULL))
		return EXIT_USAGE;
	for (int i = 0; i < f->count; i++)
		if (interrupted || reporter_stops(&r))
			file_not_run(f->at[i].path, &sink);
		else
			file_run(o, &f->at[i], (struct start){ 0 }, &sink);
	return end_report(&r, verdict(&r));
}

/* From the first byte of the reports to the last, no signal ends the process. */
static int run_in_workers(const struct run_options *o, const struct files *f)
{
	struct stops before;
	struct reporter r;
	int rc, status;

	stops_catch(&before);
	if (reporter_begin(&r, o, NULL)) {
		rc = supervise(o, f, &r);
		if (rc < 0)
			fprintf(stderr, "devsh: no worker can be made: %s\n", strerror(-rc));
		status = end_report(&r, rc < 0 ? EXIT_USAGE : rc > 0 ? EXIT_SIGNAL + rc : verdict(&r));
	} else {
		status = EXIT_USAGE;
	}
	stops_leave(&before);
	return status;
}

/* --last-failed: other files need not be loaded. */
static void drop_passed(struct run_options *o, struct files *f)
{
	int kept = 0;

	for (int i = 0; i < f->count; i++)
		kept += history_has_file(o->history, f->at[i].path);
	if (!kept) {
		fprintf(stderr, "devsh: nothing of these failed the last time: all are run\n");
		o->last_failed = false;
		return;
	}
	kept = 0;
	for (int i = 0; i < f->count; i++)
		if (history_has_file(o->history, f->at[i].path))
			f->at[kept++] = f->at[i];
		else
			free(f->at[i].path);
	f->count = kept;
}

static int find_files(const struct run_options *o, struct files *f)
{
	int status = EXIT_OK;

	for (int i = 0; o->path[i]; i++) {
		int rc = files_find(f, o->path[i]);

		if (rc) {
			fprintf(stderr, "devsh: %s: %s\n", o->path[i], strerror(-rc));
			status = EXIT_USAGE;
		}
	}
	return status;
}

static int run_once(const struct run_options *given)
{
	struct run_options o = *given;
	struct files f = { 0 };
	int status = find_files(&o, &f);

	o.history = history_read();
	if (!status && o.last_failed && o.history)
		drop_passed(&o, &f);
	if (o.shuffle)
		shuffle(f.at, (size_t)f.count, sizeof(*f.at), run_seed(&o));
	if (!status && o.list)
		status = list(&o, &f);
	else if (!status && o.debug)
		status = run_debug(&o, &f);
	else if (!status)
		status = o.workers ? run_in_workers(&o, &f) : run_here(&o, &f);
	if (!o.list)
		history_write(o.history);
	history_destroy(o.history);
	files_finish(&f);
	return status;
}

static int run_and_watch(const struct run_options *o)
{
	int status, fd, rc;

	do {
		/* what changes during a run runs again after it */
		fd = watch_open(o->path);
		if (fd < 0) {
			fprintf(stderr, "devsh: --watch: %s\n", strerror(-fd));
			return EXIT_USAGE;
		}
		status = run_once(o);
		if (status > EXIT_SIGNAL || interrupted) {
			close(fd);
			return status;
		}
		printf("\nwaiting for a change; Ctrl-C ends it\n");
		fflush(stdout);
		rc = watch_wait(fd);
		close(fd);
	} while (!rc);
	return interrupted ? EXIT_INTERRUPTED : EXIT_USAGE;
}

/* False, and a line, where nobody would be confined. */
static bool can_distrust(const struct run_options *o)
{
	if (!confine_can_distrust())
		fprintf(stderr, "devsh: --untrusted: this devsh was built without libseccomp\n");
	else if (!o->workers || o->debug || o->list)
		fprintf(stderr, "devsh: --untrusted: wants workers: not with -j0, --debug or --list\n");
	else
		return true;
	return false;
}

int run_scenarios(const struct run_options *o)
{
	if (o->untrusted && !can_distrust(o))
		return EXIT_USAGE;
	return o->watch && !o->list ? run_and_watch(o) : run_once(o);
}

int run_described(struct shell *sh, const struct run_options *o)
{
	const struct file all = { .path = (char *)"" };
	struct scenario s;
	struct reporter r;
	const struct sink sink = { .ctx = &r, .stops = stops, .ended = report };

	if (!script_scenario(sh->session->script, 0, &s))
		return EXIT_OK;
	/* each boots the machine, and is judged for itself */
	steps_forget(sh);
	sh->config.leak_check = LEAK_CHECK_NO;
	if (!reporter_begin(&r, o, NULL))
		return EXIT_USAGE;
	file_run_described(sh, o, &all, (struct start){ 0 }, &sink);
	return end_report(&r, verdict(&r));
}
