/* SPDX-License-Identifier: MIT */
/* Reports in a loop. */
#ifndef DEVSH_KERNEL_RATELIMIT_H
#define DEVSH_KERNEL_RATELIMIT_H

#include <stdbool.h>

struct kernel;

/*
 * True if `function` may print its report about this: ten times in five seconds. What is
 * kept back is counted, and the number printed at the interval's end. Reports count as such
 * whether they are printed or not.
 */
bool ratelimit(struct kernel *k, const char *function, const char *about);
/* The same for what prints nothing; nor is the number printed. */
bool ratelimit_quiet(struct kernel *k, const char *function, const char *about);
/* ratelimit() for `burst` times in so many seconds. */
bool ratelimit_every(struct kernel *k, const char *function, const char *about, unsigned seconds,
		     unsigned burst);
/* Ends all intervals, so that whatever is reported next is seen. */
void ratelimit_begin(struct kernel *k);

#endif
