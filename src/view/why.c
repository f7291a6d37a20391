/* SPDX-License-Identifier: MIT */
/* Sentences, with the answer first; or facts, one per line. */
#include <string.h>

#include "view/draw.h"

/* A column of names, with what is known about each. */
static void view_facts(const struct draw *d)
{
	int widest = 0;

	for (size_t row = 0; row < d->result->rows; row++) {
		int width = glyphs_width(draw_string(d, row, FACTS_fact));

		widest = width > widest ? width : widest;
	}
	for (size_t row = 0; row < d->result->rows; row++) {
		int column = draw_text(d, COLOUR_DIM, draw_string(d, row, FACTS_fact), INT_MAX);

		buf_pad(d->out, ' ', widest + 2 - column);
		draw_wrapped(d, row ? COLOUR_NONE : COLOUR_TITLE, draw_string(d, row, FACTS_text),
			     widest + 2);
	}
}

void view_why(const struct draw *d)
{
	if (!strcmp(d->result->column[0], "fact")) {
		view_facts(d);
		return;
	}
	for (size_t row = 0; row < d->result->rows; row++) {
		if (row)
			buf_puts(d->out, "  ");
		draw_wrapped(d, row ? COLOUR_NONE : COLOUR_TITLE, draw_string(d, row, SENTENCES_text),
			     row ? 2 : 0);
	}
}

void view_note(const char *name, const char *note, const struct view_style *style,
	       struct buf *out)
{
	struct draw d = { .style = style, .out = out, .width = style->width };
	struct view_style plain = *style;
	struct buf line = BUF_INIT;

	plain.colour = false; /* the caller sets the colour */
	d.style = &plain;
	buf_printf(&line, "%s: ", name);
	for (int column = 0; *note; column = 2) {
		size_t len = strcspn(note, "\n");

		buf_add(&line, note, len);
		draw_wrapped_from(&d, COLOUR_NONE, buf_str(&line), column, 2);
		buf_reset(&line);
		note += len;
		note += *note == '\n';
		if (*note)
			buf_puts(out, "  ");
	}
	buf_finish(&line);
}
