/* SPDX-License-Identifier: MIT */
/* Sentences: the answer first, then what it rests on. */
#include "view/draw.h"

void view_why(const struct draw *d)
{
	for (size_t row = 0; row < d->result->rows; row++) {
		if (row)
			buf_puts(d->out, "  ");
		draw_wrapped(d, row ? COLOUR_NONE : COLOUR_TITLE, draw_string(d, row, "text"),
			     row ? 2 : 0);
	}
}
