/* SPDX-License-Identifier: MIT */
/* Trees: devices below their parents, and bound devices below their drivers. */
#include "view/draw.h"

#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"

/* Deeper branches stay at this indentation, with their depth as a number. */
#define LEVELS_MAX 8

struct branch {
	unsigned depth;
	bool last;      /* last of its parent's children */
};

struct forest {
	struct branch *branch;  /* one per line; NULL: the host has no memory */
	bool open[LEVELS_MAX];  /* levels that have more entries below */
	size_t *row;            /* drivers: the line's row ... */
	bool *is_driver;        /* ... and whether it is for the driver itself */
	unsigned shown[16];     /* devices: the columns that are shown */
};

/* Finds the last child of each parent from the depths. */
static void find_last(struct branch *b, size_t n)
{
	bool more[LEVELS_MAX] = { false };

	while (n--) {
		unsigned depth = b[n].depth < LEVELS_MAX ? b[n].depth : LEVELS_MAX - 1;

		b[n].last = !more[depth];
		more[depth] = true;
		for (unsigned i = depth + 1; i < LEVELS_MAX; i++)
			more[i] = false;
	}
}

/* The branch lines before a name. Must be called for each line in order. */
static void add_branch(const struct draw *d, struct forest *f, size_t line, struct buf *out)
{
	const struct branch *b = &f->branch[line];
	unsigned depth = b->depth < LEVELS_MAX ? b->depth : LEVELS_MAX - 1;
	bool utf8 = d->style->utf8;

	for (unsigned i = 1; i < depth; i++)
		buf_puts(out, !f->open[i] ? "   " : utf8 ? "\u2502  " : "|  ");
	if (depth && b->last)
		buf_puts(out, utf8 ? "\u2514\u2500 " : "`- ");
	else if (depth)
		buf_puts(out, utf8 ? "\u251c\u2500 " : "|- ");
	if (b->depth > depth)
		buf_printf(out, "(%u) ", b->depth);
	f->open[depth] = !b->last;
}

/* --- devices ------------------------------------------------------------ */

enum { D_NAME, D_DRIVER, D_STATE, D_REFS, D_NODE, D_RESOURCES, D_BYTES, D_BUS, D_CLASS, D_REASON,
       D_COLUMNS };

static const struct column device_columns[D_COLUMNS] = {
	[D_NAME] = { "device", false, 16, 0 },
	[D_DRIVER] = { "driver", false, 8, 0 },
	[D_STATE] = { "state", false, 0, 0 },
	[D_REFS] = { "refs", true, 0, 2 },
	[D_NODE] = { "node", true, 0, 3 },
	[D_RESOURCES] = { "devres", true, 0, 0 },
	[D_BYTES] = { "bytes", true, 0, 1 },
	[D_BUS] = { "bus", false, 0, 4 },
	[D_CLASS] = { "class", false, 0, 5 },
	[D_REASON] = { "waits for", false, 20, 0 },
};

static enum colour state_colour(const char *state)
{
	return !strcmp(state, "bound") ? COLOUR_GOOD
	     : !strcmp(state, "unbound") || !strcmp(state, "root") ? COLOUR_DIM
	     : strstr(state, "dead") ? COLOUR_ERROR : COLOUR_WARNING;
}

/* "platform: supplier x not ready" without the driver, which is in another column. */
static const char *without_driver(const char *reason)
{
	const char *text = strstr(reason, ": ");

	return text ? text + 2 : reason;
}

static enum colour device_cell(const struct table *t, size_t row, unsigned column,
			       struct buf *out)
{
	static const unsigned source[D_COLUMNS] = {
		[D_NAME] = DEVICES_device, [D_DRIVER] = DEVICES_driver, [D_STATE] = DEVICES_state,
		[D_REFS] = DEVICES_refs, [D_NODE] = DEVICES_node,
		[D_RESOURCES] = DEVICES_resources, [D_BYTES] = DEVICES_bytes,
		[D_BUS] = DEVICES_bus, [D_CLASS] = DEVICES_class, [D_REASON] = DEVICES_reason,
	};
	const struct draw *d = t->draw;
	int64_t n;

	column = ((struct forest *)t->ctx)->shown[column];
	n = draw_number(d, row, source[column]);
	switch (column) {
	case D_NAME:
		add_branch(d, t->ctx, row, out);
		buf_puts(out, draw_string(d, row, DEVICES_device));
		return COLOUR_NONE;
	case D_STATE:
		buf_puts(out, draw_string(d, row, DEVICES_state));
		return state_colour(buf_str(out));
	case D_REASON:
		buf_puts(out, without_driver(draw_string(d, row, DEVICES_reason)));
		return COLOUR_NONE;
	case D_NODE:
		if (n >= 0)
			buf_printf(out, "%lld", (long long)n);
		return COLOUR_NONE;
	case D_RESOURCES:
	case D_BYTES:
		if (n)
			buf_printf(out, "%lld", (long long)n);
		return COLOUR_NONE;
	default:
		view_value(d->machine, draw_cell(d, row, source[column]), out);
		return COLOUR_NONE;
	}
}

/* Omits columns that have the same value, or none, for all devices. */
static bool worth_showing(const struct draw *d, unsigned column)
{
	unsigned from = column == D_BUS ? DEVICES_bus : column == D_CLASS ? DEVICES_class : DEVICES_reason;

	if (column < D_BUS)
		return true;
	for (size_t row = 0; row < d->result->rows; row++) {
		const struct value *v = draw_cell(d, row, from);

		if (v->type == V_STR && (column != D_BUS || strcmp(v->s, "platform")))
			return true;
	}
	return false;
}

void view_devices(const struct draw *d)
{
	struct column shown[D_COLUMNS];
	size_t rows = d->result->rows;
	struct forest f = { .branch = host_calloc(rows, sizeof(*f.branch)) };
	struct table t = {
		.draw = d, .column = shown, .end = rows, .ctx = &f, .cell = device_cell,
	};

	if (!f.branch) {
		view_table(d);
		return;
	}
	for (unsigned i = 0; i < D_COLUMNS; i++)
		if (worth_showing(d, i)) {
			f.shown[t.columns] = i;
			shown[t.columns++] = device_columns[i];
		}
	for (size_t row = 0; row < rows; row++)
		f.branch[row].depth = (unsigned)draw_number(d, row, DEVICES_depth);
	find_last(f.branch, rows);
	table_draw(&t);
	free(f.branch);
}

/* --- drivers ------------------------------------------------------------ */

enum { R_NAME, R_RESOURCES, R_PROBE, R_REMOVE, R_BUS, R_MATCHES, R_COLUMNS };

static const struct column driver_columns[R_COLUMNS] = {
	[R_NAME] = { "driver", false, 16, 0 },
	[R_RESOURCES] = { "devres", true, 0, 0 },
	[R_PROBE] = { "probe", false, 0, 2 },
	[R_REMOVE] = { "remove", false, 0, 3 },
	[R_BUS] = { "bus", false, 0, 4 },
	[R_MATCHES] = { "id_table", false, 8, 0 },
};

static enum colour driver_cell(const struct table *t, size_t line, unsigned column,
			       struct buf *out)
{
	static const unsigned source[R_COLUMNS] = {
		[R_NAME] = DRIVERS_driver, [R_RESOURCES] = DRIVERS_resources,
		[R_PROBE] = DRIVERS_probe, [R_REMOVE] = DRIVERS_remove, [R_BUS] = DRIVERS_bus,
		[R_MATCHES] = DRIVERS_id_table,
	};
	const struct draw *d = t->draw;
	struct forest *f = t->ctx;
	size_t row = f->row[line];

	if (column == R_NAME) {
		add_branch(d, f, line, out);
		buf_puts(out, draw_string(d, row, f->is_driver[line] ? DRIVERS_driver : DRIVERS_device));
		return f->is_driver[line] ? COLOUR_TITLE : COLOUR_NONE;
	}
	/* a device's line only shows what belongs to the device */
	if (f->is_driver[line] == (column == R_RESOURCES))
		buf_putc(out, ' ');
	else
		view_value(d->machine, draw_cell(d, row, source[column]), out);
	return COLOUR_NONE;
}

static size_t plant_drivers(const struct draw *d, struct forest *f)
{
	size_t rows = d->result->rows, line = 0;

	for (size_t row = 0; row < rows; row++) {
		if (!row || strcmp(draw_string(d, row, DRIVERS_driver), draw_string(d, row - 1, DRIVERS_driver))) {
			f->is_driver[line] = true;
			f->row[line++] = row;
		}
		if (draw_cell(d, row, DRIVERS_device)->type == V_NONE)
			continue;
		f->branch[line].depth = 1;
		f->row[line++] = row;
	}
	find_last(f->branch, line);
	return line;
}

void view_drivers(const struct draw *d)
{
	size_t most = 2 * d->result->rows;
	struct forest f = {
		.branch = host_calloc(most, sizeof(*f.branch)), .row = host_calloc(most, sizeof(*f.row)),
		.is_driver = host_calloc(most, sizeof(*f.is_driver)),
	};
	struct table t = {
		.draw = d, .column = driver_columns, .columns = R_COLUMNS, .ctx = &f,
		.cell = driver_cell,
	};

	if (f.branch && f.row && f.is_driver) {
		t.end = plant_drivers(d, &f);
		table_draw(&t);
	} else {
		view_table(d);
	}
	free(f.branch);
	free(f.row);
	free(f.is_driver);
}
