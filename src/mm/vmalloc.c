/* SPDX-License-Identifier: MIT */
/*
 * vmalloc(), and the functions that fall back to it. Corresponds to Linux' mm/vmalloc.c
 * and to that part of mm/util.c. Differs: the bytes of an area are in the window itself,
 * and the pages taken from the page allocator are only accounted; the search for a free
 * range is linear; huge pages are never used.
 */
#include "mm/vmalloc.h"

#include <string.h>

#include "kernel/clock.h"
#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/failslab.h"
#include "mm/gfp.h"
#include "mm/kasan.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/poison.h"
#include "mm/slots.h"
#include "mm/util.h"

/* When kvmalloc() falls back to vmalloc(), by release. */
static const struct rule {
	int since;
	const char *function;
	bool only_gfp_kernel;  /* only with all the flags of GFP_KERNEL */
	bool only_sleeping;    /* only if the caller may sleep */
	bool limited;          /* only up to INT_MAX bytes; more is a WARN */
	bool error_text;       /* "vmalloc error", not "vmalloc: allocation failure" */
} rules[] = {
	{ 0, "kvmalloc_node", true, false, false, false },
	{ RELEASE(5, 10), "kvmalloc_node", true, false, true, false },
	{ RELEASE(6, 1), "kvmalloc_node", false, true, true, true },
	{ RELEASE(6, 12), "__kvmalloc_node_noprof", false, true, true, true },
	{ RELEASE(7, 2), "__kvmalloc_node_noprof", false, false, true, true },
};

static const struct rule *rule_of(const struct mm *mm)
{
	size_t i = COUNT(rules) - 1;

	while (rules[i].since > mm->kernel->profile->version)
		i--;
	return &rules[i];
}

/* --- areas ------------------------------------------------------------------------- */

static uint32_t page_units(const struct mm *mm)
{
	return 1u << mm->page_order;
}

/* The lowest gap with room for so many units and a guard page; 0: none. */
static uint32_t find_hole(const struct mm *mm, uint32_t units)
{
	uint32_t need = units + page_units(mm), at = mm->pfns, pfn = at;
	uint32_t end = (uint32_t)(mm->span >> PAGE_SHIFT);

	while (pfn < mm->vm_end && pfn - at < need) {
		const struct page *page = &mm->pages[pfn];

		if (page->kind == PAGE_VMALLOC) {
			pfn += vmalloc_units(mm, page->bytes) + page_units(mm);
			at = pfn;
		} else {
			pfn += page_units(mm);
		}
	}
	return need <= end - at ? at : 0;
}

/*
 * The number of page i's page is recorded in the page after it; of the last, in the guard
 * page.
 */
static struct page *backing(const struct mm *mm, const struct page *area, uint32_t i)
{
	return &mm->pages[area->head + (i + 1) * page_units(mm)];
}

uint32_t vmalloc_backing(const struct mm *mm, const struct page *area, uint32_t i)
{
	return backing(mm, area, i)->slots;
}

static void give_pages_back(struct mm *mm, const struct page *area, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		free_pages(mm, &mm->pages[vmalloc_backing(mm, area, i)]);
}

static bool take_pages(struct mm *mm, const struct page *area, uint32_t n, gfp_t gfp)
{
	for (uint32_t i = 0; i < n; i++) {
		struct page *page = pages_pre_alloc(mm, gfp, 0) ? NULL
			: try_alloc_pages(mm, gfp | __GFP_HIGHMEM, 0, 0);

		if (!page) {
			give_pages_back(mm, area, i);
			return false;
		}
		backing(mm, area, i)->slots = page_pfn(mm, page);
	}
	return true;
}

static void failure(struct mm *mm, size_t size, gfp_t gfp)
{
	struct kernel *k = mm->kernel;
	char flags[256];

	EVENT(k, EV_NOMEM, .what = "vmalloc", .size = size);
	if (gfp & __GFP_NOWARN || !ratelimit(k, "warn_alloc", "vmalloc"))
		return;
	gfp_format(k->profile, gfp, flags, sizeof(flags));
	if (rule_of(mm)->error_text)
		printk(k, KERN_WARNING, "%s: vmalloc error: size %zu, page order 0, failed to allocate "
		       "pages, mode:%#x(%s), nodemask=(null)", k->comm, size, gfp, flags);
	else
		printk(k, KERN_WARNING, "%s: vmalloc: allocation failure: %zu bytes, mode:%#x(%s), "
		       "nodemask=(null)", k->comm, size, gfp, flags);
	dump_stack(k, KERN_WARNING, "warn_alloc");
}

/* KASAN checks each byte of an area since 5.10; before that, none. */
static void open_area(struct mm *mm, char *start, size_t size, size_t whole)
{
	if (mm->kernel->profile->version < RELEASE(5, 10)) {
		kasan_unpoison(mm, start, whole);
		return;
	}
	kasan_poison(mm, start, whole, KASAN_VMALLOC_INVALID);
	kasan_unpoison(mm, start, size);
}

/* A new area at pfn; NULL: no pages, or no slot. */
static struct page *area_create(struct mm *mm, uint32_t pfn, size_t size, gfp_t gfp,
				const char *function)
{
	uint32_t units = vmalloc_units(mm, size);
	struct page *area = &mm->pages[pfn];
	uint32_t slot;

	area->head = pfn;
	if (!take_pages(mm, area, units >> mm->page_order, gfp)) {
		memset(area, 0, units * sizeof(*area));
		return NULL;
	}
	if (!lone_slot_get(mm, TAG_VMALLOC, size, function, &slot)) {
		give_pages_back(mm, area, units >> mm->page_order);
		memset(area, 0, units * sizeof(*area));
		return NULL;
	}
	for (uint32_t i = 1; i < units; i++) {
		area[i].kind = PAGE_TAIL;
		area[i].head = pfn;
	}
	area->kind = PAGE_VMALLOC;
	area->slots = slot;
	area->inuse = 1;
	area->bytes = size;
	if (pfn + units + page_units(mm) > mm->vm_end)
		mm->vm_end = pfn + units + page_units(mm);
	return area;
}

/* Allocates an area; the caller has entered the function that stacks and the graph show. */
static uint64_t area_alloc(struct mm *mm, const char *function, size_t size, gfp_t gfp)
{
	struct kernel *k = mm->kernel;
	uint32_t pfn = find_hole(mm, vmalloc_units(mm, size));
	size_t whole = (size_t)vmalloc_units(mm, size) << PAGE_SHIFT;
	struct page *area = pfn ? area_create(mm, pfn, size, gfp, function) : NULL;
	char *start;

	if (!area) {
		failure(mm, size, gfp);
		return 0;
	}
	start = pfn_ptr(mm, pfn);
	open_area(mm, start, size, whole);
	if (gfp & __GFP_ZERO)
		memset(start, 0, whole);
	else if (mm->poison)
		memset(start, PAGE_POISON, whole);
	tick(k, NS_PER_STEP);
	EVENT(k, EV_ALLOC, .what = k->context.caller, .name = "vmalloc", .addr = mm_addr(mm, start),
	      .size = whole, .value = (int64_t)size);
	return mm_addr(mm, start);
}

uint64_t vmalloc(struct mm *mm, const char *function, size_t size, gfp_t gfp)
{
	uint64_t addr = 0;

	fn_enter(mm->kernel, function);
	if (!size || size > mm->size)
		kernel_warn(mm->kernel, "__vmalloc_node_range", NULL);
	else
		addr = area_alloc(mm, function, size, gfp);
	fn_exit(mm->kernel);
	return addr;
}

/* The area that begins at addr; NULL: none. */
static struct page *area_at(const struct mm *mm, uint64_t addr)
{
	char *p = mm_ptr(mm, addr, 1);
	struct page *page;

	if (!is_vmalloc_addr(mm, addr) || !p)
		return NULL;
	page = &mm->pages[mm_pfn(mm, p)];
	return page->kind == PAGE_VMALLOC && p == pfn_ptr(mm, page->head) ? page : NULL;
}

static void area_free(struct mm *mm, struct page *area)
{
	uint32_t units = vmalloc_units(mm, area->bytes), pfn = area->head;
	size_t whole = (size_t)units << PAGE_SHIFT;
	struct kernel *k = mm->kernel;

	tick(k, NS_PER_STEP);
	EVENT(k, EV_FREE, .what = k->context.caller, .name = "vmalloc",
	      .addr = mm_addr(mm, pfn_ptr(mm, pfn)), .size = whole);
	kasan_poison(mm, pfn_ptr(mm, pfn), whole, KASAN_FREE_PAGE);
	lone_slot_put(mm, area->slots);
	give_pages_back(mm, area, units >> mm->page_order);
	memset(area, 0, (units + page_units(mm)) * sizeof(*area));
	/* the pages after the last area count as never used */
	while (mm->vm_end > mm->pfns && mm->pages[mm->vm_end - 1].kind == PAGE_NONE &&
	       !mm->pages[mm->vm_end - 1].slots)
		mm->vm_end--;
}

void vfree(struct mm *mm, uint64_t addr)
{
	struct kernel *k = mm->kernel;
	struct page *area = area_at(mm, addr);
	int digits = addr_digits(k->arch);

	fn_enter(k, "vfree");
	if (area)
		area_free(mm, area);
	else if (addr & (page_size(mm) - 1))
		kernel_warn(k, "remove_vm_area", "Trying to vfree() bad address (%0*llx)", digits,
			    (unsigned long long)addr);
	else if (addr)
		kernel_warn(k, "vfree", "Trying to vfree() nonexistent vm area (%0*llx)", digits,
			    (unsigned long long)addr);
	fn_exit(k);
}

/* --- kvmalloc ---------------------------------------------------------------------- */

static uint64_t fall_back(struct mm *mm, const struct rule *rule, size_t size, gfp_t gfp)
{
	if (rule->only_sleeping && !(gfp & __GFP_DIRECT_RECLAIM))
		return 0;
	if (rule->limited && size > INT32_MAX) {
		if (!(gfp & __GFP_NOWARN))
			kernel_warn_once(mm->kernel, ONCE_KVMALLOC, rule->function, NULL);
		return 0;
	}
	return size <= mm->size ? area_alloc(mm, rule->function, size, gfp) : 0;
}

uint64_t kvmalloc(struct mm *mm, size_t size, gfp_t gfp)
{
	const struct rule *rule = rule_of(mm);
	gfp_t first = gfp;
	bool small = size <= page_size(mm);
	uint64_t addr;
	void *p;

	if (rule->only_gfp_kernel && (gfp & GFP_KERNEL) != GFP_KERNEL)
		small = true; /* for these flags kmalloc() is the only attempt */
	if (!small)
		first |= __GFP_NOWARN | (gfp & __GFP_RETRY_MAYFAIL ? 0 : __GFP_NORETRY);
	fn_enter(mm->kernel, rule->function);
	p = kmalloc(mm, size, first);
	addr = p || small ? mm_addr(mm, p) : fall_back(mm, rule, size, gfp);
	fn_exit(mm->kernel);
	return addr;
}

void kvfree(struct mm *mm, uint64_t addr)
{
	fn_enter(mm->kernel, "kvfree");
	if (is_vmalloc_addr(mm, addr))
		vfree(mm, addr);
	else
		kfree(mm, mm_wild_ptr(mm, addr));
	fn_exit(mm->kernel);
}

/* Bytes that can be copied from addr. */
static size_t room_at(struct mm *mm, uint64_t addr)
{
	const struct page *area = area_at(mm, addr);

	return area ? (size_t)vmalloc_units(mm, area->bytes) << PAGE_SHIFT
		    : ksize(mm, mm_wild_ptr(mm, addr));
}

static uint64_t to_other(struct mm *mm, uint64_t addr, size_t old, size_t size, gfp_t gfp)
{
	uint64_t fresh = kvmalloc(mm, size, gfp);

	if (!fresh || !addr || fresh == (uint64_t)(uintptr_t)ZERO_SIZE_PTR)
		return fresh;
	mm_copy(mm, fresh, addr, old < size ? old : size);
	kvfree(mm, addr);
	return fresh;
}

uint64_t kvrealloc(struct mm *mm, uint64_t addr, size_t old, size_t size, gfp_t gfp)
{
	uint64_t is = addr;
	void *p;

	fn_enter(mm->kernel, "kvrealloc");
	if (mm->kernel->profile->version < RELEASE(6, 12)) {
		if (old < size)
			is = to_other(mm, addr, old, size, gfp);
	} else if (is_vmalloc_addr(mm, addr)) {
		if (size > room_at(mm, addr))
			is = to_other(mm, addr, room_at(mm, addr), size, gfp);
	} else {
		p = krealloc(mm, mm_wild_ptr(mm, addr), size, gfp | __GFP_NOWARN | __GFP_NORETRY);
		is = p ? mm_addr(mm, p) : to_other(mm, addr, room_at(mm, addr), size, gfp);
	}
	fn_exit(mm->kernel);
	return is;
}
