/* SPDX-License-Identifier: MIT */
/*
 * Address space of the host for what a machine may need. No kernel file corresponds
 * to it.
 */
#include "mm/host.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CLEAR_MAX (1u << 20) /* bytes; it is cheaper to get more of them anew */

void area_drop(struct area *a)
{
	if (a->p)
		munmap(a->p, (size_t)a->bytes);
	*a = (struct area){ 0 };
}

void area_keep(struct area *a)
{
	a->taken = false;
}

void *area_take(struct area *a, uint64_t bytes)
{
	void *p;

	if (a->bytes != bytes)
		area_drop(a);
	if (!a->p) {
		if (bytes > SIZE_MAX)
			return NULL;
		p = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p == MAP_FAILED)
			return NULL;
		*a = (struct area){ .p = p, .bytes = bytes };
	}
	a->taken = true;
	return a->p;
}

/* Whole pages go back to the host, which has zeroed ones when they are needed. */
static bool forget(char *start, char *end)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	char *first = (char *)(((uintptr_t)start + page - 1) / page * page);
	char *last = (char *)((uintptr_t)end / page * page);

	if (first >= last || madvise(first, (size_t)(last - first), MADV_DONTNEED))
		return false;
	memset(start, 0, (size_t)(first - start));
	memset(last, 0, (size_t)(end - last));
	return true;
}

void area_clear(struct area *a, uint64_t from, uint64_t bytes)
{
	char *start;

	if (!a->p || from >= a->bytes)
		return;
	start = (char *)a->p + from;
	if (bytes > a->bytes - from)
		bytes = a->bytes - from;
	if (bytes <= CLEAR_MAX || !forget(start, start + bytes))
		memset(start, 0, (size_t)bytes);
}
