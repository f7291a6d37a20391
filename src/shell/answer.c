/* SPDX-License-Identifier: MIT */
/* Shows the outcome of a call: its result, its note, and why it failed. */
#include "shell/statement.h"

#include <errno.h>
#include <string.h>

#include "lib/interrupt.h"

void show_script_errors(struct shell *sh, const struct statement *s, const char *text)
{
	const struct doing *now = &sh->frame->now;

	if (now->expects && session_deaths(sh->session) != now->deaths)
		return;
	shell_keep_script_error(sh, text);
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		shell_error(sh, s->line, s->col, "%.*s", (int)len, text);
	}
}

/*
 * The call failed because the task died, and a nested block has already reported that.
 * The callers die with it; only the outermost line reports it again.
 */
static bool death_was_shown(struct shell *sh, const struct result *r)
{
	uint32_t now = session_deaths(sh->session);

	if (!sh->frame->depth || now == sh->frame->now.deaths || r->value.type != V_NONE)
		return false;
	if (sh->frame->now.expects || sh->session->death_shown == now)
		return true;
	sh->session->death_shown = now;
	return false;
}

/* Shows why a call failed. */
static int call_status(struct shell *sh, const struct call *c, const char *who,
		       const struct statement *s, const struct result *r)
{
	struct buf why = BUF_INIT;
	int status = EXIT_OK;

	if (script_take_error(sh->session->script, &why)) {
		show_script_errors(sh, s, buf_str(&why));
		status = interrupted ? EXIT_INTERRUPTED : EXIT_SCRIPT;
	} else if (call_failed(c, r)) {
		status = EXIT_FAILED;
		if (s->negated || death_was_shown(sh, r))
			;
		else if (r->err)
			shell_error(sh, s->line, s->col, "%s: %s", who,
				    *r->why ? r->why : errno_text(-r->err));
		else if (!sh->config.interactive || sh->frame->depth)
			/* in a block the note was already shown */
			shell_error(sh, s->line, s->col, "%s: NULL%s%.*s", who,
				    *r->note && !sh->frame->depth ? ": " : "",
				    sh->frame->depth ? 0 : (int)strcspn(r->note, "\n"), r->note);
	}
	buf_finish(&why);
	return status;
}

static void show_note(struct shell *sh, const struct call *c, const char *first, const char *note)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s%s", first, note);
	shell_show_note(sh, c, buf_str(&text));
	buf_finish(&text);
}

int show_answer(struct shell *sh, const struct call *c, const char *who,
		const struct statement *s, const char *assigned, const struct result *r,
		uint64_t log_from, struct block_result *block)
{
	bool null = !r->err && r->value.type == V_ADDR && !r->value.u && *r->note;
	int status;

	/* on a screen the note says it: a bare NULL below a report says little, and memset()
	 * returns it when KASAN prevented the access */
	null = null && !assigned && sh->out->style.fold && !sh->config.json;
	if (!null)
		shell_show_result(sh, c, r, assigned, log_from);
	/* the note of a NULL is part of the error */
	if (*r->note && (sh->config.interactive || sh->frame->depth || s->negated || !call_failed(c, r) ||
			 r->err))
		show_note(sh, c, null && call_failed(c, r) ? "NULL: " : "", r->note);
	status = call_status(sh, c, who, s, r);
	if (status)
		block->err = r->err ? r->err : -ENOMEM;
	return status;
}
