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
#include "shell/fold.h"
#include "lib/host_memory.h"
#include "machine/machine.h"

enum { LOG_LINES_SHOWN = 3 };

struct output output_captured(const struct shell *sh, struct buf *to)
{
	struct output o = *sh->out;

	/* what reads a file or a pipe wants text */
	o.style.colour = false;
	o.style.fold = false;
	if (o.around)
		o.silent = o.around->silent;
	o.around = NULL;
	o.to = to;
	return o;
}

struct output output_plain(const struct shell *sh, struct buf *to)
{
	struct output o = output_captured(sh, to);

	o.around = sh->out->around ? sh->out->around : sh->out;
	/* writing to a file of the machine is part of a replay */
	o.silent = false;
	return o;
}

struct output *output_enter(struct shell *sh, struct output *o)
{
	struct output *before = sh->out;

	sh->out = o;
	return before;
}

static void output_failed(struct shell *sh, int err)
{
	if (sh->screen.failed)
		return;
	sh->screen.failed = true;
	/* a reader that leaves early, as head does, needs no message */
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

static void put_on_screen(struct shell *sh, const char *text, size_t len)
{
	if (sh->screen.failed || !len)
		return;
	if (fwrite(text, 1, len, stdout) != len)
		output_failed(sh, errno);
}

static void put(struct shell *sh, const struct output *o, const char *text, size_t len)
{
	if (o->silent || shell_lacks_memory(sh))
		return;
	if (o->to)
		buf_add(o->to, text, len);
	else
		put_on_screen(sh, text, len);
}

void shell_write(struct shell *sh, const char *text, size_t len)
{
	put(sh, sh->out, text, len);
}

/* Where everything but results goes: never into a file of the machine. */
static const struct output *around(const struct shell *sh)
{
	return sh->out->around ? sh->out->around : sh->out;
}

static const char *json_separator(const struct shell *sh)
{
	return sh->screen.json_open ? ",\n" : "[\n";
}

/* An object, with its separator in front. */
static void put_json(struct shell *sh, const struct output *o, const struct buf *object)
{
	if (!o->silent && !shell_lacks_memory(sh))
		sh->screen.json_open = true;
	put(sh, o, buf_str(object), object->len);
}

void shell_end_json(struct shell *sh)
{
	const char *end = sh->screen.json_open ? "\n]\n" : "[]\n";

	put_on_screen(sh, end, strlen(end));
}

void shell_json_text(struct shell *sh, const char *key, const char *text, const char *where)
{
	struct buf out = BUF_INIT;

	/* a call's object has its error; what callbacks say is part of a call */
	if (!sh->config.json || sh->frame->depth || sh->frame->now.in_json || around(sh)->silent)
		return;
	buf_puts(&out, json_separator(sh));
	view_json_text(key, text, where, &out);
	put_json(sh, around(sh), &out);
	buf_finish(&out);
}

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

/* At the prompt the line is on the screen; elsewhere say where it is. */
static void add_place(const struct shell *sh, int line, int col, char *text, struct buf *out)
{
	const char *red = sh->out->style.colour ? "\033[31m" : "", *off = *red ? "\033[0m" : "";
	const char *file = sh->frame->file;

	if (file) {
		buf_printf(out, "%s:%d:%d: %serror:%s %s\n", file, line, col, red, off, text);
	} else {
		wrap(text, sh->out->style.width);
		buf_printf(out, "%s%s%s\n", red, text, off);
	}
}

static void keep_first(struct buf *error, const char *text)
{
	if (!error->len)
		buf_add(error, text, strcspn(text, "\n"));
}

void shell_keep_script_error(struct shell *sh, const char *text)
{
	if (around(sh)->unshown)
		keep_first(&around(sh)->unshown->script, text);
}

/* What blocks ran belongs to the statement at the top that made them run. */
static void mishap_place(struct shell *sh, int line)
{
	if (sh->frame->depth)
		return;
	buf_reset(&sh->mishap->where);
	buf_printf(&sh->mishap->where, "%s:%d", sh->frame->file ? sh->frame->file : "-", line);
}

void shell_error(struct shell *sh, int line, int col, const char *fmt, ...)
{
	struct buf out = BUF_INIT;
	char text[400], where[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (around(sh)->silent) {
		if (around(sh)->unshown)
			keep_first(&around(sh)->unshown->call, text);
		return;
	}
	if (shell_lacks_memory(sh))
		return;
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = '?';
	if (sh->mishap) {
		buf_reset(&sh->mishap->text);
		buf_puts(&sh->mishap->text, text);
		mishap_place(sh, line);
	}
	snprintf(where, sizeof(where), "%s:%d:%d", sh->frame->file ? sh->frame->file : "-", line, col);
	shell_json_text(sh, "error", text, where);
	add_place(sh, line, col, text, &out);
	if (sh->config.embedded) {
		put(sh, around(sh), buf_str(&out), out.len);
	} else {
		shell_flush(sh);
		fputs(buf_str(&out), stderr);
	}
	buf_finish(&out);
}

int shell_out_of_memory(struct shell *sh, const char *file, int line)
{
	static const char object[] = "{\"error\": \"devsh: out of memory\"}";

	sh->memory_failures = host_memory_failures;
	if (sh->session->machine)
		sh->session->machine->incomplete = true;
	if (sh->status != EXIT_NO_MEMORY || sh->config.interactive) {
		if (sh->config.json) {
			const char *separator = json_separator(sh);

			put_on_screen(sh, separator, strlen(separator));
			put_on_screen(sh, object, sizeof(object) - 1);
			sh->screen.json_open = true;
		}
		shell_flush(sh);
		if (sh->config.interactive)
			fprintf(stderr, "devsh: out of memory: nothing runs until 'boot' or 'undo'\n");
		else if (!sh->config.embedded)
			fprintf(stderr, file ? "devsh: out of memory: %s:%d did not finish\n"
				: "devsh: out of memory\n", file, line);
	}
	sh->session->over |= !sh->config.interactive;
	return sh->status = EXIT_NO_MEMORY;
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
	struct session *s = sh->session;
	const struct view_style *style = &sh->out->style;
	struct report_line line;
	struct buf out = BUF_INIT;
	struct fold folded = { 0 };

	if (sh->out->around)
		return; /* with the next call */
	if (s->log_boot != machine_boot_number(s->machine)) {
		s->log_boot = machine_boot_number(s->machine);
		s->log_seen = 0;
	}
	while (report_line(s->machine, s->log_seen, &line)) {
		s->log_seen = line.seq + 1;
		/* a failed scenario shows the whole log */
		if (line.level <= 4 && style->fold && !fold_line(&folded, line.text, style, &out))
			continue;
		if (line.level <= 4 && !sh->config.json && !sh->config.embedded && !sh->out->silent)
			view_log_line(&line, style, &out);
		else if (line.level <= 4 && sh->config.compared)
			buf_printf(&out, "%s\n", line.text);
	}
	if (sh->config.compared)
		shorten_log(&out);
	if (style->fold && !sh->config.json)
		fold_end(&folded, style, &out);
	shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

static void show_json(struct shell *sh, const struct call *c, const struct result *r,
		      uint64_t log_from)
{
	struct buf out = BUF_INIT;

	buf_puts(&out, json_separator(sh));
	sh->frame->now.in_json = r->err != 0 || call_failed(c, r);
	view_json(sh->session->machine, c, r, log_from, &out);
	put_json(sh, sh->out, &out);
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

/* Output taller than the terminal goes through a pager. False: there is none. */
static bool page(const struct shell *sh, const struct buf *out)
{
	const char *own = getenv("DEVSH_PAGER"), *pager = own ? own : getenv("PAGER");
	FILE *f;

	if (sh->out->to || sh->frame->depth || !sh->config.interactive || !sh->screen.rows ||
	    lines_of(out) < sh->screen.rows || (own && !*own))
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
	struct view_style style = sh->out->style;
	const bool plain = sh->out->around;
	struct buf out = BUF_INIT;

	if (sh->out->silent)
		return;
	if (sh->config.json && !plain) {
		/* the document holds what was asked for; callbacks are part of it */
		if (!sh->frame->depth)
			show_json(sh, c, r, log_from);
		return;
	}
	/* a trace shows what calls gave; what they print is theirs to show */
	if ((r->err && (!r->rows || plain)) || (sh->out->quiet && !plain && r->value.type != V_STR))
		return;
	style.width -= 2 * sh->frame->depth;
	view_result(sh->session->machine, c, r, plain ? NULL : assign, &style, &out);
	if (sh->frame->depth && !plain)
		indent(&out, sh->frame->depth);
	if (!page(sh, &out))
		shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

void shell_show_note(struct shell *sh, const struct call *c, const char *note)
{
	struct view_style style = sh->out->style;
	struct buf out = BUF_INIT;

	if (sh->config.json || sh->out->quiet || sh->out->around || sh->out->silent)
		return;
	style.width -= 2 * sh->frame->depth;
	buf_puts(&out, style.colour ? "\033[36m" : "");
	view_note(c->name, note, &style, &out);
	if (style.colour && out.len) {
		out.len--; /* the escape sequence goes before the newline */
		buf_puts(&out, "\033[0m\n");
	}
	if (sh->frame->depth)
		indent(&out, sh->frame->depth);
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

	if (fs_leaves_machine(s->file)) {
		shell_error(sh, s->line, s->col, "%s: leaves the files of the machine", s->file);
		return -EINVAL;
	}
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
	/* a reader that leaves early, as less does, is not an error */
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
	if (sh->session->copy)
		return 0;
	if (sh->config.confined) {
		shell_error(sh, s->line, s->col, "'%s' is not allowed here", s->pipe ? "|" : ">");
		return -EPERM;
	}
	return s->pipe ? to_pipe(sh, s, out) : to_file(sh, s, out);
}
