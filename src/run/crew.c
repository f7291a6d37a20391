/* SPDX-License-Identifier: MIT */
#include "run/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/clock.h"
#include "run/worker.h"

void crew_set_deadline(const struct run *r, struct worker *w)
{
	w->begun = clock_us();
	w->deadline = r->o->timeout ? w->begun / 1000 + r->o->timeout : 0;
}

static void close_pipes(struct worker *w)
{
	close(w->jobs);
	close(w->records);
	buf_finish(&w->heard);
	buf_finish(&w->where);
}

/* In the child: closes what belongs to other workers. */
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
		worker_main(r->o, r->files->at, jobs[0], records[1]);
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

void crew_give(struct run *r, struct worker *w, int file, struct start from)
{
	struct job job = { .file = (uint32_t)file, .nth = (uint32_t)from.nth, .tried = from.tried };
	int rc = w->pid ? 0 : start(r, w);

	if (rc) {
		r->error = rc;
		return;
	}
	w->file = file;
	w->nth = from.nth;
	w->tried = from.tried;
	w->running = w->asked = false;
	crew_set_deadline(r, w);
	/* if the worker is dead, that is noticed at the end of its records */
	(void)!write(w->jobs, &job, sizeof(job));
}

int crew_bury(struct worker *w)
{
	int status = 0;

	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	close_pipes(w);
	w->pid = 0;
	w->file = -1;
	return status;
}

void crew_end(struct run *r)
{
	for (int i = 0; i < r->o->workers; i++) {
		struct worker *w = &r->worker[i];

		if (!w->pid)
			continue;
		if (w->file >= 0)
			kill(w->pid, SIGKILL);
		close(w->jobs); /* an idle worker exits */
		w->jobs = -1;
		crew_bury(w);
	}
}
