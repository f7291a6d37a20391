/* SPDX-License-Identifier: MIT */
#include "run/plain.h"

#include <limits.h>
#include <string.h>

#include "view/glyph.h"

void plain_line(struct buf *out, const char *text)
{
	glyphs_add(out, text, INT_MAX);
}

void plain_lines(struct buf *out, const char *text, int blanks, const char *mark)
{
	struct buf line = BUF_INIT;

	while (*text) {
		size_t len = strcspn(text, "\n");

		buf_reset(&line);
		for (size_t i = 0; i < len; i++)
			if (text[i] == '\t')
				buf_pad(&line, ' ', 8 - (int)(line.len % 8));
			else
				buf_putc(&line, text[i]);
		buf_pad(out, ' ', len ? blanks : 0);
		buf_puts(out, mark);
		plain_line(out, buf_str(&line));
		buf_putc(out, '\n');
		text += len + (text[len] == '\n');
	}
	buf_finish(&line);
}
