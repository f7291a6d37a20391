/* SPDX-License-Identifier: MIT */
#include "run/select.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

const char *patterns_add(struct patterns *p, const char *pattern)
{
	static char why[120];
	regex_t *new;
	int rc;

	if (!array_room(p->at, p->count, p->room, 4))
		return "the host has no memory";
	new = &p->at[p->count];
	rc = regcomp(new, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (!rc) {
		p->count++;
		return NULL;
	}
	regerror(rc, new, why, sizeof(why));
	return why;
}

bool words_add(struct words *w, const char *word)
{
	if (!array_room(w->at, w->count, w->room, 4))
		return false;
	w->at[w->count++] = word;
	return true;
}

static bool matches(const struct patterns *p, const char *name)
{
	for (int i = 0; i < p->count; i++)
		if (!regexec(&p->at[i], name, 0, NULL, 0))
			return true;
	return false;
}

/* tags: words separated by blanks. */
static bool has_one(const struct words *w, const char *tags)
{
	for (int i = 0; i < w->count; i++) {
		size_t len = strlen(w->at[i]);

		for (const char *at = tags; *at; at += strcspn(at, " "), at += *at == ' ')
			if (strcspn(at, " ") == len && !memcmp(at, w->at[i], len))
				return true;
	}
	return false;
}

bool selected(const struct selection *sel, const struct scenario *s)
{
	const char *tags = s->tags ? s->tags : "";

	if (sel->shards && s->id % sel->shards != sel->shard - 1)
		return false;
	if (sel->filter.count && !matches(&sel->filter, s->name))
		return false;
	if (sel->tag.count && !has_one(&sel->tag, tags))
		return false;
	return !matches(&sel->exclude, s->name) && !has_one(&sel->exclude_tag, tags);
}

bool selects(const struct selection *sel)
{
	return sel->shards || sel->filter.count || sel->exclude.count || sel->tag.count ||
	       sel->exclude_tag.count;
}

static void finish(struct patterns *p)
{
	while (p->count)
		regfree(&p->at[--p->count]);
	free(p->at);
}

void selection_finish(struct selection *sel)
{
	finish(&sel->filter);
	finish(&sel->exclude);
	free(sel->tag.at);
	free(sel->exclude_tag.at);
}

void pattern_of(const char *name, size_t len, struct buf *out)
{
	buf_putc(out, '^');
	for (; len--; name++)
		buf_printf(out, "%s%c", strchr(".[]*^$()+?{}|\\", *name) ? "\\" : "", *name);
	buf_putc(out, '$');
}
