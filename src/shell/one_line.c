/* SPDX-License-Identifier: MIT */
#include "shell/one_line.h"

#include <string.h>

void one_line(const char *text, struct buf *out)
{
	const char *at = text + strspn(text, " \t\n");

	while (*at) {
		size_t len = strcspn(at, " \t\n"), blanks = strspn(at + len, " \t\n");

		buf_add(out, at, len);
		at += len;
		if (at[blanks] && memchr(at, '\n', blanks))
			buf_putc(out, ' ');
		else if (at[blanks])
			buf_add(out, at, blanks);
		at += blanks;
	}
}
