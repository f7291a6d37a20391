/* SPDX-License-Identifier: MIT */
/*
 * Tables that fit the terminal: if a table is too wide, names are cut first, then the
 * gaps between columns shrink, and then whole columns are removed. Rows never wrap.
 */
#include "view/draw.h"

#include <string.h>

static int total(const struct table *t)
{
	int sum = t->indent;
	bool any = false;

	for (unsigned i = 0; i < t->columns; i++) {
		if (t->width[i] < 0)
			continue;
		sum += t->width[i] + (any ? t->gap : 0);
		any = true;
	}
	return sum;
}

/* Makes the widest name one column narrower, if it may be. */
static bool shrink(struct table *t)
{
	unsigned widest = t->columns;

	for (unsigned i = 0; i < t->columns; i++)
		if (t->column[i].least && t->width[i] > t->column[i].least &&
		    (widest == t->columns || t->width[i] > t->width[widest]))
			widest = i;
	if (widest == t->columns)
		return false;
	t->width[widest]--;
	return true;
}

static bool drop(struct table *t)
{
	unsigned last = t->columns;

	for (unsigned i = 0; i < t->columns; i++)
		if (t->width[i] >= 0 && t->column[i].drop &&
		    (last == t->columns || t->column[i].drop > t->column[last].drop))
			last = i;
	if (last == t->columns)
		return false;
	t->width[last] = -1;
	return true;
}

void table_measure(struct table *t)
{
	struct buf text = BUF_INIT;
	int natural[TABLE_COLUMNS];

	for (unsigned i = 0; i < t->columns; i++)
		t->width[i] = glyphs_width(t->column[i].title);
	for (size_t row = t->first; row < t->end; row++)
		for (unsigned i = 0; i < t->columns; i++) {
			int width;

			buf_reset(&text);
			t->cell(t, row, i, &text);
			width = glyphs_width(buf_str(&text));
			if (width > t->width[i])
				t->width[i] = width;
		}
	buf_finish(&text);
	memcpy(natural, t->width, sizeof(natural));
	for (;;) {
		t->gap = 2;
		while (total(t) > t->draw->width && shrink(t))
			;
		if (total(t) > t->draw->width)
			t->gap = 1;
		if (total(t) <= t->draw->width || !drop(t))
			return;
		/* restore the names: removing the column made room for them */
		for (unsigned i = 0; i < t->columns; i++)
			if (t->width[i] >= 0)
				t->width[i] = natural[i];
	}
}

struct line {
	const struct table *t;
	int pending;  /* pending blanks, written only if something follows */
	bool any;
};

static void put(struct line *l, unsigned i, enum colour c, const char *s)
{
	const struct table *t = l->t;
	struct buf fitted = BUF_INIT;
	int width = glyphs_add(&fitted, s, t->width[i]), pad = t->width[i] - width;

	if (l->any)
		l->pending += t->gap;
	l->any = true;
	if (t->column[i].right) {
		l->pending += pad;
		pad = 0;
	}
	buf_pad(t->draw->out, ' ', l->pending);
	draw_on(t->draw, c);
	buf_puts(t->draw->out, buf_str(&fitted));
	draw_off(t->draw, c);
	l->pending = pad;
	buf_finish(&fitted);
}

void table_heading(const struct table *t)
{
	/* one underline for the whole line */
	struct line l = { .t = t, .pending = t->indent };

	draw_on(t->draw, COLOUR_HEADING);
	for (unsigned i = 0; i < t->columns; i++)
		if (t->width[i] >= 0)
			put(&l, i, COLOUR_NONE, t->column[i].title);
	if (t->draw->style->colour)
		buf_pad(t->draw->out, ' ', l.pending);
	draw_off(t->draw, COLOUR_HEADING);
	buf_putc(t->draw->out, '\n');
}

void table_row(const struct table *t, size_t row)
{
	struct line l = { .t = t, .pending = t->indent };
	struct buf text = BUF_INIT;

	for (unsigned i = 0; i < t->columns; i++) {
		enum colour c;

		buf_reset(&text);
		c = t->cell(t, row, i, &text);
		if (t->width[i] < 0)
			continue;
		if (!text.len)
			put(&l, i, COLOUR_DIM, "-");
		else if (strcmp(buf_str(&text), " "))
			put(&l, i, c, buf_str(&text));
		else
			l.pending += t->gap + t->width[i];
	}
	buf_putc(t->draw->out, '\n');
	buf_finish(&text);
}

void table_draw(struct table *t)
{
	table_measure(t);
	table_heading(t);
	for (size_t row = t->first; row < t->end; row++)
		table_row(t, row);
}

/* --- any rows ---------------------------------------------------------- */

static bool is_number(enum value_type type)
{
	return type == V_INT || type == V_UINT;
}

static enum colour plain_cell(const struct table *t, size_t row, unsigned column, struct buf *out)
{
	const struct value *v = result_cell(t->draw->result, row, column);

	view_value(t->draw->machine, v, out);
	return v->type == V_ADDR ? COLOUR_ADDR : COLOUR_NONE;
}

void view_table(const struct draw *d)
{
	const struct result *r = d->result;
	struct column column[TABLE_COLUMNS];
	struct table t = {
		.draw = d, .column = column, .cell = plain_cell, .end = r->rows,
		.columns = r->columns < TABLE_COLUMNS ? r->columns : TABLE_COLUMNS,
	};

	for (unsigned i = 0; i < t.columns; i++) {
		enum value_type type = V_NONE;

		for (size_t row = 0; row < r->rows && type == V_NONE; row++)
			type = result_cell(r, row, i)->type;
		column[i] = (struct column){
			.title = r->column[i], .right = is_number(type), .drop = (int)i,
			.least = type == V_STR || type == V_DEVICE || type == V_DRIVER ? 12 : 0,
		};
	}
	table_draw(&t);
}
