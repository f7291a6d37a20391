/* SPDX-License-Identifier: MIT */
/* Colours and lines. */
#include "view/draw.h"

#include <string.h>

/* From the eight colours of every terminal; readable on dark and light backgrounds. */
static const char *const escape[] = {
	[COLOUR_TITLE] = "1", [COLOUR_HEADING] = "4", [COLOUR_DIM] = "2",
	[COLOUR_ADDR] = "36", [COLOUR_HEADER] = "35", [COLOUR_DATA] = "32",
	[COLOUR_SLACK] = "33", [COLOUR_FREE] = "2", [COLOUR_RED] = "34", [COLOUR_GOOD] = "32",
	[COLOUR_WARNING] = "33", [COLOUR_ERROR] = "31",
};

void draw_on(const struct draw *d, enum colour c)
{
	if (c != COLOUR_NONE && d->style->colour)
		buf_printf(d->out, "\033[%sm", escape[c]);
}

void draw_off(const struct draw *d, enum colour c)
{
	if (c != COLOUR_NONE && d->style->colour)
		buf_puts(d->out, "\033[0m");
}

int draw_text(const struct draw *d, enum colour c, const char *s, int columns)
{
	int width;

	if (!*s)
		return 0;
	draw_on(d, c);
	width = glyphs_add(d->out, s, columns);
	draw_off(d, c);
	return width;
}

void draw_wrapped(const struct draw *d, enum colour c, const char *s, int at)
{
	draw_wrapped_from(d, c, s, at, at);
}

void draw_wrapped_from(const struct draw *d, enum colour c, const char *s, int column, int at)
{
	struct buf word = BUF_INIT;
	int room = d->width - at;
	bool first = true; /* first word of its line */

	if (room < 1)
		room = 1;
	draw_on(d, c);
	while (*s) {
		size_t len = strcspn(s, " \n");
		int width;

		buf_reset(&word);
		buf_add(&word, s, len);
		width = glyphs_width(buf_str(&word));
		if (!first && column + 1 + width > d->width) {
			buf_putc(d->out, '\n');
			buf_pad(d->out, ' ', at);
			column = at;
			first = true;
		}
		if (!first) {
			buf_putc(d->out, ' ');
			column++;
		}
		column += glyphs_add(d->out, buf_str(&word), room);
		first = first && !len;
		s += len;
		s += strspn(s, " \n");
	}
	draw_off(d, c);
	buf_putc(d->out, '\n');
	buf_finish(&word);
}

const struct value *draw_cell(const struct draw *d, size_t row, unsigned column)
{
	static const struct value none;

	return column < d->result->columns ? result_cell(d->result, row, column) : &none;
}

const char *draw_string(const struct draw *d, size_t row, unsigned column)
{
	const struct value *v = draw_cell(d, row, column);

	return v->type == V_STR && v->s ? v->s : "";
}

int64_t draw_number(const struct draw *d, size_t row, unsigned column)
{
	const struct value *v = draw_cell(d, row, column);

	return v->type == V_UINT || v->type == V_ADDR ? (int64_t)v->u
	     : v->type == V_INT ? v->i : 0;
}
