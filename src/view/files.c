/* SPDX-License-Identifier: MIT */
/* ls: the mode of an entry, its name, and where it leads or what it is. */
#include "view/draw.h"

enum { MODE, NAME, WHAT };

static enum colour file_cell(const struct table *t, size_t row, unsigned column, struct buf *out)
{
	const struct draw *d = t->draw;
	const char *mode = draw_string(d, row, FILES_mode), *target = draw_string(d, row, FILES_target);

	switch (column) {
	case MODE:
		buf_puts(out, mode);
		return COLOUR_DIM;
	case NAME:
		buf_puts(out, draw_string(d, row, FILES_name));
		return mode[0] == 'd' ? COLOUR_HEADER : mode[0] == 'l' ? COLOUR_DATA : COLOUR_NONE;
	default:
		if (*target)
			buf_printf(out, "-> %s", target);
		else
			buf_puts(out, draw_string(d, row, FILES_help));
		return *target ? COLOUR_NONE : COLOUR_DIM;
	}
}

void view_files(const struct draw *d)
{
	static const struct column column[] = {
		[MODE] = { "mode" },
		[NAME] = { "name", .least = 16 },
		[WHAT] = { "what it is", .least = 16, .drop = 1 },
	};
	struct table t = {
		.draw = d, .column = column, .columns = 3, .cell = file_cell,
		.end = d->result->rows,
	};

	table_draw(&t);
}
