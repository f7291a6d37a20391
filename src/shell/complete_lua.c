/* SPDX-License-Identifier: MIT */
/* Completion in Lua: calls, globals, and what a library has. */
#include "shell/complete_lua.h"

#include <stdio.h>
#include <string.h>

#include "shell/assignment.h"

bool line_is_lua(const struct shell *sh, const char *line, size_t end)
{
	bool begins = true;
	char quote = 0;

	if (sh->lua_mode)
		return true;
	for (size_t i = 0; i < end; i++) {
		if (begins && (line[i] == '=' || !strncmp(line + i, "lua ", 4)))
			return true;
		if (quote)
			quote = line[i] == quote ? 0 : quote;
		else if (line[i] == '"' || line[i] == '\'')
			quote = line[i];
		begins = !quote && (strchr(";{}", line[i]) || (begins && (line[i] == ' ' || line[i] == '\t')));
	}
	return false;
}

struct names {
	const char *front;     /* "string." */
	size_t skip;           /* bytes that the editor takes for an earlier word */
	const char *prefix;    /* what is typed of the name */
	void (*fn)(void *to, const char *candidate);
	void *to;
};

static void offer_name(void *ctx, const char *name)
{
	const struct names *n = ctx;
	char text[160];

	if (strncmp(name, n->prefix, strlen(n->prefix)))
		return;
	snprintf(text, sizeof(text), "%s%s", n->front, name);
	if (strlen(text) >= n->skip)
		n->fn(n->to, text + n->skip);
}

char complete_lua(struct shell *sh, const char *line, size_t start, size_t end,
		  void (*fn)(void *to, const char *candidate), void *to)
{
	struct names n = { .front = "", .fn = fn, .to = to };
	char front[80], library[80], prefix[80];
	size_t from = end, dot;

	while (from > 0 && (name_char((unsigned char)line[from - 1], false) || line[from - 1] == '.'))
		from--;
	for (dot = end; dot > from && line[dot - 1] != '.'; dot--)
		;
	if (end - from >= sizeof(prefix))
		return '\0';
	snprintf(front, sizeof(front), "%.*s", (int)(dot - from), line + from);
	snprintf(library, sizeof(library), "%.*s", dot > from ? (int)(dot - from - 1) : 0, line + from);
	snprintf(prefix, sizeof(prefix), "%.*s", (int)(end - dot), line + dot);
	n.front = front;
	n.prefix = prefix;
	n.skip = start > from ? start - from : 0;
	script_names(sh->session->script, *library ? library : NULL, offer_name, &n);
	return '\0';
}
