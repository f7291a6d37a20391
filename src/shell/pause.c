/* SPDX-License-Identifier: MIT */
/* pause: waits for a key, so that an audience can read. */
#include "shell/builtin.h"

#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "lib/interrupt.h"

static int run_pause(const struct invocation *in);

const struct builtin pause_builtins[] = {
	{
		.call = {
			.name = "pause", .subject = "Shell",
			.summary = "wait for a key at a terminal; does nothing in batch",
			.returns = "nothing",
			.example = "pause",
		},
		.flags = BUILTIN_OUTSIDE, .run = run_pause,
	},
	{ .run = NULL },
};

/* A key, or 0 after Ctrl-C. A signal always ends poll(), but not always read(). */
static char read_key(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char c = 0;

	while (!interrupted && poll(&in, 1, -1) != 1)
		;
	if (!interrupted && read(STDIN_FILENO, &c, 1) != 1)
		return 0;
	return interrupted ? 0 : c;
}

static int run_pause(const struct invocation *in)
{
	static const char ask[] = "-- any key; q ends --";
	struct shell *sh = in->sh;
	struct termios old, raw;
	char c;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &old))
		return EXIT_OK;
	shell_write(sh, ask, sizeof(ask) - 1);
	fflush(stdout);
	raw = old;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	c = read_key();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	shell_write(sh, "\r                     \r", sizeof(ask) + 1);
	/* at the prompt there is no file to stop */
	if ((c == 'q' || c == 4) && sh->reading->outer)
		sh->reading->stop = true;
	return interrupted ? EXIT_INTERRUPTED : EXIT_OK;
}
