/* SPDX-License-Identifier: MIT */
/*
 * What is around an object, and the distance between objects. Corresponds to
 * calculate_sizes() in Linux' mm/slub.c. Differs: tracks and KASAN's metadata only take
 * up room here; the model keeps them elsewhere.
 *
 *   -left [red zone] 0 [object] [red zone] inuse [free pointer] [alloc track]
 *   [free track] [orig_size] [KASAN] meta [padding] stride - left
 *
 * CONFIG_SLAB adds less: see slab_debug.h. Without poison the free pointer is inside the
 * free object.
 */
#include "mm/slab_debug.h"

#include "lib/array.h"
#include "mm/cache.h"
#include "mm/freeptr.h"
#include "mm/kasan.h"
#include "mm/slab.h"

#define LAYOUT_MAX 32768 /* larger objects have nothing around them */
#define LAYOUT_MAX_SLAB 8192 /* ... with CONFIG_SLAB */
#define KASAN_ALLOC_META 16

/* Where KASAN stores its metadata for a freed object that is too small to hold it. */
enum free_meta {
	FREE_META_BEHIND,   /* after the object */
	FREE_META_OVERLAPS, /* ... only with slub_debug; otherwise what does not fit into the
			     * object */
	FREE_META_OF_SIZED, /* ... and after objects of any size whose orig_size is kept */
};

/* By release, newest last. Arrays: 64-bit, 32-bit. */
static const struct layout {
	int since;
	bool natural;           /* 2^n bytes are aligned to 2^n, whatever is around them */
	bool split;             /* 96 and 192 are aligned to 32 and 64 */
	bool freeptr_middle;    /* a free object's pointer is in its middle, not at its start */
	bool kmalloc_redzone;   /* bytes after the requested size are checked */
	uint8_t track[2];       /* bytes of a struct track */
	uint8_t orig[2];        /* ... of the requested size, with U */
	uint8_t kasan_free;     /* ... of KASAN's metadata for a freed object */
	enum free_meta free_meta;
	uint8_t caller;         /* CONFIG_SLAB: bytes of the last caller's address, its only
				 * track */
} layouts[] = {
	{ .since = RELEASE(4, 9), .track = { 152, 80 }, .kasan_free = 8 },
	{ .since = RELEASE(5, 10), .track = { 152, 80 }, .kasan_free = 16, .natural = true,
	  .freeptr_middle = true },
	{ .since = RELEASE(6, 1), .track = { 32, 20 }, .kasan_free = 16, .natural = true,
	  .freeptr_middle = true, .orig = { 4, 4 } },
	{ .since = RELEASE(6, 12), .track = { 32, 20 }, .kasan_free = 16, .natural = true,
	  .freeptr_middle = true, .orig = { 8, 4 }, .split = true, .kmalloc_redzone = true,
	  .free_meta = FREE_META_OVERLAPS },
	{ .since = RELEASE(7, 2), .track = { 32, 20 }, .kasan_free = 16, .natural = true,
	  .freeptr_middle = true, .orig = { 8, 4 }, .split = true, .kmalloc_redzone = true,
	  .free_meta = FREE_META_OF_SIZED },
};

static const struct layout with_slab = { .kasan_free = 8, .caller = SLAB_ZONE };

static const struct layout *layout_of(const struct mm *mm)
{
	const struct layout *l = layouts + COUNT(layouts) - 1;

	if (mm->kernel->profile->slab)
		return &with_slab;
	while (l > layouts && l->since > mm->kernel->profile->version)
		l--;
	return l;
}

static size_t round_up(size_t size, size_t to)
{
	return (size + to - 1) / to * to;
}

size_t kmalloc_align(const struct mm *mm, size_t size)
{
	const struct layout *l = layout_of(mm);
	size_t min = kmalloc_minalign(mm->kernel->profile, mm->kernel->arch);
	size_t natural = size & -size;

	if (!l->natural || (natural != size && !l->split))
		return min;
	return natural > min ? natural : min;
}

/* --- the free pointer ------------------------------------------------------ */

static bool freeptr_outside(const struct mm *mm, const struct kmem_cache *c)
{
	const struct layout *l = layout_of(mm);

	if (l->caller)
		return false; /* its free list is a separate array */
	if (c->debug & SLUB_P)
		return true;
	if (!(c->debug & SLUB_Z))
		return false;
	return (l->natural && c->object_size < mm->word) ||
	       (l->kmalloc_redzone && c->debug & SLUB_U);
}

static uint16_t freeptr_offset(const struct mm *mm, const struct kmem_cache *c)
{
	if (freeptr_outside(mm, c))
		return (uint16_t)c->inuse;
	if (!layout_of(mm)->freeptr_middle)
		return 0;
	return (uint16_t)(c->object_size / 2 / mm->word * mm->word);
}

/* --- KASAN's part ---------------------------------------------------------- */

/* The bytes of an object that KASAN overwrites when it is freed. */
static size_t kasan_free_inside(const struct mm *mm, const struct kmem_cache *c)
{
	const struct layout *l = layout_of(mm);

	if (c->object_size < l->kasan_free)
		return l->free_meta == FREE_META_BEHIND || c->debug ? 0 : c->object_size;
	return l->free_meta == FREE_META_OF_SIZED && c->keeps_orig ? 0 : l->kasan_free;
}

static size_t kasan_part(const struct mm *mm, const struct kmem_cache *c)
{
	if (!params_kasan(&mm->kernel->params))
		return 0;
	return KASAN_ALLOC_META + layout_of(mm)->kasan_free - kasan_free_inside(mm, c);
}

/* --- the whole layout ------------------------------------------------------ */

#define PARTS_BEHIND 6

/* The parts from inuse to meta; those that a cache does not have are 0 bytes long. */
static void parts_behind(const struct mm *mm, const struct kmem_cache *c, struct cache_part *out)
{
	const struct layout *l = layout_of(mm);
	bool user = c->debug & SLUB_U, small = mm->word == 4;
	const struct cache_part part[PARTS_BEHIND] = {
		{ "free pointer", "next", freeptr_outside(mm, c) ? mm->word : 0, 0 },
		{ "last caller", "user", user ? l->caller : 0, 0 },
		{ "allocation track", "track", user ? l->track[small] : 0, 0 },
		{ "free track", "track", user ? l->track[small] : 0, 0 },
		{ "requested size", "size", user && !c->number ? l->orig[small] : 0, 0 },
		{ "KASAN's own", "kasan", kasan_part(mm, c), 0 },
	};

	memcpy(out, part, sizeof(part));
}

struct cache_part cache_part(const struct mm *mm, const struct kmem_cache *c, int64_t off)
{
	struct cache_part part[PARTS_BEHIND];
	int64_t end = c->inuse;

	if (off < 0)
		return (struct cache_part){ "left red zone", "red", c->left, -(int64_t)c->left };
	if (off < c->object_size)
		return (struct cache_part){ NULL, NULL, c->object_size, 0 };
	if (off < end)
		return (struct cache_part){
			"right red zone", "red", c->inuse - c->object_size, c->object_size,
		};
	parts_behind(mm, c, part);
	for (int i = 0; i < PARTS_BEHIND && end < c->meta; i++) {
		part[i].from = end;
		end += (int64_t)part[i].len;
		if (off < end)
			return part[i];
	}
	return (struct cache_part){ "padding", "pad", c->stride - c->left - c->meta, c->meta };
}

/* log2 of the smallest power of two that is not smaller. */
static unsigned power_of_two(size_t size)
{
	return size > 1 ? 64 - (unsigned)__builtin_clzll(size - 1) : 0;
}

/*
 * Which of the letters CONFIG_SLAB can honour. Red zones and the last caller are aligned
 * words: they are left out if objects need more alignment, or if they would double an
 * object's size.
 */
static unsigned slab_letters(const struct kmem_cache *c, unsigned debug)
{
	size_t size = c->object_size;
	bool room = size < 4096 || power_of_two(size) == power_of_two(size + 3 * SLAB_ZONE);

	debug &= ~(unsigned)SLUB_T;
	if (c->align > SLAB_ZONE || !room)
		debug &= ~(unsigned)(SLUB_Z | SLUB_U);
	return debug ? debug | DEBUG_SLAB : 0;
}

void cache_layout(struct mm *mm, struct kmem_cache *c, unsigned debug)
{
	const struct layout *l = layout_of(mm);
	struct cache_part part[PARTS_BEHIND];
	size_t word = l->caller ? SLAB_ZONE : mm->word;
	size_t size = round_up(c->object_size, word), least = 0;

	if (l->caller)
		debug = slab_letters(c, debug);
	c->debug = (uint8_t)debug;
	c->keeps_orig = l->orig[0] && mm->track && c->debug & SLUB_U && !c->number;
	c->poisons_orig = c->keeps_orig && l->kmalloc_redzone;
	c->keeps_size = c->poisons_orig && c->debug & SLUB_Z;
	c->orig_least = 0;
	if (c->poisons_orig && params_kasan(&mm->kernel->params))
		c->orig_least = (uint8_t)kasan_free_inside(mm, c);
	c->left = 0;
	c->inuse = c->meta = c->stride = c->object_size;
	c->freeptr = FREEPTR_NOWHERE;
	if (size > (mm->kernel->profile->slab ? LAYOUT_MAX_SLAB : LAYOUT_MAX))
		return;
	/* CONFIG_SLAB's red zone is a word; SLUB's may be the rest of one */
	if (c->debug & SLUB_Z && (size == c->object_size || l->caller))
		size += word;
	c->inuse = (uint32_t)size;
	if (c->debug & SLUB_F && !l->caller)
		c->freeptr = freeptr_offset(mm, c);
	parts_behind(mm, c, part);
	for (int i = 0; i < PARTS_BEHIND; i++)
		size += part[i].len;
	c->meta = (uint32_t)size;
	if (params_kasan(&mm->kernel->params))
		least = c->object_size + kasan_redzone(c->object_size);
	if (size < least)
		size = least;
	if (c->debug & SLUB_Z) {
		c->left = (uint16_t)round_up(word, c->align);
		size += c->left + (l->caller ? 0 : word);
	}
	if (c->debug || least || c->number)
		size = round_up(size, c->align);
	c->stride = (uint32_t)size;
}
