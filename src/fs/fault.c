/* SPDX-License-Identifier: MIT */
/*
 * The files of failslab and fail_page_alloc, and the files of a task that control
 * failures. Corresponds to Linux' lib/fault-inject.c and fs/proc/base.c. Differs: no
 * filter by call stack and no rate limit for messages, so there are no files for them.
 */
#include "fs/node.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "mm/failslab.h"

/* --- numbers and switches ------------------------------------------------- */

static struct faults *faults_of(const struct place *at)
{
	return &at->m->mm.faults;
}

static ssize_t changed(const struct place *at, size_t len)
{
	faults_changed(&at->m->mm);
	return (ssize_t)len;
}

static ssize_t store_number(const struct place *at, const char *text, size_t len, uint64_t *to)
{
	if (written_number(text, len, to))
		return -EINVAL;
	return changed(at, len);
}

/* -1 is "no limit" */
static ssize_t store_int(const struct place *at, const char *text, size_t len, int *to)
{
	bool minus = len && text[0] == '-';
	uint64_t u;

	if (written_number(text + minus, len - minus, &u))
		return -EINVAL;
	if (u > INT_MAX)
		return -ERANGE;
	*to = minus ? -(int)u : (int)u;
	return changed(at, len);
}

static ssize_t store_bool(const struct place *at, const char *text, size_t len, bool *to)
{
	if (len && strchr("yYtT1", text[0]))
		*to = true;
	else if (len && strchr("nNfF0", text[0]))
		*to = false;
	else
		return -EINVAL;
	return changed(at, len);
}

#define NUMBER(attr, member)                                                  \
	static void show_##attr##_##member(const struct place *at, struct buf *out) \
	{                                                                     \
		buf_printf(out, "%llu\n",                                     \
			   (unsigned long long)faults_of(at)->attr.member);   \
	}                                                                     \
	static ssize_t store_##attr##_##member(const struct place *at, const char *text, size_t len) \
	{                                                                     \
		return store_number(at, text, len, &faults_of(at)->attr.member); \
	}

#define INT(attr, member)                                                     \
	static void show_##attr##_##member(const struct place *at, struct buf *out) \
	{                                                                     \
		buf_printf(out, "%d\n", faults_of(at)->attr.member);          \
	}                                                                     \
	static ssize_t store_##attr##_##member(const struct place *at, const char *text, size_t len) \
	{                                                                     \
		return store_int(at, text, len, &faults_of(at)->attr.member); \
	}

#define SWITCH(attr, member)                                                  \
	static void show_##attr##_##member(const struct place *at, struct buf *out) \
	{                                                                     \
		buf_printf(out, "%c\n", faults_of(at)->attr.member ? 'Y' : 'N'); \
	}                                                                     \
	static ssize_t store_##attr##_##member(const struct place *at, const char *text, size_t len) \
	{                                                                     \
		return store_bool(at, text, len, &faults_of(at)->attr.member); \
	}

#define ATTRIBUTES(attr)                                                      \
	NUMBER(attr, probability) NUMBER(attr, interval) NUMBER(attr, verbose) \
	INT(attr, times) INT(attr, space)                                     \
	SWITCH(attr, task_filter) SWITCH(attr, ignore_gfp_wait)

ATTRIBUTES(slab)
ATTRIBUTES(pages)
SWITCH(slab, cache_filter)
SWITCH(pages, ignore_gfp_highmem)
NUMBER(pages, min_order)

/* --- per task ---------------------------------------------------------------- */

static void show_fail_nth(const struct place *at, struct buf *out)
{
	buf_printf(out, "%u\n", faults_of(at)->fail_nth);
}

static ssize_t store_fail_nth(const struct place *at, const char *text, size_t len)
{
	uint64_t n;

	if (written_number(text, len, &n))
		return -EINVAL;
	if (n > INT_MAX)
		return -ERANGE;
	faults_of(at)->fail_nth = (uint32_t)n;
	return changed(at, len);
}

static void show_make_it_fail(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", faults_of(at)->make_it_fail);
}

static ssize_t store_make_it_fail(const struct place *at, const char *text, size_t len)
{
	uint64_t n;

	if (written_number(text, len, &n) || n > 1)
		return -EINVAL;
	faults_of(at)->make_it_fail = n;
	return changed(at, len);
}

#define RW .mode = 0600
#define FILE_OF(dir, file, help_text, attr, member, takes)                    \
	{ "/sys/kernel/debug/" dir "/" file, help_text, RW,                   \
	  .show = show_##attr##_##member, .store = store_##attr##_##member, .wants = takes }
#define A_NUMBER "a number from 0 on"
#define AN_INT "a number up to 2147483647, or a negative one"
#define A_SWITCH "Y or N"

#define FILES_OF(dir, attr)                                                   \
	FILE_OF(dir, "ignore-gfp-wait", "Y: if it may sleep, it never fails", attr, ignore_gfp_wait, \
		A_SWITCH),                                                    \
	FILE_OF(dir, "interval", "only every N-th one may fail", attr, interval, A_NUMBER), \
	FILE_OF(dir, "probability", "percent; 0: nothing fails", attr, probability, A_NUMBER), \
	FILE_OF(dir, "space", "bytes to allocate before the first failure", attr, space, \
		AN_INT),                                                      \
	FILE_OF(dir, "task-filter", "Y: only tasks with make-it-fail", attr, task_filter, \
		A_SWITCH),                                                    \
	FILE_OF(dir, "times", "remaining failures; -1: no limit", attr, times, AN_INT), \
	FILE_OF(dir, "verbose", "0: silent, 1: a message, 2: with a stack", attr, verbose, \
		A_NUMBER)

const struct node fault_nodes[] = {
	{ .path = "/sys/kernel/debug/fail_page_alloc", .help = "pages fail on purpose" },
	FILES_OF("fail_page_alloc", pages),
	FILE_OF("fail_page_alloc", "ignore-gfp-highmem", "Y: highmem never fails", pages,
		ignore_gfp_highmem, A_SWITCH),
	FILE_OF("fail_page_alloc", "min-order", "smaller blocks never fail", pages, min_order,
		A_NUMBER),
	{ .path = "/sys/kernel/debug/failslab", .help = "kmalloc and devm_kmalloc fail on purpose" },
	FILES_OF("failslab", slab),
	FILE_OF("failslab", "cache-filter", "Y: only caches whose own failslab is 1", slab, cache_filter,
		A_SWITCH),
	{ .path = "/proc/self", .help = "the only task" },
	{ "/proc/self/fail-nth", "allocations until the one that fails; 0: off", .mode = 0644,
	  .show = show_fail_nth, .store = store_fail_nth,
	  .wants = "a number up to 2147483647" },
	{ "/proc/self/make-it-fail", "1: it may fail if task-filter is Y", .mode = 0644,
	  .show = show_make_it_fail, .store = store_make_it_fail,
	  .wants = "0 or 1" },
	{ 0 },
};
