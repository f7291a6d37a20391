/* SPDX-License-Identifier: MIT */
/* The lowest layer alone. */
#ifndef DEVSH_TESTS_KERNEL_H
#define DEVSH_TESTS_KERNEL_H

#include <stdlib.h>

#include "kernel/kernel.h"

static inline struct kernel *boot(const char *cmdline)
{
	struct kernel *k = malloc(sizeof(*k));
	struct params p;
	char why[200] = "";

	assert_non_null(k);
	params_default(&p);
	if (params_parse(&p, cmdline, why, sizeof(why)))
		fail_msg("%s: %s", cmdline, why);
	kernel_init(k, &p);
	return k;
}

static inline void power_off(struct kernel *k)
{
	kernel_finish(k);
	free(k);
}

#endif
