/* SPDX-License-Identifier: MIT */
#include "run/run.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"
#include "run/file.h"
#include "run/find.h"
#include "run/reporter.h"
#include "run/supervisor.h"
#include "shell/steps.h"

static void report(void *ctx, const struct scenario *s, const struct outcome *o)
{
	reporter_scenario(ctx, s, o);
}

struct listing {
	int scenarios, broken;
};

static void list_found(void *ctx, const struct scenario *s)
{
	struct listing *l = ctx;

	printf("%s:%d: %s\n", s->file, s->line, s->name);
	l->scenarios++;
}

static void list_broken(void *ctx, const struct scenario *s, const struct outcome *o)
{
	struct listing *l = ctx;

	fprintf(stderr, "devsh: %s: %s\n", s->file, buf_str(&o->message));
	l->broken++;
}

static int verdict(const struct reporter *r)
{
	if (interrupted)
		return EXIT_INTERRUPTED;
	/* a run in which nothing ran proves nothing */
	return r->count.failed || !r->count.passed ? EXIT_FAILED : EXIT_OK;
}

/* Its own error where nothing of the report could be written. */
static int end_report(struct reporter *r, int status)
{
	int rc = reporter_end(r);

	/* a report with gaps, at the best */
	if (host_memory_failures) {
		fprintf(stderr, "devsh: out of memory\n");
		return EXIT_NO_MEMORY;
	}
	if (!rc && status == EXIT_FAILED && !report_total(&r->count))
		fprintf(stderr, "devsh: no scenario ran\n");
	if (!rc)
		return status;
	/* who reads has seen enough */
	if (rc == -EPIPE)
		return EXIT_USAGE;
	fprintf(stderr, "devsh: the report was not written: %s\n", strerror(-rc));
	return EXIT_USAGE;
}

static int list(const struct run_options *o, const struct files *f)
{
	struct listing l = { 0 };
	const struct sink sink = { .ctx = &l, .found = list_found, .ended = list_broken };

	for (int i = 0; i < f->count && !interrupted; i++)
		file_run(o, f->path[i], 0, &sink);
	if (fflush(stdout) || ferror(stdout)) {
		perror("devsh: the list was not written");
		return EXIT_USAGE;
	}
	if (host_memory_failures) {
		fprintf(stderr, "devsh: out of memory\n");
		return EXIT_NO_MEMORY;
	}
	if (interrupted)
		return EXIT_INTERRUPTED;
	if (!l.scenarios && !l.broken)
		fprintf(stderr, "devsh: no scenario is there\n");
	return l.broken || !l.scenarios ? EXIT_FAILED : EXIT_OK;
}

static int run_here(const struct run_options *o, const struct files *f)
{
	struct reporter r;
	const struct sink sink = { .ctx = &r, .ended = report };

	reporter_begin(&r, o->format, stdout, o->colour);
	for (int i = 0; i < f->count && !interrupted && !r.error; i++)
		file_run(o, f->path[i], 0, &sink);
	return end_report(&r, verdict(&r));
}

static int run_in_workers(const struct run_options *o, const struct files *f)
{
	struct reporter r;
	int rc;

	reporter_begin(&r, o->format, stdout, o->colour);
	rc = supervise(o, f, &r);
	if (rc < 0)
		fprintf(stderr, "devsh: no worker can be made: %s\n", strerror(-rc));
	return end_report(&r, rc < 0 ? EXIT_USAGE : rc > 0 ? EXIT_SIGNAL + rc : verdict(&r));
}

int run_workers_default(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

int run_scenarios(const struct run_options *o)
{
	struct files f = { 0 };
	int status = EXIT_OK;

	for (int i = 0; o->path[i]; i++) {
		int rc = files_find(&f, o->path[i]);

		if (rc) {
			fprintf(stderr, "devsh: %s: %s\n", o->path[i], strerror(-rc));
			status = EXIT_USAGE;
		}
	}
	if (!status)
		status = o->list ? list(o, &f) : o->workers ? run_in_workers(o, &f) : run_here(o, &f);
	files_finish(&f);
	return status;
}

int run_described(struct shell *sh, const struct run_options *o)
{
	struct scenario s;
	struct reporter r;
	const struct sink sink = { .ctx = &r, .ended = report };

	if (!script_scenario(sh->session->script, 0, &s))
		return EXIT_OK;
	/* each boots the machine, and is judged for itself */
	steps_forget(sh);
	sh->config.leak_check = LEAK_CHECK_NO;
	reporter_begin(&r, o->format, stdout, o->colour);
	file_run_described(sh, o, 0, &sink);
	return end_report(&r, verdict(&r));
}
