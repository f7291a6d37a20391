/* SPDX-License-Identifier: MIT */
/* Rate limits for reports. */
#ifndef DEVSH_KERNEL_RATELIMIT_H
#define DEVSH_KERNEL_RATELIMIT_H

#include <stdbool.h>

struct kernel;

/*
 * True if `function` may print its report about this: ten times in five seconds.
 * Suppressed ones are counted, and the count is printed at the end of the interval. All
 * reports count as complaints, printed or not.
 */
bool ratelimit(struct kernel *k, const char *function, const char *about);
/* The same, but the number of suppressed ones is not printed. */
bool ratelimit_quiet(struct kernel *k, const char *function, const char *about);
/* ratelimit() for `burst` times in so many seconds. */
bool ratelimit_every(struct kernel *k, const char *function, const char *about, unsigned seconds,
		     unsigned burst);
/* Ends all intervals, so that the next report of any kind is printed. */
void ratelimit_begin(struct kernel *k);

#endif
