/* SPDX-License-Identifier: MIT */
/*
 * slub_debug= and the other parameters of the slab allocator. Corresponds to the early
 * parameters of Linux' mm/slub.c. Differs: an unknown letter is an error, not skipped.
 */
#include "kernel/params_slub.h"
#include "lib/size.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ORDER_MAX 10 /* largest block of pages */

/* In the order of enum slub_flags; O applies to all caches. */
static const char slub_letter[] = "FZPUTAO";
#define SLUB_O (1u << 6)

/* False: a letter is unknown. No letters at all mean the default flags. */
static bool slub_letters(const char *s, size_t n, unsigned *flags)
{
	*flags = n ? 0 : SLUB_DEFAULT;
	if (n == 1 && *s == '-')
		return true;
	for (; n; n--, s++) {
		const char *at = memchr(slub_letter, toupper((unsigned char)*s), 7);

		if (!at)
			return false;
		*flags |= 1u << (at - slub_letter);
	}
	return true;
}

/*
 * Matches "kmalloc-*" and the like: a * matches any text. Backtracking to the last * is
 * enough: what earlier ones matched never has to change.
 */
static bool glob(const char *pattern, size_t n, const char *name)
{
	const char *end = pattern + n, *star = NULL, *from = NULL;

	while (*name) {
		if (pattern < end && *pattern == '*') {
			star = pattern++;
			from = name;
		} else if (pattern < end && *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

static bool in_list(const char *list, size_t n, const char *cache)
{
	while (n) {
		const char *comma = memchr(list, ',', n);
		size_t len = comma ? (size_t)(comma - list) : n;

		if (glob(list, len, cache))
			return true;
		len += comma != NULL;
		list += len;
		n -= len;
	}
	return false;
}

/* The first block that lists the cache, else the last one that is for all caches. */
unsigned params_slub_debug(const struct params *p, const char *cache)
{
	const char *block = p->slub_debug;
	unsigned all = 0, flags;

	for (bool more = true; more;) {
		size_t len = strcspn(block, ";"), letters = strcspn(block, ";,");

		slub_letters(block, letters, &flags);
		flags &= ~SLUB_O;
		if (letters == len)
			all = flags;
		else if (in_list(block + letters + 1, len - letters - 1, cache))
			return flags;
		more = block[len] == ';';
		block += len + more;
	}
	return all;
}

int set_slub_debug(struct params *p, const char *value, char *why, size_t n)
{
	unsigned any = 0, flags;

	if (strlen(value) >= sizeof(p->slub_debug)) {
		snprintf(why, n, "slub_debug=%.20s...: longer than %zu bytes", value,
			 sizeof(p->slub_debug) - 1);
		return -EINVAL;
	}
	for (const char *block = value;; block++) {
		if (!slub_letters(block, strcspn(block, ",;"), &flags)) {
			snprintf(why, n, "slub_debug=%.40s: wants letters of FZPUTAO, or - for none",
				 value);
			return -EINVAL;
		}
		any |= flags;
		block += strcspn(block, ";");
		if (!*block)
			break;
	}
	strcpy(p->slub_debug, value);
	p->poison = any & SLUB_P;
	p->track = any & SLUB_U;
	p->keep_order = any & SLUB_O;
	return 0;
}

static int set_count(const char *name, const char *value, uint64_t from, uint64_t to,
		     uint64_t *out, char *why, size_t n)
{
	if (!parse_size(value, out) && *out >= from && *out <= to)
		return 0;
	snprintf(why, n, "%s=%.40s: wants a number from %llu to %llu", name, value,
		 (unsigned long long)from, (unsigned long long)to);
	return -EINVAL;
}

/* As in Linux, the later of the two parameters adjusts the other. */
int set_min_order(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t order;
	int rc = set_count("slub_min_order", value, 0, ORDER_MAX, &order, why, n);

	if (rc)
		return rc;
	p->slub_min_order = (uint8_t)order;
	if (p->slub_max_order < order)
		p->slub_max_order = (uint8_t)order;
	return 0;
}

int set_max_order(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t order;
	int rc = set_count("slub_max_order", value, 0, ORDER_MAX, &order, why, n);

	if (rc)
		return rc;
	p->slub_max_order = (uint8_t)order;
	if (p->slub_min_order > order)
		p->slub_min_order = (uint8_t)order;
	return 0;
}

int set_min_objects(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t objects;
	int rc = set_count("slub_min_objects", value, 0, 32767, &objects, why, n);

	if (!rc)
		p->slub_min_objects = (uint32_t)objects;
	return rc;
}

int set_nr_cpus(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t cpus;
	int rc = set_count("nr_cpus", value, 1, 8192, &cpus, why, n);

	if (!rc)
		p->nr_cpus = (uint32_t)cpus;
	return rc;
}
