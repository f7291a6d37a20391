/* SPDX-License-Identifier: MIT */
/*
 * What KASAN says. Corresponds to Linux' mm/kasan/report.c and
 * report_generic.c. Differs: the page is its counts and its number only;
 * reports are counted also where they are not printed, and those of one type
 * and place are limited.
 */
#include "mm/kasan.h"

#include <stdio.h>
#include <string.h>

#define ROW (16 * KASAN_GRANULE) /* bytes of memory that a row of shadow is about */

#define SAY(...) printk(k, KERN_ERR, __VA_ARGS__)

static void blank(struct kernel *k)
{
	SAY("%s", "");
}

static void rule(struct kernel *k)
{
	SAY("==================================================================");
}

/* Whose code it was: what the compiler's memset() and memcpy() say. */
static const char *culprit(const struct kernel *k)
{
	int top = k->depth < STACK_MAX ? k->depth : STACK_MAX;

	while (top > 0 && (!strcmp(k->stack[top - 1], "memset") ||
			   !strcmp(k->stack[top - 1], "memcpy")))
		top--;
	return top > 0 ? k->stack[top - 1] : k->context.caller;
}

static void say_stack(struct kernel *k, const struct kasan_report *r)
{
	static const char *const free_stack[] = {
		"kasan_report_invalid_free", "__kasan_slab_free", "kfree", NULL,
	};
	const char *stack[] = { "kasan_report", NULL, NULL };
	char access[32];

	if (r->free) {
		dump_stack_above(k, KERN_ERR, free_stack);
		return;
	}
	if (culprit(k) != kernel_function(k))
		stack[1] = "kasan_check_range";
	else if (r->size <= 16 && !(r->size & (r->size - 1)))
		snprintf(access, sizeof(access), "__asan_%s%zu", r->write ? "store" : "load", r->size);
	else
		snprintf(access, sizeof(access), "__asan_%sN", r->write ? "store" : "load");
	if (!stack[1])
		stack[1] = access;
	dump_stack_above(k, KERN_ERR, stack);
}

static void say_track(struct mm *mm, const char *what, uint32_t handle, const char *const *above)
{
	struct kernel *k = mm->kernel;
	const char *const *frame;
	char sym[96];
	uint32_t n;

	frame = depot_fetch(&mm->depot, handle, &n);
	if (!n)
		return;
	SAY("%s by task %d:", what, k->pid);
	for (; *above; above++)
		SAY(" %s", symbolic(*above, sym));
	for (uint32_t i = 0; i < n; i++)
		SAY(" %s", symbolic(frame[i], sym));
	blank(k);
}

static void say_tracks(struct mm *mm, const struct object *o)
{
	const char *save = mm->kernel->profile->kasan_slab_uaf ? "kasan_save_track"
							       : "kasan_set_track";
	const char *const alloc[] = { save, "__kasan_kmalloc", NULL };
	const char *const freed[] = { save, "__kasan_slab_free", NULL };
	const struct track *t = object_track(mm, o);

	if (!t)
		return;
	say_track(mm, "Allocated", t->alloc_stack, alloc);
	if (!object_allocated(mm, o))
		say_track(mm, "Freed", t->free_stack, freed);
}

/* The accessible bytes of an object, as its shadow has them; 0: it is free. */
static size_t shadow_size(const struct mm *mm, const struct object *o)
{
	size_t size = 0;

	while (size < o->size) {
		uint8_t shadow = kasan_shadow_at(mm, o->start + size);

		if (shadow)
			return shadow < KASAN_GRANULE ? size + shadow : size;
		size += KASAN_GRANULE;
	}
	return o->size;
}

static void say_object(struct mm *mm, const struct kasan_report *r, const struct object *o)
{
	unsigned long long start = mm_addr(mm, o->start), at = r->addr;
	size_t size = o->cache->object_size, asked = shadow_size(mm, o);
	const char *state = "", *where = "inside of";
	struct kernel *k = mm->kernel;
	unsigned long long distance = at - start;

	if (k->profile->kasan_slab_uaf) {
		state = object_allocated(mm, o) ? "allocated " : "freed ";
		if (asked)
			size = asked;
	}
	if (at < start) {
		where = "to the left of";
		distance = start - at;
	} else if (at >= start + size) {
		where = "to the right of";
		distance = at - start - size;
	}
	SAY("The buggy address belongs to the object at %016llx", start);
	SAY(" which belongs to the cache %s of size %u", o->cache->name, o->cache->object_size);
	SAY("The buggy address is located %llu bytes %s", distance, where);
	SAY(" %s%zu-byte region [%016llx, %016llx)", state, size, start, start + size);
	blank(k);
}

static void say_page(struct mm *mm, const void *p)
{
	struct kernel *k = mm->kernel;
	const struct page *page = page_of(mm, p);
	uint32_t pfn = page ? page->head : mm_pfn(mm, p);

	SAY("The buggy address belongs to the %s:",
	    k->profile->kasan_free_kinds ? "physical page" : "page");
	SAY("page:%s refcount:%d mapcount:%d mapping:0000000000000000 index:0x0 pfn:0x%x",
	    k->profile->kasan_slab_uaf ? "" : "(____ptrval____)", page != NULL, page ? 0 : -128,
	    pfn >> mm->page_order);
	SAY("page dumped because: kasan: bad access detected");
	blank(k);
}

/* Five rows of the shadow with the guilty byte in the middle one. */
static void say_shadow(struct mm *mm, uint64_t bad)
{
	struct kernel *k = mm->kernel;
	uint64_t guilty = bad - (bad - mm->page_offset) % ROW;

	SAY("Memory state around the buggy address:");
	for (int row = -2; row <= 2; row++) {
		uint64_t at = guilty + (uint64_t)(int64_t)(row * ROW);
		const char *p = mm_ptr(mm, at, ROW);
		char text[16 * 3 + 1];

		if (!p)
			continue;
		for (int i = 0; i < 16; i++)
			snprintf(text + 3 * i, 4, " %02x", kasan_shadow_at(mm, p + i * KASAN_GRANULE));
		SAY("%c%016llx:%s", row ? ' ' : '>', (unsigned long long)at, text);
		if (!row)
			SAY("%*s", 3 + 16 + (int)((bad - guilty) / KASAN_GRANULE * 3) + 1, "^");
	}
}

static void say_memory(struct mm *mm, const struct kasan_report *r)
{
	const void *p = mm_ptr(mm, r->addr, 1);
	struct object o;

	if (object_find(mm, p, &o) && o.cache) {
		say_tracks(mm, &o);
		say_object(mm, r, &o);
	}
	say_page(mm, p);
	say_shadow(mm, r->bad);
}

static void say(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;
	char sym[96];

	rule(k);
	SAY("BUG: KASAN: %s in %s", r->type, symbolic(r->free ? "kfree" : culprit(k), sym));
	if (!r->free)
		SAY("%s of size %zu at addr %016llx by task %s/%d", r->write ? "Write" : "Read",
		    r->size, (unsigned long long)r->addr, k->comm, k->pid);
	else if (k->profile->kasan_free_kinds)
		SAY("Free of addr %016llx by task %s/%d", (unsigned long long)r->addr, k->comm,
		    k->pid);
	blank(k);
	say_stack(k, r);
	if (mm_ptr(mm, r->addr, 1)) {
		blank(k);
		say_memory(mm, r);
	}
	rule(k);
	if (k->profile->version < RELEASE(6, 1))
		kernel_taint(k, TAINT_BAD_PAGE);
	panic_on_kasan(k, r->write || r->free);
	if (k->profile->version >= RELEASE(6, 1))
		kernel_taint(k, TAINT_BAD_PAGE);
}

/* Ten of a kind, of one function about one cache: another bug is still heard. */
static bool may_say(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;
	const char *p = mm_ptr(mm, r->addr, 1);
	struct object o;
	char about[64];

	snprintf(about, sizeof(about), "%.20s %.20s %.20s", r->type, culprit(k),
		 p && object_find(mm, p, &o) ? object_cache_name(&o) : "");
	return ratelimit(k, r->free ? "kasan_report_invalid_free" : "kasan_report", about);
}

void kasan_report(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;
	bool first = !mm->kasan.reports++;

	mm->kasan.last = *r;
	if ((first || k->params.kasan_multi_shot) && may_say(mm, r))
		say(mm, r);
	else if (k->params.kasan_multi_shot)
		mm->kasan.told = mm->kasan.reports; /* nothing to tell more about */
	/* where there is no memory the Oops that follows is the complaint */
	if (mm_ptr(mm, r->addr, 1))
		kernel_complain(k, REPORT_KASAN, culprit(k), r->addr);
}
