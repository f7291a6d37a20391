/* SPDX-License-Identifier: MIT */
/*
 * Results as text for people and as JSON for programs. Views read what a call
 * returned and nothing else; both forms come from the same rows, so they
 * cannot disagree.
 */
#ifndef DEVSH_VIEW_VIEW_H
#define DEVSH_VIEW_VIEW_H

#include <devsh/call.h>
#include <devsh/report.h>

#include "lib/buf.h"

struct view_style {
	bool colour;  /* ANSI escapes */
	bool utf8;    /* line drawing beyond ASCII */
	int width;    /* columns of the terminal; 80 where there is none */
};

/*
 * A call's result, ready to print: nothing, or lines that each end with '\n'.
 * `name` is the variable that the result was assigned to, or NULL. Errors are
 * the caller's to show.
 */
void view_result(const struct machine *m, const struct call *c, const struct result *r,
		 const char *name, const struct view_style *style, struct buf *out);

/* One value as people write it: "ffff888001002028", "eth0", "NULL", "-12". */
void view_value(const struct machine *m, const struct value *v, struct buf *out);

/* "NAME: note", its lines below each other; lines that are too long go on below. */
void view_note(const char *name, const char *note, const struct view_style *style,
	       struct buf *out);

/* A line of the kernel log as dmesg shows it, with '\n'. */
void view_log_line(const struct report_line *line, const struct view_style *style,
		   struct buf *out);

/*
 * One call as a JSON object: {"call": name, "error": "-ENOMEM: ...", "value": ...,
 * "rows": [{...}], "log": [...]}. Members without content are left out;
 * addresses are strings "0x...". `log_from` is the number of the first log
 * line that belongs to the call. The text ends without '\n'.
 */
void view_json(const struct machine *m, const struct call *c, const struct result *r,
	       uint64_t log_from, struct buf *out);

/* {"KEY": text, "at": where}: what is no call's result; where may be NULL. */
void view_json_text(const char *key, const char *text, const char *where, struct buf *out);

/* The manual page devsh-calls(7) in scdoc's language, from the table. */
void view_manual(struct buf *out);

#endif
