/* SPDX-License-Identifier: MIT */
/* The kernel log. Lines are never cut, because people search for them. */
#include "view/draw.h"

#include <string.h>

#define ROW_OF_KASAN 82 /* columns */

static enum colour level_colour(int level)
{
	return level <= 3 ? COLOUR_ERROR : level == 4 ? COLOUR_WARNING
	     : level >= 7 ? COLOUR_DIM : COLOUR_NONE;
}

void view_log_line(const struct report_line *line, const struct view_style *style,
		   struct buf *out)
{
	const struct draw d = { .style = style, .out = out, .width = style->width };
	struct report_line bare = *line;
	const char *text = line->text;
	char time[40];

	bare.text = "";
	report_format(&bare, time, sizeof(time));
	/*
	 * Remove the blanks of the time, or a row of KASAN would not fit on 80 columns.
	 * In all lines, because of the '^' below the row.
	 */
	if (style->fold && style->width < ROW_OF_KASAN) {
		size_t blanks = strspn(time + 1, " ");

		memmove(time + 1, time + 1 + blanks, strlen(time + 1 + blanks) + 1);
	}
	draw_text(&d, COLOUR_DIM, time, INT_MAX);
	/* older releases indent the functions of a track by a TAB */
	if (*text == '\t')
		buf_putc(out, *text++);
	draw_text(&d, level_colour(line->level), text, INT_MAX);
	buf_putc(out, '\n');
}

void view_log(const struct draw *d)
{
	for (size_t row = 0; row < d->result->rows; row++) {
		const struct report_line line = {
			.seq = (uint64_t)draw_number(d, row, LOG_seq),
			.now = (uint64_t)draw_number(d, row, LOG_time),
			.level = (int)draw_number(d, row, LOG_level),
			.text = draw_string(d, row, LOG_text),
		};

		view_log_line(&line, d->style, d->out);
	}
}
