/* SPDX-License-Identifier: MIT */
/*
 * What an address refers to: memory of the nodes, or an area in the window of vmalloc().
 * Corresponds to the memory layouts in Linux' Documentation/arch.
 */
#include "mm/vmalloc.h"

#include <string.h>

#include "lib/array.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/page.h"

/* Start of the vmalloc window, by architecture and release; 0: after the memory. */
static const struct { const char *arch; int since; uint64_t base; } bases[] = {
	{ "x86_64", 0, 0xffffc90000000000ull },
	{ "arm64", 0, 0xffff800010000000ull },
	{ "arm64", RELEASE(6, 1), 0xffff800008000000ull },
	{ "arm64", RELEASE(6, 12), 0xffff800080000000ull },
	{ "riscv64", 0, 0xffff8f8000000000ull },
	{ "arm", 0, 0 },
};

#define ARM_END 0xff800000ull
#define ARM_GAP 0x800000ull

uint64_t vmalloc_base(const struct kernel *k, uint64_t *room)
{
	uint64_t base = 0;

	for (size_t i = 0; i < COUNT(bases); i++)
		if (!strcmp(bases[i].arch, k->arch->name) && bases[i].since <= k->profile->version)
			base = bases[i].base;
	/* a 32-bit host has little address space to spare */
	*room = sizeof(void *) == 8 ? 1ull << 34 : 64u << 20;
	if (base)
		return base;
	base = (k->arch->page_offset + k->params.mem + ARM_GAP) & ~(ARM_GAP - 1);
	*room = k->arch->heads_base - base;
	/* with a lot of memory, the heads of devices are in the way */
	if (base + 2 * ARM_GAP > k->arch->heads_base) {
		base = k->arch->heads_base + k->arch->heads_size;
		*room = ARM_END - base;
	}
	return base;
}

void *vmalloc_ptr(const struct mm *mm, uint64_t addr, size_t len)
{
	uint64_t off = addr - mm->vm_base;
	const struct page *page;
	struct object o;
	char *p;

	if (!is_vmalloc_addr(mm, addr))
		return NULL;
	p = mm->base + mm->size + off;
	page = &mm->pages[mm_pfn(mm, p)];
	if (page->kind != PAGE_VMALLOC && page->kind != PAGE_TAIL)
		return NULL;
	if (!object_find(mm, p, &o) || len > (size_t)(o.start + o.size - p))
		return NULL;
	return p;
}

bool vmalloc_object(const struct mm *mm, struct page *area, struct object *o)
{
	*o = (struct object){
		.page = area, .start = pfn_ptr(mm, area->head), .slot = area->slots,
		.size = (size_t)vmalloc_units(mm, area->bytes) << PAGE_SHIFT,
	};
	return true;
}

uint64_t mm_room(const struct mm *mm, uint64_t addr, uint64_t len)
{
	uint64_t off = addr - mm->page_offset, room = 0;
	char *p = mm_ptr(mm, addr, 1);
	struct object o;

	if (off < mm->size)
		room = mm->size - off;
	else if (p && object_find(mm, p, &o))
		room = (uint64_t)(o.start + o.size - p);
	return len < room ? len : room;
}
