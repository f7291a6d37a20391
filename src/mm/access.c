/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing simulated memory on behalf of drivers and users. This is the only
 * place where accesses are checked. A load or store that KASAN reports is carried out
 * anyway, as far as there is memory; memset() and the like then do nothing, except on old
 * releases.
 */
#include "mm/access.h"

#include <errno.h>
#include <string.h>

#include "kernel/report.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/kasan.h"
#include "mm/page.h"

/* The host memory at addr; NULL after an Oops. */
static void *there(struct mm *mm, uint64_t addr, size_t len, bool write)
{
	void *p = mm_ptr(mm, addr, len);
	uint64_t first = addr;

	if (p && write)
		mm_touch(mm, mm_pfn(mm, p), (uint32_t)(len >> PAGE_SHIFT) + 2);
	if (p)
		return p;
	/* the Oops is about the first byte without memory */
	if (mm_ptr(mm, addr, 1))
		first = addr + mm_room(mm, addr, len);
	kernel_fault(mm->kernel, kernel_function(mm->kernel), first,
		     write ? ACCESS_WRITE : ACCESS_READ);
	return NULL;
}

static void *checked(struct mm *mm, uint64_t addr, size_t len, bool write)
{
	kasan_check(mm, addr, len, write);
	return there(mm, addr, len, write);
}

int mm_read(struct mm *mm, uint64_t addr, void *out, size_t len)
{
	void *p = checked(mm, addr, len, false);

	if (!p)
		return -EFAULT;
	/* kmemdup() of more than the source has runs into its own copy */
	memmove(out, p, len);
	return 0;
}

int mm_write(struct mm *mm, uint64_t addr, const void *in, size_t len)
{
	void *p = checked(mm, addr, len, true);

	if (!p)
		return -EFAULT;
	mm->tampered = true;
	mm->writes++;
	memmove(p, in, len);
	return 0;
}

/*
 * On some releases memset() and memcpy() do nothing after a KASAN report. Where there is
 * no memory at all, the access still faults: the compiler turns short calls into stores,
 * and those fault.
 */
static bool stopped(struct mm *mm, uint64_t addr, size_t len, bool write)
{
	return !kasan_check(mm, addr, len, write) && kasan_stops_memset(mm) &&
	       mm_ptr(mm, addr, len);
}

static int fill(struct mm *mm, uint64_t addr, uint8_t byte, size_t len)
{
	void *p;

	if (stopped(mm, addr, len, true))
		return -EACCES;
	p = there(mm, addr, len, true);
	if (!p)
		return -EFAULT;
	mm->tampered = true;
	mm->writes++;
	memset(p, byte, len);
	return 0;
}

int mm_fill(struct mm *mm, uint64_t addr, uint8_t byte, size_t len)
{
	int rc;

	fn_enter(mm->kernel, "memset");
	rc = len ? fill(mm, addr, byte, len) : 0;
	fn_exit(mm->kernel);
	return rc;
}

static int copy(struct mm *mm, uint64_t dest, uint64_t src, uint64_t len)
{
	uint64_t to = mm_room(mm, dest, len), from = mm_room(mm, src, len);
	uint64_t n = to < from ? to : from;
	char bytes[256];

	/* check the source first: if it is bad, nothing is copied */
	if (stopped(mm, src, len, false) || stopped(mm, dest, len, true))
		return -EACCES;
	mm->tampered |= n != 0;
	mm->writes += n != 0;
	if (n)
		mm_touch(mm, mm_pfn(mm, mm_ptr(mm, dest, n)), (uint32_t)(n >> PAGE_SHIFT) + 2);
	/* forwards in small steps: as in Linux, ranges must not overlap */
	for (uint64_t at = 0; at < n; at += sizeof(bytes)) {
		size_t some = n - at < sizeof(bytes) ? n - at : sizeof(bytes);

		memcpy(bytes, mm_ptr(mm, src + at, some), some);
		memcpy(mm_ptr(mm, dest + at, some), bytes, some);
	}
	if (n == len)
		return 0;
	kernel_fault(mm->kernel, kernel_function(mm->kernel), (from <= to ? src : dest) + n,
		     from <= to ? ACCESS_READ : ACCESS_WRITE);
	return -EFAULT;
}

int mm_copy(struct mm *mm, uint64_t dest, uint64_t src, uint64_t len)
{
	int rc;

	fn_enter(mm->kernel, "memcpy");
	rc = len ? copy(mm, dest, src, len) : 0;
	fn_exit(mm->kernel);
	return rc;
}
