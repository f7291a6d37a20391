/* SPDX-License-Identifier: MIT */
/*
 * Pointers to no memory. No kernel file corresponds to it: a machine's address is a
 * 64-bit number, and drivers may pass any value.
 *
 * On a 64-bit host the number is the pointer. On a 32-bit host a pointer cannot hold it:
 * there the pointer is into a window of addresses set aside by the host, with one stride
 * per number, and points to the middle of the stride, so that an address a header before
 * it still maps to the right number.
 */
#include "mm/address.h"

#if UINTPTR_MAX < UINT64_MAX

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "lib/host_memory.h"

#define WILD_SLOTS  256u
#define WILD_STRIDE 4096u

struct wild {
	char *window;
	uint64_t addr[WILD_SLOTS];
	uint32_t used; /* total number; the oldest are replaced */
};

int wild_init(struct mm *mm)
{
	void *window;

	mm->wild = host_calloc(1, sizeof(*mm->wild));
	if (!mm->wild)
		return -ENOMEM;
	window = mmap(NULL, WILD_SLOTS * WILD_STRIDE, PROT_NONE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (window == MAP_FAILED)
		return -ENOMEM;
	mm->wild->window = window;
	return 0;
}

void wild_finish(struct mm *mm)
{
	if (mm->wild && mm->wild->window)
		munmap(mm->wild->window, WILD_SLOTS * WILD_STRIDE);
	free(mm->wild);
	mm->wild = NULL;
}

uint64_t wild_addr(const struct mm *mm, const void *p)
{
	uint32_t at = (uint32_t)((uintptr_t)p - (uintptr_t)mm->wild->window);

	if (at >= WILD_SLOTS * WILD_STRIDE)
		return (uintptr_t)p; /* NULL and its neighbours */
	return mm->wild->addr[at / WILD_STRIDE] + at % WILD_STRIDE - WILD_STRIDE / 2;
}

static void *wild_ptr(const struct mm *mm, uint64_t addr)
{
	struct wild *w = mm->wild;
	uint32_t slot = w->used % WILD_SLOTS;

	if (addr < WILD_STRIDE)
		return (void *)(uintptr_t)addr;
	for (uint32_t i = 0; i < WILD_SLOTS && i < w->used; i++)
		if (w->addr[i] == addr)
			return w->window + i * WILD_STRIDE + WILD_STRIDE / 2;
	w->addr[slot] = addr;
	w->used++;
	return w->window + slot * WILD_STRIDE + WILD_STRIDE / 2;
}

#else

static void *wild_ptr(const struct mm *mm, uint64_t addr)
{
	/* a guessed address must never reach host memory */
	if (mm_has(mm, (void *)addr))
		addr |= 1ull << 63;
	return (void *)addr;
}

#endif

void *mm_wild_ptr(const struct mm *mm, uint64_t addr)
{
	void *p = mm_ptr(mm, addr, 0);

	return p ? p : wild_ptr(mm, addr);
}
