/* SPDX-License-Identifier: MIT */
#include "lib/host_memory.h"

#include <stdlib.h>
#include <string.h>

unsigned long host_memory_failures;

void host_memory_failed(void)
{
	host_memory_failures++;
}

static void *note(void *p)
{
	if (!p)
		host_memory_failed();
	return p;
}

void *host_malloc(size_t size)
{
	return note(malloc(size));
}

void *host_calloc(size_t n, size_t size)
{
	return note(calloc(n, size));
}

void *host_realloc(void *p, size_t size)
{
	return note(realloc(p, size));
}

char *host_strdup(const char *s)
{
	return note(strdup(s));
}

char *host_strndup(const char *s, size_t len)
{
	return note(strndup(s, len));
}
