/* SPDX-License-Identifier: MIT */
/* Finds the variable that a statement assigns to. */
#include "shell/assignment.h"

#include <ctype.h>
#include <string.h>

#include "lib/host_memory.h"

bool name_char(int c, bool first)
{
	return c == '_' || (c > 0 && isalpha(c)) || (!first && c > 0 && isdigit(c));
}

static bool is_name(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!name_char((unsigned char)s[i], i == 0))
			return false;
	return len > 0;
}

/* The length of "a=" in 'a="text"'; 0 if the word does not have this form. */
static size_t name_before_quotes(const struct word *w)
{
	size_t len = w->quoted && !w->block && w->segs && !w->seg[0].variable ? w->quoted_at : 0;

	return len > 1 && w->seg[0].text[len - 1] == '=' && is_name(w->seg[0].text, len - 1) ? len : 0;
}

static void drop_bytes(struct word *w, size_t n)
{
	char *text = w->seg[0].text;

	memmove(text, text + n, strlen(text + n) + 1);
}

void find_assignment(struct statement *s, bool (*is_call)(const char *name))
{
	size_t len = s->words ? name_before_quotes(&s->word[0]) : 0;
	const char *first = s->words ? word_plain(&s->word[0]) : NULL;
	const char *second = s->words > 1 ? word_plain(&s->word[1]) : NULL;
	const char *eq = first ? strchr(first, '=') : NULL;
	size_t name = eq ? (size_t)(eq - first) : first ? strlen(first) : 0;

	if (len) {                                       /* a="text" */
		s->assign = host_strndup(s->word[0].seg[0].text, len - 1);
		drop_bytes(&s->word[0], len);
	} else if (!first || !is_name(first, name)) {
		return;
	} else if (eq && eq[1]) {                        /* a=call */
		s->assign = host_strndup(first, name);
		drop_bytes(&s->word[0], name + 1);
	} else if (eq && s->words > 1) {                 /* a= call */
		s->assign = host_strndup(first, name);
		statement_drop_words(s, 1);
	} else if (!eq && second && !strcmp(second, "=")) { /* a = call */
		s->assign = host_strdup(first);
		statement_drop_words(s, 2);
	} else if (!eq && second && second[0] == '=' && second[1] != '=' &&
		   !(is_call && is_call(first))) {       /* a =call */
		s->assign = host_strdup(first);
		statement_drop_words(s, 1);
		drop_bytes(&s->word[0], 1);
	}
}

bool statement_from(const struct statement *s, int first, bool (*is_call)(const char *name),
		    struct statement *out)
{
	if (statement_copy(s, first, out)) {
		find_assignment(out, is_call);
		if (out->words)
			return true;
	}
	statement_finish(out);
	return false;
}
