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
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/host_memory.h"
#include "run/record.h"
#include "run/results.h"
#include "run/worker.h"

#define GRACE 500 /* ms to say where it is */

struct worker {
	pid_t pid;            /* 0: not there */
	int jobs, records;    /* our ends of its pipes */
	struct buf heard;     /* bytes of records that are not complete */
	int file;             /* that it runs, or -1 */
	bool running;         /* a scenario, */
	size_t nth;           /* ... this one; else the next one */
	uint64_t deadline;    /* ms on the clock; 0: none */
	bool asked;           /* where it is, as it was too slow */
	struct buf where;
};

struct run {
	const struct run_options *o;
	const struct files *files;
	struct reporter *reporter;
	struct file_results *result; /* for each file */
	struct worker *worker;
	int next;             /* file that nobody has begun */
	int due;              /* file whose turn it is in the report */
	int error;            /* -errno: no worker can be made */
};

/* The signal that ends the run, or 0. */
static volatile sig_atomic_t stop;

static void on_stop(int sig)
{
	stop = sig;
}

static uint64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void set_deadline(const struct run *r, struct worker *w)
{
	w->deadline = r->o->timeout ? clock_ms() + r->o->timeout : 0;
}

/* --- workers ------------------------------------------------------------------- */

static void close_pipes(struct worker *w)
{
	close(w->jobs);
	close(w->records);
	buf_finish(&w->heard);
	buf_finish(&w->where);
}

/* In the child: what belongs to the others. */
static void forget_others(struct run *r)
{
	for (int i = 0; i < r->o->workers; i++)
		if (r->worker[i].pid) {
			close(r->worker[i].jobs);
			close(r->worker[i].records);
		}
}

static int start(struct run *r, struct worker *w)
{
	int jobs[2], records[2];
	pid_t pid;

	if (pipe2(jobs, O_CLOEXEC))
		return -errno;
	if (pipe2(records, O_CLOEXEC)) {
		int rc = -errno;

		close(jobs[0]);
		close(jobs[1]);
		return rc;
	}
	pid = fork();
	if (!pid) {
		forget_others(r);
		close(jobs[1]);
		close(records[0]);
		worker_main(r->o, r->files->path, jobs[0], records[1]);
	}
	close(jobs[0]);
	close(records[1]);
	*w = (struct worker){ .pid = pid, .jobs = jobs[1], .records = records[0], .file = -1 };
	if (pid > 0)
		return 0;
	close_pipes(w);
	w->pid = 0;
	return -EAGAIN;
}

/* The file is begun, or gone on with behind a scenario that was lost. */
static void give(struct run *r, struct worker *w, int file, size_t from)
{
	struct job job = { .file = (uint32_t)file, .from = (uint32_t)from };
	int rc = w->pid ? 0 : start(r, w);

	if (rc) {
		r->error = rc;
		return;
	}
	w->file = file;
	w->nth = from;
	w->running = w->asked = false;
	set_deadline(r, w);
	/* a worker that is gone already is met when its records end */
	(void)!write(w->jobs, &job, sizeof(job));
}

/* --- results ------------------------------------------------------------------- */

static void keep(struct run *r, int file, struct scenario *s, struct outcome *o)
{
	if (results_add(&r->result[file], s, o))
		r->error = -ENOMEM;
}

/* A result that no worker could give. */
static void add_verdict(struct run *r, int file, const struct scenario *about,
			enum outcome_status status, const char *why)
{
	const char *path = r->files->path[file];
	struct scenario s = { .name = host_strdup(about ? about->name : "(the file itself)"),
			      .file = host_strdup(about ? about->file : path) };
	struct outcome o = { .status = status };

	if (about)
		s.line = about->line;
	if (!s.name || !s.file) {
		scenario_free(&s);
		r->error = -ENOMEM;
		return;
	}
	buf_puts(&o.where, s.file);
	if (s.line)
		buf_printf(&o.where, ":%d", s.line);
	buf_puts(&o.message, why);
	keep(r, file, &s, &o);
}

static void report_what_is_due(struct run *r)
{
	while (r->due < r->files->count) {
		struct file_results *f = &r->result[r->due];

		results_report(f, r->reporter);
		if (!f->done)
			return;
		results_finish(f);
		*f = (struct file_results){ .done = true };
		r->due++;
	}
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
	keep(r, w->file, &s, &o);
	w->nth += w->running;
	w->running = false;
	set_deadline(r, w);
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
		set_deadline(r, w);
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

/* "the process that ran it died of signal 11 (Segmentation fault)" */
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

/* Its records ended: it is dead, or about to be. */
static void lost(struct run *r, struct worker *w)
{
	int file = w->file, status = 0;
	struct buf why = BUF_INIT;
	struct file_results *f;

	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	if (file < 0) {
		close_pipes(w);
		return;
	}
	f = &r->result[file];
	cause_of_death(r, w, status, &why);
	if (w->running && w->nth < f->founds) {
		add_verdict(r, file, &f->found[w->nth], OUTCOME_FAILED, buf_str(&why));
		w->nth++;
		f->done = w->nth == f->founds;
	} else {
		add_verdict(r, file, NULL, OUTCOME_FAILED, buf_str(&why));
		f->done = true;
	}
	buf_finish(&why);
	close_pipes(w);
	w->file = -1;
	if (!f->done && !r->error)
		give(r, w, file, w->nth);
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
		lost(r, w);
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
			give(r, &r->worker[i], r->next++, 0);
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

static void end_workers(struct run *r)
{
	for (int i = 0; i < r->o->workers; i++) {
		struct worker *w = &r->worker[i];

		if (!w->pid)
			continue;
		if (w->file >= 0)
			kill(w->pid, SIGKILL);
		close_pipes(w);
		waitpid(w->pid, NULL, 0);
		w->pid = 0;
	}
}

/* The run ends before its end: what ran, and what did not. */
static void give_up(struct run *r)
{
	const char *why = r->error ? "not run: no worker can be made" : "not run: the run was ended";

	for (int i = 0; i < r->o->workers; i++) {
		struct worker *w = &r->worker[i];
		struct file_results *f = w->pid && w->file >= 0 ? &r->result[w->file] : NULL;

		if (!f || !w->running || w->nth >= f->founds)
			continue;
		add_verdict(r, w->file, &f->found[w->nth], OUTCOME_INTERRUPTED,
			    "interrupted: the run was ended");
	}
	for (int file = r->due; file < r->files->count; file++) {
		struct file_results *f = &r->result[file];

		for (size_t i = f->count; !f->done && i < f->founds; i++)
			add_verdict(r, file, &f->found[i], OUTCOME_NOT_RUN, why);
		if (!f->done && !f->founds)
			add_verdict(r, file, NULL, OUTCOME_NOT_RUN, why);
		f->done = true;
	}
	report_what_is_due(r);
}

/* Outside of ppoll() they wait. */
static void catch_stops(sigset_t *before)
{
	struct sigaction sa = { .sa_handler = on_stop };
	sigset_t stops;

	stop = 0;
	sigemptyset(&stops);
	for (const int *sig = (const int[]){ SIGINT, SIGTERM, SIGHUP, 0 }; *sig; sig++) {
		sigaddset(&stops, *sig);
		sigaction(*sig, &sa, NULL);
	}
	sigprocmask(SIG_BLOCK, &stops, before);
}

int supervise(const struct run_options *o, const struct files *files, struct reporter *reporter)
{
	struct run_options few = *o;
	struct run r = { .o = &few, .files = files, .reporter = reporter };
	struct pollfd *fd;
	sigset_t before;

	if (few.workers > files->count)
		few.workers = files->count;
	r.result = host_calloc((size_t)files->count + 1, sizeof(*r.result));
	r.worker = host_calloc((size_t)few.workers + 1, sizeof(*r.worker));
	fd = host_calloc((size_t)few.workers + 1, sizeof(*fd));
	if (!r.result || !r.worker || !fd)
		r.error = -ENOMEM;
	for (int i = 0; i < few.workers && !r.error; i++)
		r.worker[i].file = -1;
	catch_stops(&before);
	while (!r.error && !stop && !reporter->error && busy(&r)) {
		hand_out(&r);
		if (r.error) /* maybe there is nobody to wait for */
			break;
		wait_and_hear(&r, fd);
		report_what_is_due(&r);
	}
	if (r.result && r.worker) {
		if ((stop || r.error) && !reporter->error)
			give_up(&r);
		end_workers(&r);
		for (int i = 0; i < files->count; i++)
			results_finish(&r.result[i]);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(r.result);
	free(r.worker);
	free(fd);
	return r.error ? r.error : stop;
}
