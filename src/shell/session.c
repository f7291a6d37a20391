/* SPDX-License-Identifier: MIT */
/* A session from its beginning to its end. */
#include "shell/shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
		.confined = c->confined, .boot = c->boot,
		.style = { .colour = c->colour, .width = 80 },
	};
	return session_boot(sh, why, whysize);
}

int shell_finish(struct shell *sh)
{
	int status = sh->status;

	if (sh->json)
		shell_write(sh, sh->json_open ? "\n]\n" : "[]\n", 3);
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
