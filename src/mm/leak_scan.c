/* SPDX-License-Identifier: MIT */
/*
 * What is reachable from given addresses. Corresponds to the scan of Linux'
 * mm/kmemleak.c. Differs: all objects come from this allocator, which finds the object of
 * an address in constant time, so there is no tree of objects.
 */
#include "mm/kmemleak.h"
#include "mm/vmalloc.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/host_memory.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/slab.h"
#include "mm/track.h"

static uint32_t count_objects(const struct mm *mm)
{
	uint64_t at = 0;
	uint32_t n = 0;
	struct object o;

	while (objects_next(mm, &at, &o))
		n++;
	return n;
}

int leak_scan_begin(struct leak_scan *s, const struct mm *mm, bool pages)
{
	uint32_t objects = count_objects(mm);

	*s = (struct leak_scan){ .mm = mm, .pages = pages };
	if (!objects)
		return 0;
	s->reached = host_calloc(mm->slots_used / 8 + 1, 1);
	s->object = host_malloc(objects * sizeof(*s->object));
	if (s->reached && s->object)
		return 0;
	leak_scan_finish(s);
	return -ENOMEM;
}

void leak_scan_finish(struct leak_scan *s)
{
	free(s->reached);
	free(s->object);
	*s = (struct leak_scan){ 0 };
}

size_t leak_object_size(const struct mm *mm, const struct object *o)
{
	const struct track *t = object_track(mm, o);

	if (object_tag(mm, o) == TAG_PERCPU && t)
		return t->size;
	return o->cache ? o->size : o->page->bytes;
}

bool leak_scan_reached(const struct leak_scan *s, const struct object *o)
{
	return s->reached && s->reached[o->slot / 8] >> o->slot % 8 & 1;
}

void leak_scan_skip(struct leak_scan *s, const struct object *o)
{
	if (s->reached)
		s->reached[o->slot / 8] |= (uint8_t)(1u << o->slot % 8);
}

void leak_scan_object(struct leak_scan *s, const struct object *o)
{
	if (!s->reached || leak_scan_reached(s, o))
		return;
	s->reached[o->slot / 8] |= (uint8_t)(1u << o->slot % 8);
	s->object[s->count++] = object_number(s->mm, o->start);
}

void leak_scan_addr(struct leak_scan *s, uint64_t addr)
{
	const char *p = mm_ptr(s->mm, addr, 1);
	struct object o;
	uint32_t tag;

	if (!p || !object_find(s->mm, p, &o))
		return;
	tag = object_tag(s->mm, &o);
	/* red zones belong to their object, but an address in one does not keep it */
	if (!tag || (tag == TAG_PAGES && !s->pages) || p < o.start ||
	    (size_t)(p - o.start) >= leak_object_size(s->mm, &o))
		return;
	leak_scan_object(s, &o);
}

void leak_scan_lists(struct leak_scan *s)
{
	struct object o;
	uint64_t at = 0;

	while (objects_next(s->mm, &at, &o))
		if (object_tag(s->mm, &o) >= TAG_LISTS || object_tag(s->mm, &o) == TAG_CACHE)
			leak_scan_object(s, &o);
}

static void read_words(struct leak_scan *s, const char *p, size_t size)
{
	const uint64_t first = s->mm->page_offset, bytes = s->mm->size;
	size_t word = s->mm->kernel->arch->word;

	for (size_t at = 0; at + word <= size; at += word) {
		uint64_t value = 0;

		if (word == 8) {
			memcpy(&value, p + at, 8);
		} else {
			uint32_t half;

			memcpy(&half, p + at, 4);
			value = half;
		}
		if (value - first < bytes || is_vmalloc_addr(s->mm, value))
			leak_scan_addr(s, value);
	}
}

void leak_scan_run(struct leak_scan *s)
{
	struct object o;

	while (s->done < s->count) {
		const char *start = object_start(s->mm, s->object[s->done++]);

		if (object_find(s->mm, start, &o))
			read_words(s, start, leak_object_size(s->mm, &o));
	}
}
