/* SPDX-License-Identifier: MIT */
#include "shell/script_text.h"

#include <string.h>

#include "machine/machine.h"

void script_text_comment(const char *text, struct buf *out)
{
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		buf_printf(out, "# %.*s\n", (int)len, text);
	}
}

void script_text_head(const struct shell *sh, struct buf *out)
{
	const char *boot = sh->setup.boot;

	buf_printf(out, "# devsh %s\n", DEVSH_VERSION);
	if (boot && boot[strspn(boot, " ")])
		buf_printf(out, "boot %s\n", boot);
}

/* Lines that are expected to complain, in one block. */
static void add(const char *text, const struct ending *e, struct buf *out)
{
	if (e->complained)
		buf_printf(out, "warns \"\" {\n%s\n}\n", text);
	else
		buf_printf(out, "%s\n", text);
}

/* Code that fails in the end does not end the script. */
static void add_lua(struct shell *sh, const char *code, const struct ending *e, struct buf *out)
{
	bool expression = script_is_expression(sh->session->script, code);
	struct buf text = BUF_INIT;

	if (e->status == EXIT_SYNTAX) {
		script_text_comment(code, out);
		return;
	}
	if (e->status)
		buf_printf(&text, "lua pcall(function()\n%s%s\nend)", expression ? "return " : "", code);
	else if (strchr(code, '\n'))
		buf_printf(&text, "lua do\n%s\nend", code);
	else
		buf_printf(&text, "%s %s", expression ? "=" : "lua", code);
	add(buf_str(&text), e, out);
	buf_finish(&text);
}

/* True: it is left out, with the reason. */
static bool left_out(const char *text, const struct ending *e, struct buf *out)
{
	const char *why = e->status == EXIT_INTERRUPTED ? "interrupted" :
			  e->misuse ? "did not run" :
			  e->status == EXIT_USAGE ? "a file could not be read or written" : NULL;

	if (!why)
		return false;
	buf_printf(out, "# %s:\n", why);
	script_text_comment(text, out);
	return true;
}

void script_text_lua(struct shell *sh, const char *code, const struct ending *e, struct buf *out)
{
	if (!left_out(code, e, out))
		add_lua(sh, code, e, out);
}

void script_text_statement(struct shell *sh, const struct statement *s, const struct ending *e,
			   struct buf *out)
{
	const char *text = s->text ? s->text : "";
	struct buf line = BUF_INIT;

	if (left_out(text, e, out))
		return;
	/* "lua" alone: the lines that follow it are recorded as Lua */
	if (!s->lua && s->words == 1 && word_plain(&s->word[0]) && !strcmp(word_plain(&s->word[0]), "lua"))
		return;
	if (s->lua && e->status) {
		add_lua(sh, s->lua, e, out);
		return;
	}
	/* what the kernel kills is part of the complaint */
	if (e->status == EXIT_FAILED && !e->died)
		buf_puts(&line, "! ");
	else if (e->status && !e->died)
		buf_printf(out, "# ends with %d: devsh -k goes on\n", e->status);
	buf_puts(&line, text);
	add(buf_str(&line), e, out);
	buf_finish(&line);
}
