/* SPDX-License-Identifier: MIT */
/*
 * Flags that Linux' allocators reject. Corresponds to kmalloc_fix_flags() in Linux'
 * mm/slab_common.c.
 */
#include "mm/alloc_stack.h"

#include "kernel/log.h"
#include "kernel/report.h"
#include "mm/gfp.h"

gfp_t gfp_fixup(struct mm *mm, gfp_t gfp, gfp_t added, enum alloc_at at)
{
	struct kernel *k = mm->kernel;
	gfp_t bad = gfp & mm->gfp_wrong, good = gfp & ~mm->gfp_wrong;
	struct alloc_stack stack;
	char is[256], was[256];

	if (!bad)
		return gfp;
	gfp_format(k->profile, bad, was, sizeof(was));
	gfp_format(k->profile, good | added, is, sizeof(is));
	printk(k, KERN_WARNING, "Unexpected gfp: 0x%x (%s). Fixing up to gfp: 0x%x (%s). Fix your code!",
	       gfp_number(k->profile, bad), was, gfp_number(k->profile, good | added), is);
	alloc_stack_begin(mm, at, &stack);
	dump_stack(k, KERN_WARNING, k->profile->gfp_fixer);
	alloc_stack_end(mm, &stack);
	return good;
}
