/* SPDX-License-Identifier: MIT */
/* Interprets a single word: name of a call, text with variables, or named argument. */
#include "shell/statement.h"

#include <string.h>

const struct call *find_name(const char *name)
{
	return call_find_word(name);
}

bool is_call(const char *name)
{
	return find_name(name);
}

static bool lua_incomplete(void *ctx, const char *text)
{
	return script_incomplete(ctx, text);
}

struct parse call_parser(const struct shell *sh, bool more)
{
	return (struct parse){
		.is_call = is_call,
		.lua_incomplete = more ? lua_incomplete : NULL, .ctx = sh->session->script,
	};
}

bool get_variable(struct shell *sh, const char *name, struct value *v, struct buf *text)
{
	if (strcmp(name, "?"))
		return script_get(sh->session->script, name, v, text);
	*v = (struct value){ .type = V_INT, .i = sh->last };
	return true;
}

bool variable_value(struct shell *sh, const struct word *w, const char *name,
		    struct value *v, struct buf *text)
{
	if (get_variable(sh, name, v, text))
		return true;
	shell_error(sh, w->line, w->col, "$%s is not set, or is from before the last boot", name);
	return false;
}

bool word_text(struct shell *sh, const struct word *w, struct buf *out)
{
	struct buf text = BUF_INIT;
	struct value v;
	bool ok = true;

	for (int i = 0; ok && i < w->segs; i++) {
		if (!w->seg[i].variable) {
			buf_puts(out, w->seg[i].text);
			continue;
		}
		ok = variable_value(sh, w, w->seg[i].text, &v, &text);
		if (ok)
			view_value(sh->session->machine, &v, out);
	}
	buf_finish(&text);
	return ok;
}

int named_param(const struct call *c, const struct word *w, size_t *skip)
{
	const char *eq = w->segs && !w->seg[0].variable ? strchr(w->seg[0].text, '=') : NULL;
	char name[40];

	if (!eq || (size_t)(eq - w->seg[0].text) >= sizeof(name))
		return -1;
	*skip = (size_t)(eq - w->seg[0].text) + 1;
	memcpy(name, w->seg[0].text, *skip - 1);
	name[*skip - 1] = '\0';
	return call_param(c, name);
}
