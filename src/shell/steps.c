/* SPDX-License-Identifier: MIT */
/*
 * What was done, and going back. Nothing is ever taken back in a machine: the
 * statements of before run again on a fresh one, in silence, and take the
 * place of the session. Each must come out as it did the first time.
 */
#include "shell/steps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/interrupt.h"
#include "machine/machine.h"

/* --- keeping ------------------------------------------------------------------- */

static struct step_mark mark(const struct shell *sh)
{
	return (struct step_mark){
		sh->machine->kernel.step, report_next(sh->machine), sh->machine->kernel.now,
		sh->machine->mm.writes, sh->steps ? sh->steps->moves : 0,
	};
}

static bool same(const struct step_mark *a, const struct step_mark *b)
{
	return a->step == b->step && a->log == b->log && a->now == b->now &&
	       a->writes == b->writes;
}

static void drop(struct kept *k)
{
	block_put(k->block);
	free(k->text);
}

static void drop_from(struct steps *st, size_t first)
{
	while (st->count > first)
		drop(&st->item[--st->count]);
}

static bool keeps(const struct shell *sh)
{
	return !sh->nested && !sh->forward && !sh->replaying;
}

struct step_mark steps_begin(struct shell *sh)
{
	if (keeps(sh)) {
		sh->changed = false;
		sh->once = NULL;
		if (!sh->steps)
			sh->steps = calloc(1, sizeof(*sh->steps));
	}
	return mark(sh);
}

/* What sets a variable or writes to memory, and makes no call, is a step as well. */
static void count_change(struct shell *sh, const struct step_mark *before)
{
	bool changed = sh->changed || sh->machine->mm.writes != before->writes;

	if (changed && sh->machine->kernel.step == before->step)
		sh->machine->kernel.step++;
	sh->changed = false;
}

static bool make_room(struct steps *st)
{
	size_t room = st->room ? 2 * st->room : 64;
	struct kept *all;

	if (st->count < st->room)
		return true;
	all = realloc(st->item, room * sizeof(*all));
	if (!all)
		return false;
	st->item = all;
	st->room = room;
	return true;
}

/* What was limited while the statement ran is said behind it. */
static void end_reports(struct shell *sh)
{
	uint64_t next = report_next(sh->machine);

	report_begin(sh->machine);
	if (report_next(sh->machine) != next)
		shell_show_log(sh);
}

/* True: something happened that must be kept; *after is how it left the machine. */
static bool must_keep(struct shell *sh, const struct step_mark *before, bool lua,
		      struct step_mark *after)
{
	/* statements of a file kept themselves, and undo is no statement to keep */
	if (!keeps(sh) || !sh->steps || sh->steps->moves != before->moves)
		return false;
	if (interrupted)
		sh->changed = false;
	end_reports(sh);
	count_change(sh, before);
	*after = mark(sh);
	return !same(before, after) || (lua && !interrupted);
}

static void keep(struct shell *sh, const struct step_mark *before, struct kept k)
{
	struct steps *st = sh->steps;

	k.first = before->step + 1;
	k.once = interrupted ? "was interrupted" : sh->once;
	/* what only looked stands in front of what may be done again */
	if (!same(before, &k.after))
		drop_from(st, st->at);
	if ((!k.block && !k.text) || !make_room(st)) {
		st->lost = true;
		drop(&k);
		return;
	}
	memmove(&st->item[st->at + 1], &st->item[st->at], (st->count - st->at) * sizeof(k));
	st->item[st->at++] = k;
	st->count++;
	st->moves++;
}

void steps_end(struct shell *sh, const struct step_mark *before, struct block *b, int index)
{
	struct kept k = { .index = index, .file = sh->file };

	if (!must_keep(sh, before, b->stmt[index].lua, &k.after))
		return;
	k.block = block_get(b);
	keep(sh, before, k);
}

void steps_end_lua(struct shell *sh, const struct step_mark *before, const char *file,
		   const char *text, size_t len)
{
	struct kept k = { .len = len };

	if (file || !script_is_expression(sh->script, text))
		sh->changed = true;
	if (!must_keep(sh, before, true, &k.after))
		return;
	k.file = file ? keep_name(sh, file) : NULL;
	k.text = malloc(len + 1);
	if (k.text) {
		memcpy(k.text, text, len);
		k.text[len] = '\0';
	}
	keep(sh, before, k);
}

void steps_forget(struct shell *sh)
{
	if (!sh->steps)
		return;
	drop_from(sh->steps, 0);
	sh->steps->at = 0;
	sh->steps->lost = true;
}

void steps_finish(struct shell *sh)
{
	if (!sh->steps)
		return;
	drop_from(sh->steps, 0);
	free(sh->steps->item);
	free(sh->steps);
}

/* --- replaying ----------------------------------------------------------------- */

static void replay(struct shell *sh, const struct kept *k)
{
	struct block_result result = { 0 };
	struct buf why = BUF_INIT;
	const struct step_mark before = mark(sh);

	sh->changed = false;
	sh->file = k->file;
	if (k->block) {
		shell_run_statement(sh, &k->block->stmt[k->index], k->block, &result, NULL);
	} else {
		if (k->file)
			script_run(sh->script, k->file, k->text, k->len, &why);
		else
			script_eval(sh->script, k->text, &why);
		sh->changed = k->file || !script_is_expression(sh->script, k->text);
	}
	report_begin(sh->machine);
	count_change(sh, &before);
	buf_finish(&why);
}

static int refuse(const struct steps *st, size_t to, char *why, size_t n)
{
	if (st->lost) {
		snprintf(why, n, "not everything that was done could be kept");
		return -EINVAL;
	}
	for (size_t i = 0; i < to; i++) {
		const struct kept *k = &st->item[i];
		int used;

		if (!k->once)
			continue;
		used = snprintf(why, n, "step %u %s; it cannot be replayed", k->after.step,
				k->once);
		if (to <= st->at && is_step(k) && (size_t)used < n)
			snprintf(why + used, n - (size_t)used, "; 'goto %u' goes before it",
				 k->first - 1);
		return -EINVAL;
	}
	return 0;
}

int steps_replay(struct shell *sh, size_t to, struct past *out, char *why, size_t n)
{
	const struct shell session = *sh;
	const struct steps *st = sh->steps;
	int rc = st ? refuse(st, to, why, n) : 0;

	if (!rc)
		rc = session_boot(sh, why, n);
	if (rc)
		return rc;
	sh->replaying = true;
	sh->capture = NULL;
	for (size_t i = 0; !rc && i < to; i++) {
		const struct kept *k = &st->item[i];
		struct step_mark now;

		replay(sh, k);
		now = mark(sh);
		if (interrupted) {
			snprintf(why, n, "interrupted; nothing changed");
			rc = -EINTR;
		} else if (!same(&now, &k->after)) {
			snprintf(why, n, "step %u came out differently the second time; "
				 "nothing changed", k->after.step);
			rc = -EINVAL;
		}
	}
	*out = (struct past){ sh->machine, sh->script };
	*sh = session;
	if (rc)
		session_halt(out->machine, out->script);
	return rc;
}
