/* SPDX-License-Identifier: MIT */
/* The list of built-ins, and those that are too small for a file of their own. */
#include "shell/builtin.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "call/entry.h"
#include "call/topic.h"

static int run_echo(const struct invocation *in);
static int run_lua(const struct invocation *in);
static int run_return(const struct invocation *in);
static int run_quit(const struct invocation *in);

#define SUBJECT .subject = "Shell"

const struct builtin shell_builtins[] = {
	{
		.call = {
			.name = "echo", SUBJECT,
			.summary = "print text",
			.param = { { "text", P_WORDS, "", false, "the text" } },
			.returns = "the text",
			.example = "echo hello",
		},
		.run = run_echo,
	},
	{
		.call = {
			.name = "lua", SUBJECT,
			.summary = "run a line of Lua; alone: read Lua until an empty line",
			.param = { { "chunk", P_WORDS, "", false, "Lua; '= expr' prints a value" } },
			.returns = "nothing",
			.example = "lua print(6 * 7)",
		},
		.run = run_lua,
	},
	{
		.call = {
			.name = "return", SUBJECT,
			.summary = "end a block with a result, such as a probe's -ENODEV",
			.param = { { "value", P_INT, "0", false, "0 or a negative errno" } },
			.returns = "nothing",
			.example = "device eth0\ndriver shy probe={ return -ENODEV }\n! bind eth0 shy",
		},
		.run = run_return,
	},
	{
		.call = {
			.name = "quit", SUBJECT,
			.summary = "leave devsh, as Ctrl-D does",
			.param = { { "status", P_SIZE, "", false, "what devsh exits with, 0 to 255" } },
			.returns = "nothing",
			.detail = "Without a status it is 0 at the prompt, and elsewhere the status of the "
				  "last line that failed.",
			.others = "exit",
		},
		.run = run_quit,
	},
	{ .run = NULL },
};

/* In the order in which help shows them, grouped by subject. */
static const struct builtin *const files[] = {
	steps_builtins, compare_builtins, shell_builtins, source_builtins, repeat_builtins, warns_builtins,
	screen_builtins, save_builtins,
	pause_builtins, faults_builtins,
};

/* The i-th call that is the shell's own. */
static const struct call *builtin_at(size_t i)
{
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++)
		for (const struct builtin *b = files[f]; b->call.name; b++)
			if (b->call.summary && !i--)
				return &b->call;
	return NULL;
}

const struct builtin *builtin_find(const struct call *c)
{
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++)
		for (const struct builtin *b = files[f]; b->call.name; b++)
			if (!strcmp(b->call.name, c->name))
				return b;
	return NULL;
}

void builtins_open(void)
{
	call_add(builtin_at);
	topics_add(shell_topics);
}

static int run_echo(const struct invocation *in)
{
	in->r->value = v_str(in->r, in->arg[0].type == V_STR ? in->arg[0].s : "");
	return EXIT_OK;
}

/* Lua typed line by line, up to an empty line. "lua CHUNK" never gets here: the parser takes it. */
static int run_lua(const struct invocation *in)
{
	if (!in->sh->config.interactive) {
		shell_error(in->sh, in->s->line, in->s->col,
			    "lua: wants a chunk of Lua on the line: lua print(6 * 7)");
		return EXIT_FAILED;
	}
	in->sh->lua_mode = true;
	return EXIT_OK;
}

static int run_return(const struct invocation *in)
{
	int64_t value = in->arg[0].i;

	if (value != (int)value) {
		shell_error(in->sh, in->s->line, in->s->col,
			    "return: value %lld: wants 0 or an errno, as -ENODEV", (long long)value);
		return EXIT_FAILED;
	}
	in->block->returned = true;
	in->block->value = value;
	return EXIT_OK;
}

static int run_quit(const struct invocation *in)
{
	if (in->arg[0].type != V_NONE && in->arg[0].u > 255) {
		result_error(in->r, -EINVAL, "status '%" PRIu64 "': wants 0 to 255", in->arg[0].u);
		return EXIT_OK;
	}
	if (in->arg[0].type != V_NONE) {
		in->sh->quit_status = (int)in->arg[0].u;
		in->sh->quit_with_status = true;
	}
	in->sh->session->over = true;
	return EXIT_OK;
}
