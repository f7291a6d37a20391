/* SPDX-License-Identifier: MIT */
/* Copies made with kmalloc(). Corresponds to that part of Linux' mm/util.c. */
#include "mm/util.h"

#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/slab.h"

/* Before 6.1 the call without a node is a separate function. */
static const char *const slab_chain[] = {
	"__kmalloc_track_caller",
	"kmalloc_track_caller", "__kmalloc_track_caller", "__do_kmalloc", "slab_alloc", NULL,
};
static const char *const slub_chain[] = {
	"__kmalloc_track_caller",
	"kmalloc_track_caller", "__kmalloc_track_caller", "slab_alloc", NULL,
};

static const char *const *track_caller_chain(const struct profile *p)
{
	return p->version >= RELEASE(6, 1) ? p->devres_chain : p->slab ? slab_chain : slub_chain;
}

void *kmalloc_track_caller(struct mm *mm, size_t size, gfp_t gfp)
{
	struct object o;

	if (!size)
		return ZERO_SIZE_PTR;
	if (!slab_alloc(mm, (struct request){ size, size }, gfp, NUMA_NO_NODE, TAG_KMALLOC,
			track_caller_chain(mm->kernel->profile), &o))
		return NULL;
	return o.start;
}

void *kmemdup(struct mm *mm, uint64_t src, size_t len, gfp_t gfp)
{
	void *p;

	fn_enter(mm->kernel, "kmemdup");
	p = kmalloc_track_caller(mm, len, gfp);
	fn_enter(mm->kernel, "memcpy");
	/* after an Oops the copy leaks */
	if (p && len && mm_read(mm, src, p, len))
		p = NULL;
	fn_exit(mm->kernel);
	fn_exit(mm->kernel);
	return p;
}

void *kstrdup_as(struct mm *mm, const char *function, const char *s, gfp_t gfp)
{
	size_t len = strlen(s) + 1;
	void *p;

	fn_enter(mm->kernel, function);
	p = kmalloc_track_caller(mm, len, gfp);
	if (p)
		memcpy(p, s, len);
	fn_exit(mm->kernel);
	return p;
}

void kfree_const(struct mm *mm, uint64_t addr)
{
	fn_enter(mm->kernel, "kfree_const");
	if (!is_rodata(mm->kernel, addr))
		kfree(mm, mm_wild_ptr(mm, addr));
	fn_exit(mm->kernel);
}
