/* SPDX-License-Identifier: MIT */
/*
 * The function graph as ftrace prints it. A call without nested calls is one line;
 * allocations, frees and operations on resources are comments.
 */
#include "view/draw.h"

#include <stdio.h>
#include <string.h>

#define DURATION 15 /* columns between "0)" and '|' */

static bool is(const struct draw *d, size_t row, const char *event)
{
	return !strcmp(draw_string(d, row, TRACE_event), event);
}

/* "   0.120 us    ", with ftrace's marks for long durations */
static void draw_duration(const struct draw *d, int64_t ns)
{
	char text[40], number[24];
	const char *mark = ns > 1000000 ? "#" : ns > 100000 ? "!" : ns > 10000 ? "+" : " ";

	snprintf(number, sizeof(number), "%lld.%03lld", (long long)(ns / 1000),
		 (long long)(ns % 1000));
	snprintf(text, sizeof(text), " %s %.10s us", mark, number);
	draw_text(d, *mark == ' ' ? COLOUR_DIM : COLOUR_WARNING, text, INT_MAX);
	buf_pad(d->out, ' ', DURATION - (int)strlen(text));
}

/* Reduces the indentation of text that does not fit before cutting it. */
static void draw_line(const struct draw *d, int64_t depth, int64_t ns, enum colour c,
		      const char *text)
{
	int room, width = glyphs_width(text), indent = depth > 0 ? 2 * (int)depth : 0;

	draw_text(d, COLOUR_DIM, " 0)", INT_MAX);
	if (ns >= 0)
		draw_duration(d, ns);
	else
		buf_pad(d->out, ' ', DURATION);
	draw_text(d, COLOUR_DIM, "|", INT_MAX);
	room = d->width - 3 - DURATION - 1 - 2;
	if (indent + width > room)
		indent = width < room ? room - width : 0;
	buf_pad(d->out, ' ', 2 + indent);
	draw_text(d, c, text, room - indent);
	buf_putc(d->out, '\n');
}

static void draw_comment(const struct draw *d, size_t row)
{
	const char *name = draw_string(d, row, TRACE_name), *what = draw_string(d, row, TRACE_function);
	long long asked = draw_number(d, row, TRACE_asked), size = draw_number(d, row, TRACE_size);
	struct buf text = BUF_INIT;
	enum colour c = COLOUR_DATA;

	buf_puts(&text, "/* ");
	if (is(d, row, "devres")) {
		buf_printf(&text, "%s ", what);
		c = COLOUR_HEADER;
	} else if (*name) {
		buf_printf(&text, "%s: ", name);
	}
	view_value(d->machine, draw_cell(d, row, TRACE_addr), &text);
	if (is(d, row, "alloc"))
		buf_printf(&text, " (%lld of %lld)", asked ? asked : size, size);
	else if (is(d, row, "free"))
		buf_puts(&text, " is free");
	else if (is(d, row, "devres"))
		buf_printf(&text, " %s", name);
	else
		buf_printf(&text, "no memory for %lld bytes", size);
	if (is(d, row, "nomem"))
		c = COLOUR_ERROR;
	buf_puts(&text, " */");
	draw_line(d, draw_number(d, row, TRACE_depth), -1, c, buf_str(&text));
	buf_finish(&text);
}

static bool is_leaf(const struct draw *d, size_t row)
{
	return row + 1 < d->result->rows && is(d, row + 1, "exit") &&
	       draw_number(d, row, TRACE_depth) == draw_number(d, row + 1, TRACE_depth);
}

/*
 * The return value of a function, as ftrace's funcgraph-retval shows it. If it is
 * unknown, the last function gets the result of the traced call.
 */
static void add_return(const struct draw *d, size_t row, struct buf *out)
{
	const struct value *own = draw_cell(d, row, TRACE_returned);

	if (own->type == V_INT) {
		buf_printf(out, " /* = %lld */", (long long)own->i);
		return;
	}
	if (row + 1 < d->result->rows || d->result->value.type == V_NONE)
		return;
	buf_puts(out, " /* = ");
	view_value(d->machine, &d->result->value, out);
	buf_puts(out, " */");
}

void view_trace(const struct draw *d)
{
	struct buf text = BUF_INIT;

	draw_text(d, COLOUR_DIM, "# CPU  DURATION                  FUNCTION CALLS", d->width);
	buf_putc(d->out, '\n');
	draw_text(d, COLOUR_DIM, "# |     |   |                     |   |   |   |", d->width);
	buf_putc(d->out, '\n');
	for (size_t row = 0; row < d->result->rows; row++) {
		const char *function = draw_string(d, row, TRACE_function);
		int64_t depth = draw_number(d, row, TRACE_depth);

		buf_reset(&text);
		if (is(d, row, "enter") && is_leaf(d, row)) {
			buf_printf(&text, "%s();", function);
			row++;
			add_return(d, row, &text);
			draw_line(d, depth, draw_number(d, row, TRACE_ns), COLOUR_NONE, buf_str(&text));
		} else if (is(d, row, "enter")) {
			buf_printf(&text, "%s() {", function);
			draw_line(d, depth, -1, COLOUR_NONE, buf_str(&text));
		} else if (is(d, row, "exit")) {
			buf_puts(&text, "}");
			add_return(d, row, &text);
			draw_line(d, depth, draw_number(d, row, TRACE_ns), COLOUR_NONE, buf_str(&text));
		} else {
			draw_comment(d, row);
		}
	}
	buf_finish(&text);
}
