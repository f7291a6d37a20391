/* SPDX-License-Identifier: MIT */
/* The shell's own calls: what is about lines and terminals, not the machine. */
#include "shell/shell.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/interrupt.h"

enum { SOURCES_MAX = 16 };

/* A key, or 0 after Ctrl-C. poll() comes back from a signal, read() may not. */
static char read_key(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char c = 0;

	while (!interrupted && poll(&in, 1, -1) != 1)
		;
	if (!interrupted && read(STDIN_FILENO, &c, 1) != 1)
		return 0;
	return interrupted ? 0 : c;
}

static int wait_for_key(struct shell *sh)
{
	static const char ask[] = "-- any key; q ends --";
	struct termios old, raw;
	char c;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &old))
		return EXIT_OK;
	shell_write(sh, ask, sizeof(ask) - 1);
	fflush(stdout);
	raw = old;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	c = read_key();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	shell_write(sh, "\r                     \r", sizeof(ask) + 1);
	/* at the prompt there is no file that could end */
	if ((c == 'q' || c == 4) && sh->file)
		sh->stop = true;
	return interrupted ? EXIT_INTERRUPTED : EXIT_OK;
}

static int set_verbose(struct shell *sh, const struct statement *s, const char *state)
{
	if (strcmp(state, "on") && strcmp(state, "off")) {
		shell_error(sh, s->line, s->col, "verbose: state '%.20s': wants on or off", state);
		return EXIT_FAILED;
	}
	sh->verbose = !strcmp(state, "on");
	sh->shown = s->line;
	return EXIT_OK;
}

static int run_source(struct shell *sh, const struct statement *s, const char *path)
{
	struct scenario described;
	int rc;

	if (sh->nested)
		sh->once = "read a file inside of a block";
	if (sh->confined || sh->sources >= SOURCES_MAX) {
		shell_error(sh, s->line, s->col, sh->confined ? "source: not allowed here"
			    : "source: files are nested too deep");
		return EXIT_FAILED;
	}
	if (access(path, R_OK)) {
		shell_error(sh, s->line, s->col, "source: %s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	sh->sources++;
	rc = shell_file(sh, path);
	sh->sources--;
	if (!rc && script_scenario(sh->script, 0, &described))
		/* each would boot the machine: not under the hands of who sits here */
		shell_error(sh, s->line, s->col, "source: %s describes scenarios: 'devsh run %s' runs them",
			    path, path);
	return rc;
}

/* Lua that a person types line by line, until an empty line. */
static int lua_session(struct shell *sh, const struct statement *s)
{
	if (!sh->interactive) {
		shell_error(sh, s->line, s->col, "lua: wants Lua behind it: lua print(6 * 7)");
		return EXIT_FAILED;
	}
	sh->lua_mode = true;
	return EXIT_OK;
}

int own_call(struct shell *sh, const struct call *c, const struct statement *s,
		    const struct value *arg, struct block_result *result)
{
	if (sh->replaying && (!strcmp(c->name, "source") || !strcmp(c->name, "pause")))
		return EXIT_OK;
	if (!strcmp(c->name, "source"))
		return run_source(sh, s, arg[0].s);
	if (!strcmp(c->name, "warns"))
		return run_warns(sh, s, arg[0].s, arg[1].code);
	if (!strcmp(c->name, "pause"))
		return wait_for_key(sh);
	if (!strcmp(c->name, "verbose"))
		return set_verbose(sh, s, arg[0].s);
	if (!strcmp(c->name, "lua"))
		return lua_session(sh, s);
	if (!strcmp(c->name, "return") && arg[0].i != (int)arg[0].i) {
		shell_error(sh, s->line, s->col, "return: value %lld: wants 0 or an errno, as -ENODEV",
			    (long long)arg[0].i);
		return EXIT_FAILED;
	}
	if (!strcmp(c->name, "return")) {
		result->returned = true;
		result->value = arg[0].i;
		return EXIT_OK;
	}
	sh->quit = true;
	return EXIT_OK;
}
