/* SPDX-License-Identifier: MIT */
/* What the parser makes of text: blocks of statements of words. A block is counted, all else is its own. */
#ifndef DEVSH_SHELL_SYNTAX_H
#define DEVSH_SHELL_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

struct segment {
	char *text;
	bool variable;
};

struct word {
	int line, col;
	bool quoted;            /* any part of it was */
	size_t quoted_at;       /* bytes of its first segment in front of that */
	struct segment *seg;
	int segs;
	struct block *block;    /* instead of text; seg[0] may be its "name=" */
};

struct statement {
	int line, col, last_line;
	bool negated;
	char *assign;           /* variable, or NULL */
	struct word *word;
	int words;
	char *lua;              /* instead of words */
	char *file, *pipe;      /* where output goes, or NULL */
	char *text;             /* as written */
};

struct block {
	int refs;
	struct statement *stmt;
	int stmts;
};

/* The word's text where it is without quotes, variables and blocks; else NULL. */
static inline const char *word_plain(const struct word *w)
{
	return w->segs == 1 && !w->seg[0].variable && !w->quoted && !w->block ? w->seg[0].text : NULL;
}

void word_finish(struct word *w);

/* A copy of the words of s from `first` on. False: no memory, and *out is to be finished. */
bool statement_copy(const struct statement *s, int first, struct statement *out);
void statement_finish(struct statement *s);
/* The first n words go. */
void statement_drop_words(struct statement *s, int n);

struct block *block_get(struct block *b);
void block_put(struct block *b);

#endif
