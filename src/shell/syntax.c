/* SPDX-License-Identifier: MIT */
#include "shell/syntax.h"

#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"

void word_finish(struct word *w)
{
	for (int i = 0; i < w->segs; i++)
		free(w->seg[i].text);
	free(w->seg);
	block_put(w->block);
}

void statement_finish(struct statement *s)
{
	for (int i = 0; i < s->words; i++)
		word_finish(&s->word[i]);
	free(s->word);
	free(s->assign);
	free(s->lua);
	free(s->file);
	free(s->pipe);
	free(s->text);
}

struct block *block_get(struct block *b)
{
	b->refs++;
	return b;
}

void block_put(struct block *b)
{
	if (!b || --b->refs)
		return;
	for (int i = 0; i < b->stmts; i++)
		statement_finish(&b->stmt[i]);
	free(b->stmt);
	free(b);
}

static bool word_copy(const struct word *w, struct word *out)
{
	*out = *w;
	out->seg = host_calloc((size_t)w->segs + 1, sizeof(*out->seg));
	out->segs = 0;
	if (w->block)
		block_get(w->block);
	for (; out->seg && out->segs < w->segs; out->segs++) {
		out->seg[out->segs] = w->seg[out->segs];
		out->seg[out->segs].text = host_strdup(w->seg[out->segs].text);
		if (!out->seg[out->segs].text)
			return false;
	}
	return out->seg != NULL;
}

bool statement_copy(const struct statement *s, int first, struct statement *out)
{
	*out = (struct statement){ .line = s->word[first].line, .col = s->word[first].col };
	out->word = host_calloc((size_t)(s->words - first), sizeof(*out->word));
	if (!out->word)
		return false;
	for (int i = first; i < s->words; i++)
		if (!word_copy(&s->word[i], &out->word[out->words++]))
			return false;
	return true;
}

void statement_drop_words(struct statement *s, int n)
{
	for (int i = 0; i < n; i++)
		word_finish(&s->word[i]);
	memmove(s->word, s->word + n, (size_t)(s->words - n) * sizeof(*s->word));
	s->words -= n;
}
