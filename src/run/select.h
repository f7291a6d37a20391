/* SPDX-License-Identifier: MIT */
/* Which scenarios run: by name, by tag, by shard. */
#ifndef DEVSH_RUN_SELECT_H
#define DEVSH_RUN_SELECT_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "lua/script.h"

/* Extended regular expressions, whatever the case of the letters. */
struct patterns {
	regex_t *at;
	int count, room;
};

struct words {
	const char **at;
	int count, room;
};

struct selection {
	struct patterns filter, exclude; /* any of these in the name; none of those */
	struct words tag, exclude_tag;   /* the same for tags */
	unsigned shard, shards;          /* 1/4; 0: there are none */
};

/* NULL, or why not. It stays valid until the next call. */
const char *patterns_add(struct patterns *p, const char *pattern);
/* False: no memory. */
bool words_add(struct words *w, const char *word);

bool selected(const struct selection *sel, const struct scenario *s);
/* True: it is some of the scenarios on purpose, and not all. */
bool selects(const struct selection *sel);
void selection_finish(struct selection *sel);

/* The first len bytes of the name as a pattern that matches them alone. */
void pattern_of(const char *name, size_t len, struct buf *out);

#endif
