/* SPDX-License-Identifier: MIT */
/* Selects scenarios by name, by tag and by shard. */
#ifndef DEVSH_RUN_SELECT_H
#define DEVSH_RUN_SELECT_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "lua/script.h"

/* Extended regular expressions; upper and lower case are equal. */
struct patterns {
	regex_t *at;
	int count, room;
};

struct words {
	const char **at;
	int count, room;
};

struct selection {
	struct patterns filter, exclude; /* the name matches one of these, none of those */
	struct words tag, exclude_tag;   /* the same for tags */
	unsigned shard, shards;          /* 1/4; 0: not sharded */
};

/* NULL, or an error message that is valid until the next call. */
const char *patterns_add(struct patterns *p, const char *pattern);
/* False: no memory. */
bool words_add(struct words *w, const char *word);

bool selected(const struct selection *sel, const struct scenario *s);
/* True: not all scenarios are selected. */
bool selects(const struct selection *sel);
void selection_finish(struct selection *sel);

/* Appends a pattern that matches exactly the first len bytes of the name. */
void pattern_of(const char *name, size_t len, struct buf *out);

#endif
