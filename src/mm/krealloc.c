/* SPDX-License-Identifier: MIT */
/*
 * Changing the size of an allocation. Corresponds to krealloc() and kfree_sensitive() in
 * Linux' mm/slab_common.c.
 */
#include "mm/util.h"

#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kasan.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/poison.h"
#include "mm/slub_debug.h"
#include "mm/track.h"

/* Behaviour of krealloc() and ksize(), by release. */
static const struct rule {
	int since;
	bool checks;       /* checks access to the first byte; if that fails, the old size counts
			    * as 0 */
	bool gives_up;     /* ... and krealloc() returns NULL */
	bool zeroes;       /* __GFP_ZERO also clears within the bucket */
	bool grown_only;   /* ... only the bytes after the old requested size */
} rules[] = {
	{ 0, false, false, false, false },
	{ RELEASE(5, 10), true, false, true, false },
	{ RELEASE(6, 1), true, true, true, false },
	{ RELEASE(7, 2), true, true, true, true },
};

static const struct rule *rule_of(const struct kernel *k)
{
	size_t i = COUNT(rules) - 1;

	while (rules[i].since > k->profile->version)
		i--;
	return &rules[i];
}

/* The object that contains p: its bucket counts even if p is not its start. */
static bool find(struct mm *mm, const void *p, struct object *o)
{
	if (object_find(mm, p, o))
		return true;
	kernel_oops(mm->kernel, kernel_function(mm->kernel), mm_addr(mm, p));
	return false;
}

/* Records that `size` bytes of the object are requested now. */
static void resize(struct mm *mm, const struct object *o, size_t size, gfp_t gfp)
{
	const struct rule *rule = rule_of(mm->kernel);
	struct track *t = object_track(mm, o);
	bool keeps = o->cache && o->cache->keeps_size;
	size_t from = keeps && rule->grown_only ? t->orig : size;
	size_t end = keeps && rule->grown_only ? size : o->size;

	if (gfp & __GFP_ZERO && rule->zeroes && from < end)
		memset(o->start + from, 0, end - from);
	if (t)
		t->size = (uint32_t)size;
	if (!o->cache)
		o->page->bytes = size;
	if (keeps && rule->grown_only) {
		t->orig = (uint32_t)size;
		memset(o->start + size, RED_ACTIVE, o->size - size);
	} else if (keeps) {
		t->orig = (uint32_t)o->size; /* ksize() ends the check of the slack */
	}
	kasan_alloc(mm, o, size, NULL);
}

static void *move(struct mm *mm, void *p, size_t size, size_t old, gfp_t gfp)
{
	void *fresh = kmalloc_track_caller(mm, size, gfp);

	if (!fresh)
		return NULL;
	memcpy(fresh, p, old);
	kfree(mm, p);
	return fresh;
}

static void *change(struct mm *mm, void *p, size_t size, gfp_t gfp)
{
	const struct rule *rule = rule_of(mm->kernel);
	bool ok = !rule->checks || kasan_check(mm, mm_addr(mm, p), 1, false);
	struct object o;
	size_t in;

	if ((!ok && rule->gives_up) || !find(mm, p, &o))
		return NULL;
	in = (size_t)((char *)p - o.start);
	if (!ok || size > o.size)
		return move(mm, p, size, ok && in < o.size ? o.size - in : 0, gfp);
	if (!in && object_allocated(mm, &o))
		resize(mm, &o, size, gfp);
	return p;
}

void *krealloc(struct mm *mm, void *p, size_t size, gfp_t gfp)
{
	struct kernel *k = mm->kernel;

	fn_enter(k, "krealloc");
	if (!size) {
		kfree(mm, p);
		p = ZERO_SIZE_PTR;
	} else if (ZERO_OR_NULL_PTR(p)) {
		p = kmalloc_track_caller(mm, size, gfp);
	} else {
		p = change(mm, p, size, gfp);
	}
	fn_exit(k);
	return p;
}

void kfree_sensitive(struct mm *mm, const char *function, const void *p)
{
	struct kernel *k = mm->kernel;
	struct object o;

	fn_enter(k, function);
	if (!ZERO_OR_NULL_PTR(p) && object_find(mm, p, &o) && o.start == p &&
	    object_allocated(mm, &o)) {
		if (o.cache && o.cache->keeps_size)
			object_track(mm, &o)->orig = (uint32_t)o.size;
		memset(o.start, 0, o.size);
	}
	kfree(mm, p);
	fn_exit(k);
}
