/* SPDX-License-Identifier: MIT */
/*
 * The devres lists of devices, from top to bottom in the order in which Linux releases
 * them:
 *
 *   eth0, bound to demo: 2 nodes, 264 bytes asked for, 384 taken
 *    #  address           header  + size  + slack  cache        align  walk
 *       devm_kmalloc_release, by demo_probe in probe
 *    2  ffff888001234528      40     200       16  kmalloc-256      8     1
 *
 * header + size + slack is the object from the cache. What rarely changes from row to row
 * gets a line of its own when it does. The marker of a group is one line:
 *
 *    2  ffff888001001088  grp> of group 000000000000000b
 */
#include "lib/buf.h"
#include "view/draw.h"

#include <stdio.h>
#include <string.h>

enum {
	NUMBER, ADDR, HEADER, SIZE, SLACK, CACHE, ALIGN, NODE, WALK, COLUMNS
};

static const struct column columns[COLUMNS] = {
	[NUMBER] = { "#", true, 0, 0 },
	[ADDR] = { "address", false, 0, 0 },
	[HEADER] = { "header", true, 0, 2 },
	[SIZE] = { "+ size", true, 0, 0 },
	[SLACK] = { "+ slack", true, 0, 1 },
	[CACHE] = { "cache", false, 0, 5 },
	[ALIGN] = { "align", true, 0, 3 },
	[NODE] = { "node", true, 0, 4 },
	[WALK] = { "walk", true, 0, 6 },
};

static const unsigned source[COLUMNS] = {
	[NUMBER] = DEVRES_number, [ADDR] = DEVRES_addr, [HEADER] = DEVRES_header,
	[SIZE] = DEVRES_size, [SLACK] = DEVRES_slack, [CACHE] = DEVRES_cache,
	[ALIGN] = DEVRES_align, [NODE] = DEVRES_node, [WALK] = DEVRES_walk,
};

static enum colour cell(const struct table *t, size_t row, unsigned column, struct buf *out)
{
	const struct draw *d = t->draw;

	view_value(d->machine, draw_cell(d, row, source[column]), out);
	switch (column) {
	case ADDR:
		return COLOUR_ADDR;
	case HEADER:
		return COLOUR_HEADER;
	case SIZE:
		return COLOUR_DATA;
	case SLACK:
		/* more is wasted than used */
		return draw_number(d, row, DEVRES_slack) > draw_number(d, row, DEVRES_size)
			? COLOUR_SLACK : COLOUR_NONE;
	case WALK:
		return COLOUR_DIM;
	default:
		return COLOUR_NONE;
	}
}

static bool same(const struct draw *d, size_t a, size_t b, unsigned column)
{
	return !strcmp(draw_string(d, a, column), draw_string(d, b, column));
}

static void draw_origin(const struct draw *d, size_t row, int indent)
{
	const char *by = draw_string(d, row, DEVRES_by), *phase = draw_string(d, row, DEVRES_phase);
	bool named = draw_cell(d, row, DEVRES_named)->b;
	struct buf text = BUF_INIT;

	/* each name gets its share of the line */
	buf_puts(&text, named ? "" : "no name: ");
	glyphs_add(&text, draw_string(d, row, DEVRES_release), d->width / 2 - indent);
	buf_puts(&text, named ? "" : "()");
	if (*by) {
		buf_puts(&text, ", by ");
		glyphs_add(&text, by, d->width / 2 - (int)sizeof(", by in remove "));
	}
	if (*phase) {
		buf_puts(&text, " in ");
		glyphs_add(&text, phase, 8);
	}
	buf_pad(d->out, ' ', indent);
	draw_text(d, COLOUR_DIM, buf_str(&text), d->width - indent);
	buf_putc(d->out, '\n');
	buf_finish(&text);
}

static bool is_marker(const struct draw *d, size_t row)
{
	return draw_cell(d, row, DEVRES_group)->type != V_NONE;
}

static void draw_marker(const struct table *t, size_t row)
{
	const struct draw *d = t->draw;
	const char *marker = draw_string(d, row, DEVRES_release);
	struct buf text = BUF_INIT, addr = BUF_INIT;
	int column;

	view_value(d->machine, draw_cell(d, row, DEVRES_addr), &addr);
	buf_printf(&text, "%*lld", t->indent + t->width[NUMBER],
		   (long long)draw_number(d, row, DEVRES_number));
	buf_pad(&text, ' ', t->gap);
	column = draw_text(d, COLOUR_NONE, buf_str(&text), INT_MAX);
	column += draw_text(d, COLOUR_ADDR, buf_str(&addr), INT_MAX);
	buf_reset(&text);
	buf_reset(&addr);
	view_value(d->machine, draw_cell(d, row, DEVRES_group), &addr);
	buf_pad(&text, ' ', t->gap);
	buf_printf(&text, "%s of group %s%s", marker, buf_str(&addr),
		   !strcmp(marker, "grp<") && !draw_cell(d, row, DEVRES_closed)->b ? ", which is open" : "");
	draw_text(d, COLOUR_DIM, buf_str(&text), d->width - column);
	buf_putc(d->out, '\n');
	buf_finish(&text);
	buf_finish(&addr);
}

static void draw_title(const struct draw *d, size_t row, size_t end)
{
	static const char order[] = "released top down";
	const char *driver = draw_string(d, row, DEVRES_driver);
	size_t nodes = 0, groups = 0;
	uint64_t asked = 0, taken = 0;
	char sums[120], grouped[40] = "";
	int room, named, column;

	for (size_t i = row; i < end; i++) {
		uint64_t size = (uint64_t)draw_number(d, i, DEVRES_size);

		if (is_marker(d, i)) {
			/* both markers are in one object */
			if (strcmp(draw_string(d, i, DEVRES_release), "grp<"))
				continue;
			groups++;
		} else {
			nodes++;
		}
		asked += size;
		taken += size + (uint64_t)draw_number(d, i, DEVRES_header) +
			 (uint64_t)draw_number(d, i, DEVRES_slack);
	}
	if (groups)
		snprintf(grouped, sizeof(grouped), " and %zu group%s", groups, plural(groups));
	snprintf(sums, sizeof(sums), " %zu node%s%s, %llu bytes asked for, %llu taken", nodes,
		 plural(nodes), grouped, (unsigned long long)asked,
		 (unsigned long long)taken);
	/* long names get a line of their own */
	named = glyphs_width(draw_string(d, row, DEVRES_device)) +
		(*driver ? (int)strlen(", bound to ") + glyphs_width(driver)
			 : (int)strlen(", unbound"));
	room = d->width - (int)strlen(", bound to :");
	column = draw_text(d, COLOUR_TITLE, draw_string(d, row, DEVRES_device),
			   *driver ? room / 2 : room);
	column += draw_text(d, COLOUR_NONE, !*driver ? ", unbound" :
			    draw_cell(d, row, DEVRES_bound)->b ? ", bound to " : ", probed by ",
			    INT_MAX);
	column += draw_text(d, COLOUR_NONE, driver, room - room / 2);
	buf_putc(d->out, ':');
	column++;
	if (named + (int)strlen(sums) + 1 > d->width) {
		buf_puts(d->out, "\n ");
		draw_wrapped(d, COLOUR_NONE, sums + 1, 1);
		return;
	}
	column += draw_text(d, COLOUR_NONE, sums, INT_MAX);
	if (column + 2 + (int)strlen(order) <= d->width) {
		/* right-aligned with the rows, up to column 80 */
		buf_pad(d->out, ' ', (d->width < 80 ? d->width : 80) - column - (int)strlen(order));
		draw_text(d, COLOUR_DIM, order, INT_MAX);
	}
	buf_putc(d->out, '\n');
}

void view_devres(const struct draw *d)
{
	size_t rows = d->result->rows, end;
	struct column shown[COLUMNS];
	struct table t = {
		.draw = d, .column = shown, .columns = COLUMNS, .end = rows, .indent = 1,
		.cell = cell,
	};
	bool other_node = false;

	memcpy(shown, columns, sizeof(shown));
	for (size_t row = 0; row < rows && !other_node; row++)
		other_node = draw_number(d, row, DEVRES_node) != 0;
	table_measure(&t);
	if (!other_node)
		t.width[NODE] = -1;
	for (size_t row = 0; row < rows; row = end) {
		for (end = row + 1; end < rows && same(d, row, end, DEVRES_device); end++)
			;
		if (row)
			buf_putc(d->out, '\n');
		draw_title(d, row, end);
		table_heading(&t);
		for (size_t i = row, last = end; i < end; i++) {
			if (is_marker(d, i)) {
				draw_marker(&t, i);
				continue;
			}
			if (last == end || !same(d, i, last, DEVRES_release) ||
			    !same(d, i, last, DEVRES_by) || !same(d, i, last, DEVRES_phase))
				draw_origin(d, i, t.indent + t.width[NUMBER] + t.gap);
			last = i;
			table_row(&t, i);
		}
	}
}
