/* SPDX-License-Identifier: MIT */
/* For a name that is not a call: suggests what the user probably meant. */
#include "shell/statement.h"

#include <stdio.h>
#include <string.h>

#include "lib/array.h"

/*
 * Words that people try first, and the calls that they want. A word that is close to a
 * call's name is found without this table.
 */
static const struct { const char *words, *calls; } meant[] = {
	{ "create new add make", "device driver" },
	{ "delete del remove rm destroy", "device_unregister driver_unregister kfree devm_kfree" },
	{ "list show", "devices drivers devres objects" },
	{ "free", "kfree devm_kfree" },
	{ "malloc alloc allocate", "kmalloc devm_kmalloc" },
	{ "calloc zalloc", "kzalloc devm_kzalloc" },
	{ "print printf printk say", "echo" },
	{ "attach", "bind" },
	{ "detach", "unbind" },
	{ "reboot reset restart", "boot" },
	{ "log", "dmesg" },
	{ "status info", "machine who" },
	{ "cls", "clear" },
	{ "sleep wait", "advance" },
	{ "load include import run", "source" },
	{ "for while loop", "repeat lua" },
	{ "if", "lua" },
	{ "back revert", "undo" },
};

const char *misspelt_meant(size_t i, const char **words)
{
	*words = i < COUNT(meant) ? meant[i].words : NULL;
	return i < COUNT(meant) ? meant[i].calls : NULL;
}

/* True: the word is one of these, which have blanks between them. */
static bool is_among(const char *word, const char *words)
{
	for (size_t n; *words; words += n + (words[n] == ' ')) {
		n = strcspn(words, " ");
		if (n == strlen(word) && !strncmp(words, word, n))
			return true;
	}
	return false;
}

static void add_choices(const char *calls, struct buf *out)
{
	for (size_t n; *calls; calls += n + (calls[n] == ' ')) {
		n = strcspn(calls, " ");
		buf_printf(out, "%s'%.*s'", !out->len ? "" : calls[n] ? ", " : " or ", (int)n, calls);
	}
}

void no_such_call(const char *name, char *why, size_t size)
{
	const char *near = call_suggest(name);
	struct buf choices = BUF_INIT;

	for (size_t i = 0; i < COUNT(meant) && !choices.len; i++)
		if (is_among(name, meant[i].words))
			add_choices(meant[i].calls, &choices);
	if (!choices.len && near)
		buf_printf(&choices, "'%s'", near);
	if (choices.len)
		snprintf(why, size, "%.60s: no such call; did you mean %s?", name, buf_str(&choices));
	else
		snprintf(why, size, "%.60s: no such call; 'help' lists all", *name ? name : "''");
	buf_finish(&choices);
}

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

/* "machine|grep x": '|' in a word joins flags. True: an error was shown. */
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

/* "n = 5 * 3", "q = p + 10": Lua can compute this. True: an error was shown. */
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
	char why[200];

	if (is_sum(sh, s) || pipe_in_word(sh, w, name) || in_parentheses(sh, w, name))
		return;
	no_such_call(name, why, sizeof(why));
	shell_error(sh, w->line, w->col, "%s", why);
}
