/* SPDX-License-Identifier: MIT */
/*
 * The shadow, and which accesses are allowed. Corresponds to Linux' mm/kasan/common.c and
 * generic.c.
 */
#include "mm/slub_debug.h"

#include <errno.h>

#include "kernel/compiler.h"
#include "lib/array.h"
#include "lib/bytes.h"
#include "mm/address.h"
#include "mm/host.h"
#include "mm/kasan.h"
#include "mm/kasan_layout.h"
#include "mm/object.h"

size_t kasan_redzone(size_t size)
{
	static const struct { uint32_t size, redzone; } rule[] = {
		{ 48, 16 }, { 96, 32 }, { 448, 64 }, { 3968, 128 }, { 16128, 256 },
	};

	for (size_t i = 0; i < COUNT(rule); i++)
		if (size <= rule[i].size)
			return rule[i].redzone;
	return 512;
}

int kasan_init(struct mm *mm)
{
	const struct params *p = &mm->kernel->params;
	struct kasan *kasan = &mm->kasan;

	if (!params_kasan(p))
		return 0;
	kasan->layout = kasan_layout(p->profile->version);
	if (kasan->layout->track_caller_whole)
		kasan->opens_all = p->profile->devres_chain[0];
	kasan->limit = p->kasan_quarantine == UINT64_MAX ? mm->size / 32 : p->kasan_quarantine;
	kasan->shadow_size = mm->span / KASAN_GRANULE;
	kasan->shadow = area_take(&mm->area[AREA_SHADOW], kasan->shadow_size);
	if (!kasan->shadow)
		return -ENOMEM;
	return 0;
}

static inline uint8_t *shadow_of(const struct mm *mm, const void *p)
{
	return mm->kasan.shadow + ((uintptr_t)p - (uintptr_t)mm->base) / KASAN_GRANULE;
}

static inline void set_shadow(struct mm *mm, const void *p, size_t len, uint8_t value)
{
	bytes_fill(shadow_of(mm, p), (uint8_t)~value, (len + KASAN_GRANULE - 1) / KASAN_GRANULE);
}

void kasan_set(struct mm *mm, const void *p, size_t len, uint8_t value)
{
	set_shadow(mm, p, len, value);
}

static inline void unpoison(struct mm *mm, const char *p, size_t len)
{
	set_shadow(mm, p, len - len % KASAN_GRANULE, 0);
	if (len % KASAN_GRANULE)
		*shadow_of(mm, p + len) = 0xff - len % KASAN_GRANULE;
}

void kasan_unpoison_slow(struct mm *mm, const void *p, size_t len)
{
	unpoison(mm, p, len);
}

void kasan_alloc(struct mm *mm, const struct object *o, size_t size, const char *function)
{
	size_t whole;

	if (likely(!mm->kasan.shadow))
		return;
	if (unlikely(function && mm->kasan.opens_all == function))
		size = o->size;
	whole = size - size % KASAN_GRANULE;
	if (size < o->size)
		set_shadow(mm, o->start + whole, o->size - whole,
			   o->cache ? KASAN_SLAB_REDZONE : KASAN_PAGE_REDZONE);
	unpoison(mm, o->start, size < o->size ? size : o->size);
}

bool kasan_free(struct mm *mm, const struct object *o)
{
	struct kasan *kasan = &mm->kasan;

	if (likely(!kasan->shadow))
		return false;
	set_shadow(mm, o->start, o->size, KASAN_SLAB_FREE);
	if (kasan->layout->free_mark)
		*shadow_of(mm, o->start) = (uint8_t)~KASAN_SLAB_FREE_META;
	if (!kasan->limit)
		return false;
	quarantine_put(mm, o);
	quarantine_reduce(mm, kasan->limit);
	return true;
}

/* --- checks ---------------------------------------------------------------- */

static bool byte_ok(const struct mm *mm, const char *p)
{
	uint8_t shadow = kasan_shadow_at(mm, p);

	return !shadow || (shadow < KASAN_GRANULE &&
			   ((uintptr_t)p - (uintptr_t)mm->base) % KASAN_GRANULE < shadow);
}

/* The first byte that must not be accessed; NULL: there is none. */
static const char *first_bad(const struct mm *mm, const char *p, size_t len)
{
	const char *end = p + len, *next;

	for (; p < end; p = next) {
		size_t in = ((uintptr_t)p - (uintptr_t)mm->base) % KASAN_GRANULE;
		uint8_t shadow = kasan_shadow_at(mm, p);

		next = p + KASAN_GRANULE - in;
		if (likely(!shadow))
			continue;
		for (; p < end && p < next; p++)
			if (!byte_ok(mm, p))
				return p;
	}
	return NULL;
}

static const char *type_of_shadow(const struct mm *mm, const char *bad)
{
	uint8_t shadow = kasan_shadow_at(mm, bad);

	if (shadow < KASAN_GRANULE && mm_has(mm, bad + KASAN_GRANULE))
		shadow = kasan_shadow_at(mm, bad + KASAN_GRANULE);
	switch (shadow) {
	case KASAN_SLAB_FREE:
	case KASAN_SLAB_FREE_META:
		return mm->kasan.layout->slab_uaf ? "slab-use-after-free" : "use-after-free";
	case KASAN_FREE_PAGE: return "use-after-free";
	case KASAN_VMALLOC_INVALID: return "vmalloc-out-of-bounds";
	case KASAN_SLAB_REDZONE:
	case KASAN_PAGE_REDZONE: return "slab-out-of-bounds";
	default: return "out-of-bounds";
	}
}

/* For addresses where the kernel cannot have memory; NULL: it can have some. */
static const char *type_of_wild(const struct mm *mm, uint64_t addr)
{
	if (addr < page_size(mm))
		return "null-ptr-deref";
	if (addr < 1ull << 47)
		return "user-memory-access";
	return addr < 0ull - (1ull << 48) ? "wild-memory-access" : NULL;
}

bool kasan_check_slow(struct mm *mm, uint64_t addr, size_t len, bool write)
{
	struct kasan_report r = { .addr = addr, .bad = addr, .size = len, .write = write };
	const char *p = mm_ptr(mm, addr, 1), *bad;
	bool wraps = addr + len < addr && mm->kasan.layout->checks_wrap;

	if (!len)
		return true;
	if (!p) {
		r.type = type_of_wild(mm, addr);
	} else {
		bad = first_bad(mm, p, mm_room(mm, addr, len));
		if (bad) {
			r.bad = mm_addr(mm, bad);
			r.type = type_of_shadow(mm, bad);
		}
	}
	if (unlikely(wraps))
		r.type = "out-of-bounds";
	return likely(!r.type) || !kasan_report(mm, &r);
}

bool kasan_stops_memset(const struct mm *mm)
{
	return mm->kasan.shadow && !mm->kasan.layout->writes_anyway;
}
