/* SPDX-License-Identifier: MIT */
/*
 * The steps of a session, differences between two steps, and differences between
 * machines.
 */
#include "lib/buf.h"
#include "view/draw.h"

#include <stdio.h>
#include <string.h>

/* --- steps --------------------------------------------------------------------- */

static void step_numbers(const struct draw *d, size_t row, char *out, size_t size)
{
	long long first = draw_number(d, row, STEPS_step), last = draw_number(d, row, STEPS_last);

	if (last > first)
		snprintf(out, size, "%lld-%lld", first, last);
	else
		snprintf(out, size, "%lld", first);
}

/* ">  4-6  lua for ...": '>' marks the present; undone steps are below it */
void view_steps(const struct draw *d)
{
	char number[48];
	int width = 0;

	for (size_t row = 0; row < d->result->rows; row++) {
		int n;

		step_numbers(d, row, number, sizeof(number));
		n = (int)strlen(number);
		if (n > width)
			width = n;
	}
	for (size_t row = 0; row < d->result->rows; row++) {
		const char *state = draw_string(d, row, STEPS_state);
		bool here = !strcmp(state, "here"), plain = !*state || here;
		enum colour c = here ? COLOUR_TITLE
			      : !strcmp(state, "undone") ? COLOUR_DIM : COLOUR_NONE;
		int room = d->width - width - 4 - (plain ? 0 : (int)strlen(state) + 4);

		step_numbers(d, row, number, sizeof(number));
		buf_printf(d->out, "%s%*s  ", here ? "> " : "  ", width, number);
		draw_text(d, c, draw_string(d, row, STEPS_line), room);
		if (!plain) {
			buf_puts(d->out, "  ");
			draw_on(d, COLOUR_DIM);
			buf_printf(d->out, "(%s)", state);
			draw_off(d, COLOUR_DIM);
		}
		buf_putc(d->out, '\n');
	}
}

/* --- diff ---------------------------------------------------------------------- */

enum { ROWS_OF_A_KIND = 16, NAME_MAX_WIDTH = 30 };

static int widest(const struct draw *d, size_t first, size_t end, unsigned column, int most)
{
	int width = 0;

	for (size_t row = first; row < end; row++) {
		int n = glyphs_width(draw_string(d, row, column));

		if (n > width)
			width = n;
	}
	return width < most ? width : most;
}

static void padded(const struct draw *d, enum colour c, const char *s, int width)
{
	buf_pad(d->out, ' ', width - draw_text(d, c, s, width) + 2);
}

static void diff_row(const struct draw *d, size_t row, int kinds, int names)
{
	const char *sign = draw_string(d, row, DIFF_sign), *text = draw_string(d, row, DIFF_text);
	const char *name = draw_string(d, row, DIFF_name);
	enum colour c = *sign == '-' ? COLOUR_ERROR : COLOUR_GOOD;

	draw_text(d, c, sign, 1);
	buf_putc(d->out, ' ');
	if (*text) {
		padded(d, COLOUR_NONE, draw_string(d, row, DIFF_kind), kinds);
		padded(d, COLOUR_NONE, name, names);
		draw_text(d, COLOUR_NONE, text, d->width - kinds - names - 6);
	} else {
		padded(d, COLOUR_NONE, draw_string(d, row, DIFF_kind), kinds);
		draw_text(d, COLOUR_NONE, name, d->width - kinds - 4);
	}
	buf_putc(d->out, '\n');
}

void view_diff(const struct draw *d)
{
	size_t rows = d->result->rows, end;
	int kinds = widest(d, 0, rows, DIFF_kind, 12);

	for (size_t row = 0; row < rows; row = end) {
		const char *kind = draw_string(d, row, DIFF_kind);

		int names;

		for (end = row; end < rows && !strcmp(draw_string(d, end, DIFF_kind), kind); end++)
			;
		names = widest(d, row, end, DIFF_name, NAME_MAX_WIDTH);
		for (size_t i = row; i < end && i - row < ROWS_OF_A_KIND; i++)
			diff_row(d, i, kinds, names);
		if (end - row > ROWS_OF_A_KIND)
			buf_printf(d->out, "  %-*s  and %zu more\n", kinds, kind,
				   end - row - ROWS_OF_A_KIND);
	}
}

/* --- compare ------------------------------------------------------------------- */

static bool one_line(const char *text)
{
	size_t len = strcspn(text, "\n");

	return !text[len] || !text[len + 1];
}

static void indented_lines(const struct draw *d, enum colour c, const char *text, int by)
{
	struct buf line = BUF_INIT;

	while (*text) {
		size_t len = strcspn(text, "\n");

		buf_reset(&line);
		buf_add(&line, text, len);
		buf_pad(d->out, ' ', len ? by : 0);
		draw_text(d, c, buf_str(&line), d->width - by);
		buf_putc(d->out, '\n');
		text += len + (text[len] == '\n');
	}
	buf_finish(&line);
}

/* The output of one line on all machines: rows [first, end). */
static void draw_answers(const struct draw *d, size_t first, size_t end)
{
	bool flat = true;
	int labels = 0;

	if (end - first == 1) {
		indented_lines(d, COLOUR_DIM, draw_string(d, first, COMPARE_output), 2);
		return;
	}
	for (size_t row = first; row < end; row++) {
		int width = glyphs_width(draw_string(d, row, COMPARE_machines));

		flat = flat && one_line(draw_string(d, row, COMPARE_output));
		labels = width > labels ? width : labels;
	}
	flat = flat && labels <= 30;
	for (size_t row = first; row < end; row++) {
		const char *output = draw_string(d, row, COMPARE_output);
		const char *label = draw_string(d, row, COMPARE_machines);
		struct buf line = BUF_INIT;

		buf_puts(d->out, "  ");
		buf_add(&line, output, strcspn(output, "\n"));
		if (flat) {
			padded(d, COLOUR_TITLE, label, labels);
			draw_text(d, COLOUR_NONE, line.len ? buf_str(&line) : "(nothing)",
				  d->width - labels - 4);
			buf_putc(d->out, '\n');
		} else {
			draw_text(d, COLOUR_TITLE, label, d->width - 2);
			buf_putc(d->out, '\n');
			indented_lines(d, COLOUR_NONE, *output ? output : "(nothing)\n", 4);
		}
		buf_finish(&line);
	}
}

void view_compare(const struct draw *d)
{
	size_t rows = d->result->rows, end, lines = 0, differ = 0;

	for (size_t row = 0; row < rows; row = end) {
		int64_t line = draw_number(d, row, COMPARE_line);

		for (end = row; end < rows && draw_number(d, end, COMPARE_line) == line; end++)
			;
		draw_text(d, COLOUR_TITLE, draw_string(d, row, COMPARE_call), d->width);
		buf_putc(d->out, '\n');
		draw_answers(d, row, end);
		lines++;
		differ += end - row > 1;
	}
	if (differ)
		buf_printf(d->out, "%zu of %zu line%s differ%s\n", differ, lines,
			   plural(lines), differ == 1 ? "s" : "");
	else
		buf_puts(d->out, "no difference\n");
}
