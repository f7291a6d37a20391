/* SPDX-License-Identifier: MIT */
/* Text of files, of -c and of standard input, statement by statement. */
#include "shell/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"
#include "shell/builtin.h"
#include "shell/recording.h"
#include "shell/statement.h"
#include "shell/steps.h"

enum { SOURCES_MAX = 16 };

#define FILE_MAX (64u << 20) /* /dev/zero has no end */

static int run_source(const struct invocation *in);
static int run_verbose(const struct invocation *in);

#define SUBJECT .subject = "Shell"

const struct builtin source_builtins[] = {
	{
		.call = {
			.name = "source", SUBJECT,
			.summary = "run the lines of a file",
			.param = { { "file", P_FILE, NULL, false, "shell lines, or Lua when it ends in .lua" } },
			.returns = "nothing",
		},
		.flags = BUILTIN_OUTSIDE, .run = run_source,
	},
	{
		.call = {
			.name = "verbose", SUBJECT,
			.summary = "show the lines of a script as they run, comments as text",
			.param = { { "state", P_CHOICE, NULL, false, "on or off",
				     CHOICES("on", "off") } },
			.returns = "nothing",
			.example = "verbose off",
		},
		.run = run_verbose,
	},
	{ .run = NULL },
};

/*
 * The lines up to a statement's last, as if they had been typed; comments and
 * empty lines are shown as they are.
 */
static void show_lines(struct shell *sh, int first, int upto)
{
	const char *at = sh->reading->text;
	struct buf out = BUF_INIT;

	for (int line = 1; at && *at && line <= upto; line++) {
		size_t len = strcspn(at, "\n");

		if (line > sh->reading->shown) {
			const char *text = at + strspn(at, " \t");

			if (!len)
				buf_putc(&out, '\n');
			else if (*text == '#' || !strncmp(text, "//", 2))
				buf_printf(&out, "%s%.*s%s\n", sh->out->style.colour ? "\033[36m" : "",
					   (int)(len - (size_t)(text - at)), text,
					   sh->out->style.colour ? "\033[0m" : "");
			else if (strncmp(text, "pause", 5) && strncmp(text, "verbose", 7))
				buf_printf(&out, "%s%.*s\n", line > first ? "  ...> " : "devsh> ",
					   (int)len, at);
		}
		at += len + (at[len] == '\n');
	}
	if (upto > sh->reading->shown)
		sh->reading->shown = upto;
	shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

int shell_run(struct shell *sh, const struct block *b)
{
	struct reading *r = sh->reading;
	int failed = EXIT_OK;

	for (int i = 0; i < b->stmts && !sh->session->over && !r->stop; i++) {
		struct block_result result = { 0 };
		struct step step;
		int status;

		if (interrupted)
			return sh->status = EXIT_INTERRUPTED;
		if (r->verbose && r->text && !sh->config.json)
			show_lines(sh, b->stmt[i].line, b->stmt[i].last_line);
		steps_begin(sh, &step);
		status = run_statement(sh, &b->stmt[i], (struct block *)b, &result, NULL);
		if (result.returned && !status) {
			shell_error(sh, b->stmt[i].line, b->stmt[i].col,
				    "return: not inside a block");
			status = EXIT_FAILED;
		}
		steps_ending(sh, &step, status);
		step.ending.misuse = sh->frame->now.misuse || (status && sh->frame->now.unbound);
		recording_statement(sh, &b->stmt[i], &step.ending);
		steps_end(sh, &step, (struct block *)b, i);
		if (shell_lacks_memory(sh))
			status = shell_out_of_memory(sh, sh->frame->file, b->stmt[i].line);
		if (!status)
			continue;
		failed = sh->status = status;
		/* a file stops at its first failure, also when it is sourced at the prompt */
		if ((!sh->config.interactive || r->outer) && !sh->config.keep_going)
			return status;
	}
	if (r->verbose && r->text && !sh->config.json && !r->stop)
		show_lines(sh, INT32_MAX, INT32_MAX);
	return failed;
}

/* Parsed whole, before anything of it runs. */
static int run_text(struct shell *sh, const char *text, size_t len)
{
	struct parse p = call_parser(sh, true);
	struct block *b;
	int status;

	if (parse_text(&p, text, len, 1, &b) != PARSE_OK) {
		if (shell_lacks_memory(sh))
			return shell_out_of_memory(sh, sh->frame->file, p.line);
		shell_error(sh, p.line, p.col, "%s", p.why);
		return sh->status = EXIT_SYNTAX;
	}
	status = shell_run(sh, b);
	block_put(b);
	return status;
}

int shell_text(struct shell *sh, const char *name, const char *text, size_t len)
{
	struct reading reading = {
		.outer = sh->reading, .depth = sh->reading->depth + 1, .verbose = sh->reading->verbose,
	};
	struct frame frame;
	int status;

	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		/* a byte order mark, as some editors leave it */
		text += 3;
		len -= 3;
	}
	reading.text = text;
	frame_enter(sh, &frame, name ? shell_keep_name(sh, name) : NULL, false);
	sh->reading = &reading;
	status = run_text(sh, text, len);
	sh->reading = reading.outer;
	frame_leave(sh);
	return status;
}

static int lua_status(enum script_status rc)
{
	return rc == SCRIPT_OK ? EXIT_OK : rc == SCRIPT_SYNTAX ? EXIT_SYNTAX :
	       rc == SCRIPT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SCRIPT;
}

int shell_lua(struct shell *sh, const char *name, const char *text, size_t len)
{
	struct buf why = BUF_INIT;
	struct frame frame;
	struct step step;
	enum script_status rc;

	frame_enter(sh, &frame, sh->frame->file, false);
	steps_begin(sh, &step);
	rc = script_run(sh->session->script, name, text, len, &why);
	steps_ending(sh, &step, lua_status(rc));
	steps_end_lua(sh, &step, name, text, len);
	shell_show_log(sh);
	if (shell_lacks_memory(sh)) {
		shell_out_of_memory(sh, name, 1);
		rc = SCRIPT_ERROR;
	} else if (rc != SCRIPT_OK) {
		shell_json_text(sh, "error", buf_str(&why), NULL);
		/* a script's words reach no terminal raw */
		for (size_t i = 0; i < why.len; i++)
			if (((unsigned char)why.s[i] < ' ' && !strchr("\n\t", why.s[i])) || why.s[i] == 0x7f)
				why.s[i] = '?';
		fflush(stdout);
		fprintf(stderr, "%s\n", buf_str(&why));
		sh->status = lua_status(rc);
	}
	frame_leave(sh);
	buf_finish(&why);
	return rc == SCRIPT_OK ? EXIT_OK : sh->status;
}

int shell_lua_line(struct shell *sh, const char *text)
{
	struct buf why = BUF_INIT;
	struct step step;
	enum script_status rc;

	steps_begin(sh, &step);
	rc = script_eval(sh->session->script, text, &why);
	steps_ending(sh, &step, lua_status(rc));
	recording_lua(sh, text, &step.ending);
	steps_end_lua(sh, &step, NULL, text, strlen(text));
	sh->last = rc == SCRIPT_OK ? EXIT_OK : EXIT_SCRIPT;
	if (rc != SCRIPT_OK)
		shell_error(sh, 1, 1, "%s", buf_str(&why));
	shell_show_log(sh);
	buf_finish(&why);
	if (shell_lacks_memory(sh))
		return shell_out_of_memory(sh, NULL, 0);
	return rc == SCRIPT_OK ? EXIT_OK : EXIT_SCRIPT;
}

int read_file(const char *path, struct buf *out)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char block[65536];
	size_t n;
	int rc = 0;

	if (!f) {
		if (errno == ENOMEM)
			host_memory_failed();
		return -errno;
	}
	errno = 0;
	while (!out->cut && out->len <= FILE_MAX && (n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(out, block, n);
	if (ferror(f))
		rc = errno ? -errno : -EIO;
	if (f != stdin)
		fclose(f);
	return out->cut ? -ENOMEM : out->len > FILE_MAX ? -EFBIG : rc;
}

static bool is_lua(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && !strcmp(path + len - 4, ".lua");
}

int shell_file(struct shell *sh, const char *path)
{
	struct buf text = BUF_INIT;
	int rc = read_file(path, &text), status;

	if (shell_lacks_memory(sh)) {
		status = shell_out_of_memory(sh, path, 1);
	} else if (rc) {
		fflush(stdout);
		fprintf(stderr, "devsh: %s: %s\n", path, strerror(-rc));
		status = sh->status = EXIT_USAGE;
	} else if (is_lua(path)) {
		status = shell_lua(sh, path, buf_str(&text), text.len);
	} else {
		status = shell_text(sh, strcmp(path, "-") ? path : "stdin", buf_str(&text), text.len);
	}
	buf_finish(&text);
	return status;
}

/* True: lines come from a file, not from -c, standard input or a keyboard. */
static bool is_file(const char *name)
{
	return name && strcmp(name, "-c") && strcmp(name, "stdin");
}

/* True: path is in the directory of this file, or below, wherever links lead. */
static bool is_below(const char *file, const char *path)
{
	char *dir = NULL, *real = NULL, *slash;
	bool below = false;

	dir = realpath(file, NULL);
	real = realpath(path, NULL);
	slash = dir ? strrchr(dir, '/') : NULL;
	if (slash && real)
		below = !strncmp(dir, real, (size_t)(slash - dir) + 1);
	free(dir);
	free(real);
	return below;
}

static int run_source(const struct invocation *in)
{
	const struct statement *s = in->s;
	const char *path = in->arg[0].s;
	struct shell *sh = in->sh;
	struct scenario described;
	int rc;

	if (sh->frame->depth)
		sh->step->once = "read a file inside a block";
	if (sh->reading->depth > SOURCES_MAX) {
		shell_error(sh, s->line, s->col, "source: files are nested too deeply");
		return EXIT_FAILED;
	}
	if (sh->config.confined && !is_file(sh->frame->file)) {
		shell_error(sh, s->line, s->col, "source: not allowed here");
		return EXIT_FAILED;
	}
	if (sh->config.confined && !is_below(sh->frame->file, path)) {
		shell_error(sh, s->line, s->col, "source: %s: not allowed: only files below this one's directory",
			    path);
		return EXIT_FAILED;
	}
	if (access(path, R_OK)) {
		shell_error(sh, s->line, s->col, "source: %s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	rc = shell_file(sh, path);
	if (!rc && script_scenario(sh->session->script, 0, &described))
		/* each of them would boot the machine that the user is working on */
		shell_error(sh, s->line, s->col, "source: %s describes scenarios: 'devsh run %s' runs them",
			    path, path);
	return rc;
}

static int run_verbose(const struct invocation *in)
{
	in->sh->reading->verbose = !strcmp(in->arg[0].s, "on");
	in->sh->reading->shown = in->s->line;
	return EXIT_OK;
}
