/* SPDX-License-Identifier: MIT */
/* A statement's call: bind the words, make it, keep the value, show the answer. */
#include "shell/statement.h"

#include <errno.h>

#include "call/entry.h"
#include "shell/builtin.h"

/* Why a built-in cannot run here, or NULL. */
static const char *forbidden(const struct shell *sh, const struct builtin *b)
{
	if (b->flags & BUILTIN_STEPS && sh->session->copy)
		return "not while steps are replayed";
	if (b->flags & BUILTIN_STEPS && !sh->steps)
		return sh->config.compared ? "machines side by side only go forward"
				    : "a scenario only goes forward";
	if (b->flags & BUILTIN_ALONE && (sh->frame->depth || sh->session->machine->kernel.nesting))
		return "wants a line of its own, outside of blocks";
	return NULL;
}

/* The prompt's own way to run this call, or NULL: the machine runs it. */
static const struct builtin *own_way(const struct shell *sh, const struct call *c)
{
	const struct builtin *b;

	if (c->run && !(c->flags & CALL_COPIES))
		return NULL;
	b = sh->config.builtin(c);
	return b && c->run && forbidden(sh, b) ? NULL : b;
}

/* EXIT_OK, or the code of a failure whose message was shown. What is in r is not shown yet. */
static int run_builtin(const struct builtin *b, const struct invocation *in)
{
	const char *why = forbidden(in->sh, b);
	int status;

	if (in->sh->session->copy && b->flags & BUILTIN_OUTSIDE)
		return EXIT_OK;
	if (why) {
		result_error(in->r, -EINVAL, "%s", why);
		return EXIT_OK;
	}
	status = b->run(in);
	in->block->err = status ? -EINVAL : 0;
	return status;
}

static bool has_answer(const struct result *r)
{
	return r->err || r->column || r->value.type != V_NONE;
}

int make_call(struct shell *sh, const struct call *c, const struct statement *s,
	      struct block *within, struct block_result *block, struct value *value)
{
	const struct builtin *own = own_way(sh, c);
	const char *assigned = s->assign;
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	struct buf text = BUF_INIT;
	uint64_t log_from = UINT64_MAX;
	int status = EXIT_FAILED, failed = EXIT_OK;
	bool kept = true;

	block->err = -EINVAL;
	if (!own && !c->run) {
		result_error(&r, -ENOSYS, "is in the table of calls, and nothing runs it");
		goto show;
	}
	if (!(own && own->flags & BUILTIN_WORDS) && !bind_words(sh, c, s, within, arg, &text)) {
		sh->frame->now.unbound = true;
		goto out;
	}
	if (shell_ran_out_of_memory(sh)) {
		for (int i = 0; c->param[i].type; i++)
			if (arg[i].type == V_CODE && arg[i].code)
				arg[i].code->drop(arg[i].code);
		goto out;
	}
	block->err = 0;
	if (own) {
		status = run_builtin(own, &(struct invocation){ sh, s, arg, &r, block });
		if (!has_answer(&r))
			goto out;
		failed = status; /* and has an answer all the same */
		/* moving through the steps would lose the variable again */
		if (own->flags & BUILTIN_ALONE)
			assigned = NULL;
		else if (!r.err)
			kept = assign_value(sh, s, &r.value);
		shell_show_log(sh);
		goto show;
	}
	log_from = report_next(sh->session->machine);
	call_run(sh->session->machine, c, arg, &r);
	if (c->flags & CALL_BOOT)
		log_from = 0;
	shell_show_log(sh);
	if (!r.err || r.value.type == V_INT)
		kept = assign_value(sh, s, &r.value);
	if (c->flags & CALL_RETURNS && sh->frame->depth && !s->assign && r.value.type == V_INT &&
	    r.value.i < 0 && !r.err) {
		block->returned = true;
		block->value = r.value.i;
		status = EXIT_OK;
		goto out;
	}
show:
	status = show_answer(sh, c, c->name, s, assigned, &r, log_from, block);
	if (failed) {
		status = failed;
		block->err = -EINVAL;
	}
	if (!kept && !status) {
		status = EXIT_FAILED;
		block->err = -ENOMEM;
	}
	if (value && r.value.type != V_STR)
		*value = r.value;
out:
	result_finish(&r);
	buf_finish(&text);
	return status;
}
