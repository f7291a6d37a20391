/* SPDX-License-Identifier: MIT */
/*
 *              jobs (pipe)                    records (pipe)
 *   supervisor ----------> worker, worker, … ---------------> results -> reporter
 *
 * The supervisor loads nothing and runs nothing of a user's: what a worker does
 * to itself it survives.
 */
#include "run/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/host_memory.h"
#include "run/clock.h"
#include "run/crew.h"
#include "run/loss.h"
#include "run/record.h"
#include "run/stops.h"

#define GRACE 500 /* ms to say where it is */

/* --- results ------------------------------------------------------------------- */

/* False: the file whose turn it is has more to come. */
static bool report_file(struct run *r)
{
	struct file_results *f = &r->result[r->due];

	results_report(f, r->reporter);
	if (!f->done)
		return false;
	results_finish(f);
	*f = (struct file_results){ .done = true };
	r->due++;
	return true;
}

static void report_what_is_due(struct run *r)
{
	while (r->due < r->files->count && !reporter_stops(r->reporter) && report_file(r))
		;
}

/* --- what workers say ------------------------------------------------------------ */

static void hear_found(struct run *r, struct worker *w, struct record *rec)
{
	struct file_results *f = &r->result[w->file];
	struct scenario s = { 0 };

	record_read_scenario(rec, &s);
	/* a second worker finds the same again */
	if (rec->bad || f->loaded)
		scenario_free(&s);
	else if (results_found(f, &s))
		r->error = -ENOMEM;
}

static void hear_ended(struct run *r, struct worker *w, struct record *rec)
{
	struct scenario s = { 0 };
	struct outcome o;

	record_read_scenario(rec, &s);
	record_read_outcome(rec, &o);
	if (rec->bad) {
		scenario_free(&s);
		outcome_finish(&o);
		return;
	}
	if (results_add(&r->result[w->file], &s, &o))
		r->error = -ENOMEM;
	w->nth += w->running;
	w->tried = 0;
	w->running = false;
	crew_set_deadline(r, w);
}

static void hear(struct run *r, struct worker *w, struct record *rec)
{
	switch (rec->kind) {
	case RECORD_FOUND:
		hear_found(r, w, rec);
		break;
	case RECORD_BEGINS:
		r->result[w->file].loaded = true;
		w->nth = (size_t)record_read_number(rec);
		w->running = true;
		crew_set_deadline(r, w);
		break;
	case RECORD_ENDED:
		hear_ended(r, w, rec);
		break;
	case RECORD_WHERE:
		record_read_text(rec, &w->where);
		break;
	case RECORD_DONE:
		r->result[w->file].done = true;
		w->file = -1;
		w->deadline = 0;
		break;
	}
}

static void listen_to(struct run *r, struct worker *w)
{
	char bytes[65536];
	ssize_t n = read(w->records, bytes, sizeof(bytes));
	struct record rec;
	size_t used, at = 0;

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		loss_of_worker(r, w);
		return;
	}
	buf_add(&w->heard, bytes, (size_t)n);
	if (w->heard.cut) {
		r->error = -ENOMEM;
		return;
	}
	while (w->file >= 0 &&
	       (used = record_next(w->heard.s + at, w->heard.len - at, &rec)) != 0) {
		hear(r, w, &rec);
		at += used;
	}
	memmove(w->heard.s, w->heard.s + at, w->heard.len - at);
	w->heard.len -= at;
}

/* --- the loop ---------------------------------------------------------------------- */

static void hurry(struct worker *w, uint64_t now)
{
	if (!w->pid || !w->deadline || now < w->deadline)
		return;
	kill(w->pid, w->asked ? SIGKILL : SIGUSR1);
	w->asked = true;
	w->deadline = now + GRACE;
}

static int ms_to_deadline(const struct run *r)
{
	uint64_t now = clock_ms(), least = UINT64_MAX;

	for (int i = 0; i < r->o->workers; i++)
		if (r->worker[i].pid && r->worker[i].deadline && r->worker[i].deadline < least)
			least = r->worker[i].deadline;
	if (least == UINT64_MAX)
		return -1;
	return least <= now ? 0 : least - now > 60000 ? 60000 : (int)(least - now) + 1;
}

static void hand_out(struct run *r)
{
	for (int i = 0; i < r->o->workers && r->next < r->files->count && !r->error; i++)
		if (r->worker[i].file < 0)
			crew_give(r, &r->worker[i], r->next++, (struct start){ 0 });
}

static void wait_and_hear(struct run *r, struct pollfd *fd)
{
	const sigset_t none = { 0 };
	int ms = ms_to_deadline(r), n = 0;
	struct timespec limit = { ms / 1000, ms % 1000 * 1000000L };

	for (int i = 0; i < r->o->workers; i++)
		fd[i] = (struct pollfd){ .fd = r->worker[i].pid ? r->worker[i].records : -1,
					 .events = POLLIN };
	/* the signals that end a run arrive in here alone */
	n = ppoll(fd, (nfds_t)r->o->workers, ms < 0 ? NULL : &limit, &none);
	for (int i = 0; i < r->o->workers && n > 0; i++)
		if (fd[i].revents)
			listen_to(r, &r->worker[i]);
	for (int i = 0; i < r->o->workers; i++)
		hurry(&r->worker[i], clock_ms());
}

static bool busy(const struct run *r)
{
	if (r->next < r->files->count)
		return true;
	for (int i = 0; i < r->o->workers; i++)
		if (r->worker[i].file >= 0)
			return true;
	return false;
}

int supervise(const struct run_options *o, const struct files *files, struct reporter *reporter)
{
	struct run_options few = *o;
	struct run r = { .o = &few, .files = files, .reporter = reporter };
	struct pollfd *fd;

	if (few.workers > files->count)
		few.workers = files->count;
	r.result = host_calloc((size_t)files->count + 1, sizeof(*r.result));
	r.worker = host_calloc((size_t)few.workers + 1, sizeof(*r.worker));
	fd = host_calloc((size_t)few.workers + 1, sizeof(*fd));
	if (!r.result || !r.worker || !fd)
		r.error = -ENOMEM;
	for (int i = 0; i < few.workers && !r.error; i++)
		r.worker[i].file = -1;
	while (!r.error && !stop_signal && !reporter_stops(reporter) && busy(&r)) {
		hand_out(&r);
		if (r.error) /* maybe there is nobody to wait for */
			break;
		wait_and_hear(&r, fd);
		report_what_is_due(&r);
	}
	if (r.result && r.worker) {
		if (stop_signal || r.error || reporter_stops(reporter)) {
			loss_of_rest(&r);
			while (r.due < files->count && report_file(&r))
				;
		}
		crew_end(&r);
		for (int i = 0; i < files->count; i++)
			results_finish(&r.result[i]);
	}
	free(r.result);
	free(r.worker);
	free(fd);
	return r.error ? r.error : stop_signal;
}
