/* SPDX-License-Identifier: MIT */
/*
 * Memory: hex dumps that show the parts of an object, and the list of all objects in use.
 *
 *   header -028  50 01 00 01 80 88 ff ff                          next eth0
 *   data   +000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00 ................
 *   red    +010  cc cc cc cc cc cc cc cc                          ................
 */
#include "view/draw.h"
#include "lib/array.h"

#include <stdio.h>
#include <string.h>

enum {
	LABEL = 6,              /* the longest: header, memory */
	HEX_WORD = 8 * 3 - 1,   /* text of 8 bytes */
	HEX_ROW = 16 * 3 - 1,
	HEX = HEX_ROW + 1,      /* including the gap in the middle */
	TEXT = 16,
	MARK = 14,              /* OVERWRITTEN */
	OFFSET = 260,           /* buffer for an offset, whatever `digits` is */
};

#define OVERWRITTEN "<- overwritten" /* what the call puts in place of characters */

struct dump {
	const struct draw *d;
	uint8_t digits;         /* of the widest offset */
	int gap;
};

static enum colour part_colour(const char *part)
{
	static const struct { const char *part; enum colour colour; } table[] = {
		{ "header", COLOUR_HEADER }, { "data", COLOUR_DATA },
		{ "slack", COLOUR_SLACK }, { "free", COLOUR_FREE },
		{ "red", COLOUR_RED }, { "next", COLOUR_ADDR }, { "track", COLOUR_DIM },
		{ "user", COLOUR_DIM }, { "size", COLOUR_DIM }, { "kasan", COLOUR_DIM }, { "pad", COLOUR_DIM },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (!strcmp(table[i].part, part))
			return table[i].colour;
	return COLOUR_NONE;
}

static const char *part_of(const struct dump *p, size_t row)
{
	return draw_string(p->d, row, BYTES_part);
}

static bool same(const struct dump *p, size_t a, size_t b, unsigned column)
{
	return !strcmp(draw_string(p->d, a, column), draw_string(p->d, b, column));
}

/* Whether a row has the same bytes and meaning as the row above it. */
static bool repeats(const struct dump *p, size_t row)
{
	return row > 1 && same(p, row, row - 1, BYTES_part) && same(p, row, row - 1, BYTES_bytes) &&
	       same(p, row, row - 1, BYTES_text);
}

static void draw_offset(const struct dump *p, int64_t offset, char out[OFFSET])
{
	snprintf(out, OFFSET, "%c%0*llx", offset < 0 ? '-' : '+', p->digits,
		 (unsigned long long)(offset < 0 ? -offset : offset));
}

static void draw_bytes(const struct dump *p, size_t row)
{
	const struct draw *d = p->d;
	const char *part = part_of(p, row), *hex = draw_string(d, row, BYTES_bytes);
	const char *text = draw_string(d, row, BYTES_text);
	bool overwritten = !strcmp(text, OVERWRITTEN);
	enum colour c = overwritten ? COLOUR_ERROR : part_colour(part);
	char offset[OFFSET];
	bool wraps = false;
	int width, at, gap = 2;

	width = draw_text(d, c, row > 1 && same(p, row, row - 1, BYTES_part) ? "" : part, LABEL);
	buf_pad(d->out, ' ', LABEL + 1 - width);
	draw_offset(p, draw_number(d, row, BYTES_offset), offset);
	draw_text(d, COLOUR_DIM, offset, INT_MAX);
	buf_pad(d->out, ' ', p->gap);
	at = LABEL + 1 + (int)strlen(offset) + p->gap;
	draw_on(d, c);
	width = (int)strlen(hex);
	buf_add(d->out, hex, (size_t)(width < HEX_WORD ? width : HEX_WORD));
	if (width > HEX_WORD) {
		wraps = at + HEX > d->width;
		if (wraps) {
			buf_putc(d->out, '\n');
			buf_pad(d->out, ' ', at - 1);
		}
		buf_putc(d->out, ' ');
		buf_puts(d->out, hex + HEX_WORD + wraps);
		width++;
	}
	draw_off(d, c);
	/* the meaning of a header's word follows it directly */
	if (strcmp(part, "header") || width > HEX_WORD)
		gap = HEX + p->gap - width;
	if (*text && at + width + gap + (overwritten ? MARK : TEXT) <= d->width) {
		buf_pad(d->out, ' ', gap);
		draw_text(d, c, text, d->width - at - width - gap);
	} else if (overwritten) {
		/* characters may be dropped, but not this */
		buf_putc(d->out, '\n');
		buf_pad(d->out, ' ', at);
		draw_text(d, c, text, d->width - at);
	}
	buf_putc(d->out, '\n');
}

/* One line for the rows [row, end), which are all like the one above. */
static void draw_repeated(const struct dump *p, size_t row, size_t end)
{
	const struct draw *d = p->d;
	size_t bytes = 0;
	char offset[OFFSET];
	struct buf text = BUF_INIT;

	for (size_t i = row; i < end; i++)
		bytes += (strlen(draw_string(d, i, BYTES_bytes)) + 1) / 3;
	draw_offset(p, draw_number(d, row, BYTES_offset) + (int64_t)bytes - 1, offset);
	buf_pad(&text, ' ', LABEL + 1);
	buf_printf(&text, "*%*s the same up to %s", (int)strlen(offset) + p->gap - 2, "", offset);
	draw_text(d, COLOUR_DIM, buf_str(&text), d->width);
	buf_putc(d->out, '\n');
	buf_finish(&text);
}

static void draw_place(const struct dump *p)
{
	const struct draw *d = p->d;
	struct value from = {
		.type = V_ADDR,
		.u = (uint64_t)(draw_number(d, 0, BYTES_addr) - draw_number(d, 0, BYTES_offset)),
	};
	struct buf addr = BUF_INIT;

	view_value(d->machine, &from, &addr);
	draw_wrapped(d, COLOUR_TITLE, draw_string(d, 0, BYTES_text), 0);
	draw_text(d, COLOUR_DIM, "offsets count from ", INT_MAX);
	draw_text(d, COLOUR_ADDR, buf_str(&addr), INT_MAX);
	buf_finish(&addr);
	if (draw_number(d, 0, BYTES_offset) < 0 && d->width >= 60)
		draw_text(d, COLOUR_DIM, ", after the header", INT_MAX);
	buf_putc(d->out, '\n');
}

/* Explains the fill patterns of unwritten memory. */
static void draw_poison(const struct dump *p)
{
	/* part: only in this part; elsewhere the bytes may be data */
	static const struct { const char *part, *hex, *text; } poison[] = {
		{ NULL, "6b 6b 6b 6b 6b 6b 6b 6b",
		  "6b: poison, what fresh and freed objects are filled with" },
		{ NULL, "cc cc cc cc", "cc: red zone, bytes that were not asked for" },
		{ NULL, "bb bb bb bb", "bb: red zone of a free object" },
		{ "pad", "5a 5a 5a 5a", "5a: padding" },
		{ NULL, "5b e3 74 9d 02 11 f9 09", "09f911029d74e35b: red zone of a free object" },
		{ NULL, "c0 88 56 63 c5 56 41 d8", "d84156c5635688c0: red zone of an object in use" },
		{ NULL, "aa aa aa aa aa aa aa aa", "aa: poison, what freed pages are filled with" },
	};

	for (size_t i = 0; i < COUNT(poison); i++)
		for (size_t row = 1; row < p->d->result->rows; row++)
			if (strstr(draw_string(p->d, row, BYTES_bytes), poison[i].hex) &&
			    (!poison[i].part ||
			     !strcmp(draw_string(p->d, row, BYTES_part), poison[i].part))) {
				draw_text(p->d, COLOUR_DIM, poison[i].text, p->d->width);
				buf_putc(p->d->out, '\n');
				break;
			}
}

void view_memory(const struct draw *d)
{
	struct dump p = { .d = d, .digits = 3, .gap = 2 };
	size_t end;

	for (size_t row = 1; row < d->result->rows; row++) {
		int64_t offset = draw_number(d, row, BYTES_offset);
		int n = snprintf(NULL, 0, "%llx",
				 (unsigned long long)(offset < 0 ? -offset : offset));

		if (n > p.digits)
			p.digits = (uint8_t)n;
	}
	if (LABEL + 1 + 1 + p.digits + 2 * p.gap + HEX + TEXT > d->width)
		p.gap = 1;
	draw_place(&p);
	for (size_t row = 1; row < d->result->rows; row = end) {
		if (!strcmp(part_of(&p, row), "place")) {
			draw_wrapped(d, COLOUR_TITLE, draw_string(d, row, BYTES_text), 0);
			end = row + 1;
			continue;
		}
		draw_bytes(&p, row);
		for (end = row + 1; end < d->result->rows && repeats(&p, end); end++)
			;
		/* a single repeated row is shown as it is */
		if (end == row + 2)
			draw_bytes(&p, row + 1);
		else if (end > row + 2)
			draw_repeated(&p, row + 1, end);
	}
	draw_poison(&p);
}

/* --- all that is in use ------------------------------------------------- */

static const struct column object_columns[OBJECTS_columns_end] = {
	[OBJECTS_addr] = { "address", false, 0, 0 },
	[OBJECTS_size] = { "size", true, 0, 0 },
	[OBJECTS_cache] = { "cache", false, 0, 1 },
	[OBJECTS_node] = { "node", true, 0, 3 },
	[OBJECTS_owner] = { "owner", false, 9, 0 },
	[OBJECTS_by] = { "by", false, 8, 2 },
	[OBJECTS_phase] = { "phase", false, 0, 4 },
	[OBJECTS_step] = { "step", true, 0, 5 },
};

static enum colour object_cell(const struct table *t, size_t row, unsigned column,
			       struct buf *out)
{
	const struct draw *d = t->draw;
	const struct value *v = result_cell(d->result, row, column);

	view_value(d->machine, v, out);
	if (column == OBJECTS_addr)
		return COLOUR_ADDR;
	/* nothing will free a node that is on no list */
	if (column == OBJECTS_owner && !strcmp(buf_str(out), "(no list)"))
		return COLOUR_WARNING;
	return COLOUR_NONE;
}

void view_objects(const struct draw *d)
{
	struct table t = {
		.draw = d, .column = object_columns, .columns = OBJECTS_columns_end,
		.end = d->result->rows, .cell = object_cell,
	};

	table_draw(&t);
}
