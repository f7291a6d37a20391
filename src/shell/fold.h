/* SPDX-License-Identifier: MIT */
/* Reports of the kernel on a screen: their first lines. dmesg shows all. */
#ifndef DEVSH_SHELL_FOLD_H
#define DEVSH_SHELL_FOLD_H

#include <stdbool.h>

#include "lib/buf.h"
#include "view/view.h"

/* Zero: outside of a report. */
struct fold {
	int lines;   /* of the report so far */
	int hidden;  /* of those */
	bool framed; /* "=====" begins it, and may end it */
};

/* True: this line of the log is to be shown. */
bool fold_line(struct fold *f, const char *text, const struct view_style *style, struct buf *out);
/* After the last line: how many were left out. */
void fold_end(struct fold *f, const struct view_style *style, struct buf *out);

#endif
