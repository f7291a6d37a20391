/* SPDX-License-Identifier: MIT */
#include "run/loss.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "run/clock.h"

#define DEATHS_MAX 10

/* about: NULL for the file itself. */
static void add_verdict(struct run *r, int file, const struct scenario *about,
			const struct outcome *verdict, const char *why)
{
	const char *path = r->files->at[file].path;
	struct scenario s = { 0 };
	struct outcome o = *verdict;
	int rc = scenario_copy(&s, about ? about : &(struct scenario){
		.name = (char *)"(the file itself)", .file = (char *)path });

	if (rc) {
		r->error = rc;
		return;
	}
	buf_puts(&o.text[OUTCOME_AT], s.file);
	if (s.line)
		buf_printf(&o.text[OUTCOME_AT], ":%d", s.line);
	buf_puts(&o.text[OUTCOME_MESSAGE], why);
	if (results_add(&r->result[file], &s, &o))
		r->error = -ENOMEM;
}

/* "the process that ran it was ended by signal 11 (Segmentation fault)" */
static void cause_of_death(const struct run *r, const struct worker *w, int status, struct buf *out)
{
	if (w->asked)
		buf_printf(out, "took longer than %g s and was stopped", r->o->timeout / 1000.0);
	else if (WIFSIGNALED(status))
		buf_printf(out, "the process that ran it was ended by signal %d (%s)",
			   WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == EXIT_NO_MEMORY)
		buf_puts(out, "the process that ran it was out of memory");
	else
		buf_printf(out, "the process that ran it left with exit code %d", WEXITSTATUS(status));
	if (w->where.len)
		buf_printf(out, ", %s", buf_str(&w->where));
}

void loss_of_worker(struct run *r, struct worker *w)
{
	struct worker late = *w;
	struct outcome verdict = { .status = OUTCOME_FAILED, .us = clock_us() - late.begun };
	struct buf why = BUF_INIT;
	struct file_results *f;

	w->where = (struct buf)BUF_INIT; /* late has it */
	cause_of_death(r, &late, crew_bury(w), &why);
	if (late.file < 0)
		goto out;
	f = &r->result[late.file];
	if (late.running && late.nth < f->founds && late.tried < r->o->retries) {
		late.tried++;
	} else if (late.running && late.nth < f->founds) {
		verdict.tries = late.tried + 1;
		late.tried = 0;
		add_verdict(r, late.file, &f->found[late.nth], &verdict, buf_str(&why));
		late.nth++;
		f->done = late.nth == f->founds;
	} else if (!late.asked && (f->died_at != late.nth || f->deaths < DEATHS_MAX)) {
		/* no scenario is to blame: another worker goes on, unless all of them die there */
		f->deaths = f->died_at == late.nth ? f->deaths + 1 : 1;
		f->died_at = late.nth;
		if (!f->loaded)
			results_forget_found(f);
	} else {
		add_verdict(r, late.file, NULL, &verdict, buf_str(&why));
		f->done = true;
	}
	if (!f->done && !r->error)
		crew_give(r, w, late.file, (struct start){ late.nth, late.tried });
out:
	buf_finish(&why);
	buf_finish(&late.where);
}

/*
 * A report that has seen enough is the same for any number of workers: of a file that it
 * does not have yet, what is known is left out.
 */
static void not_run(struct run *r, int file, const char *why)
{
	const struct outcome verdict = { .status = OUTCOME_NOT_RUN };
	struct file_results *f = &r->result[file];

	if (reporter_stops(r->reporter) && !f->reported) {
		results_finish(f);
		*f = (struct file_results){ 0 };
	}
	if (f->done)
		return;
	if (!f->loaded)
		results_forget_found(f); /* these may not be all */
	for (size_t i = f->count; i < f->founds; i++)
		add_verdict(r, file, &f->found[i], &verdict, why);
	if (!f->founds && !f->count)
		add_verdict(r, file, NULL, &verdict, why);
	f->done = true;
}

void loss_of_rest(struct run *r)
{
	const char *why = r->error ? "not run: no worker can be made" : reporter_stops(r->reporter) ?
		NOT_RUN_STOPPED : "not run: the run was ended";
	const struct outcome verdict = { .status = OUTCOME_INTERRUPTED };

	for (int i = 0; i < r->o->workers; i++) {
		struct worker *w = &r->worker[i];
		struct file_results *f = w->pid && w->file >= 0 ? &r->result[w->file] : NULL;

		if (reporter_stops(r->reporter))
			break;
		if (f && w->running && w->nth < f->founds)
			add_verdict(r, w->file, &f->found[w->nth], &verdict,
				    "interrupted: the run was ended");
	}
	for (int file = r->due; file < r->files->count; file++)
		not_run(r, file, why);
}
