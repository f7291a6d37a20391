/* SPDX-License-Identifier: MIT */
/*
 * What may come next, behind the cursor: "devm_kmalloc eth0 SIZE [GFP]". It is on the
 * screen between two keys only; readline does not know of it.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "lib/buf.h"

static const struct terminal *terminal;
static bool shown;

void hint_erase(void)
{
	if (!shown)
		return;
	shown = false;
	fputs("\033[K", rl_outstream);
	fflush(rl_outstream);
}

/* Columns of text of ASCII, without what takes no room; -1: there are other characters. */
static int columns(const char *text)
{
	bool hidden = false;
	int n = 0;

	for (; *text; text++) {
		if (*text == RL_PROMPT_START_IGNORE || *text == RL_PROMPT_END_IGNORE)
			hidden = *text == RL_PROMPT_START_IGNORE;
		else if (!hidden && (*text < ' ' || *text > '~'))
			return -1;
		else if (!hidden)
			n++;
	}
	return n;
}

static bool more_keys(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&in, 1, 0) > 0;
}

/* As many words of it as there is room for. */
static void draw(const char *hint, int room)
{
	size_t len = strlen(hint);

	while (len > (size_t)room || (len && hint[len] && hint[len] != ' '))
		len--;
	if (!len)
		return;
	fprintf(rl_outstream, "\033[2m%.*s\033[0m\033[%zuD", (int)len, hint, len);
	fflush(rl_outstream);
	shown = true;
}

static void redisplay(void)
{
	int prompt, line, rows, cols;
	struct buf hint = BUF_INIT;

	rl_redisplay();
	if (rl_point != rl_end || !rl_end || more_keys() ||
	    RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_SEARCH | RL_STATE_NUMERICARG |
		       RL_STATE_COMPLETING | RL_STATE_MACROINPUT))
		return;
	prompt = columns(rl_display_prompt ? rl_display_prompt : "");
	line = columns(rl_line_buffer);
	rl_get_screen_size(&rows, &cols);
	if (prompt < 0 || line < 0 || prompt + line + 1 >= cols)
		return;
	terminal->hint(terminal->ctx, rl_line_buffer, &hint);
	draw(buf_str(&hint), cols - prompt - line - 1);
	buf_finish(&hint);
}

void hint_open(const struct terminal *t, bool wanted)
{
	terminal = t;
	shown = false;
	rl_redisplay_function = wanted ? redisplay : rl_redisplay;
}
