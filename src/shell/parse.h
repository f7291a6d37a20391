/* SPDX-License-Identifier: MIT */
/*
 * The shell's grammar. Text goes in, statements come out; nothing is run and
 * nothing is looked up here.
 *
 *   text       statement (';' | newline) statement ...
 *   statement  ['!'] [name '='] word ... ['>' file] ['|' command to the line's end]
 *              '=' Lua expression, or "lua" Lua, to the line's end
 *   word       text, "text with $name", 'text', $name, {block}, name={block}
 *   '|' and '#' count at the beginning of a word only; GFP_ATOMIC|__GFP_ZERO is one word
 *   '#' begins a comment, '\' at a line's end joins the next one
 */
#ifndef DEVSH_SHELL_PARSE_H
#define DEVSH_SHELL_PARSE_H

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

enum parse_status {
	PARSE_OK,
	PARSE_MORE,             /* an open quote, brace or Lua chunk: more lines may close it */
	PARSE_ERROR,
};

struct parse {
	/* True: this Lua wants more lines. NULL: one line is all there is. */
	bool (*lua_incomplete)(void *ctx, const char *text);
	void *ctx;
	/* A word in front of "=text" that is a call names no variable. NULL: none is. */
	bool (*is_call)(const char *name);
	/* filled on PARSE_MORE and PARSE_ERROR */
	int line, col;
	char why[160];
};

/* On PARSE_OK *out is the caller's, with one reference. */
enum parse_status parse_text(struct parse *p, const char *text, size_t len,
			     int first_line, struct block **out);

/*
 * The words of s from `first` on as a statement of their own, "p = call" in them
 * included; statement_finish() ends it. False: no memory.
 */
bool statement_from(const struct statement *s, int first, bool (*is_call)(const char *name),
		    struct statement *out);
void statement_finish(struct statement *s);

struct block *block_get(struct block *b);
void block_put(struct block *b);

#endif
