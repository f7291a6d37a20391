/* SPDX-License-Identifier: MIT */
/* Pages of help about what is not a call: flags, and what a front end adds. */
#ifndef DEVSH_CALL_TOPIC_H
#define DEVSH_CALL_TOPIC_H

#include <stddef.h>

struct call_ctx;

struct topic {
	const char *name;      /* one word, that no call has */
	const char *summary;
	void (*page)(struct call_ctx *c); /* adds rows with topic_row() */
};

/* Topics of a front end; a name of NULL ends them. They outlive the process's use of help. */
void topics_add(const struct topic *more);

/* NULL: past the end; no topic has this name. */
const struct topic *topic_at(size_t i);
const struct topic *topic_find(const char *name);

/* A line of a page, under a heading in capitals. */
void topic_row(struct call_ctx *c, const char *heading, const char *name, const char *text);

/* All of a page. */
void topic_show(struct call_ctx *c, const struct topic *t);

#endif
