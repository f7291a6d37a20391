/* SPDX-License-Identifier: MIT */
/*
 * Results as text for people and as JSON for programs. Views only read what a call
 * returned; both forms are made from the same rows, so they cannot disagree.
 */
#ifndef DEVSH_VIEW_VIEW_H
#define DEVSH_VIEW_VIEW_H

#include <devsh/call.h>
#include <devsh/report.h>

#include "lib/buf.h"

struct view_style {
	bool colour;  /* ANSI escape sequences */
	bool utf8;    /* draw lines with characters beyond ASCII */
	bool fold;    /* for a screen: shorten what is long */
	int width;    /* columns of the terminal, or 80 */
};

/*
 * A call's result, ready to print: empty, or lines that each end with '\n'. `name` is the
 * variable that the result was assigned to, or NULL. The caller shows errors.
 */
void view_result(const struct machine *m, const struct call *c, const struct result *r,
		 const char *name, const struct view_style *style, struct buf *out);

/* One value as people write it: "ffff888001002028", "eth0", "NULL", "-12". */
void view_value(const struct machine *m, const struct value *v, struct buf *out);

/* "NAME: note"; further lines and continuations are indented. */
void view_note(const char *name, const char *note, const struct view_style *style,
	       struct buf *out);

/* A line of the kernel log as dmesg shows it, with '\n'. */
void view_log_line(const struct report_line *line, const struct view_style *style,
		   struct buf *out);

/*
 * One call as a JSON object: {"call": name, "error": "-ENOMEM: ...", "value": ...,
 * "rows": [{...}], "log": [...]}. Empty members are left out; addresses are strings
 * "0x...". `log_from` is the number of the first log line that belongs to the call. No
 * '\n' at the end.
 */
void view_json(const struct machine *m, const struct call *c, const struct result *r,
	       uint64_t log_from, struct buf *out);

/* {"KEY": text, "at": where}: text that is not a call's result; where may be NULL. */
void view_json_text(const char *key, const char *text, const char *where, struct buf *out);

/* The manual page devsh-calls(7), in scdoc's markup, generated from the table. */
void view_manual(struct buf *out);

#endif
