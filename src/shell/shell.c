/* SPDX-License-Identifier: MIT */
/* A shell from its beginning to its end. */
#include "shell/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <devsh/report.h>

#include "lib/host_memory.h"
#include "machine/leaks.h"
#include "machine/machine.h"
#include "mm/track.h"

static void print_from_lua(void *ctx, const char *text, size_t len)
{
	struct shell *sh = ctx;

	if (sh->config.json && !sh->out->around)
		shell_json_text(sh, "output", text, NULL);
	else
		shell_write(sh, text, len);
}

static void called_from_lua(void *ctx)
{
	shell_show_log(ctx);
}

int shell_start_session(struct shell *sh, struct session *s, char *why, size_t whysize)
{
	const struct script_host host = { sh, print_from_lua, called_from_lua };

	return session_start(s, &sh->setup, &host, why, whysize);
}

int shell_set_args(struct shell *sh, const char *name, char *const *args)
{
	struct buf why = BUF_INIT;
	bool ok = script_set_args(sh->session->script, name, args, &why);

	sh->setup.script_name = name;
	sh->setup.args = args;
	if (!ok) {
		shell_json_text(sh, "error", buf_str(&why), NULL);
		shell_flush(sh);
		fprintf(stderr, "devsh: cannot set 'arg' for %s: %s\n", name, buf_str(&why));
		sh->status = EXIT_SCRIPT;
	}
	buf_finish(&why);
	return ok ? EXIT_OK : EXIT_SCRIPT;
}

void shell_come_home(struct shell *sh)
{
	sh->session = &sh->own_session;
	sh->out = &sh->own_output;
	sh->frame = &sh->own_frame;
	sh->reading = &sh->own_reading;
	sh->step = &sh->own_step;
	sh->frame->now = (struct doing){ 0 };
}

int shell_init(struct shell *sh, const struct shell_config *c, char *why, size_t whysize)
{
	*sh = (struct shell){
		.config = *c, .setup.boot = c->boot,
		.own_output.style = { .colour = c->colour, .width = 80 },
	};
	sh->memory_failures = host_memory_failures;
	shell_come_home(sh);
	return shell_start_session(sh, sh->session, why, whysize);
}

/* --- the end ------------------------------------------------------------------- */

struct lost {
	const struct shell *sh;
	uint64_t objects, bytes;
};

/* Memory that was lost at the prompt does not count, unless every loss is an error. */
static bool counts(const struct shell *sh, const struct machine_leak *leak)
{
	const struct track *t = leak->track;

	if (leak->holder && !leak->over)
		return false;
	return sh->config.leak_check == LEAK_CHECK_ERROR ||
	       (t && t->alloc_by && strcmp(t->alloc_by, sh->session->machine->kernel.comm));
}

static void count_lost(void *ctx, const struct machine_leak *leak)
{
	struct lost *l = ctx;

	if (!counts(l->sh, leak))
		return;
	l->objects++;
	l->bytes += leak->size;
}

/* What `leaks` would show now: EXIT_OK, or what that is worth. */
static int look_for_leaks(struct shell *sh)
{
	struct lost l = { .sh = sh };

	if (sh->config.leak_check == LEAK_CHECK_NO || sh->config.embedded ||
	    machine_leaks(sh->session->machine, count_lost, &l) || !l.objects || shell_lacks_memory(sh))
		return EXIT_OK;
	shell_flush(sh);
	fprintf(stderr, "devsh: %llu object%s lost, %llu bytes: 'leaks' lists %s\n",
		(unsigned long long)l.objects, l.objects == 1 ? "" : "s",
		(unsigned long long)l.bytes, l.objects == 1 ? "it" : "them");
	return sh->config.leak_check == LEAK_CHECK_ERROR ? EXIT_MEMORY : EXIT_OK;
}

/* A complaint of the kernel counts only if no line failed. */
static int look_for_complaints(struct shell *sh)
{
	uint32_t n = report_unexpected(sh->session->machine);

	if (!n || sh->status || sh->config.interactive || sh->config.embedded)
		return EXIT_OK;
	shell_flush(sh);
	fprintf(stderr, "devsh: the kernel complained %u time%s unexpectedly: see 'help warns'\n",
		n, n == 1 ? "" : "s");
	return EXIT_COMPLAINT;
}

int shell_finish(struct shell *sh)
{
	int status, complaints = EXIT_OK, leaks = EXIT_OK;

	if (shell_lacks_memory(sh) && !sh->config.interactive)
		shell_out_of_memory(sh, NULL, 0);
	if (sh->config.json)
		shell_end_json(sh);
	sh->config.json = false;
	/* without a machine it could not be made again */
	if (sh->session->machine && !shell_lacks_memory(sh)) {
		complaints = look_for_complaints(sh);
		leaks = look_for_leaks(sh);
		if (shell_lacks_memory(sh) && !sh->config.interactive)
			shell_out_of_memory(sh, NULL, 0);
	}
	status = sh->status ? sh->status : complaints ? complaints : leaks;
	session_end(sh->session);
	shell_flush(sh);
	for (int i = 0; i < sh->files.count; i++)
		free(sh->files.name[i]);
	free(sh->files.name);
	if (sh->quit_with_status)
		return sh->quit_status;
	return sh->screen.failed && !status ? EXIT_USAGE : status;
}

/* --- what it holds ------------------------------------------------------------- */

void shell_visit(struct shell *sh, struct visit *v, struct session *there, struct unshown *errors)
{
	*v = (struct visit){
		.session = sh->session, .out = sh->out, .frame = sh->frame,
		.reading = sh->reading, .step = sh->step,
		.silent = { .style = sh->out->style, .silent = true, .unshown = errors },
	};
	sh->session = there;
	sh->out = &v->silent;
	sh->frame = &v->top;
	sh->reading = &v->nothing;
	sh->step = &v->idle;
}

void shell_return(struct shell *sh, struct visit *v)
{
	sh->session = v->session;
	sh->out = v->out;
	sh->frame = v->frame;
	sh->reading = v->reading;
	sh->step = v->step;
}

void frame_enter(struct shell *sh, struct frame *f, const char *file, bool deeper)
{
	*f = (struct frame){
		.outer = sh->frame, .file = file, .depth = sh->frame->depth + deeper,
		.now = { .deaths = session_deaths(sh->session), .expects = sh->frame->now.expects },
	};
	sh->frame = f;
}

void frame_leave(struct shell *sh)
{
	struct frame *f = sh->frame, *outer = f->outer;
	int inside = f->inside ? f->inside : f->now.inside;

	outer->now.misuse |= f->misuse;
	/* at the top it is the verdict of a statement already */
	if (f->depth && !outer->now.inside)
		outer->now.inside = inside;
	sh->frame = outer;
}

const char *shell_keep_name(struct shell *sh, const char *name)
{
	struct file_names *files = &sh->files;
	char **all;

	for (int i = 0; i < files->count; i++)
		if (!strcmp(files->name[i], name))
			return files->name[i];
	all = host_realloc(files->name, ((size_t)files->count + 1) * sizeof(*all));
	if (!all)
		return "?";
	files->name = all;
	all[files->count] = host_strdup(name);
	return all[files->count] ? all[files->count++] : "?";
}
