/* SPDX-License-Identifier: MIT */
/*
 * Characters in text that came from users, which may or may not be UTF-8. Views need to
 * know how many columns each one takes, and which could harm a terminal.
 */
#ifndef DEVSH_VIEW_GLYPH_H
#define DEVSH_VIEW_GLYPH_H

#include <stddef.h>

#include "lib/buf.h"

struct glyph {
	int bytes;    /* length in the text; 0 at its end */
	int columns;  /* on a terminal: 0, 1 or 2 */
	bool plain;   /* false: a control character, or a byte that is not UTF-8 */
};

/* The character that s begins with. */
struct glyph glyph_at(const char *s);

/* Columns that s takes when glyphs_add() writes it. */
int glyphs_width(const char *s);

/*
 * Appends s in at most `columns` columns, ending with "..." if it was cut. Characters
 * that are not plain are written like \x1b. Returns the columns used.
 */
int glyphs_add(struct buf *b, const char *s, int columns);

/* Appends s as UTF-8: invalid bytes become U+FFFD. */
void glyphs_repair(struct buf *b, const char *s);

#endif
