/* SPDX-License-Identifier: MIT */
#include "shell/fold.h"

#include <string.h>

enum { SHOWN = 3 }; /* lines of a report */

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_frame(const char *text)
{
	return begins(text, "=====");
}

/* Also inside another report. */
static bool begins_another(const char *text)
{
	return begins(text, "------------[ cut here") || begins(text, "BUG");
}

static bool begins_report(const char *text)
{
	return begins_another(text) || is_frame(text) || begins(text, "Oops") ||
	       begins(text, "Unable to handle");
}

static bool ends_report(const struct fold *f, const char *text)
{
	return begins(text, "---[ end") || (f->framed && is_frame(text) && f->lines >= SHOWN);
}

void fold_end(struct fold *f, const struct view_style *style, struct buf *out)
{
	if (f->hidden)
		buf_printf(out, "%s(and %d more line%s; 'dmesg' shows all)%s\n",
			   style->colour ? "\033[2m" : "", f->hidden, f->hidden == 1 ? "" : "s",
			   style->colour ? "\033[0m" : "");
	*f = (struct fold){ 0 };
}

bool fold_line(struct fold *f, const char *text, const struct view_style *style, struct buf *out)
{
	if (f->lines >= SHOWN && begins_another(text))
		fold_end(f, style, out);
	if (!f->lines && !begins_report(text))
		return !begins(text, "Disabling lock debugging"); /* after the first report */
	if (!f->lines)
		f->framed = is_frame(text);
	if (f->lines++ < SHOWN)
		return true;
	f->hidden++;
	if (ends_report(f, text))
		fold_end(f, style, out);
	return false;
}
