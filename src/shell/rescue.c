/* SPDX-License-Identifier: MIT */
/*
 * A jump out of Lua leaves the Lua state inconsistent, and a machine whose callbacks
 * never return. Both are discarded and made again from the recorded steps. The terminal,
 * the history and the steps belong to the shell and are kept.
 */
#include "shell/rescue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/interrupt.h"
#include "machine/machine.h"
#include "shell/kept.h"

struct attempt {
	struct shell *sh;
	void (*fn)(struct shell *sh, void *ctx);
	void *ctx;
	/* set when the jump happens */
	struct script_place place;
	bool visiting; /* in a session other than the shell's own */
	int depth;     /* of blocks */
};

static void run(void *ctx)
{
	struct attempt *a = ctx;

	a->fn(a->sh, a->ctx);
}

/* Called from the signal handler. */
static void leaving(void *ctx)
{
	struct attempt *a = ctx;
	const struct shell *sh = a->sh;

	script_leave(&a->place);
	a->visiting = sh->session != &sh->own_session;
	a->depth = sh->frame->depth;
}

/* The shell's own session was waiting for another one: a copy, or one of a comparison. */
static bool is_whole(const struct attempt *a)
{
	const struct session *s = &a->sh->own_session;

	return !script_is_inside(s->script) && !s->machine->kernel.nesting &&
	       (a->visiting || !a->depth);
}

/* --- replacing the lost session ------------------------------------------------- */

struct remake {
	struct shell *sh;
	size_t to;             /* number of recorded statements to run */
	int rc;
	struct session session;
	char why[200];
};

static void replay(void *ctx)
{
	struct remake *m = ctx;

	m->rc = m->to ? steps_replay(m->sh, m->to, &m->session, m->why, sizeof(m->why))
		      : shell_start_session(m->sh, &m->session, m->why, sizeof(m->why));
}

/* Ctrl-C interrupts this, too. 0, or -errno with a line in why. */
static int remake(struct remake *m, size_t to)
{
	m->to = to;
	if (interrupt_guard(replay, NULL, m)) {
		shell_come_home(m->sh);
		script_abandon(NULL);
		snprintf(m->why, sizeof(m->why), "interrupted");
		m->rc = -EINTR;
	}
	interrupted = 0;
	if (m->rc)
		return m->rc;
	m->session.copy = false;
	m->sh->own_session = m->session;
	session_skip_log(m->sh->session);
	return 0;
}

/* How many statements can be replayed; what: why the next one cannot. */
static size_t replayable(const struct steps *st, struct buf *what)
{
	size_t to = 0;

	while (to < st->at && !st->item[to].once)
		to++;
	if (to < st->at)
		buf_printf(what, "step %u %s and cannot be replayed", st->item[to].after.step,
			   st->item[to].once);
	return to;
}

/* Appends a sentence about where the session is now. */
static void go_back(struct shell *sh, struct buf *out)
{
	struct steps *st = sh->config.interactive ? sh->steps : NULL;
	struct remake m = { .sh = sh };
	struct buf what = BUF_INIT;
	size_t to = st ? replayable(st, &what) : 0;

	sh->own_session = (struct session){ 0 };
	if (to && remake(&m, to)) {
		buf_reset(&what);
		buf_printf(&what, "the steps cannot be replayed: %.*s", (int)strcspn(m.why, ";"), m.why);
		to = 0;
	}
	if (!to && remake(&m, 0)) {
		buf_printf(out, "; no machine: %s", m.why);
		sh->own_session = (struct session){ .over = true };
	} else if (st) {
		uint32_t step = to ? st->item[to - 1].after.step : 0;

		st->at = to;
		st->moves++;
		buf_printf(out, what.len ? "; %s: back at " : "; back at ", buf_str(&what));
		buf_printf(out, step ? "step %u" : "the boot", step);
	}
	buf_finish(&what);
}

static void rescue(const struct attempt *a)
{
	struct shell *sh = a->sh;
	struct buf out = BUF_INIT, where = BUF_INIT;
	bool whole = is_whole(a);

	shell_come_home(sh);
	script_abandon(whole ? sh->session->script : NULL);
	if (whole)
		buf_puts(&out, "; nothing changed");
	else
		go_back(sh, &out);
	if (sh->session->script)
		script_place_text(sh->session->script, &a->place, &where);
	sh->status = sh->last = EXIT_INTERRUPTED;
	if (sh->config.interactive) {
		shell_error(sh, 1, 1, "interrupted%s%s%s", where.len ? " " : "", buf_str(&where),
			    buf_str(&out));
	} else {
		shell_json_text(sh, "error", "interrupted", NULL);
		shell_flush(sh);
		fprintf(stderr, "devsh: interrupted%s%s\n", where.len ? " " : "", buf_str(&where));
	}
	buf_finish(&where);
	buf_finish(&out);
}

bool shell_guard(struct shell *sh, void (*fn)(struct shell *sh, void *ctx), void *ctx)
{
	struct attempt a = { .sh = sh, .fn = fn, .ctx = ctx };

	if (!interrupt_guard(run, leaving, &a))
		return false;
	rescue(&a);
	return true;
}
