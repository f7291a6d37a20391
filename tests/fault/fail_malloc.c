/* SPDX-License-Identifier: MIT */
/*
 * An LD_PRELOAD library in which the host runs out of memory: FAIL_MALLOC=40 lets the
 * 40th allocation of the process fail, "40+" that and all later ones. With "count" none
 * fails, and their number is written to the file FAIL_MALLOC_COUNT at the end. All of the
 * process are met, those of Lua, jansson, readline and libc as well.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own, under names that no library can take from it */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);

static unsigned long nth, made;
static bool later;

/* A process that this one forks goes on where its parent was; other programs get nothing. */
__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("FAIL_MALLOC");
	char *end;

	unsetenv("LD_PRELOAD");
	nth = text ? strtoul(text, &end, 10) : 0;
	later = text && *end == '+';
	made = 0;
}

__attribute__((destructor)) static void report_count(void)
{
	const char *path = getenv("FAIL_MALLOC_COUNT");
	unsigned long n = made;
	FILE *f = path ? fopen(path, "w") : NULL;

	if (!f)
		return;
	fprintf(f, "%lu\n", n);
	fclose(f);
}

static bool fails(void)
{
	made++;
	if (!nth || (later ? made < nth : made != nth))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}
