/* SPDX-License-Identifier: MIT */
/* Which allocations failed, and what happened; the first problem comes first. */
#include "lib/buf.h"
#include "view/draw.h"

#include <stdio.h>
#include <string.h>

enum { F_N, F_CACHE, F_FUNCTION, F_CALLER, F_ANSWER, F_VERDICT, F_COLUMNS };

static const struct column columns[F_COLUMNS] = {
	[F_N] = { "n", .right = true },
	[F_CACHE] = { "fails" },
	[F_FUNCTION] = { "in" },
	[F_CALLER] = { "by", .drop = 1 },
	[F_ANSWER] = { "answer" },
	[F_VERDICT] = { "verdict", .least = 30 },
};

/* "kmalloc-128", "pages (8192)" */
static void add_what(const struct draw *d, size_t row, struct buf *out)
{
	const char *cache = draw_string(d, row, FAULTS_cache);

	buf_puts(out, *cache ? cache : "nothing");
	if (!strcmp(cache, "pages"))
		buf_printf(out, " (%lld)", (long long)draw_number(d, row, FAULTS_size));
}

/* kmalloc() itself is not on the call stack, only its caller. */
static const char *function_of(const struct draw *d, size_t row)
{
	const char *function = draw_string(d, row, FAULTS_function);

	return *function && !strcmp(function, draw_string(d, row, FAULTS_caller)) ? "kmalloc" : function;
}

static bool is_ok(const struct draw *d, size_t row)
{
	return draw_cell(d, row, FAULTS_ok)->b;
}

static void add_answer(const struct draw *d, size_t row, struct buf *out)
{
	int err = (int)draw_number(d, row, FAULTS_error);
	const char *name = errno_name(-err);

	if (err && name)
		buf_printf(out, "-%s", name);
	else
		buf_printf(out, "%d", err);
}

static enum colour cell(const struct table *t, size_t row, unsigned column, struct buf *out)
{
	const struct draw *d = t->draw;

	switch (column) {
	case F_N:
		buf_printf(out, "%lld", (long long)draw_number(d, row, FAULTS_n));
		return COLOUR_NONE;
	case F_CACHE:
		add_what(d, row, out);
		return COLOUR_NONE;
	case F_FUNCTION:
		buf_puts(out, function_of(d, row));
		return COLOUR_NONE;
	case F_CALLER:
		buf_puts(out, draw_string(d, row, FAULTS_caller));
		return COLOUR_NONE;
	case F_ANSWER:
		add_answer(d, row, out);
		return COLOUR_NONE;
	default:
		buf_puts(out, draw_string(d, row, FAULTS_verdict));
		return is_ok(d, row) ? COLOUR_GOOD : COLOUR_ERROR;
	}
}

static void draw_problem(const struct draw *d, size_t row)
{
	struct buf text = BUF_INIT;

	if (*draw_string(d, row, FAULTS_cache)) {
		buf_printf(&text, "When allocation %lld fails, ", (long long)draw_number(d, row, FAULTS_n));
		add_what(d, row, &text);
		buf_printf(&text, " in %s of %s: ", function_of(d, row), draw_string(d, row, FAULTS_caller));
	} else {
		buf_puts(&text, "When nothing fails: ");
	}
	buf_puts(&text, draw_string(d, row, FAULTS_verdict));
	draw_wrapped(d, COLOUR_ERROR, buf_str(&text), 0);
	buf_finish(&text);
}

static void draw_summary(const struct draw *d, size_t handled, size_t failed)
{
	size_t rows = d->result->rows, allocations = rows;
	struct buf text = BUF_INIT;
	bool ends = !*draw_string(d, rows - 1, FAULTS_cache);

	if (ends)
		allocations--;
	if (allocations)
		buf_printf(&text, "%zu allocation%s", allocations, plural(allocations));
	else
		buf_puts(&text, "nothing was allocated");
	if (allocations)
		buf_printf(&text, ", %zu failure%s handled", handled, plural(handled));
	if (failed)
		buf_printf(&text, ", %zu not", failed);
	if (ends && !is_ok(d, rows - 1))
		buf_puts(&text, "; the run without a failure did not succeed");
	if (!ends)
		buf_puts(&text, "; there are more");
	draw_wrapped(d, failed || !is_ok(d, rows - 1) ? COLOUR_ERROR : COLOUR_GOOD, buf_str(&text), 0);
	buf_finish(&text);
}

void view_faults(const struct draw *d)
{
	size_t rows = d->result->rows, handled = 0, failed = 0, first = rows;
	struct table t = {
		.draw = d, .column = columns, .columns = F_COLUMNS, .end = rows, .cell = cell,
	};

	for (size_t row = rows; row-- > 0;) {
		bool injected = *draw_string(d, row, FAULTS_cache) != '\0';

		handled += injected && is_ok(d, row);
		failed += injected && !is_ok(d, row);
		if (!is_ok(d, row))
			first = row;
	}
	if (first < rows)
		draw_problem(d, first);
	table_draw(&t);
	draw_summary(d, handled, failed);
}
