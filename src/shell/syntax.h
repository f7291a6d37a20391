/* SPDX-License-Identifier: MIT */
/*
 * What the parser produces: blocks of statements of words. Blocks have reference counts;
 * a statement owns its words, and a word its text.
 */
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
	bool quoted;            /* some part of it was quoted */
	size_t quoted_at;       /* bytes of the first segment before the quoted part */
	struct segment *seg;
	int segs;
	struct block *block;    /* instead of text; seg[0] may hold its "name=" */
};

struct statement {
	int line, col, last_line;
	bool negated;
	char *assign;           /* variable, or NULL */
	struct word *word;
	int words;
	char *lua;              /* instead of words */
	char *file, *pipe;      /* where the output goes, or NULL */
	char *text;             /* as written */
};

struct block {
	int refs;
	struct statement *stmt;
	int stmts;
};

/* The word's text if it has no quotes, variables or block; else NULL. */
static inline const char *word_plain(const struct word *w)
{
	return w->segs == 1 && !w->seg[0].variable && !w->quoted && !w->block ? w->seg[0].text : NULL;
}

void word_finish(struct word *w);

/* Copies the words of s from `first` on. False: no memory; *out must still be finished. */
bool statement_copy(const struct statement *s, int first, struct statement *out);
void statement_finish(struct statement *s);
/* Removes the first n words. */
void statement_drop_words(struct statement *s, int n);

struct block *block_get(struct block *b);
void block_put(struct block *b);

#endif
