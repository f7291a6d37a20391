/* SPDX-License-Identifier: MIT */
/*
 * What the views share: where they draw, in which colours, and the tables that most of
 * them consist of. Private to view/.
 */
#ifndef DEVSH_VIEW_DRAW_H
#define DEVSH_VIEW_DRAW_H

#include <limits.h>

#include "call/columns.h"
#include "view/glyph.h"
#include "view/view.h"

struct draw {
	const struct machine *machine;
	const struct call *call;
	const struct result *result;
	const struct view_style *style;
	int width;
	struct buf *out;
};

/* A colour has the same meaning in all views. */
enum colour {
	COLOUR_NONE,
	COLOUR_TITLE,    /* the subject of the lines below */
	COLOUR_HEADING,  /* of a table */
	COLOUR_DIM,      /* details */
	COLOUR_ADDR,
	COLOUR_HEADER,   /* the parts of a managed allocation */
	COLOUR_DATA,
	COLOUR_SLACK,
	COLOUR_FREE,
	COLOUR_RED,      /* red zone around an object */
	COLOUR_GOOD,
	COLOUR_WARNING,
	COLOUR_ERROR,
};

void draw_on(const struct draw *d, enum colour c);
void draw_off(const struct draw *d, enum colour c);

/* Appends coloured text, cut with "..." after so many columns. Returns the columns used. */
int draw_text(const struct draw *d, enum colour c, const char *s, int columns);

/* Appends text that is continued at column `at` when the line is full; ends the line. */
void draw_wrapped(const struct draw *d, enum colour c, const char *s, int at);

/* The same, with the first line beginning at another column. */
void draw_wrapped_from(const struct draw *d, enum colour c, const char *s, int column, int at);

/* --- cells, by the column numbers of call/columns.h ------------------------- */

/* V_NONE if the result has no such column. */
const struct value *draw_cell(const struct draw *d, size_t row, unsigned column);
/* "" if it is not text. */
const char *draw_string(const struct draw *d, size_t row, unsigned column);
/* A number or an address; 0 if it is neither. */
int64_t draw_number(const struct draw *d, size_t row, unsigned column);

/* --- tables ------------------------------------------------------------ */

struct column {
	const char *title;
	bool right;   /* numbers */
	int least;    /* may be cut to so many columns; 0: never cut */
	int drop;     /* removed if the table is too wide, highest first; 0: never */
};

#define TABLE_COLUMNS 16

/*
 * Rows are requested one after the other, and cells from left to right; each at least
 * twice, so that tables of any length need no memory.
 */
struct table {
	const struct draw *draw;
	const struct column *column;
	unsigned columns;  /* at most TABLE_COLUMNS */
	size_t first, end; /* rows */
	int indent;
	void *ctx;
	/*
	 * Appends the text of a cell; an empty one is shown as '-', and " " as a blank.
	 * Returns its colour.
	 */
	enum colour (*cell)(const struct table *t, size_t row, unsigned column, struct buf *out);

	int width[TABLE_COLUMNS]; /* -1: column removed */
	int gap;
};

void table_measure(struct table *t);
void table_heading(const struct table *t);
void table_row(const struct table *t, size_t row);
/* Calls all three. */
void table_draw(struct table *t);

/* --- the views --------------------------------------------------------- */

void view_table(const struct draw *d);
void view_devres(const struct draw *d);
void view_memory(const struct draw *d);
void view_devices(const struct draw *d);
void view_drivers(const struct draw *d);
void view_objects(const struct draw *d);
void view_log(const struct draw *d);
void view_trace(const struct draw *d);
void view_why(const struct draw *d);
void view_help(const struct draw *d);
void view_pairs(const struct draw *d);
void view_steps(const struct draw *d);
void view_diff(const struct draw *d);
void view_compare(const struct draw *d);
void view_files(const struct draw *d);
void view_faults(const struct draw *d);

#endif
