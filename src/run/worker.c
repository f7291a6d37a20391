/* SPDX-License-Identifier: MIT */
#include "run/worker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/host_memory.h"
#include "run/confine.h"
#include "run/file.h"
#include "run/record.h"

/* Of this process: a handler has nothing else to look at. */
static struct {
	int fd;
	struct script *script; /* of the file that is run, or NULL */
} here;

/*
 * The supervisor waits no longer. What runs may be in the middle of anything;
 * nothing comes after this, so what it left half done does not matter.
 */
static void say_where(int sig)
{
	char bytes[512];
	struct { uint32_t len, kind; uint64_t text; } head = { .kind = RECORD_WHERE };
	size_t n = here.script ? script_where(here.script, bytes + sizeof(head),
					      sizeof(bytes) - sizeof(head)) : 0;

	(void)sig;
	head.text = n;
	head.len = (uint32_t)(sizeof(head) + n);
	memcpy(bytes, &head, sizeof(head));
	(void)!write(here.fd, bytes, head.len);
	_exit(EXIT_FAILED);
}

struct line {
	int fd;
	unsigned seconds;     /* of CPU time that a scenario may take; 0: no limit */
	struct buf record;
};

static void send_it(struct line *l)
{
	if (!record_send(&l->record, l->fd)) /* or nobody listens */
		_exit(l->record.cut ? EXIT_NO_MEMORY : EXIT_FAILED);
}

static void found(void *ctx, const struct scenario *s)
{
	struct line *l = ctx;

	record_begin(&l->record, RECORD_FOUND);
	record_scenario(&l->record, s);
	send_it(l);
}

static void begins(void *ctx, size_t nth)
{
	struct line *l = ctx;

	/* the supervisor is faster, if it can be */
	confine_cpu(l->seconds);
	record_begin(&l->record, RECORD_BEGINS);
	record_number(&l->record, nth);
	send_it(l);
}

static void ended(void *ctx, const struct scenario *s, struct outcome *o)
{
	struct line *l = ctx;

	/* not even its message may be whole; a new process is better off */
	if (host_memory_failures)
		_exit(EXIT_NO_MEMORY);
	record_begin(&l->record, RECORD_ENDED);
	record_scenario(&l->record, s);
	record_outcome(&l->record, o);
	send_it(l);
}

static void loaded(void *ctx, struct shell *sh)
{
	(void)ctx;
	here.script = sh ? sh->session->script : NULL;
}

void worker_main(const struct run_options *o, const struct file *file, int jobs, int results)
{
	struct line line = { .fd = results, .seconds = o->timeout ? o->timeout / 1000 + 10 : 0 };
	const struct sink sink = {
		.ctx = &line, .loaded = loaded, .found = found, .begins = begins, .ended = ended,
	};
	struct sigaction ask = { .sa_handler = say_where };
	struct job job;

	here.fd = results;
	/* Ctrl-C reaches all of the terminal's processes; the supervisor decides */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	sigprocmask(SIG_SETMASK, &(sigset_t){ 0 }, NULL);
	sigaction(SIGUSR1, &ask, NULL);
	confine();
	/* it must not go on with more than it was to have */
	if (o->untrusted && confine_untrusted())
		_exit(EXIT_USAGE);
	while (read(jobs, &job, sizeof(job)) == (ssize_t)sizeof(job)) {
		file_run(o, &file[job.file], (struct start){ job.nth, job.tried }, &sink);
		record_begin(&line.record, RECORD_DONE);
		send_it(&line);
	}
	_exit(EXIT_OK);
}
