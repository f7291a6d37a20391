/* SPDX-License-Identifier: MIT */
/* Why an allocation returned NULL. */
#include "explain/null.h"

#include "mm/failslab.h"
#include "mm/gfp.h"

static void order_words(const struct mm *mm, uint64_t order, struct buf *out)
{
	const struct profile *p = mm->kernel->profile;

	buf_printf(out, "order %llu is %s %s %u: %zu MiB at most", (unsigned long long)order,
		   p->limit_exclusive ? "not below" : "above", p->limit_name,
		   mm->max_order + p->limit_exclusive, (page_size(mm) << mm->max_order) >> 20);
}

void explain_null(const struct machine *m, const struct asked *a, struct buf *out)
{
	const struct mm *mm = &m->mm;
	uint64_t bytes;

	if (a->order > mm->max_order)
		order_words(mm, a->order, out);
	else if (__builtin_mul_overflow(a->size, a->n, &bytes))
		buf_puts(out, "n * size overflows");
	else if (bytes > kmalloc_max_size(mm) - (a->managed ? m->core.header : 0))
		buf_printf(out, "more than the largest allocation, %zu MiB%s",
			   kmalloc_max_size(mm) >> 20, a->managed ? " with its header" : "");
	else if (fault_was_injected(mm))
		buf_puts(out, "a failure was injected");
	else if (a->gfp & __GFP_THISNODE && mm->nodes > 1)
		buf_puts(out, "none left on the node, and __GFP_THISNODE allows no other");
	else if (report_complaints(m) != a->complaints)
		buf_puts(out, "the kernel's message says why");
	else
		buf_puts(out, "no memory is left");
}
