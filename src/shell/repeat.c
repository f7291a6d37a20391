/* SPDX-License-Identifier: MIT */
/* repeat and time: run other calls as the prompt would. */
#include "shell/builtin.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "call/entry.h"
#include "lib/interrupt.h"
#include "machine/machine.h"

static int run_repeat(const struct invocation *in);
static int run_time(const struct invocation *in);

#define SUBJECT .subject = "Shell"

const struct builtin repeat_builtins[] = {
	{
		.call = {
			.name = "repeat", SUBJECT,
			.summary = "run calls several times",
			.param = {
				{ "times", P_SIZE, NULL, false, "how often" },
				{ "calls", P_CALLS, NULL, false, "a call, or { calls }" },
			},
			.returns = "nothing",
			.detail = "It stops at the first call that fails. All of it is one line for undo.",
			.example = "device eth0\nrepeat 3 devm_kmalloc eth0 64\ndevres eth0",
		},
		.run = run_repeat,
	},
	{
		.call = {
			.name = "time", SUBJECT,
			.summary = "run calls and show how long they took",
			.param = { { "calls", P_CALLS, NULL, false, "a call, or { calls }" } },
			.returns = "the time that passed in the machine",
			.detail = "The machine's time is simulated, and is the same on every host. At the "
				  "prompt the time that the host took is shown as well.",
			.example = "device eth0\ntime devm_kmalloc eth0 64",
		},
		.run = run_time,
	},
	{ .run = NULL },
};

/* EXIT_OK, or the code of what failed in it. */
static int run_once(const struct invocation *in, struct code *code)
{
	struct shell *sh = in->sh;
	struct value ret = { 0 };
	int rc = code->run(code, NULL, 0, &ret);

	if (interrupted)
		return EXIT_INTERRUPTED;
	if (sh->frame->now.inside)
		return sh->frame->now.inside;
	return rc && rc != -EFAULT ? EXIT_FAILED : EXIT_OK;
}

static int run_repeat(const struct invocation *in)
{
	struct code *code = in->arg[1].code;
	int status = EXIT_OK;

	for (uint64_t i = 0; i < in->arg[0].u && !status && !in->sh->session->over; i++)
		status = run_once(in, code);
	code->drop(code);
	return status;
}

static void add_time(struct buf *out, uint64_t ns, const char *of)
{
	static const struct { const char *name; double ns; } unit[] = {
		{ "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 },
	};
	size_t i = 0;

	while (i < 3 && (double)ns < unit[i].ns)
		i++;
	buf_printf(out, "%s%.4g %s %s", out->len ? ", " : "", (double)ns / unit[i].ns, unit[i].name, of);
}

static uint64_t host_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int run_time(const struct invocation *in)
{
	const struct kernel *k = &in->sh->session->machine->kernel;
	struct code *code = in->arg[0].code;
	uint64_t now = k->now, host = host_now();
	struct buf out = BUF_INIT;
	int status = run_once(in, code);

	code->drop(code);
	/* a boot restarts the clock */
	add_time(&out, k->now >= now ? k->now - now : k->now, "in the machine");
	if (in->sh->config.interactive)
		add_time(&out, host_now() - host, "on the host");
	in->r->value = v_str(in->r, buf_str(&out));
	buf_finish(&out);
	return status;
}
