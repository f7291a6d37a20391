/* SPDX-License-Identifier: MIT */
/* Help: the list of calls, the page about one call, and properties with their values. */
#include "view/draw.h"
#include "lib/array.h"

#include <string.h>

#include "call/topic.h"

#define INDENT 4
#define NAMES_MAX 26 /* widest column of names; text after a longer name starts on the next line */

static int names_width(const struct draw *d, size_t first, size_t end, unsigned column)
{
	int most = 0;

	for (size_t row = first; row < end; row++) {
		int width = glyphs_width(draw_string(d, row, column));

		if (width > most && width <= NAMES_MAX)
			most = width;
	}
	return most;
}

/* "name   text", with the text in its own column */
static void draw_entry(const struct draw *d, int indent, int names, const char *name,
		       const char *text)
{
	int width;

	buf_pad(d->out, ' ', indent);
	width = draw_text(d, COLOUR_TITLE, name, d->width - indent);
	if (width > names) {
		buf_putc(d->out, '\n');
		width = -indent;
	}
	buf_pad(d->out, ' ', names - width + 2);
	draw_wrapped(d, COLOUR_NONE, text, indent + names + 2);
}

static void draw_list(const struct draw *d)
{
	size_t rows = d->result->rows;
	int names = names_width(d, 0, rows, CALLS_call);
	struct buf text = BUF_INIT;

	for (size_t row = 0; row < rows; row++) {
		const char *subject = draw_string(d, row, CALLS_subject);

		if (!row || strcmp(subject, draw_string(d, row - 1, CALLS_subject))) {
			if (row)
				buf_putc(d->out, '\n');
			draw_text(d, COLOUR_HEADING, subject, d->width);
			buf_putc(d->out, '\n');
		}
		draw_entry(d, 2, names, draw_string(d, row, CALLS_call), draw_string(d, row, CALLS_summary));
	}
	if (strcmp(d->call->name, "help"))
		return;
	buf_putc(d->out, '\n');
	for (size_t i = 0; topic_at(i); i++)
		buf_printf(&text, "%s%s", i ? ", " : "'help CALL' shows all about a call, 'apropos WORD' "
			   "finds calls by a word. 'help' also explains: ", topic_at(i)->name);
	buf_puts(&text, ".");
	draw_wrapped(d, COLOUR_DIM, buf_str(&text), 0);
	buf_finish(&text);
}

/* Lines as they are, but indented. */
static void draw_lines(const struct draw *d, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		buf_pad(d->out, ' ', INDENT);
		buf_add(d->out, text, len);
		buf_putc(d->out, '\n');
		text += len + (text[len] == '\n');
	}
}

struct section {
	const char *part, *heading;
};

static const struct section *find_section(const char *part)
{
	static const struct section sections[] = {
		{ "summary", "NAME" }, { "usage", "USAGE" }, { "argument", "ARGUMENTS" },
		{ "returns", "RETURNS" }, { "release", "LINUX" }, { "detail", "DESCRIPTION" },
		{ "others", "OTHER WORDS FOR IT" }, { "example", "EXAMPLE" },
	};

	for (size_t i = 0; i < COUNT(sections); i++)
		if (!strcmp(sections[i].part, part))
			return &sections[i];
	return NULL;
}

static void draw_page(const struct draw *d)
{
	size_t rows = d->result->rows, end;

	for (size_t row = 0; row < rows; row = end) {
		const char *part = draw_string(d, row, MANUAL_part);
		const struct section *s = find_section(part);
		int names;

		for (end = row + 1; end < rows && !strcmp(part, draw_string(d, end, MANUAL_part)); end++)
			;
		names = names_width(d, row, end, MANUAL_name);
		draw_text(d, COLOUR_TITLE, s ? s->heading : part, d->width);
		buf_putc(d->out, '\n');
		for (size_t i = row; i < end; i++) {
			const char *name = draw_string(d, i, MANUAL_name), *text = draw_string(d, i, MANUAL_text);

			if (!strcmp(part, "example")) {
				draw_lines(d, text);
			} else if (!strcmp(part, "summary")) {
				buf_pad(d->out, ' ', INDENT);
				buf_printf(d->out, "%s - ", name);
				draw_wrapped(d, COLOUR_NONE, text, INDENT + glyphs_width(name) + 3);
			} else if (*name) {
				draw_entry(d, INDENT, names, name, text);
			} else {
				buf_pad(d->out, ' ', INDENT);
				draw_wrapped(d, COLOUR_NONE, text, INDENT);
			}
		}
	}
}

void view_help(const struct draw *d)
{
	if (!strcmp(d->result->column[0], "part"))
		draw_page(d);
	else
		draw_list(d);
}

void view_pairs(const struct draw *d)
{
	size_t rows = d->result->rows;
	int names = names_width(d, 0, rows, PAIRS_property);

	for (size_t row = 0; row < rows; row++)
		draw_entry(d, 0, names, draw_string(d, row, PAIRS_property),
			   draw_string(d, row, PAIRS_value));
}
