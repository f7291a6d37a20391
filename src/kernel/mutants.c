/* SPDX-License-Identifier: MIT */
#include "kernel/mutants.h"

#ifdef DEVSH_BREAKABLE
#include <string.h>

enum mutant mutant;

const char *const mutant_names[] = {
	[MUTANT_NONE] = "none",
	[MUTANT_ZERO_FIRST_BYTE] = "zero-first-byte",
	[MUTANT_RELEASE_FORWARD] = "release-forward",
	[MUTANT_KFREE_NEWEST] = "kfree-newest",
	[MUTANT_NO_OVERFLOW] = "no-overflow-check",
	[MUTANT_FOREIGN_POINTER] = "foreign-pointer",
	[MUTANT_DATA_OFF_BY_8] = "data-off-by-8",
	[MUTANT_WRONG_NODE] = "wrong-node",
	[MUTANT_NO_PROBE_RELEASE] = "no-probe-release",
	[MUTANT_KINDS] = NULL,
};

enum mutant mutant_find(const char *name)
{
	int i = MUTANT_NONE;

	while (i < MUTANT_KINDS && strcmp(mutant_names[i], name))
		i++;
	return (enum mutant)i;
}
#else
typedef int no_mutants; /* ISO C requires a declaration */
#endif
