/* SPDX-License-Identifier: MIT */
/*
 * KASAN: which bytes may be accessed. A shadow byte describes 8 bytes: 0: all are
 * accessible; 1 to 7: the first ones are; otherwise none, and the value is the reason.
 * With KASAN off, it all costs one comparison.
 */
#ifndef DEVSH_MM_KASAN_H
#define DEVSH_MM_KASAN_H

#include "kernel/compiler.h"
#include "mm/slab.h"

#define KASAN_GRANULE 8
#define KASAN_META 16 /* bytes after each object that KASAN itself uses */

enum kasan_shadow {
	KASAN_VMALLOC_INVALID = 0xf8, /* in a vmalloc() area, after the requested size */
	KASAN_SLAB_FREE_META = 0xfa, /* first granule of a freed object */
	KASAN_SLAB_FREE = 0xfb,
	KASAN_SLAB_REDZONE = 0xfc,
	KASAN_PAGE_REDZONE = 0xfe,   /* after a large kmalloc */
	KASAN_FREE_PAGE = 0xff,
};

/* The minimum red zone of an object of this size. */
size_t kasan_redzone(size_t size);

/* Reserves the shadow if the parameters enable KASAN: 0, or -ENOMEM. */
int kasan_init(struct mm *mm);

void kasan_set(struct mm *mm, const void *p, size_t len, uint8_t value);
void kasan_unpoison_slow(struct mm *mm, const void *p, size_t len);
bool kasan_check_slow(struct mm *mm, uint64_t addr, size_t len, bool write);

/* The shadow byte for a place in the machine's memory. */
static inline uint8_t kasan_shadow_at(const struct mm *mm, const void *p)
{
	size_t off = (uintptr_t)p - (uintptr_t)mm->base;

	/* memory left by firmware has no owner and may be accessed */
	if (unlikely(off < (size_t)RESERVED_PAGES * PAGE_SIZE))
		return 0;
	return (uint8_t)~mm->kasan.shadow[off / KASAN_GRANULE];
}

/* Makes [p, p + len) inaccessible; both ends are at granule boundaries. */
static inline void kasan_poison(struct mm *mm, const void *p, size_t len, uint8_t value)
{
	if (unlikely(mm->kasan.shadow != NULL))
		kasan_set(mm, p, len, value);
}

/* Makes [p, p + len) accessible; p is at a granule boundary. */
static inline void kasan_unpoison(struct mm *mm, const void *p, size_t len)
{
	if (unlikely(mm->kasan.shadow != NULL))
		kasan_unpoison_slow(mm, p, len);
}

/*
 * An object was handed out, of which `size` bytes were requested by `function` (or NULL).
 */
void kasan_alloc(struct mm *mm, const struct object *o, size_t size, const char *function);

/* An object of a slab was freed; true: it stays in the quarantine for now. */
bool kasan_free(struct mm *mm, const struct object *o);

/*
 * True: KASAN reported this free of p and it must not happen: p is not o's start, or o is
 * free.
 */
bool kasan_bad_free(struct mm *mm, const void *p, const struct object *o);
/*
 * The same for pages that are not a kmalloc object, after free_large_kmalloc() has
 * warned.
 */
void kasan_bad_large_free(struct mm *mm, const void *p);

/* Whether memset() and the like do nothing after a report. */
bool kasan_stops_memset(const struct mm *mm);

/*
 * Reports an access to [addr, addr + len) if a byte of it must not be accessed, and
 * returns false. Also true if a bad access was not to be reported: see kasan_report().
 */
static inline bool kasan_check(struct mm *mm, uint64_t addr, size_t len, bool write)
{
	return likely(!mm->kasan.shadow) || kasan_check_slow(mm, addr, len, write);
}

/* quarantine.c */

/* Adds a freed object to the quarantine. */
void quarantine_put(struct mm *mm, const struct object *o);
/* Releases objects from the quarantine until at most `bytes` are left in it. */
void quarantine_reduce(struct mm *mm, uint64_t bytes);

/* Whether the object is in the quarantine; walks the whole list. */
bool quarantine_has(const struct mm *mm, const struct object *o);

/* kasan_report.c */

/* False: the report was counted, but not printed, because KASAN prints only one. */
bool kasan_report(struct mm *mm, const struct kasan_report *r);

/* kasan_memory.c: what a report prints about the memory */
void kasan_report_memory(struct mm *mm, const struct kasan_report *r);
void kasan_report_old_object(struct mm *mm, const struct kasan_report *r);
/* The name of an allocator function in the traces of KASAN kernels. */
const char *kasan_allocator_name(const struct mm *mm, const char *function);
void kasan_report_shadow(struct mm *mm, uint64_t bad);

#endif
