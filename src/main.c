/* SPDX-License-Identifier: MIT */
/* The command line. */
#include "shell/builtin.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/host_memory.h"
#include "lib/interrupt.h"
#include "kernel/mutants.h"
#include "kernel/params.h"
#include "kernel/profile.h"
#include "run/merge.h"
#include "run/run.h"
#include "shell/options.h"
#include "shell/prompt.h"
#include "shell/recording.h"
#include "shell/rescue.h"
#include "shell/source.h"
#include "shell/steps.h"

static const char usage[] =
	"usage: devsh [OPTIONS] [FILE.dsh | FILE.lua | -] [ARGS...]\n"
	"       devsh run [OPTIONS] PATH...\n"
	"       devsh report merge [--format FORMAT] [--report FORMAT=FILE] FILE...\n"
	"\n"
	"Linux device resource management, simulated. Without a file: a prompt at a\n"
	"terminal, otherwise calls from standard input.\n"
	"\n";

/* -c and -e in the order in which they were given. */
struct chunk {
	bool lua;
	const char *text;
};

struct command {
	struct shell_config shell;
	struct run_options run;
	struct chunk *chunk;
	int chunks;
	bool interactive, no_init;
	const char *record;  /* a file for what is typed, or NULL */
	char *const *rest;
	int rests;
};

static int say_no_memory(void)
{
	fprintf(stderr, "devsh: out of memory\n");
	return EXIT_NO_MEMORY;
}

static bool colour_by_default(void)
{
	const char *no = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR"), *term = getenv("TERM");

	if (no && *no)
		return false;
	if (force && *force)
		return true;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

static int set_colour(struct command *c, const char *when)
{
	int choice = option_choose(OPT_COLOR, when);

	if (choice > 0) /* 0 is auto, the default */
		c->shell.colour = choice == 1;
	return choice < 0 ? EXIT_USAGE : EXIT_OK;
}

static int set_leak_check(struct command *c, const char *what)
{
	int choice = option_choose(OPT_LEAK_CHECK, what);

	if (choice >= 0)
		c->shell.leak_check = (enum leak_check)choice;
	return choice < 0 ? EXIT_USAGE : EXIT_OK;
}

#ifdef DEVSH_BREAKABLE
static int set_mutant(const char *name)
{
	char names[400] = "--break %s: wants one of";

	mutant = mutant_find(name);
	if (mutant != MUTANT_KINDS)
		return EXIT_OK;
	mutant = MUTANT_NONE;
	for (int i = 0; mutant_names[i]; i++)
		strcat(strcat(names, " "), mutant_names[i]);
	return option_misuse(names, name);
}
#endif

static void add_chunk(struct command *c, bool lua, const char *text)
{
	struct chunk *all = host_realloc(c->chunk, ((size_t)c->chunks + 1) * sizeof(*all));

	if (!all)
		exit(say_no_memory());
	c->chunk = all;
	c->chunk[c->chunks++] = (struct chunk){ lua, text };
}

static void say_help(void)
{
	fputs(usage, stdout);
	option_print(IN_SHELL);
	printf("\ndevsh run: each scenario runs on a freshly booted machine. It takes --boot,\n"
	       "--color and --leak-check, and\n");
	option_print(IN_RUN);
	printf("\nexit codes:\n");
	for (const struct exit_meaning *e = exit_meaning; e->text; e++)
		printf("  %-3d  %s\n", e->code, e->text);
}

static int say_version(void)
{
	printf("devsh %s\n", DEVSH_VERSION);
	printf("kernel releases:");
	for (size_t i = 0; profile_at(i); i++)
		printf(" %s", profile_at(i)->release);
	printf("\narchitectures:");
	for (size_t i = 0; arch_at(i); i++)
		printf(" %s", arch_at(i)->name);
	printf("\n");
	return EXIT_OK;
}

/*
 * EXIT_OK to go on; -1: all is done, leave with EXIT_OK. Options end at the
 * first word (letters begin with '+'), so that scripts get their own; after
 * "run" they may be anywhere.
 */
static int parse_options(struct command *c, int argc, char **argv, const char *letters)
{
	int opt, rc = EXIT_OK;

	while (!rc && (opt = getopt_long(argc, argv, letters, option_longs(), NULL)) != -1) {
		switch (opt) {
		case 'c': add_chunk(c, false, optarg); break;
		case 'e': add_chunk(c, true, optarg); break;
		case 'i': c->interactive = true; break;
		case 'k': c->shell.keep_going = true; break;
		case 'h': say_help(); return -1;
		case 'V': say_version(); return -1;
		case OPT_BOOT: c->shell.boot = c->run.boot = optarg; break;
		case OPT_NO_INIT: c->no_init = true; break;
		case OPT_RECORD: c->record = optarg; break;
		case OPT_CONFINED: c->shell.confined = true; break;
		case OPT_JSON: c->shell.json = true; break;
		case OPT_COLOR: case OPT_COLOUR: rc = set_colour(c, optarg); break;
		case OPT_LEAK_CHECK: rc = set_leak_check(c, optarg); break;
#ifdef DEVSH_BREAKABLE
		case OPT_BREAK: rc = set_mutant(optarg); break;
#endif
		case ':': rc = option_misuse("%s wants an argument", argv[optind - 1]); break;
		default:
			rc = run_option(&c->run, opt, optarg);
			if (rc < 0)
				rc = option_misuse("%s: no such option", argv[optind - 1]);
		}
	}
	c->run.colour = c->shell.colour;
	c->run.no_leaks = c->shell.leak_check == LEAK_CHECK_ERROR;
	return rc;
}

static void on_interrupt(int sig)
{
	(void)sig;
	/* what neither looks at the flag nor can be jumped out of waits for another program */
	if (interrupted && !interrupt_can_jump())
		_exit(EXIT_INTERRUPTED);
	interrupt_raise();
}

static void watch_interrupts(void)
{
	struct sigaction sa = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &sa, NULL);
	/* these are errors of a write, which have a message */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static int run_file(struct shell *sh, const struct command *c, const char *path)
{
	int status = shell_set_args(sh, path, c->rest + 1);

	if (!status)
		status = shell_file(sh, path);
	if (!status)
		status = sh->status = run_described(sh, &c->run);
	return status;
}

static bool at_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* What comes before a prompt, or in its place. */
static void run_batch(struct shell *sh, void *command)
{
	const struct command *c = command;
	int status = EXIT_OK;

	for (int i = 0; i < c->chunks && !status && !sh->session->over; i++) {
		if (c->chunk[i].lua)
			status = shell_lua(sh, "-e", c->chunk[i].text, strlen(c->chunk[i].text));
		else
			status = shell_text(sh, "-c", c->chunk[i].text, strlen(c->chunk[i].text));
	}
	if (c->rests && !status && !sh->session->over)
		run_file(sh, c, c->rest[0]);
	else if (!c->chunks && !c->rests && !at_terminal())
		shell_file(sh, "-");
}

static int cannot_record(const char *path, int err)
{
	fprintf(stderr, "devsh: %s: %s: the session is not recorded\n", path, strerror(-err));
	return EXIT_USAGE;
}

static int begin_record(struct shell *sh, const char *path)
{
	int err = recording_begin(sh, path);

	return err ? cannot_record(path, err) : EXIT_OK;
}

static int end_record(struct shell *sh, const char *path, int status)
{
	int err = recording_end(sh);

	if (!err)
		return status;
	shell_finish(sh);
	return cannot_record(path, err);
}

static int session(struct command *c)
{
	bool prompt = (c->interactive || (!c->chunks && !c->rests)) && at_terminal();
	struct steps *steps;
	struct shell sh;
	char why[200];
	int status;

	if (c->record && !prompt)
		return option_misuse("%s belongs to a session at a prompt", "--record");
	switch (shell_init(&sh, &c->shell, why, sizeof(why))) {
	case 0: break;
	case -ENOMEM:
		fprintf(stderr, "devsh: out of memory: %s\n", why);
		return EXIT_NO_MEMORY;
	default: return option_misuse("%s", why);
	}
	sh.steps = steps = steps_create();
	status = prompt && c->record ? begin_record(&sh, c->record) : EXIT_OK;
	if (!status && prompt && !c->no_init)
		shell_guard(&sh, prompt_init, NULL);
	if (!status && shell_guard(&sh, run_batch, c))
		prompt = false;
	if (!status && prompt && !sh.session->over) {
		sh.config.interactive = true;
		shell_prompt(&sh);
	}
	status = end_record(&sh, c->record, status);
	status = status ? status : shell_finish(&sh);
	steps_destroy(steps);
	return status;
}

int main(int argc, char **argv)
{
	struct command c = { .shell.builtin = builtin_find };
	bool run, merge;
	int status;

	run_options_init(&c.run);
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		complete_command_line(argc - 2, argv + 2);
		return EXIT_OK;
	}
	builtins_open();
	setlocale(LC_CTYPE, "");
	c.shell.colour = colour_by_default();
	status = parse_options(&c, argc, argv, option_letters("+:"));
	run = !status && optind < argc && !strcmp(argv[optind], "run");
	merge = !status && optind + 1 < argc && !strcmp(argv[optind], "report") &&
		!strcmp(argv[optind + 1], "merge");
	if (run || merge) {
		/* the word takes the program's place; 0 makes getopt start anew */
		optind += merge;
		argc -= optind;
		argv += optind;
		optind = 0;
		status = parse_options(&c, argc, argv, option_letters(":"));
	}
	if (status) {
		run_options_finish(&c.run);
		free(c.chunk);
		/* help: a line may have been cut short */
		return status > 0 ? status : host_memory_failures ? say_no_memory() : EXIT_OK;
	}
	c.rest = argv + optind;
	c.rests = argc - optind;
	watch_interrupts();
	if (merge) {
		c.run.path = c.rest;
		if (!c.rests)
			return option_misuse("%s: wants reports that --format=json wrote", "report merge");
		status = run_merge(&c.run);
	} else if (run) {
		c.run.path = c.rest;
		if (!c.rests)
			return option_misuse("%s: wants files or directories with scenarios", "run");
		status = run_scenarios(&c.run);
	} else if (c.run.list || selects(&c.run.select) || c.run.seed) {
		return option_misuse("%s belong to 'devsh run PATH...'", "--list, --filter and --seed");
	} else {
		status = session(&c);
	}
	run_options_finish(&c.run);
	free(c.chunk);
	return status;
}
