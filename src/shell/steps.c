/* SPDX-License-Identifier: MIT */
/*
 * Recording and replaying. Nothing is ever undone in a machine: the earlier
 * statements run again, silently, on a fresh one, which then replaces the
 * session's. Each of them must give the same result as the first time.
 */
#include "shell/kept.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"
#include "machine/machine.h"
#include "shell/statement.h"

/* --- keeping ------------------------------------------------------------------- */

static struct step_mark mark(const struct shell *sh)
{
	return (struct step_mark){
		sh->session->machine->kernel.step, report_next(sh->session->machine), sh->session->machine->kernel.now,
		sh->session->machine->mm.writes, sh->steps ? sh->steps->moves : 0,
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
	return sh->steps && !sh->frame->depth && !sh->session->copy;
}

void steps_begin(struct shell *sh, struct step *step)
{
	*step = (struct step){
		.outer = sh->step, .before = mark(sh), .last = sh->last,
		.complaints = report_unexpected(sh->session->machine),
		.deaths = session_deaths(sh->session),
	};
	/* what runs inside a block is part of the step around it */
	if (keeps(sh))
		sh->step = step;
}

void steps_ending(const struct shell *sh, struct step *step, int status)
{
	const struct machine *m = sh->session->machine;

	step->ending = (struct ending){
		.status = interrupted ? EXIT_INTERRUPTED : status,
		.complained = report_unexpected(m) > step->complaints,
		.died = session_deaths(sh->session) != step->deaths,
	};
}

/* Setting a variable or writing to memory without a call is a step as well. */
static void count_change(struct shell *sh, const struct step *step)
{
	struct machine *m = sh->session->machine;

	if ((step->changed || m->mm.writes != step->before.writes) &&
	    m->kernel.step == step->before.step)
		m->kernel.step++;
}

static bool make_room(struct steps *st)
{
	size_t room = st->room ? 2 * st->room : 64;
	struct kept *all;

	if (st->count < st->room)
		return true;
	all = host_realloc(st->item, room * sizeof(*all));
	if (!all)
		return false;
	st->item = all;
	st->room = room;
	return true;
}

/* Reports that were rate-limited while the statement ran are counted after it. */
static void end_reports(struct shell *sh)
{
	uint64_t next = report_next(sh->session->machine);

	report_begin(sh->session->machine);
	if (report_next(sh->session->machine) != next)
		shell_show_log(sh);
}

/* True: something happened that must be recorded; *after is the state after it. */
static bool must_keep(struct shell *sh, struct step *step, bool lua, struct step_mark *after)
{
	if (sh->step != step)
		return false;
	sh->step = step->outer;
	/* the statements of a file have recorded themselves, and undo is not recorded */
	if (sh->steps->moves != step->before.moves)
		return false;
	if (interrupted)
		step->changed = false;
	end_reports(sh);
	count_change(sh, step);
	*after = mark(sh);
	return !same(&step->before, after) || (lua && !interrupted);
}

static void keep(struct steps *st, const struct step *step, struct kept k)
{
	k.first = step->before.step + 1;
	k.last = step->last;
	k.ending = step->ending;
	k.once = interrupted ? "was interrupted" : step->once;
	/* a statement that only looked leaves the undone ones to redo */
	if (!same(&step->before, &k.after))
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

void steps_end(struct shell *sh, struct step *step, struct block *b, int index)
{
	struct kept k = { .index = index, .file = sh->frame->file };

	if (!must_keep(sh, step, b->stmt[index].lua, &k.after))
		return;
	k.block = block_get(b);
	keep(sh->steps, step, k);
}

void steps_end_lua(struct shell *sh, struct step *step, const char *file, const char *text,
		   size_t len)
{
	struct kept k = { .len = len };

	if (file || !script_is_expression(sh->session->script, text))
		sh->step->changed = true;
	if (!must_keep(sh, step, true, &k.after))
		return;
	k.file = file ? shell_keep_name(sh, file) : NULL;
	k.text = host_malloc(len + 1);
	if (k.text) {
		memcpy(k.text, text, len);
		k.text[len] = '\0';
	}
	keep(sh->steps, step, k);
}

void steps_each(const struct steps *st, void (*each)(void *ctx, uint32_t step), void *ctx)
{
	for (size_t i = 0; st && i < st->count; i++)
		if (is_step(&st->item[i]))
			each(ctx, st->item[i].after.step);
}

void steps_forget(struct shell *sh)
{
	if (!sh->steps)
		return;
	drop_from(sh->steps, 0);
	sh->steps->at = 0;
	sh->steps->lost = true;
}

struct steps *steps_create(void)
{
	return host_calloc(1, sizeof(struct steps));
}

void steps_destroy(struct steps *st)
{
	if (!st)
		return;
	drop_from(st, 0);
	free(st->item);
	free(st);
}

/* --- replaying ----------------------------------------------------------------- */

static void replay(struct shell *sh, const struct kept *k)
{
	struct script *script = sh->session->script;
	struct block_result result = { 0 };
	struct step step = { .before = mark(sh) };
	struct buf why = BUF_INIT;

	sh->step = &step;
	sh->last = k->last;
	sh->frame->file = k->file;
	if (k->block) {
		run_statement(sh, &k->block->stmt[k->index], k->block, &result, NULL);
	} else {
		if (k->file)
			script_run(script, k->file, k->text, k->len, &why);
		else
			script_eval(script, k->text, &why);
		step.changed = k->file || !script_is_expression(script, k->text);
	}
	report_begin(sh->session->machine);
	count_change(sh, &step);
	buf_finish(&why);
}

static int refuse(const struct steps *st, size_t to, char *why, size_t n)
{
	if (st->lost) {
		snprintf(why, n, "some of what was done could not be recorded");
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

/* In a copy that was just booted: runs the first `to` recorded statements. */
static int replay_all(struct shell *sh, size_t to, char *why, size_t n)
{
	const struct steps *st = sh->steps;

	for (size_t i = 0; i < to; i++) {
		const struct kept *k = &st->item[i];
		struct step_mark now;

		replay(sh, k);
		now = mark(sh);
		if (interrupted) {
			snprintf(why, n, "interrupted; nothing changed");
			return -EINTR;
		}
		if (!same(&now, &k->after)) {
			snprintf(why, n, "step %u came out differently the second time; "
				 "nothing changed", k->after.step);
			return -EINVAL;
		}
	}
	return 0;
}

int steps_replay(struct shell *sh, size_t to, struct session *out, char *why, size_t n)
{
	struct visit visit;
	int rc = refuse(sh->steps, to, why, n);

	if (!rc)
		rc = shell_start_session(sh, out, why, n);
	if (rc)
		return rc;
	out->copy = true;
	shell_visit(sh, &visit, out, NULL);
	rc = replay_all(sh, to, why, n);
	shell_return(sh, &visit);
	if (rc)
		session_end(out);
	return rc;
}

int steps_copy(struct shell *sh, struct session *out, char *why, size_t n)
{
	return steps_replay(sh, sh->steps->at, out, why, n);
}
