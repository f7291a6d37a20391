/* SPDX-License-Identifier: MIT */
/* Where output goes: standard output, a file, a pipe, or a JSON document. */
#include "shell/shell.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "fs/fs.h"

enum { LOG_LINES_SHOWN = 3 };

static void output_failed(struct shell *sh, int err)
{
	if (sh->output_failed)
		return;
	sh->output_failed = true;
	/* a reader that leaves early, as head does, needs no words */
	if (err != EPIPE)
		fprintf(stderr, "devsh: standard output: %s\n", strerror(err));
}

void shell_flush(struct shell *sh)
{
	if (fflush(stdout))
		output_failed(sh, errno);
	else if (ferror(stdout))
		output_failed(sh, EIO);
}

void shell_write(struct shell *sh, const char *text, size_t len)
{
	/* what is written to a file of the machine is part of what is done again */
	if (sh->replaying && !sh->plain)
		return;
	if (sh->capture) {
		buf_add(sh->capture, text, len);
		return;
	}
	if (sh->output_failed || !len)
		return;
	if (fwrite(text, 1, len, stdout) != len)
		output_failed(sh, errno);
}

/* What is no result does not go into a file of the machine. */
static void write_around(struct shell *sh, const struct buf *text)
{
	struct buf *capture = sh->capture;

	if (sh->plain)
		sh->capture = sh->around;
	shell_write(sh, buf_str(text), text->len);
	sh->capture = capture;
}

static void json_begin(struct shell *sh, struct buf *out)
{
	buf_puts(out, sh->json_open ? ",\n" : "[\n");
	sh->json_open = true;
}

void shell_json_text(struct shell *sh, const char *key, const char *text, const char *where)
{
	struct buf out = BUF_INIT;

	/* a call's object has its error; what callbacks say is part of a call */
	if (!sh->json || sh->nested || sh->json_told || sh->replaying)
		return;
	json_begin(sh, &out);
	view_json_text(key, text, where, &out);
	write_around(sh, &out);
	buf_finish(&out);
}

/* At the prompt the line is on the screen; elsewhere say where it is. */
/* At a terminal a long line breaks between words, not in the middle of one. */
static void wrap(char *text, int width)
{
	int column = 0;
	char *blank = NULL;

	for (char *c = text; *c; c++, column++) {
		if (*c == ' ' && column) {
			blank = c;
		} else if (column >= width && blank) {
			*blank = '\n';
			column = (int)(c - blank) - 1;
			blank = NULL;
		}
	}
}

void shell_error(struct shell *sh, int line, int col, const char *fmt, ...)
{
	const char *red = sh->style.colour ? "\033[31m" : "", *off = *red ? "\033[0m" : "";
	struct buf out = BUF_INIT;
	char text[400], where[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (sh->replaying) {
		if (sh->call_error && !sh->call_error->len)
			buf_puts(sh->call_error, text);
		return;
	}
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = '?';
	snprintf(where, sizeof(where), "%s:%d:%d", sh->file ? sh->file : "-", line, col);
	shell_json_text(sh, "error", text, where);
	if (sh->file) {
		buf_printf(&out, "%s:%d:%d: %serror:%s %s\n", sh->file, line, col, red, off, text);
	} else {
		wrap(text, sh->style.width);
		buf_printf(&out, "%s%s%s\n", red, text, off);
	}
	if (sh->confined) {
		write_around(sh, &out);
	} else {
		shell_flush(sh);
		fputs(buf_str(&out), stderr);
	}
	buf_finish(&out);
}

static int lines_of(const struct buf *b)
{
	int n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->s[i] == '\n';
	return n;
}

/*
 * Beside other machines a report is its first line: "WARNING: CPU: ..." between
 * "cut here" and the call trace. Short ones stay as they are.
 */
static void shorten_log(struct buf *log)
{
	struct buf out = BUF_INIT;
	const char *at = buf_str(log);
	int lines = lines_of(log), len;

	if (lines <= LOG_LINES_SHOWN)
		return;
	while (*at && (*at == '-' || *at == '='))
		at += strcspn(at, "\n") + 1;
	len = (int)strcspn(at, "\n");
	/* which CPU and task it was is the same on all */
	if (!strncmp(at, "WARNING: CPU: ", 14) && memmem(at, (size_t)len, " at ", 4)) {
		const char *place = memmem(at, (size_t)len, " at ", 4);

		buf_puts(&out, "WARNING:");
		len -= (int)(place - at);
		at = place;
	}
	buf_printf(&out, "%.*s\n(and %d more lines)\n", len, at, lines - 1);
	buf_finish(log);
	*log = out;
}

void shell_show_log(struct shell *sh)
{
	struct report_line line;
	struct buf out = BUF_INIT;

	if (sh->plain)
		return; /* with the next call */
	if (sh->log_boot != machine_boot_number(sh->machine)) {
		sh->log_boot = machine_boot_number(sh->machine);
		sh->log_seen = 0;
	}
	while (report_line(sh->machine, sh->log_seen, &line)) {
		sh->log_seen = line.seq + 1;
		/* a failed scenario shows the whole log */
		if (line.level <= 4 && !sh->json && !sh->confined && !sh->replaying)
			view_log_line(&line, &sh->style, &out);
		else if (line.level <= 4 && sh->compared)
			buf_printf(&out, "%s\n", line.text);
	}
	if (sh->compared)
		shorten_log(&out);
	shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

static void show_json(struct shell *sh, const struct call *c, const struct result *r,
		      uint64_t log_from)
{
	struct buf out = BUF_INIT;

	json_begin(sh, &out);
	sh->json_told = r->err != 0 || call_failed(c, r);
	view_json(sh->machine, c, r, log_from, &out);
	shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

static void indent(struct buf *b, int depth)
{
	struct buf out = BUF_INIT;
	bool start = true;

	for (size_t i = 0; i < b->len; i++) {
		if (start)
			buf_pad(&out, ' ', 2 * depth);
		buf_putc(&out, b->s[i]);
		start = b->s[i] == '\n';
	}
	buf_finish(b);
	*b = out;
}

/* What is taller than the terminal goes through a pager; false: there is none. */
static bool page(const struct shell *sh, const struct buf *out)
{
	const char *own = getenv("DEVSH_PAGER"), *pager = own ? own : getenv("PAGER");
	FILE *f;

	if (sh->capture || sh->nested || !sh->interactive || !sh->rows ||
	    lines_of(out) < sh->rows || (own && !*own))
		return false;
	if (!pager || !*pager)
		pager = "less -FRX 2>/dev/null || cat";
	fflush(stdout);
	f = popen(pager, "w");
	if (!f)
		return false;
	fwrite(out->s, 1, out->len, f);
	pclose(f);
	return true;
}

void shell_show_result(struct shell *sh, const struct call *c, const struct result *r,
		       const char *assign, uint64_t log_from)
{
	struct view_style style = sh->style;
	struct buf out = BUF_INIT;

	if (sh->replaying && !sh->plain)
		return;
	if (sh->json && !sh->plain) {
		/* the document holds what was asked for; callbacks are part of it */
		if (!sh->nested)
			show_json(sh, c, r, log_from);
		return;
	}
	/* a trace shows what calls gave; what they print is theirs to show */
	if ((r->err && (!r->rows || sh->plain)) || (sh->quiet && !sh->plain && r->value.type != V_STR))
		return;
	style.width -= 2 * sh->nested;
	view_result(sh->machine, c, r, sh->plain ? NULL : assign, &style, &out);
	if (sh->nested && !sh->plain)
		indent(&out, sh->nested);
	if (!page(sh, &out))
		shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

void shell_show_note(struct shell *sh, const struct call *c, const char *note)
{
	struct view_style style = sh->style;
	struct buf out = BUF_INIT;

	if (sh->json || sh->quiet || sh->plain || sh->replaying)
		return;
	style.width -= 2 * sh->nested;
	buf_puts(&out, style.colour ? "\033[36m" : "");
	view_note(c->name, note, &style, &out);
	if (style.colour && out.len) {
		out.len--; /* the end of the line comes behind the colour's */
		buf_puts(&out, "\033[0m\n");
	}
	if (sh->nested)
		indent(&out, sh->nested);
	shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

static int write_all(FILE *f, const struct buf *out)
{
	int rc = 0;

	if (out->len && fwrite(out->s, 1, out->len, f) != out->len)
		rc = errno ? -errno : -EIO;
	if (fflush(f) && !rc)
		rc = -errno;
	return rc;
}

static int to_file(struct shell *sh, const struct statement *s, const struct buf *out)
{
	FILE *f;
	int rc;

	f = fopen(s->file, "w");
	if (!f) {
		rc = -errno;
		shell_error(sh, s->line, s->col, "%s: %s", s->file, strerror(-rc));
		return rc;
	}
	rc = write_all(f, out);
	if (fclose(f) && !rc)
		rc = -errno;
	if (rc)
		shell_error(sh, s->line, s->col, "%s: %s", s->file, strerror(-rc));
	return rc;
}

static int to_pipe(struct shell *sh, const struct statement *s, const struct buf *out)
{
	FILE *f;
	int status;

	fflush(stdout);
	f = popen(s->pipe, "w");
	if (!f) {
		shell_error(sh, s->line, s->col, "%s: %s", s->pipe, strerror(errno));
		return -EIO;
	}
	/* a reader that leaves early, as less does, is no error */
	write_all(f, out);
	status = pclose(f);
	if (WIFEXITED(status) && WEXITSTATUS(status)) {
		shell_error(sh, s->line, s->col, "%s: exit status %d", s->pipe, WEXITSTATUS(status));
		return -EIO;
	}
	return 0;
}

bool shell_writes_node(const struct statement *s)
{
	return s->file && !s->pipe && fs_is_simulated(s->file);
}

int shell_redirect(struct shell *sh, const struct statement *s, const struct buf *out)
{
	if (sh->replaying)
		return 0;
	if (sh->confined) {
		shell_error(sh, s->line, s->col, "'%s' is not allowed here", s->pipe ? "|" : ">");
		return -EPERM;
	}
	return s->pipe ? to_pipe(sh, s, out) : to_file(sh, s, out);
}
