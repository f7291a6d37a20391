/* SPDX-License-Identifier: MIT */
/* For a name that no call has: what the user most likely meant. */
#include "shell/statement.h"

#include <string.h>

/* "devm_kmalloc(eth0, 64)" as in C and Lua. True: an error was shown. */
static bool in_parentheses(struct shell *sh, const struct word *w, const char *name)
{
	char call[64];
	size_t len = strcspn(name, "(");

	if (name[len] != '(' || len >= sizeof(call))
		return false;
	memcpy(call, name, len);
	call[len] = '\0';
	if (!find_name(call))
		return false;
	shell_error(sh, w->line, w->col, "%s: the shell takes no parentheses or commas: write '%s' and its "
		    "arguments, separated by blanks; '= ...' runs Lua", call, call);
	return true;
}

/* "machine|grep x": inside a word '|' joins flags. True: an error was shown. */
static bool pipe_in_word(struct shell *sh, const struct word *w, const char *name)
{
	char call[64];
	size_t len = strcspn(name, "|");

	if (!name[len] || len >= sizeof(call))
		return false;
	memcpy(call, name, len);
	call[len] = '\0';
	if (!find_name(call))
		return false;
	shell_error(sh, w->line, w->col, "%s: wants a blank before '|': '%s | %.40s'", call, call,
		    name + len + 1);
	return true;
}

/* "n = 5 * 3", "q = p + 10": a job for Lua. True: an error was shown. */
static bool is_sum(struct shell *sh, const struct statement *s)
{
	static const char *const operators = " + - * / // % .. & ~ << ";
	const struct word *w = s->words >= 3 ? &s->word[1] : NULL;
	struct buf sum = BUF_INIT, op = BUF_INIT;
	bool is;

	if (!s->assign || !w || w->segs != 1 || w->seg[0].variable || w->quoted)
		return false;
	buf_printf(&op, " %s ", w->seg[0].text);
	is = strstr(operators, buf_str(&op)) != NULL;
	buf_printf(&sum, "%s =", s->assign);
	for (int i = 0; i < s->words; i++)
		for (int seg = 0; seg < s->word[i].segs; seg++)
			buf_printf(&sum, "%s%s", seg ? "" : " ", s->word[i].seg[seg].text);
	if (is)
		shell_error(sh, s->word[0].line, s->word[0].col,
			    "after '=' comes a call or a single value; Lua can compute it: 'lua %.60s'",
			    buf_str(&sum));
	buf_finish(&sum);
	buf_finish(&op);
	return is;
}

void show_misspelt(struct shell *sh, const struct statement *s, const char *name)
{
	const struct word *w = &s->word[0];
	const char *near = call_suggest(name);

	if (is_sum(sh, s) || pipe_in_word(sh, w, name) || in_parentheses(sh, w, name))
		return;
	if (near)
		shell_error(sh, w->line, w->col, "%.60s: no such call; did you mean '%s'?", name, near);
	else
		shell_error(sh, w->line, w->col, "%.60s: no such call; 'help' lists all",
			    *name ? name : "''");
}
