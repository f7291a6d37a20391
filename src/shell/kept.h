/* SPDX-License-Identifier: MIT */
/* Private to steps.c, which keeps and replays, undo.c, which goes through, and rescue.c. */
#ifndef DEVSH_SHELL_KEPT_H
#define DEVSH_SHELL_KEPT_H

#include "shell/steps.h"

struct kept {
	struct block *block;   /* one reference; NULL: Lua, which is in text */
	int index;             /* of the statement in it */
	const char *file;      /* it stood in; NULL: typed */
	char *text;            /* of Lua */
	size_t len;
	uint32_t first;        /* step */
	struct step_mark after;
	const char *once;      /* why it cannot be replayed, or NULL */
	int last;              /* $? when it began */
	struct ending ending;
};

struct steps {
	struct kept *item;
	size_t count, room;
	size_t at;             /* those in front of it are done, the others undone */
	uint64_t moves;
	bool lost;             /* the host had no memory to keep something */
};

/* Some statements make no step: Lua that most likely only looked. */
static inline bool is_step(const struct kept *k)
{
	return k->after.step >= k->first;
}

#endif
