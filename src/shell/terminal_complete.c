/* SPDX-License-Identifier: MIT */
/*
 * Connects completion to readline: the shell's candidates for a word become readline's
 * list of matches. complete.c finds the candidates.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "lib/host_memory.h"

struct offers {
	const char *word;
	size_t word_len;
	char **list;
	size_t len, cap, next;
};

/* readline passes no context */
static const struct terminal *terminal;
static struct offers *offers;

static void take_offer(void *to, const char *candidate)
{
	struct offers *o = to;
	char **list = o->list;

	if (strncmp(candidate, o->word, o->word_len) != 0)
		return;
	if (o->len == o->cap) {
		o->cap = o->cap ? 2 * o->cap : 32;
		list = host_realloc(list, o->cap * sizeof(*list));
		if (!list) {
			o->cap = o->len;
			return;
		}
		o->list = list;
	}
	list[o->len] = host_strdup(candidate);
	if (list[o->len])
		o->len++;
}

/* readline owns the returned string, sorts the list and drops duplicates. */
static char *next_offer(const char *word, int state)
{
	(void)word;
	(void)state;
	return offers->next < offers->len ? offers->list[offers->next++] : NULL;
}

static char **complete_word(const char *word, int start, int end)
{
	struct offers o = { .word = word, .word_len = strlen(word) };
	char **matches;
	char after;

	rl_attempted_completion_over = 1; /* otherwise readline completes file names */
	if (!terminal->complete)
		return NULL;
	after = terminal->complete(terminal->ctx, rl_line_buffer, (size_t)start, (size_t)end, take_offer,
				   &o);
	rl_completion_append_character = after;
	offers = &o;
	matches = rl_completion_matches(word, next_offer);
	offers = NULL;
	free(o.list);
	return matches;
}

void completion_open(const struct terminal *t)
{
	terminal = t;
	rl_attempted_completion_function = complete_word;
}
