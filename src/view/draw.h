/* SPDX-License-Identifier: MIT */
/*
 * What the views of one call share: where they draw, in which colours, and
 * the tables most of them are made of. Private to view/.
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

/* One meaning, one colour, in all views. */
enum colour {
	COLOUR_NONE,
	COLOUR_TITLE,    /* what the lines below are about */
	COLOUR_HEADING,  /* of a table */
	COLOUR_DIM,      /* needed only at a second look */
	COLOUR_ADDR,
	COLOUR_HEADER,   /* the parts of a managed allocation */
	COLOUR_DATA,
	COLOUR_SLACK,
	COLOUR_FREE,
	COLOUR_RED,      /* zone around an object */
	COLOUR_GOOD,
	COLOUR_WARNING,
	COLOUR_ERROR,
};

void draw_on(const struct draw *d, enum colour c);
void draw_off(const struct draw *d, enum colour c);

/* Coloured text; cut with "..." behind so many columns. Returns those it took. */
int draw_text(const struct draw *d, enum colour c, const char *s, int columns);

/* Text that goes on below its first column, `at`, when the line is full; ends the line. */
void draw_wrapped(const struct draw *d, enum colour c, const char *s, int at);

/* The same where the first line begins at another column. */
void draw_wrapped_from(const struct draw *d, enum colour c, const char *s, int column, int at);

/* --- cells, by their numbers in call/columns.h ------------------------------ */

/* V_NONE where the result has no such column. */
const struct value *draw_cell(const struct draw *d, size_t row, unsigned column);
/* "" for what is no text. */
const char *draw_string(const struct draw *d, size_t row, unsigned column);
/* Numbers and addresses; 0 for what is none. */
int64_t draw_number(const struct draw *d, size_t row, unsigned column);

/* --- tables ------------------------------------------------------------ */

struct column {
	const char *title;
	bool right;   /* numbers */
	int least;    /* may be cut down to so many columns; 0: is never cut */
	int drop;     /* leaves when the rest does not fit, the highest first; 0: stays */
};

#define TABLE_COLUMNS 16

/*
 * Rows are asked for one after the other, cells from the left; each at least
 * twice, so that a table of any length needs no memory.
 */
struct table {
	const struct draw *draw;
	const struct column *column;
	unsigned columns;  /* at most TABLE_COLUMNS */
	size_t first, end; /* rows */
	int indent;
	void *ctx;
	/* Appends a cell's text; nothing shows as '-', " " as a blank. Returns its colour. */
	enum colour (*cell)(const struct table *t, size_t row, unsigned column, struct buf *out);

	int width[TABLE_COLUMNS]; /* -1: dropped */
	int gap;
};

void table_measure(struct table *t);
void table_heading(const struct table *t);
void table_row(const struct table *t, size_t row);
/* All three. */
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
