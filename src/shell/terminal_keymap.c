/* SPDX-License-Identifier: MIT */
/* Keeps keys from readline 8.2 that it mishandles: see close_dead_ends(). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <string.h>

#include <readline/readline.h>

#include "lib/array.h"

static int ring(int count, int key)
{
	(void)count;
	(void)key;
	return rl_ding();
}

/* For a prefix key, readline stores the next keymap in the function pointer. */
static Keymap map_after(const KEYMAP_ENTRY *prefix)
{
	Keymap map;

	memcpy(&map, &prefix->function, sizeof(map));
	return map;
}

/*
 * readline 8.2 leaves an unknown key sequence by longjmp(). If a search handed the
 * sequence on, as in Ctrl-R Ctrl-X Ctrl-E, the target stack frame is gone. So every
 * unknown key after a prefix is bound to the bell.
 */
static void close_dead_ends(Keymap map)
{
	/* the prefix also works alone: an unknown key then does that */
	if (map[ANYOTHERKEY].function)
		return;
	for (int key = 0; key < ANYOTHERKEY; key++) {
		if (map[key].type == ISKMAP)
			close_dead_ends(map_after(&map[key]));
		else if (map[key].type == ISFUNC &&
			 (!map[key].function || map[key].function == rl_abort))
			map[key].function = ring;
	}
}

void close_all_dead_ends(void)
{
	Keymap maps[] = { emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap };

	for (size_t i = 0; i < COUNT(maps); i++)
		for (int key = 0; key < ANYOTHERKEY; key++)
			if (maps[i][key].type == ISKMAP)
				close_dead_ends(map_after(&maps[i][key]));
}
