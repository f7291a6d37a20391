/* SPDX-License-Identifier: MIT */
/* Help pages about topics that are not calls: flags, and those that a front end adds. */
#ifndef DEVSH_CALL_TOPIC_H
#define DEVSH_CALL_TOPIC_H

#include <stddef.h>

struct call_ctx;

struct topic {
	const char *name;      /* one word, which must not be the name of a call */
	const char *summary;
	void (*page)(struct call_ctx *c); /* adds rows with topic_row() */
};

/* Adds the topics of a front end, up to one without a name. They must stay valid. */
void topics_add(const struct topic *more);

/* NULL: past the end, or no topic has this name. */
const struct topic *topic_at(size_t i);
const struct topic *topic_find(const char *name);

/* Adds a line to a page, under a heading in capitals. */
void topic_row(struct call_ctx *c, const char *heading, const char *name, const char *text);

/* Shows the whole page. */
void topic_show(struct call_ctx *c, const struct topic *t);

#endif
