/* SPDX-License-Identifier: MIT */
#include "run/reporter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/params.h"
#include "lib/host_memory.h"
#include "run/history.h"
#include "run/reproduce.h"

/* --- one report ---------------------------------------------------------------- */

static void flush(struct report *r)
{
	errno = 0;
	if ((fflush(r->out) || ferror(r->out)) && !r->error)
		r->error = -(errno ? errno : EIO);
}

static void begin(struct report *r)
{
	r->out = r->path ? fopen(r->path, "we") : stdout;
	if (!r->out)
		r->error = -errno;
	else if (r->format->begin)
		r->format->begin(r);
}

static void add(struct report *r, const struct scenario *s, const struct outcome *o)
{
	if (r->error)
		return;
	r->format->scenario(r, s, o);
	if (!r->file || strcmp(r->file, s->file)) {
		free(r->file);
		r->file = host_strdup(s->file);
	}
	flush(r);
}

static void end(struct report *r)
{
	if ((r->held.cut || r->part.cut) && !r->error)
		r->error = -ENOMEM;
	if (r->out && !r->error && r->format->end)
		r->format->end(r);
	if (r->out)
		flush(r);
	if (r->path && r->out && fclose(r->out) && !r->error)
		r->error = -errno;
	buf_finish(&r->held);
	buf_finish(&r->part);
	free(r->file);
}

/* --- all reports --------------------------------------------------------------- */

static void describe(struct report_about *a, const struct run_options *o)
{
	time_t now = time(NULL);
	struct params p;
	char why[200];
	struct tm tm;

	params_default(&p);
	params_parse(&p, o->boot ? o->boot : "", why, sizeof(why));
	*a = (struct report_about){
		.release = p.profile->release, .arch = p.arch->name, .boot = o->boot ? o->boot : "",
		.seed = run_seed(o), .shuffled = o->shuffle, .shard = o->select.shard,
		.shards = o->select.shards,
	};
	strftime(a->started, sizeof(a->started), "%Y-%m-%dT%H:%M:%S", gmtime_r(&now, &tm));
}

bool reporter_begin(struct reporter *r, const struct run_options *o, const struct report_about *about)
{
	*r = (struct reporter){ .o = o, .reports = 1 + o->reports };
	r->durations.limit = o->durations;
	if (about)
		r->about = *about;
	else
		describe(&r->about, o);
	r->report = host_calloc((size_t)r->reports, sizeof(*r->report));
	if (!r->report) {
		fprintf(stderr, "devsh: the host has no memory for a report\n");
		return false;
	}
	for (int i = 0; i < r->reports; i++) {
		r->report[i] = (struct report){
			.format = i ? o->report[i - 1].format : o->format,
			.path = i ? o->report[i - 1].path : NULL,
			.about = &r->about, .count = &r->count, .colour = !i && o->colour,
		};
		begin(&r->report[i]);
	}
	return true;
}

void report_count(struct report_counts *c, const struct outcome *o)
{
	int *const counter[OUTCOMES] = {
		[OUTCOME_PASSED] = &c->passed, [OUTCOME_FAILED] = &c->failed,
		[OUTCOME_PENDING] = &c->pending, [OUTCOME_INTERRUPTED] = &c->failed,
		[OUTCOME_NOT_RUN] = &c->not_run,
	};

	++*counter[o->status];
	c->flaky += outcome_flaky(o);
	c->us += o->us;
}

void reporter_scenario(struct reporter *r, const struct scenario *s, struct outcome *o)
{
	const bool late = r->o->fail_fast && r->count.failed >= r->o->fail_fast;

	if (late) {
		outcome_finish(o);
		*o = (struct outcome){ .status = OUTCOME_NOT_RUN };
		buf_puts(&o->text[OUTCOME_MESSAGE], NOT_RUN_STOPPED);
	}
	report_count(&r->count, o);
	durations_add(&r->durations, s, o->us);
	if (r->o->history)
		history_add(r->o->history, s, o);
	if (outcome_failed(o) && !o->text[OUTCOME_REPRODUCE].len)
		reproduce(r->o, s, &o->text[OUTCOME_REPRODUCE]);
	for (int i = 0; i < r->reports; i++)
		add(&r->report[i], s, o);
}

bool reporter_stops(const struct reporter *r)
{
	if (r->o->fail_fast && r->count.failed >= r->o->fail_fast)
		return true;
	for (int i = 0; i < r->reports; i++)
		if (!r->report[i].error)
			return false;
	return true;
}

bool reporter_end(struct reporter *r)
{
	bool whole = true;

	for (int i = 0; i < r->reports; i++) {
		struct report *one = &r->report[i];

		end(one);
		whole &= !one->error;
		/* EPIPE: the reader has seen enough */
		if (!one->error || one->error == -EPIPE)
			continue;
		fprintf(stderr, "devsh: %s%sthe report was not written: %s\n", one->path ? one->path : "",
			one->path ? ": " : "", strerror(-one->error));
	}
	durations_print(&r->durations, r->o->format->for_people ? stdout : stderr);
	free(r->report);
	return whole;
}
