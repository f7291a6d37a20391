/* SPDX-License-Identifier: MIT */
/*
 * The shell's grammar. Text goes in, statements come out. Nothing is run here;
 * the caller says which words are calls.
 *
 *   text       statement (';' | newline) statement ...
 *   statement  ['!'] [name '='] word ... ['>' file] ['|' command to the line's end]
 *              '=' Lua expression, or "lua" Lua, to the line's end
 *   word       text, "text with $name", 'text', $name, {block}, name={block}
 *   '|' and '#' count at the beginning of a word only; GFP_ATOMIC|__GFP_ZERO is one word
 *   '#' or "//" begins a comment, '\' at a line's end joins the next one
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

#endif
