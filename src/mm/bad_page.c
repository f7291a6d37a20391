/* SPDX-License-Identifier: MIT */
/*
 * Pages in an unexpected state. Corresponds to bad_page() of Linux' mm/page_alloc.c.
 * Differs: a page that is freed twice is reported at once; without debugging, Linux only
 * notices when the page is allocated again.
 */
#include "mm/kasan.h"

#include <stdio.h>

#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "mm/address.h"
#include "mm/page.h"
#include "mm/page_dump.h"

void bad_page(struct mm *mm, uint32_t pfn, int refcount, const char *why)
{
	static const char *const above[] = { "bad_page", "__free_pages_ok", "free_pages", NULL };
	struct kernel *k = mm->kernel;
	uint32_t page = pfn >> mm->page_order;

	if (ratelimit(k, "bad_page", why)) {
		printk(k, KERN_ALERT, "BUG: Bad page state in process %s  pfn:%05x", k->comm, page);
		printk(k, KERN_WARNING, "page:%s refcount:%d mapcount:0 mapping:0000000000000000 "
		       "index:0x0 pfn:0x%x", k->profile->version >= RELEASE(6, 12) ? "" : "(____ptrval____)",
		       refcount, page);
		printk(k, KERN_WARNING, "page dumped because: %s", why);
		dump_stack_above(k, KERN_ERR, above);
		kernel_taint(k, TAINT_BAD_PAGE);
	}
	k->taint |= TAINT_BAD_PAGE;
	kernel_count_report(k, REPORT_SLAB, "bad_page", mm_addr(mm, pfn_ptr(mm, pfn)));
}
