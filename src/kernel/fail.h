/* SPDX-License-Identifier: MIT */
/* Functions that fail on demand. */
#ifndef DEVSH_KERNEL_FAIL_H
#define DEVSH_KERNEL_FAIL_H

#include "kernel/compiler.h"
#include "kernel/trace.h"

struct fail_function {
	const char *function;
	int retval;          /* -errno */
	int64_t times;       /* remaining; negative: no limit */
	uint64_t hits;
	struct fail_function *next;
};

/*
 * `function` returns retval `times` times; 0 turns it off. -EINVAL: it cannot be made to
 * fail.
 */
int fail_function(struct kernel *k, const char *function, int retval, int64_t times);
/* The i-th function that can be made to fail, NULL past the end. */
const char *fail_function_at(size_t i);
/* The error with which the function has to fail now, or 0. */
int kernel_fail(struct kernel *k, const char *function);
int kernel_step_slow(struct kernel *k, const char *function);
void fail_finish(struct kernel *k);

/* For a function of which only the name in the graph and the failure are simulated. */
static inline int kernel_step(struct kernel *k, const char *function)
{
	if (likely(!fn_traced(k) && !k->fails))
		return 0;
	return kernel_step_slow(k, function);
}

#endif
