/* SPDX-License-Identifier: MIT */
/*
 * Allocation flags by name and number. Corresponds to Linux' include/linux/gfp_types.h
 * and include/trace/events/mmflags.h. Numbers that depend on the configuration are those
 * without CONFIG_LOCKDEP and CONFIG_KASAN_HW_TAGS.
 */
#include "mm/gfp.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/params.h"
#include "lib/array.h"
#include "lib/size.h"

enum special { PLAIN, ATOMIC, NOWAIT };

struct flag {
	const char *name;
	gfp_t value;
	enum special special;
	bool alias;        /* one that %pGg does not print */
	int since, until;  /* RELEASE(), both inclusive; 0: no limit */
};

#define SINCE(major, minor) .since = RELEASE(major, minor)
#define UNTIL(major, minor) .until = RELEASE(major, minor)
#define FLAG(text, number, ...) { .name = (text), .value = (number), __VA_ARGS__ }

/* In the order in which %pGg tries them. */
static const struct flag flags[] = {
	FLAG("GFP_TRANSHUGE", 0x1c24ca),
	FLAG("GFP_TRANSHUGE_LIGHT", 0x1c20ca),
	FLAG("GFP_HIGHUSER_MOVABLE", 0x100cca),
	FLAG("GFP_HIGHUSER", 0x100cc2),
	FLAG("GFP_USER", 0x100cc0),
	FLAG("GFP_TEMPORARY", 0xcd0, UNTIL(4, 14)),
	FLAG("GFP_KERNEL_ACCOUNT", 0x400cc0),
	FLAG("GFP_KERNEL", GFP_KERNEL),
	FLAG("GFP_NOFS", 0xc40),
	FLAG("GFP_ATOMIC", 0, .special = ATOMIC),
	FLAG("GFP_NOIO", 0xc00),
	FLAG("GFP_NOWAIT", 0, .special = NOWAIT),
	FLAG("GFP_DMA", __GFP_DMA),
	FLAG("__GFP_HIGHMEM", __GFP_HIGHMEM),
	FLAG("GFP_DMA32", __GFP_DMA32),
	FLAG("__GFP_HIGH", __GFP_HIGH),
	FLAG("__GFP_ATOMIC", __GFP_ATOMIC, UNTIL(6, 2)),
	FLAG("__GFP_IO", __GFP_IO),
	FLAG("__GFP_FS", __GFP_FS),
	FLAG("__GFP_COLD", __GFP_COLD, UNTIL(4, 14)),
	FLAG("__GFP_NOWARN", __GFP_NOWARN),
	FLAG("__GFP_REPEAT", __GFP_RETRY_MAYFAIL, UNTIL(4, 12)),
	FLAG("__GFP_RETRY_MAYFAIL", __GFP_RETRY_MAYFAIL, SINCE(4, 13)),
	FLAG("__GFP_NOFAIL", __GFP_NOFAIL),
	FLAG("__GFP_NORETRY", __GFP_NORETRY),
	FLAG("__GFP_COMP", __GFP_COMP),
	FLAG("__GFP_ZERO", __GFP_ZERO),
	FLAG("__GFP_NOMEMALLOC", __GFP_NOMEMALLOC),
	FLAG("__GFP_MEMALLOC", __GFP_MEMALLOC),
	FLAG("__GFP_HARDWALL", __GFP_HARDWALL),
	FLAG("__GFP_THISNODE", __GFP_THISNODE),
	FLAG("__GFP_RECLAIMABLE", __GFP_RECLAIMABLE),
	FLAG("__GFP_MOVABLE", __GFP_MOVABLE),
	FLAG("__GFP_ACCOUNT", __GFP_ACCOUNT),
	FLAG("__GFP_NOTRACK", __GFP_NOTRACK, UNTIL(4, 14)),
	FLAG("__GFP_WRITE", 0x1000),
	FLAG("__GFP_RECLAIM", __GFP_RECLAIM),
	FLAG("__GFP_DIRECT_RECLAIM", __GFP_DIRECT_RECLAIM),
	FLAG("__GFP_KSWAPD_RECLAIM", __GFP_KSWAPD_RECLAIM),
	FLAG("__GFP_OTHER_NODE", __GFP_OTHER_NODE, UNTIL(4, 10)),
	FLAG("__GFP_ZEROTAGS", __GFP_ZEROTAGS, SINCE(5, 14)),
	FLAG("__GFP_DMA", __GFP_DMA, .alias = true),
	FLAG("__GFP_DMA32", __GFP_DMA32, .alias = true),
};

/* --- numbers ------------------------------------------------------------------ */

/*
 * For each of our bits from the 9th on, its position in the release; others are the same.
 */
#define FIRST_MOVED 8
static const uint8_t bits_4_9[] = {
	15, 19, 22, 25, 24, 9, 10, 11, 12, 13, 14, 16, 17, 18, 20, 8, 21, 23,
};
static const uint8_t bits_4_19[] = {
	15, 19, 21, 22, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 20,
};

static const uint8_t *moved_bits(const struct profile *p, unsigned *n)
{
	if (p->version >= RELEASE(5, 0))
		return *n = 0, NULL;
	if (p->version >= RELEASE(4, 14))
		return *n = sizeof(bits_4_19), bits_4_19;
	return *n = sizeof(bits_4_9), bits_4_9;
}

/* Moves the bits to the release's positions, or back. */
static uint32_t move_bits(const struct profile *p, uint32_t value, bool back)
{
	unsigned n;
	const uint8_t *bit = moved_bits(p, &n);
	uint32_t out = value;

	for (unsigned i = 0; i < n; i++)
		out &= ~(1u << (FIRST_MOVED + i));
	for (unsigned i = 0; i < n; i++) {
		unsigned ours = FIRST_MOVED + i, theirs = bit[i];

		if (value & 1u << (back ? theirs : ours))
			out |= 1u << (back ? ours : theirs);
	}
	return out;
}

uint32_t gfp_number(const struct profile *p, gfp_t gfp)
{
	return move_bits(p, gfp, false);
}

gfp_t gfp_from_number(const struct profile *p, uint32_t number)
{
	return move_bits(p, number, true);
}

/* --- names -------------------------------------------------------------------- */

static bool in_release(const struct profile *p, const struct flag *f)
{
	return p->version >= f->since && (!f->until || p->version <= f->until);
}

static gfp_t flag_value(const struct profile *p, const struct flag *f)
{
	switch (f->special) {
	case ATOMIC: return p->gfp_atomic;
	case NOWAIT: return p->gfp_nowait;
	default: return f->value;
	}
}

gfp_t gfp_known(const struct profile *p)
{
	gfp_t known = 0;

	for (size_t i = 0; i < COUNT(flags); i++)
		if (in_release(p, &flags[i]))
			known |= flag_value(p, &flags[i]);
	/* there may be gaps: an unused bit does not count as wrong */
	for (gfp_t below = known >> 1; below; below >>= 1)
		known |= below;
	return known;
}

const char *gfp_name(size_t i)
{
	return i < COUNT(flags) ? flags[i].name : NULL;
}

static const struct flag *named(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(flags); i++)
		if (strlen(flags[i].name) == len && !memcmp(flags[i].name, name, len))
			return &flags[i];
	return NULL;
}

int gfp_releases(const char *name, int *since, int *until)
{
	const struct flag *f = named(name, strlen(name));

	if (!f)
		return -ENOENT;
	*since = f->since;
	*until = f->until;
	return 0;
}

int gfp_value(const struct profile *p, const char *name, size_t len, gfp_t *out)
{
	const struct flag *f = named(name, len);

	if (!f)
		return -ENOENT;
	if (!in_release(p, f))
		return -ENOSYS;
	*out = flag_value(p, f);
	return 0;
}

int gfp_parse(const struct profile *p, const char *text, gfp_t *out)
{
	gfp_t all = 0, one;
	char number[24];
	uint64_t value;

	for (;;) {
		size_t len = strcspn(text, "|");
		int rc = gfp_value(p, text, len, &one);

		if (rc == -ENOSYS)
			return rc;
		if (rc) {
			if (!len || len >= sizeof(number) || !isdigit((unsigned char)*text))
				return -EINVAL;
			memcpy(number, text, len);
			number[len] = '\0';
			if (parse_size(number, &value) || value > UINT32_MAX)
				return -EINVAL;
			one = gfp_from_number(p, (uint32_t)value);
		}
		all |= one;
		if (!text[len])
			break;
		text += len + 1;
	}
	*out = all;
	return 0;
}

/* Printed after the GFP_* names: single bits, starting with the lowest. */
static bool single_bit(const struct flag *f)
{
	return *f->name == '_' && f->value != __GFP_RECLAIM;
}

/*
 * The name that %pGg prints next for these flags: in the order of the table, or, after
 * the GFP_* names, the lowest bit.
 */
static const struct flag *next_printed(const struct profile *p, gfp_t gfp)
{
	for (size_t i = 0; i < COUNT(flags); i++) {
		const struct flag *f = &flags[i];
		gfp_t value = flag_value(p, f);

		if (!f->alias && in_release(p, f) && (gfp & value) == value &&
		    !(p->gfp_by_bit && single_bit(f)))
			return f;
	}
	for (gfp_t left = p->gfp_by_bit ? gfp : 0; left; left &= left - 1)
		for (size_t i = 0; i < COUNT(flags); i++)
			if (!flags[i].alias && in_release(p, &flags[i]) &&
			    flags[i].value == (left & -left))
				return &flags[i];
	return NULL;
}

void gfp_format(const struct profile *p, gfp_t gfp, char *out, size_t size)
{
	const struct flag *f;
	size_t len = 0;

	out[0] = '\0';
	while (gfp && (f = next_printed(p, gfp))) {
		gfp &= ~flag_value(p, f);
		len += (size_t)snprintf(out + len, len < size ? size - len : 0, "%s%s",
					f->name, gfp ? "|" : "");
		if (len >= size)
			return;
	}
	if (gfp)
		snprintf(out + len, size - len, "%#x", gfp_number(p, gfp));
}
