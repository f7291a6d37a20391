/* SPDX-License-Identifier: MIT */
/*
 * The expected bytes of a thing, by release and slub_debug=, and who reports differences.
 */
#include "memory.h"

#include <string.h>

enum { RED_FREE = 0xbb, RED_USED = 0xcc };

/* CONFIG_SLAB */
#define WORD_FREE 0x09f911029d74e35bull
#define WORD_USED 0xd84156c5635688c0ull

bool has(const struct setup *s, char letter)
{
	return strchr(s->letters, letter) != NULL;
}

bool config_slab(const struct setup *s)
{
	return s->release < 4010;
}

size_t bucket_of(const struct setup *s, size_t bytes)
{
	size_t min = s->arm64 && s->release < 6005 ? 128 : config_slab(s) ? 32 : 8, size = min;

	if (bytes > 64 && bytes <= 96 && min <= 32)
		return 96;
	if (bytes > 128 && bytes <= 192 && min <= 64)
		return 192;
	if (bytes > SLAB_MAX)
		size = 4096;
	while (size < bytes)
		size *= 2;
	return size;
}

size_t header_of(const struct setup *s)
{
	if (s->arm64 && s->release >= 5000)
		return 128;
	return s->release >= 7001 ? 56 : s->release >= 5014 ? 40 : 24;
}

bool is_slab(const struct thing *t)
{
	return t->cache != NULL;
}

/* CONFIG_SLAB has no red zones if objects are aligned to more than 8, or fill pages. */
bool has_zones(const struct run *r, const struct thing *t)
{
	bool words = !r->setup->arm64 || t->own;
	bool room = !config_slab(r->setup) || (words && t->bucket < 4096);

	return is_slab(t) && room && has(r->setup, 'Z');
}

size_t in_front(const struct run *r, const struct thing *t)
{
	return has_zones(r, t) ? AROUND : 0;
}

size_t behind(const struct run *r, const struct thing *t)
{
	return in_front(r, t);
}

/* A part that has one value unless it was damaged. */
struct band {
	int from, to;           /* offsets in the object; `to` is exclusive */
	uint64_t word;          /* repeated from `from` on */
};

#define BYTES(value) (0x0101010101010101ull * (value))

static uint8_t band_byte(const struct band *z, int at)
{
	return (uint8_t)(z->word >> 8 * ((at - z->from) % 8));
}

/* On 6.12 KASAN writes to the first 16 bytes of freed objects that are large enough. */
static int kmalloc_red(const struct run *r, const struct thing *t)
{
	bool spared = r->setup->kasan && r->setup->release < 7000 && t->bucket >= 16;

	return spared && t->asked < 16 ? 16 : (int)t->asked;
}

/* The last byte of a new object's poison. */
static int poison_end(const struct run *r, const struct thing *t)
{
	bool sized = r->setup->release >= 6002 && has(r->setup, 'U') && t->asked;

	return (sized ? kmalloc_red(r, t) : (int)t->bucket) - 1;
}

uint8_t fresh_byte(const struct run *r, const struct thing *t, int at)
{
	if (config_slab(r->setup))
		return 0x5a;
	return at == poison_end(r, t) ? 0xa5 : 0x6b;
}

static unsigned zones_of(const struct run *r, const struct thing *t, struct band *z)
{
	uint64_t red = BYTES(t->live ? RED_USED : RED_FREE);
	int bucket = (int)t->bucket;
	unsigned n = 0;

	if (!is_slab(t))
		return 0;
	if (config_slab(r->setup))
		red = t->live ? WORD_USED : WORD_FREE;
	if (has_zones(r, t)) {
		z[n++] = (struct band){ -AROUND, 0, red };
		z[n++] = (struct band){ bucket, bucket + AROUND, red };
		if (t->live && t->asked && r->setup->release >= 6002 && has(r->setup, 'U'))
			z[n++] = (struct band){ kmalloc_red(r, t), bucket, red };
	}
	if (!t->live && has(r->setup, 'P')) {
		z[n++] = (struct band){ 0, bucket - 1, BYTES(0x6b) };
		z[n++] = (struct band){ bucket - 1, bucket, BYTES(0xa5) };
	}
	return n;
}

static bool band_intact(const struct thing *t, const struct band *z)
{
	for (int at = z->from; at < z->to; at++)
		if (t->was[AROUND + at] != band_byte(z, at))
			return false;
	return true;
}

/* CONFIG_SLAB's reports about an object: one about its red zones, one about its poison. */
static uint32_t slab_reports(const struct run *r, const struct thing *t)
{
	struct band zone[8];
	unsigned n = zones_of(r, t, zone);
	bool outside = false, inside = false;

	for (unsigned i = 0; i < n; i++) {
		bool around = zone[i].from < 0 || zone[i].from >= (int)t->bucket;

		if (!band_intact(t, &zone[i]))
			*(around ? &outside : &inside) = true;
	}
	return (uint32_t)outside + inside;
}

uint32_t reports_of(const struct run *r, const struct thing *t)
{
	return config_slab(r->setup) ? slab_reports(r, t) : 1;
}

bool damaged(const struct run *r, struct thing *t, bool repair)
{
	struct band zone[8];
	bool first = r->setup->release < 6012 && !config_slab(r->setup), found = false;
	unsigned n = zones_of(r, t, zone);

	for (unsigned i = 0; i < n && !(found && first); i++)
		for (int at = zone[i].from; at < zone[i].to; at++) {
			uint8_t *byte = &t->was[AROUND + at];

			found |= *byte != band_byte(&zone[i], at);
			if (repair)
				*byte = band_byte(&zone[i], at);
		}
	return found;
}

void fill_zones(const struct run *r, struct thing *t)
{
	struct band zone[8];
	unsigned n = zones_of(r, t, zone);

	for (unsigned i = 0; i < n; i++)
		for (int at = zone[i].from; at < zone[i].to; at++)
			t->was[AROUND + at] = band_byte(&zone[i], at);
}
