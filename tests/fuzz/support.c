/* SPDX-License-Identifier: MIT */
/* Shared by the fuzzers: a time limit for scripts, the check of the machine, examples. */
#include "fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <devsh/call.h>

#include "lib/interrupt.h"
#include "machine/fsck.h"

static void out_of_time(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* It keeps ticking, because the shell clears the flag between lines. */
void fuzz_time_limit(int milliseconds)
{
	struct itimerval t = {
		.it_value = { milliseconds / 1000, milliseconds % 1000 * 1000 },
		.it_interval = { 0, 20000 },
	};

	interrupted = 0;
	signal(SIGVTALRM, out_of_time);
	setitimer(ITIMER_VIRTUAL, &t, NULL);
}

void fuzz_time_limit_off(void)
{
	struct itimerval none = { .it_value = { 0, 0 } };

	setitimer(ITIMER_VIRTUAL, &none, NULL);
	interrupted = 0;
}

static void found(void *ctx, const struct fsck_finding *f)
{
	bool *unsound = ctx;

	if (f->kind != FSCK_UNSOUND)
		return;
	*unsound = true;
	fprintf(stderr, "fsck: %s: %s\n", f->where, f->text);
}

void fuzz_check(struct machine *m)
{
	bool unsound = false;

	machine_fsck(m, found, &unsound);
	if (unsound)
		abort();
}

size_t fuzz_example(size_t i, const char **text)
{
	const struct call *c = call_at(i);

	if (!c)
		return 0;
	*text = c->example ? c->example : c->name;
	return strlen(*text);
}
