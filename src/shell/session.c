/* SPDX-License-Identifier: MIT */
/* A session from its beginning to its end. */
#include "shell/shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <devsh/report.h>

#include "machine/leaks.h"

static void print_from_lua(void *ctx, const char *text, size_t len)
{
	struct shell *sh = ctx;

	if (sh->json && !sh->replaying)
		shell_json_text(sh, "output", text, NULL);
	else
		shell_write(sh, text, len);
}

static void called_from_lua(void *ctx)
{
	shell_show_log(ctx);
}

int session_boot(struct shell *sh, char *why, size_t whysize)
{
	const struct script_host host = { sh, print_from_lua, called_from_lua };
	struct machine *m = machine_create(sh->boot ? sh->boot : "", why, whysize);
	struct script *s;

	if (!m)
		return -EINVAL;
	s = script_create(m, &host);
	if (!s) {
		machine_destroy(m);
		snprintf(why, whysize, "the host has no memory");
		return -ENOMEM;
	}
	if (sh->script_name)
		script_set_args(s, sh->script_name, sh->args);
	sh->machine = m;
	sh->script = s;
	return 0;
}

void session_halt(struct machine *m, struct script *s)
{
	/* functions that drivers hold are dropped by the machine, into the script */
	machine_destroy(m);
	script_destroy(s);
}

void shell_set_args(struct shell *sh, const char *name, char *const *args)
{
	sh->script_name = name;
	sh->args = args;
	script_set_args(sh->script, name, args);
}

int shell_init(struct shell *sh, const struct shell_config *c, char *why, size_t whysize)
{
	*sh = (struct shell){
		.interactive = c->interactive, .keep_going = c->keep_going, .json = c->json,
		.confined = c->confined, .builtin = c->builtin, .forward = c->forward, .boot = c->boot,
		.leak_check = c->leak_check, .style = { .colour = c->colour, .width = 80 },
	};
	return session_boot(sh, why, whysize);
}

struct lost {
	const struct shell *sh;
	uint64_t objects, bytes;
};

/* What was only typed and lost is nobody's fault, unless each loss is an error. */
static bool counts(const struct shell *sh, const struct machine_leak *leak)
{
	const struct track *t = leak->track;

	if (leak->holder && !leak->over)
		return false;
	return sh->leak_check == LEAK_CHECK_ERROR ||
	       (t && t->alloc_by && strcmp(t->alloc_by, sh->machine->kernel.comm));
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

	if (sh->leak_check == LEAK_CHECK_NO || sh->confined ||
	    machine_leaks(sh->machine, count_lost, &l) || !l.objects)
		return EXIT_OK;
	shell_flush(sh);
	fprintf(stderr, "devsh: %llu object%s, %llu bytes, %s lost: leaks shows %s\n",
		(unsigned long long)l.objects, l.objects == 1 ? "" : "s",
		(unsigned long long)l.bytes, l.objects == 1 ? "is" : "are",
		l.objects == 1 ? "it" : "them");
	return sh->leak_check == LEAK_CHECK_ERROR ? EXIT_MEMORY : EXIT_OK;
}

/* The machine's word is not a line's: it counts where all lines went well. */
static int look_for_complaints(struct shell *sh)
{
	uint32_t n = report_unexpected(sh->machine);

	if (!n || sh->status || sh->interactive || sh->confined || sh->compared)
		return EXIT_OK;
	shell_flush(sh);
	fprintf(stderr, "devsh: the kernel complained %u time%s and nobody expected it: see 'help warns'\n",
		n, n == 1 ? "" : "s");
	return EXIT_COMPLAINT;
}

int shell_finish(struct shell *sh)
{
	int status = sh->status, complaints, leaks;

	if (sh->json)
		shell_write(sh, sh->json_open ? "\n]\n" : "[]\n", 3);
	complaints = look_for_complaints(sh);
	leaks = look_for_leaks(sh);
	status = status ? status : complaints ? complaints : leaks;
	session_halt(sh->machine, sh->script);
	steps_finish(sh);
	shell_flush(sh);
	for (int i = 0; i < sh->names; i++)
		free(sh->name[i]);
	free(sh->name);
	return sh->output_failed && !status ? EXIT_USAGE : status;
}

const char *keep_name(struct shell *sh, const char *name)
{
	char **all;

	for (int i = 0; i < sh->names; i++)
		if (!strcmp(sh->name[i], name))
			return sh->name[i];
	all = realloc(sh->name, ((size_t)sh->names + 1) * sizeof(*all));
	if (!all)
		return "?";
	sh->name = all;
	sh->name[sh->names] = strdup(name);
	return sh->name[sh->names] ? sh->name[sh->names++] : "?";
}
