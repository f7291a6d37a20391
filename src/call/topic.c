/* SPDX-License-Identifier: MIT */
#include "call/topic.h"

#include <stdio.h>
#include <string.h>

#include "call/entry.h"
#include "mm/gfp.h"

static void flags_page(struct call_ctx *c)
{
	const struct profile *p = c->machine->kernel.profile;
	const char *name;
	char number[40];
	gfp_t gfp;

	for (size_t i = 0; (name = gfp_name(i)); i++) {
		if (gfp_value(p, name, strlen(name), &gfp))
			continue; /* not on this release */
		snprintf(number, sizeof(number), "%#x", gfp_number(p, gfp));
		topic_row(c, "FLAGS", name, number);
	}
	topic_row(c, "DESCRIPTION", "", "Flags are joined without blanks: GFP_KERNEL|__GFP_ZERO. A "
		  "number such as 0xcc0 is taken as well. These are the numbers of this release.");
}

static const struct topic own[] = {
	{ "flags", "the GFP flags of this release", flags_page },
	{ NULL, NULL, NULL },
};

static const struct topic *added;

void topics_add(const struct topic *more)
{
	added = more;
}

const struct topic *topic_at(size_t i)
{
	for (const struct topic *t = added; t && t->name; t++)
		if (!i--)
			return t;
	for (const struct topic *t = own; t->name; t++)
		if (!i--)
			return t;
	return NULL;
}

const struct topic *topic_find(const char *name)
{
	const struct topic *t;

	for (size_t i = 0; (t = topic_at(i)); i++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

void topic_row(struct call_ctx *c, const char *heading, const char *name, const char *text)
{
	struct value *row = result_row(c->result);

	if (!row)
		return;
	row[MANUAL_part] = v_str(c->result, heading);
	row[MANUAL_name] = v_str(c->result, name);
	row[MANUAL_text] = v_str(c->result, text);
}

void topic_show(struct call_ctx *c, const struct topic *t)
{
	RESULT_COLUMNS(c->result, MANUAL);
	topic_row(c, "summary", t->name, t->summary);
	t->page(c);
}
