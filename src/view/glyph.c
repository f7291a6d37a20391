/* SPDX-License-Identifier: MIT */
#include "view/glyph.h"
#include "lib/array.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

/*
 * Two columns wide: East Asian scripts and pictures. The C library only knows that in a
 * locale.
 */
static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf }, { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

static const struct range narrow[] = {
	{ 0x300, 0x36f }, { 0x200b, 0x200f }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f },
};

#define ESCAPED 4 /* columns of \x1b */

static bool in(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].first && c <= r[i].last)
			return true;
	return false;
}

/* Bidirectional controls and C1 controls can make text look different from what it is. */
static bool harmless(uint32_t c)
{
	return c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0) &&
	       !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

/* The length of the well-formed sequence at s; 0: it is not well-formed. */
static int decode(const unsigned char *s, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;

	*c = n > 1 ? s[0] & (0x7fu >> n) : s[0];
	for (int i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (!n || *c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return n;
}

struct glyph glyph_at(const char *s)
{
	uint32_t c;
	int n;

	if (!*s)
		return (struct glyph){ 0 };
	n = decode((const unsigned char *)s, &c);
	if (!n || !harmless(c))
		return (struct glyph){ .bytes = n ? n : 1, .columns = ESCAPED * (n ? n : 1) };
	return (struct glyph){
		.bytes = n, .plain = true,
		.columns = in(narrow, COUNT(narrow), c) ? 0
			 : in(wide, COUNT(wide), c) ? 2 : 1,
	};
}

int glyphs_width(const char *s)
{
	struct glyph g;
	int width = 0;

	for (; (g = glyph_at(s)).bytes && width < INT_MAX / 2; s += g.bytes)
		width += g.columns;
	return width;
}

/* Appends as many whole characters as fit; returns the columns used. */
static int add_whole(struct buf *b, const char *s, int columns)
{
	struct glyph g;
	int width = 0;

	for (; (g = glyph_at(s)).bytes && width + g.columns <= columns; s += g.bytes) {
		width += g.columns;
		if (g.plain)
			buf_add(b, s, (size_t)g.bytes);
		for (int i = 0; !g.plain && i < g.bytes; i++)
			buf_printf(b, "\\x%02x", (unsigned char)s[i]);
	}
	return width;
}

int glyphs_add(struct buf *b, const char *s, int columns)
{
	int dots = columns < 3 ? (columns > 0 ? columns : 0) : 3, width;

	if (glyphs_width(s) <= columns)
		return add_whole(b, s, columns);
	width = add_whole(b, s, columns - dots);
	buf_pad(b, '.', dots);
	return width + dots;
}

void glyphs_repair(struct buf *b, const char *s)
{
	uint32_t c;

	while (*s) {
		int n = decode((const unsigned char *)s, &c);

		if (n)
			buf_add(b, s, (size_t)n);
		else
			buf_puts(b, "\xef\xbf\xbd");
		s += n ? n : 1;
	}
}
