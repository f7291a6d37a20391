/* SPDX-License-Identifier: MIT */
/*
 * The shell's grammar: text goes in, statements come out. The parser runs nothing; the caller
 * tells it which words are calls.
 *
 *   text       statement (';' | newline) statement ...
 *   statement  ['!'] [name '='] word ... ['>' file] ['|' command to the end of the line]
 *              '=' Lua expression, or "lua" Lua, to the end of the line
 *   word       text, "text with $name", 'text', $name, {block}, name={block}
 *   '|' and '#' are special only at the start of a word; GFP_ATOMIC|__GFP_ZERO is one word
 *   '#' or "//" starts a comment, '\' at the end of a line joins the next one
 */
#ifndef DEVSH_SHELL_PARSE_H
#define DEVSH_SHELL_PARSE_H

#include "shell/syntax.h"

enum parse_status {
	PARSE_OK,
	PARSE_MORE,             /* an open quote, brace or Lua chunk: more lines may close it */
	PARSE_ERROR,
};

struct parse {
	/* True: this Lua needs more lines. NULL: there are no more lines. */
	bool (*lua_incomplete)(void *ctx, const char *text);
	void *ctx;
	/* A call before "=text" is not a variable. NULL: there are no calls. */
	bool (*is_call)(const char *name);
	/* set on PARSE_MORE and PARSE_ERROR */
	int line, col;
	char why[160];
};

/* On PARSE_OK the caller owns a reference to *out. */
enum parse_status parse_text(struct parse *p, const char *text, size_t len,
			     int first_line, struct block **out);

#endif
