/* SPDX-License-Identifier: MIT */
#include "kernel/breakage.h"

#ifdef DEVSH_BREAKABLE
#include <string.h>

enum breakage broken;

const char *const breakage_names[] = {
	[BREAK_NONE] = "none",
	[BREAK_ZERO_FIRST_BYTE] = "zero-first-byte",
	[BREAK_RELEASE_FORWARD] = "release-forward",
	[BREAK_KFREE_NEWEST] = "kfree-newest",
	[BREAK_NO_OVERFLOW] = "no-overflow-check",
	[BREAK_FOREIGN_POINTER] = "foreign-pointer",
	[BREAK_DATA_OFF_BY_8] = "data-off-by-8",
	[BREAK_WRONG_NODE] = "wrong-node",
	[BREAK_NO_PROBE_RELEASE] = "no-probe-release",
	[BREAK_KINDS] = NULL,
};

enum breakage breakage_find(const char *name)
{
	int i = BREAK_NONE;

	while (i < BREAK_KINDS && strcmp(breakage_names[i], name))
		i++;
	return (enum breakage)i;
}
#else
typedef int breakage_is_off; /* ISO C wants a declaration */
#endif
