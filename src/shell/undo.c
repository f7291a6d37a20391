/* SPDX-License-Identifier: MIT */
/* undo, redo, goto, steps and diff: moving through the recorded steps. */
#include "lib/buf.h"
#include "shell/kept.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "call/entry.h"
#include "machine/machine.h"
#include "shell/builtin.h"
#include "shell/diff.h"
#include "shell/one_line.h"
#include "view/glyph.h"

static int run_undo(const struct invocation *in);
static int run_redo(const struct invocation *in);
static int run_goto(const struct invocation *in);
static int run_steps(const struct invocation *in);
static int run_diff(const struct invocation *in);

#define SUBJECT .subject = "Going back, side by side"
#define GOES BUILTIN_ALONE | BUILTIN_STEPS

const struct builtin steps_builtins[] = {
	{
		.call = {
			.name = "undo", SUBJECT,
			.summary = "undo the last line that changed something",
			.param = { { "lines", P_SIZE, "1", false, "how many lines to undo" } },
			.returns = "what was undone",
			.detail = "Variables, functions and the log go back as well. Files that were "
				  "written stay, and so does what commands after '|' did. After a new "
				  "change there is nothing left to redo.",
			.example = "device eth0\nundo\ndevices",
		},
		.flags = GOES, .run = run_undo,
	},
	{
		.call = {
			.name = "redo", SUBJECT,
			.summary = "redo what undo or goto took back",
			.param = { { "lines", P_SIZE, "1", false, "how many lines to redo" } },
			.returns = "what was done",
			.example = "device eth0\nundo\nredo\ndevices",
		},
		.flags = GOES, .run = run_redo,
	},
	{
		.call = {
			.name = "goto", SUBJECT,
			.summary = "return to the machine as it was after a step",
			.param = { { "step", P_SIZE, NULL, false, "its number, as steps and objects show it" } },
			.returns = "the line of that step",
			.example = "device eth0\ndevm_kmalloc eth0 64\ngoto 1\ndevres\nredo",
		},
		.flags = GOES, .run = run_goto,
	},
	{
		.call = {
			.name = "steps", SUBJECT,
			.summary = "list the steps so far and mark the current one",
			.returns = "a row for each line that changed something",
			.detail = "A step is a call that can change the machine, or a line that sets a "
				  "variable. Calls that only look do not count. One line of Lua may make "
				  "several.",
			.example = "device eth0\ndevm_kmalloc eth0 64\nundo\nsteps",
			.view = "steps",
		},
		.flags = GOES, .run = run_steps,
	},
	{
		.call = {
			.name = "diff", SUBJECT,
			.summary = "show what has changed since a step",
			.param = { { "step", P_SIZE, NULL, false, "its number; 0: boot" } },
			.returns = "a row for each difference: - is gone, + is new",
			.example = "device eth0\nq = kmalloc 100\nkfree $q\ndiff 1",
			.view = "diff",
		},
		.flags = GOES, .run = run_diff,
	},
	{ .run = NULL },
};

/* --- finding steps ------------------------------------------------------------- */

static uint32_t step_before(const struct steps *st, size_t item)
{
	return item ? st->item[item - 1].after.step : 0;
}

static uint32_t last_step(const struct steps *st)
{
	return step_before(st, st->count);
}

/* Skips statements that are not steps. */
static size_t skip_looks(const struct steps *st, size_t item)
{
	while (item < st->count && !is_step(&st->item[item]))
		item++;
	return item;
}

/*
 * The number of statements up to this step. *inside: the statement that makes this step
 * and later ones as well, or count.
 */
static size_t find_step(const struct steps *st, uint64_t step, size_t *inside)
{
	size_t i = 0;

	*inside = st->count;
	while (i < st->count && st->item[i].after.step <= step)
		i++;
	if (i < st->count && step >= st->item[i].first)
		*inside = i;
	return i;
}

/* In a block, a newline ends a call; on one line, ';' does. */
static void add_calls(const struct statement *s, struct buf *out)
{
	struct buf text = BUF_INIT;
	char last = 0;

	for (const char *c = s->text ? s->text : ""; *c; c++) {
		const char *next = c + strspn(c, " \t\n");

		if (*c == '\n' && !s->lua && last && !strchr("{;\\", last) &&
		    !strchr("};\n", *next))
			buf_putc(&text, ';');
		buf_putc(&text, *c);
		last = *c == ' ' || *c == '\t' || *c == '\n' ? last : *c;
		if (*c == '\n')
			last = 0;
	}
	one_line(buf_str(&text), out);
	buf_finish(&text);
}

/* Appends the statement on one line. */
static void add_line(const struct kept *k, struct buf *out)
{
	if (k->block) {
		add_calls(&k->block->stmt[k->index], out);
	} else if (k->file && strcmp(k->file, "-e")) {
		buf_puts(out, k->file);
	} else {
		buf_puts(out, k->file || !is_step(k) ? "" : "lua ");
		one_line(k->text, out);
	}
}

/* Sets the result: "undone: step 7, unbind eth0". */
static void describe_move(struct shell *sh, struct result *r, const char *what, size_t first, size_t end)
{
	const struct steps *st = sh->steps;
	const struct kept *from = &st->item[first];
	uint32_t last = step_before(st, end);
	struct buf out = BUF_INIT, line = BUF_INIT;
	int lines = 0;

	for (size_t i = first; i < end; i++)
		lines += is_step(&st->item[i]);
	if (last > from->first)
		buf_printf(&out, "%s: steps %u-%u, ", what, from->first, last);
	else
		buf_printf(&out, "%s: step %u, ", what, last);
	if (lines > 1) {
		buf_printf(&out, "%d lines", lines);
	} else {
		add_line(from, &line);
		glyphs_add(&out, buf_str(&line), sh->out->style.width - (int)out.len);
	}
	r->value = v_str(r, buf_str(&out));
	buf_finish(&line);
	buf_finish(&out);
}

/* Replaces the session's machine by that of another step. */
static int travel(struct shell *sh, size_t to, struct result *r)
{
	struct session there;
	char why[200];
	int rc = steps_replay(sh, to, &there, why, sizeof(why));

	if (rc)
		return result_error(r, rc, "%s", why);
	session_end(sh->session);
	*sh->session = there;
	sh->session->copy = false;
	session_skip_log(sh->session);
	sh->steps->at = to;
	sh->steps->moves++;
	return 0;
}

/* --- the calls ----------------------------------------------------------------- */

static int too_many(struct result *r, uint64_t found, const char *what)
{
	if (!found)
		return result_error(r, -EINVAL, "there is nothing to %s", what);
	return result_error(r, -EINVAL, "there %s only %" PRIu64 " line%s to %s",
			    found == 1 ? "is" : "are", found, plural(found), what);
}

static int undo(struct shell *sh, uint64_t lines, struct result *r)
{
	struct steps *st = sh->steps;
	size_t to = st->at, from = to;
	uint64_t found = 0;

	if (!lines)
		return result_error(r, -EINVAL, "lines '0': wants 1 or more");
	while (found < lines && to) {
		to--;
		found += is_step(&st->item[to]);
	}
	if (found < lines || !found)
		return too_many(r, found, "undo");
	if (!travel(sh, to, r))
		describe_move(sh, r, "undone", to, from);
	return r->err;
}

static int redo(struct shell *sh, uint64_t lines, struct result *r)
{
	struct steps *st = sh->steps;
	size_t to = skip_looks(st, st->at), from = to;
	uint64_t found = 0;

	if (!lines)
		return result_error(r, -EINVAL, "lines '0': wants 1 or more");
	while (found < lines && to < st->count) {
		found++;
		to = skip_looks(st, to + 1);
	}
	if (found < lines || !found)
		return too_many(r, found, "redo");
	if (!travel(sh, to, r))
		describe_move(sh, r, "redone", from, to);
	return r->err;
}

static int check_step(struct shell *sh, uint64_t step, char *why, size_t n)
{
	uint32_t last = last_step(sh->steps);

	if (step <= last)
		return 0;
	if (last)
		snprintf(why, n, "there is no step %" PRIu64 "; the last is %u", step, last);
	else
		snprintf(why, n, "there is no step %" PRIu64 "; nothing has been done yet", step);
	return -EINVAL;
}

static int go_to(struct shell *sh, uint64_t step, struct result *r)
{
	struct steps *st = sh->steps;
	struct buf out = BUF_INIT, line = BUF_INIT;
	char why[200];
	size_t to, inside;
	int rc;

	if (!step && !last_step(st)) {
		r->value = v_str(r, "step 0 of 0: the machine has booted");
		return 0;
	}
	if (check_step(sh, step, why, sizeof(why)))
		return result_error(r, -EINVAL, "%s", why);
	to = find_step(st, step, &inside);
	rc = travel(sh, to, r);
	if (rc)
		goto out;
	if (inside < st->count)
		buf_printf(&out, "step %" PRIu64 " is part of steps %u-%u; ", step,
			   st->item[inside].first, st->item[inside].after.step);
	buf_printf(&out, "step %u of %u: ", step_before(st, to), last_step(st));
	/* Lua that changed nothing is recorded after the step that it inspected */
	while (to && !is_step(&st->item[to - 1]))
		to--;
	if (to)
		add_line(&st->item[to - 1], &line);
	else
		buf_puts(&line, "the machine has booted");
	glyphs_add(&out, buf_str(&line), sh->out->style.width - (int)out.len);
	r->value = v_str(r, buf_str(&out));
out:
	buf_finish(&line);
	buf_finish(&out);
	return r->err;
}

static int list_steps(struct shell *sh, struct result *r)
{
	struct steps *st = sh->steps;
	size_t here = 0, count = st->count;
	struct value *row;

	RESULT_COLUMNS(r, STEPS);
	for (size_t i = 0; i < count && i < st->at; i++)
		if (is_step(&st->item[i]))
			here = i + 1;
	for (size_t i = 0; last_step(st) && i <= count; i++) {
		const struct kept *k = i ? &st->item[i - 1] : NULL;
		struct buf line = BUF_INIT;

		if (k && !is_step(k))
			continue;
		row = result_row(r);
		if (!row)
			break;
		if (k)
			add_line(k, &line);
		else
			buf_puts(&line, "the machine has booted");
		row[STEPS_step] = v_uint(k ? k->first : 0);
		row[STEPS_last] = v_uint(k ? k->after.step : 0);
		row[STEPS_line] = v_str(r, buf_str(&line));
		row[STEPS_state] = v_str(r, i == here ? "here" : i > here ? "undone"
			       : k && k->once ? k->once : "");
		buf_finish(&line);
	}
	return r->err;
}

static int visit(struct shell *sh, uint64_t step, struct session *out, char *why, size_t whysize)
{
	size_t inside, to;
	int rc = check_step(sh, step, why, whysize);

	if (rc)
		return rc;
	to = find_step(sh->steps, step, &inside);
	return steps_replay(sh, to, out, why, whysize);
}

static int diff(struct shell *sh, uint64_t step, struct result *r)
{
	struct session then;
	char why[200];
	int rc = visit(sh, step, &then, why, sizeof(why));

	if (rc)
		return result_error(r, rc, "%s", why);
	diff_sessions(&then, sh->session, r);
	session_end(&then);
	return r->err;
}

static int run_undo(const struct invocation *in)
{
	undo(in->sh, in->arg[0].u, in->r);
	return EXIT_OK;
}

static int run_redo(const struct invocation *in)
{
	redo(in->sh, in->arg[0].u, in->r);
	return EXIT_OK;
}

static int run_goto(const struct invocation *in)
{
	go_to(in->sh, in->arg[0].u, in->r);
	return EXIT_OK;
}

static int run_steps(const struct invocation *in)
{
	list_steps(in->sh, in->r);
	return EXIT_OK;
}

static int run_diff(const struct invocation *in)
{
	diff(in->sh, in->arg[0].u, in->r);
	return EXIT_OK;
}
