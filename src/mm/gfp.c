/* SPDX-License-Identifier: MIT */
/*
 * Allocation flags by name and number. Corresponds to Linux'
 * include/linux/gfp_types.h and include/trace/events/mmflags.h. The numbers
 * are those of 5.10 and later; older releases are given the same ones.
 */
#include "mm/gfp.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/params.h"

enum special { PLAIN, ATOMIC, NOWAIT };

struct flag {
	const char *name;
	gfp_t value;
	enum special special;
	bool said; /* %pGg prints it */
};

/* In the order in which %pGg tries them. */
static const struct flag flags[] = {
	{ "GFP_HIGHUSER_MOVABLE", 0x100cca, PLAIN, true },
	{ "GFP_HIGHUSER", 0x100cc2, PLAIN, true },
	{ "GFP_USER", 0x100cc0, PLAIN, true },
	{ "GFP_KERNEL_ACCOUNT", 0x400cc0, PLAIN, true },
	{ "GFP_KERNEL", GFP_KERNEL, PLAIN, true },
	{ "GFP_NOFS", 0xc40, PLAIN, true },
	{ "GFP_ATOMIC", 0, ATOMIC, true },
	{ "GFP_NOIO", 0xc00, PLAIN, true },
	{ "GFP_NOWAIT", 0, NOWAIT, true },
	{ "GFP_DMA", __GFP_DMA, PLAIN, true },
	{ "__GFP_HIGHMEM", __GFP_HIGHMEM, PLAIN, true },
	{ "GFP_DMA32", __GFP_DMA32, PLAIN, true },
	{ "__GFP_HIGH", __GFP_HIGH, PLAIN, true },
	{ "__GFP_IO", __GFP_IO, PLAIN, true },
	{ "__GFP_FS", __GFP_FS, PLAIN, true },
	{ "__GFP_NOWARN", __GFP_NOWARN, PLAIN, true },
	{ "__GFP_RETRY_MAYFAIL", 0x4000, PLAIN, true },
	{ "__GFP_NOFAIL", __GFP_NOFAIL, PLAIN, true },
	{ "__GFP_NORETRY", 0x10000, PLAIN, true },
	{ "__GFP_COMP", __GFP_COMP, PLAIN, true },
	{ "__GFP_ZERO", __GFP_ZERO, PLAIN, true },
	{ "__GFP_NOMEMALLOC", 0x80000, PLAIN, true },
	{ "__GFP_MEMALLOC", 0x20000, PLAIN, true },
	{ "__GFP_HARDWALL", __GFP_HARDWALL, PLAIN, true },
	{ "__GFP_THISNODE", __GFP_THISNODE, PLAIN, true },
	{ "__GFP_RECLAIMABLE", __GFP_RECLAIMABLE, PLAIN, true },
	{ "__GFP_MOVABLE", __GFP_MOVABLE, PLAIN, true },
	{ "__GFP_ACCOUNT", __GFP_ACCOUNT, PLAIN, true },
	{ "__GFP_WRITE", 0x1000, PLAIN, true },
	{ "__GFP_RECLAIM", __GFP_RECLAIM, PLAIN, true },
	{ "__GFP_DIRECT_RECLAIM", __GFP_DIRECT_RECLAIM, PLAIN, true },
	{ "__GFP_KSWAPD_RECLAIM", __GFP_KSWAPD_RECLAIM, PLAIN, true },
	{ "__GFP_DMA", __GFP_DMA, PLAIN, false },
	{ "__GFP_DMA32", __GFP_DMA32, PLAIN, false },
};

#define COUNT (sizeof(flags) / sizeof(flags[0]))

static gfp_t flag_value(const struct profile *p, const struct flag *f)
{
	switch (f->special) {
	case ATOMIC: return p->gfp_atomic;
	case NOWAIT: return p->gfp_nowait;
	default: return f->value;
	}
}

const char *gfp_name(size_t i)
{
	return i < COUNT ? flags[i].name : NULL;
}

int gfp_value(const struct profile *p, const char *name, size_t len, gfp_t *out)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (strlen(flags[i].name) != len || memcmp(flags[i].name, name, len))
			continue;
		*out = flag_value(p, &flags[i]);
		return 0;
	}
	return -ENOENT;
}

int gfp_parse(const struct profile *p, const char *text, gfp_t *out)
{
	gfp_t all = 0, one;
	char number[24];
	uint64_t value;

	for (;;) {
		size_t len = strcspn(text, "|");

		if (gfp_value(p, text, len, &one)) {
			if (!len || len >= sizeof(number) || !isdigit((unsigned char)*text))
				return -EINVAL;
			memcpy(number, text, len);
			number[len] = '\0';
			if (parse_size(number, &value) || value > UINT32_MAX)
				return -EINVAL;
			one = (gfp_t)value;
		}
		all |= one;
		if (!text[len])
			break;
		text += len + 1;
	}
	*out = all;
	return 0;
}

/* What %pGg says next of these: as the table goes, or the lowest bit behind the GFP_* names. */
static const struct flag *next_said(const struct profile *p, gfp_t gfp)
{
	for (size_t i = 0; i < COUNT; i++) {
		const struct flag *f = &flags[i];
		gfp_t value = flag_value(p, f);

		if (f->said && (gfp & value) == value && !(p->gfp_by_bit && *f->name == '_'))
			return f;
	}
	for (gfp_t left = p->gfp_by_bit ? gfp : 0; left; left &= left - 1)
		for (size_t i = 0; i < COUNT; i++)
			if (flags[i].said && flags[i].value == (left & -left))
				return &flags[i];
	return NULL;
}

void gfp_format(const struct profile *p, gfp_t gfp, char *out, size_t size)
{
	const struct flag *f;
	size_t len = 0;

	out[0] = '\0';
	if (!gfp) {
		snprintf(out, size, "0");
		return;
	}
	while (gfp && (f = next_said(p, gfp))) {
		gfp &= ~flag_value(p, f);
		len += (size_t)snprintf(out + len, len < size ? size - len : 0, "%s%s",
					f->name, gfp ? "|" : "");
		if (len >= size)
			return;
	}
	if (gfp)
		snprintf(out + len, size - len, "%#x", gfp);
}
