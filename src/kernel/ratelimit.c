/* SPDX-License-Identifier: MIT */
/*
 * Reports in a loop: ten of each are printed, then only their number. Corresponds to
 * Linux' lib/ratelimit.c. Differs: a limit applies to reports by one function about one
 * thing, wherever they are in the source. An interval also ends when a front end begins
 * something new; the number of suppressed reports is printed then.
 */
#include "kernel/ratelimit.h"

#include <stdio.h>
#include <string.h>

#include "kernel/clock.h"
#include "kernel/log.h"

#define INTERVAL 5 /* seconds */
#define BURST 10

/* The entry that counts this. When all are taken, newcomers share the last one. */
static struct ratelimit *limit_of(struct kernel *k, const char *function, const char *about)
{
	struct ratelimit *l = k->limits;

	for (; l < &k->limits[RATELIMITS - 1] && l->function[0]; l++)
		if (!strncmp(l->function, function, sizeof(l->function) - 1) &&
		    !strncmp(l->about, about, sizeof(l->about) - 1))
			return l;
	if (!l->function[0]) {
		snprintf(l->function, sizeof(l->function), "%s", function);
		snprintf(l->about, sizeof(l->about), "%s", about);
		l->begin = k->now;
		l->quiet = false;
	}
	return l;
}

/* Prints how many were suppressed. */
static void next_interval(struct kernel *k, struct ratelimit *l)
{
	uint32_t missed = l->missed;

	l->missed = l->printed = 0;
	if (missed && !l->quiet)
		printk(k, KERN_WARNING, "%s: %u callbacks suppressed", l->function, missed);
	l->begin = k->now;
}

bool ratelimit_every(struct kernel *k, const char *function, const char *about, unsigned seconds,
		     unsigned burst)
{
	struct ratelimit *l = limit_of(k, function, about);

	if (k->now - l->begin > seconds * NS_PER_SECOND)
		next_interval(k, l);
	if (l->printed < burst) {
		l->printed++;
		return true;
	}
	l->missed++;
	k->kept_back++;
	return false;
}

bool ratelimit(struct kernel *k, const char *function, const char *about)
{
	return ratelimit_every(k, function, about, INTERVAL, BURST);
}

bool ratelimit_quiet(struct kernel *k, const char *function, const char *about)
{
	limit_of(k, function, about)->quiet = true;
	return ratelimit(k, function, about);
}

void ratelimit_begin(struct kernel *k)
{
	for (struct ratelimit *l = k->limits; l < &k->limits[RATELIMITS] && l->function[0]; l++) {
		next_interval(k, l);
		l->function[0] = '\0';
	}
}
