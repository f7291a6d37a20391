/* SPDX-License-Identifier: MIT */
/* Keys that readline 8.2 must not get to see: see close_dead_ends(). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <string.h>

#include <readline/readline.h>

static int ring(int count, int key)
{
	(void)count;
	(void)key;
	return rl_ding();
}

/* readline keeps the map of a prefix where other keys have their function. */
static Keymap map_after(const KEYMAP_ENTRY *prefix)
{
	Keymap map;

	memcpy(&map, &prefix->function, sizeof(map));
	return map;
}

/*
 * readline 8.2 leaves a key sequence that it does not know by longjmp(). After
 * a search has handed the sequence on, as in Ctrl-R Ctrl-X Ctrl-E, the frame it
 * jumps to is gone. So no key after a prefix is left unknown: each rings.
 */
static void close_dead_ends(Keymap map)
{
	/* The prefix means something alone, too: an unknown key gives that. */
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

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		for (int key = 0; key < ANYOTHERKEY; key++)
			if (maps[i][key].type == ISKMAP)
				close_dead_ends(map_after(&maps[i][key]));
}
