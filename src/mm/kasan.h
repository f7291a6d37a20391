/* SPDX-License-Identifier: MIT */
/*
 * KASAN: which bytes may be touched. A shadow byte stands for 8 bytes: 0, all
 * of them; 1 to 7, the first ones; else none, and why. All of it costs one
 * comparison where KASAN is off.
 */
#ifndef DEVSH_MM_KASAN_H
#define DEVSH_MM_KASAN_H

#include "kernel/compiler.h"
#include "mm/slab.h"

#define KASAN_GRANULE 8
#define KASAN_META 16 /* bytes after each object for KASAN's own use */

enum kasan_shadow {
	KASAN_VMALLOC_INVALID = 0xf8, /* of an area of vmalloc(), and not asked for */
	KASAN_SLAB_FREE_META = 0xfa, /* first granule of a freed object */
	KASAN_SLAB_FREE = 0xfb,
	KASAN_SLAB_REDZONE = 0xfc,
	KASAN_PAGE_REDZONE = 0xfe,   /* after a large kmalloc */
	KASAN_FREE_PAGE = 0xff,
};

/* The red zone that an object of this size gets at least. */
size_t kasan_redzone(size_t size);

/* Reserves the shadow where the parameters ask for it: 0, or -ENOMEM. */
int kasan_init(struct mm *mm);

void kasan_set(struct mm *mm, const void *p, size_t len, uint8_t value);
void kasan_unpoison_slow(struct mm *mm, const void *p, size_t len);
bool kasan_check_slow(struct mm *mm, uint64_t addr, size_t len, bool write);

/* The shadow byte of a place in the machine's memory. */
static inline uint8_t kasan_shadow_at(const struct mm *mm, const void *p)
{
	return (uint8_t)~mm->kasan.shadow[((uintptr_t)p - (uintptr_t)mm->base) / KASAN_GRANULE];
}

/* [p, p + len), both at a granule's begin, becomes inaccessible. */
static inline void kasan_poison(struct mm *mm, const void *p, size_t len, uint8_t value)
{
	if (unlikely(mm->kasan.shadow != NULL))
		kasan_set(mm, p, len, value);
}

/* [p, p + len) becomes accessible; p is at a granule's begin. */
static inline void kasan_unpoison(struct mm *mm, const void *p, size_t len)
{
	if (unlikely(mm->kasan.shadow != NULL))
		kasan_unpoison_slow(mm, p, len);
}

/* An object was handed out of which `size` bytes were asked for, by `function`, or NULL. */
void kasan_alloc(struct mm *mm, const struct object *o, size_t size, const char *function);

/* An object of a slab is free; true: it stays in the quarantine for now. */
bool kasan_free(struct mm *mm, const struct object *o);

/* True: KASAN lets no free of p through, which is not o's start, or o is free. */
bool kasan_bad_free(struct mm *mm, const void *p, const struct object *o);
/* The same of pages that no kmalloc has: after free_large_kmalloc() WARNed. */
void kasan_bad_large_free(struct mm *mm, const void *p);

/* memset() and the like do nothing after a report. */
bool kasan_stops_memset(const struct mm *mm);

/*
 * Reports [addr, addr + len) when a byte of it must not be touched; then false.
 * True also where that was not to be reported: see kasan_report().
 */
static inline bool kasan_check(struct mm *mm, uint64_t addr, size_t len, bool write)
{
	return likely(!mm->kasan.shadow) || kasan_check_slow(mm, addr, len, write);
}

/* quarantine.c */

/* A freed object waits from now on. */
void quarantine_put(struct mm *mm, const struct object *o);
/* Gives freed objects back until no more than `bytes` of them wait. */
void quarantine_reduce(struct mm *mm, uint64_t bytes);

/* The object waits in the quarantine; looks at all that do. */
bool quarantine_has(const struct mm *mm, const struct object *o);

/* kasan_report.c */

/* False: it was counted, but KASAN has had its one report. */
bool kasan_report(struct mm *mm, const struct kasan_report *r);

/* kasan_memory.c: what a report prints about the memory */
void kasan_report_memory(struct mm *mm, const struct kasan_report *r);
void kasan_report_old_object(struct mm *mm, const struct kasan_report *r);
/* What a trace of KASAN's own kernels calls a function of the allocator. */
const char *kasan_allocator_name(const struct mm *mm, const char *function);
void kasan_report_shadow(struct mm *mm, uint64_t bad);

#endif
