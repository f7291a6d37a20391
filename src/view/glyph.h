/* SPDX-License-Identifier: MIT */
/*
 * Characters of text that came from users: UTF-8, or not. A view needs to
 * know how many columns each takes, and which would harm a terminal.
 */
#ifndef DEVSH_VIEW_GLYPH_H
#define DEVSH_VIEW_GLYPH_H

#include <stddef.h>

#include "lib/buf.h"

struct glyph {
	int bytes;    /* of the text; 0 at its end */
	int columns;  /* on a terminal: 0, 1 or 2 */
	bool plain;   /* false: a control character, or a byte that is not UTF-8 */
};

/* The character that s begins with. */
struct glyph glyph_at(const char *s);

/* Columns that s takes when glyphs_add() writes it. */
int glyphs_width(const char *s);

/*
 * Append s in at most `columns` columns, "..." at the end where it was cut.
 * What is not plain turns into \x1b. Returns the columns it took.
 */
int glyphs_add(struct buf *b, const char *s, int columns);

/* Append s as UTF-8: bytes that are none turn into U+FFFD. */
void glyphs_repair(struct buf *b, const char *s);

#endif
