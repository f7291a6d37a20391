/* SPDX-License-Identifier: MIT */
/*
 * kfree() and ksize(), including pointers that are not objects. Corresponds to that part
 * of Linux' mm/slab_common.c and mm/slub.c.
 */
#include "mm/kmalloc.h"

#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/kasan.h"
#include "mm/kmemleak.h"
#include "mm/object.h"
#include "mm/page_dump.h"
#include "mm/slab.h"
#include "mm/slub_debug.h"

/* Pages without an object: it was freed already. */
static void kfree_of_pages(struct mm *mm, const void *p, unsigned long long addr)
{
	struct kernel *k = mm->kernel;
	bool warned;

	/* since 5.17 */
	if (k->profile->version < RELEASE(6, 1)) {
		kernel_bug_at(k, "kfree", "no compound page");
		return;
	}
	warned = kernel_warn_once(k, ONCE_FREE_LARGE, "free_large_kmalloc", NULL);
	if (k->profile->version >= RELEASE(7, 2)) /* since 6.16 */
		dump_page(mm, p, "Not a kmalloc allocation");
	else if (warned)
		printk(k, KERN_WARNING, "object pointer: 0x%0*llx", addr_digits(k->arch), addr);
	kasan_bad_large_free(mm, p);
}

/*
 * Whether o is the object of its slab that was freed last, and so the first of the slab's
 * list.
 */
static bool freed_last(const struct mm *mm, const struct object *o)
{
	const struct cache_node *cn = o->page->owner;

	for (uint32_t i = cn->spares; i--;) {
		const char *start = object_start(mm, cn->sheaf[i].number);
		size_t off;

		if (block_of(mm, start, &off) == o->page)
			return start == o->start;
	}
	return false;
}

/*
 * Without checks: freeing the first object of its slab's free list again would make it
 * its own successor, which a hardened list detects. Linux accepts everything else and
 * hands the object out again, even twice; here its state does not change.
 */
static void unchecked_kfree(struct mm *mm, const void *p, const struct object *o)
{
	struct kernel *k = mm->kernel;
	const char *bug = k->profile->double_free_bug;

	if (!o->cache)
		slab_free(mm, o); /* frees the whole block, wherever p is in it */
	else if (bug && o->start == p && !object_allocated(mm, o) && freed_last(mm, o))
		kernel_bug(k, bug);
	else
		mm->unnoticed = true;
}

/* A pointer that is not the start of an object, or whose object is already free. */
static void bad_kfree(struct mm *mm, const void *p, const struct object *o)
{
	struct kernel *k = mm->kernel;
	unsigned long long addr = mm_addr(mm, p);

	if (o)
		kmemleak_bad_free(mm, p, o);
	if (!o) {
		if (!mm_has(mm, p))
			kernel_oops(k, "kfree", addr);
		else
			kfree_of_pages(mm, p, addr);
	} else if (kasan_bad_free(mm, p, o)) {
		return; /* KASAN keeps it from the allocator */
	} else if (!o->cache || !(o->cache->debug & SLUB_F)) {
		unchecked_kfree(mm, p, o);
	} else if (o->cache->debug & DEBUG_SLAB) {
		slab_bad_kfree(mm, p, o);
	} else {
		if (o->cache && o->cache->debug & SLUB_F)
			slub_look_at_tail(mm, o, SLUB_FREE);
		if (o->start == p && !object_allocated(mm, o))
			slub_report_object(mm, o, SLUB_FREE, "Object already free");
		else
			slub_report_slab(mm, o, SLUB_FREE, "Invalid object pointer 0x%0*llx",
					 addr_digits(k->arch), addr);
		slub_fix(mm, o, "Object at 0x%0*llx not freed", addr_digits(k->arch), addr);
	}
}

void kfree_object(struct mm *mm, const void *p)
{
	struct object o;

	if (!object_find(mm, p, &o) || object_tag(mm, &o) == TAG_VMALLOC) {
		bad_kfree(mm, p, NULL);
	} else if (o.start != p || !object_allocated(mm, &o) ||
		   object_tag(mm, &o) == TAG_PERCPU) {
		bad_kfree(mm, p, &o);
	} else {
		mm->tampered |= object_tag(mm, &o) >= TAG_LISTS;
		slab_free(mm, &o);
	}
}

void kfree(struct mm *mm, const void *p)
{
	fn_enter(mm->kernel, "kfree");
	if (!ZERO_OR_NULL_PTR(p))
		kfree_object(mm, p);
	fn_exit(mm->kernel);
}

size_t ksize(struct mm *mm, const void *p)
{
	struct kernel *k = mm->kernel;
	struct object o;
	bool ok;

	if (ZERO_OR_NULL_PTR(p))
		return 0;
	fn_enter(k, "ksize");
	ok = !k->profile->ksize_checks || kasan_check(mm, mm_addr(mm, p), 1, false);
	fn_exit(k);
	if (!ok || !object_find(mm, p, &o))
		return 0;
	/* a free object has a size, too, but KASAN leaves its bytes inaccessible */
	if (k->profile->ksize_unpoisons && object_allocated(mm, &o))
		kasan_unpoison(mm, o.start, o.size);
	return o.size;
}
