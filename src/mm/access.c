/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing simulated memory on behalf of drivers and people. The
 * one place where accesses are checked. What KASAN reports is done all the same,
 * as far as there is memory.
 */
#include "mm/kasan.h"

#include <errno.h>
#include <string.h>

static void *checked(struct mm *mm, uint64_t addr, size_t len, bool write)
{
	void *p = mm_ptr(mm, addr, len);
	uint64_t first = addr;

	kasan_check(mm, addr, len, write);
	if (p)
		return p;
	/* the first byte that is not there */
	if (mm_ptr(mm, addr, 1))
		first = mm->page_offset + mm->size;
	kernel_oops(mm->kernel, kernel_function(mm->kernel), first);
	return NULL;
}

int mm_read(struct mm *mm, uint64_t addr, void *out, size_t len)
{
	void *p = checked(mm, addr, len, false);

	if (!p)
		return -EFAULT;
	memcpy(out, p, len);
	return 0;
}

int mm_write(struct mm *mm, uint64_t addr, const void *in, size_t len)
{
	void *p = checked(mm, addr, len, true);

	if (!p)
		return -EFAULT;
	mm->meddled = true;
	memcpy(p, in, len);
	return 0;
}

int mm_fill(struct mm *mm, uint64_t addr, uint8_t byte, size_t len)
{
	void *p = checked(mm, addr, len, true);

	if (!p)
		return -EFAULT;
	mm->meddled = true;
	memset(p, byte, len);
	return 0;
}
