/* SPDX-License-Identifier: MIT */
/*
 * Reserves host address space for the memory of a machine. No kernel file corresponds to
 * it.
 */
#include "mm/host.h"

#include <stddef.h>
#include <sys/mman.h>

void *reserve(uint64_t bytes)
{
	void *p;

	if (bytes > SIZE_MAX)
		return NULL;
	p = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

void unreserve(void *p, uint64_t bytes)
{
	if (p)
		munmap(p, (size_t)bytes);
}
