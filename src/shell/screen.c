/* SPDX-License-Identifier: MIT */
/* clear and history: calls for a terminal. */
#include "shell/builtin.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "call/entry.h"
#include "shell/terminal.h"

static int run_clear(const struct invocation *in);
static int run_history(const struct invocation *in);

#define SUBJECT .subject = "Shell"

const struct builtin screen_builtins[] = {
	{
		.call = {
			.name = "clear", SUBJECT,
			.summary = "clear the screen, as Ctrl-L does; does nothing in batch",
			.returns = "nothing",
			.example = "clear",
		},
		.flags = BUILTIN_OUTSIDE, .run = run_clear,
	},
	{
		.call = {
			.name = "history", SUBJECT,
			.summary = "list the lines that were typed",
			.param = { { "lines", P_SIZE, "", false, "how many of the last; all if not given" } },
			.returns = "the lines, numbered",
			.detail = "The arrow keys and Ctrl-R bring a line back. In batch there is no history.",
			.view = "verbatim",
		},
		.flags = BUILTIN_OUTSIDE, .run = run_history,
	},
	{ .run = NULL },
};

static int run_clear(const struct invocation *in)
{
	static const char home_and_clear[] = "\033[H\033[2J\033[3J";
	struct shell *sh = in->sh;

	/* without rows, the terminal knows no escape codes */
	if (sh->config.interactive && sh->screen.rows)
		shell_write(sh, home_and_clear, sizeof(home_and_clear) - 1);
	return EXIT_OK;
}

static int run_history(const struct invocation *in)
{
	struct buf out = BUF_INIT;
	uint64_t first = 1;
	int n = 0;

	if (!in->sh->config.interactive) {
		result_error(in->r, -EINVAL, "there is no history in batch");
		return EXIT_OK;
	}
	while (terminal_history(n + 1))
		n++;
	if (in->arg[0].type == V_UINT && in->arg[0].u < (uint64_t)n)
		first = (uint64_t)n - in->arg[0].u + 1;
	for (int i = (int)first; i <= n; i++) {
		const char *line = terminal_history(i);

		buf_printf(&out, "%5d  ", i);
		/* a block has several lines */
		for (; *line; line++) {
			buf_putc(&out, *line);
			if (*line == '\n')
				buf_puts(&out, "       ");
		}
		buf_putc(&out, '\n');
	}
	in->r->value = v_str(in->r, buf_str(&out));
	buf_finish(&out);
	return EXIT_OK;
}
