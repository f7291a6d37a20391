/* SPDX-License-Identifier: MIT */
/* The table of options. getopt, --help and completion are made from it. */
#include "shell/options.h"

#include <stdio.h>
#include <string.h>

static const char *const colours[] = { "auto", "always", "never", NULL };
static const char *const leak_checks[] = { "yes", "no", "error", NULL };
static const char *const formats[] = { "pretty", "tap", "junit", NULL };

static const struct option_row rows[] = {
	{ 'c', NULL, "CALLS", NULL, IN_SHELL, "run calls; -c and -e can be repeated and mixed" },
	{ 'e', NULL, "LUA", NULL, IN_SHELL, "run Lua" },
	{ 'i', NULL, NULL, NULL, IN_SHELL, "continue at the prompt afterwards" },
	{ 'k', "keep-going", NULL, NULL, IN_SHELL, "do not stop at the first call that fails" },
	{ OPT_BOOT, "boot", "PARAMS", NULL, IN_SHELL | IN_RUN,
	  "boot parameters: 'release=4.19 arch=arm64 mem=64M'" },
	{ OPT_JSON, "json", NULL, NULL, IN_SHELL, "print results as one JSON document" },
	{ OPT_COLOR, "color", "WHEN", colours, IN_SHELL | IN_RUN, "auto, always or never" },
	{ OPT_COLOUR, "colour", "WHEN", colours, UNLISTED, "" },
	{ OPT_LEAK_CHECK, "leak-check", "WHAT", leak_checks, IN_SHELL | IN_RUN,
	  "yes: report at the end what drivers lost; no: do not;\n"
	  "error: exit with 5 if anybody lost memory, and fail\n"
	  "each scenario that does" },
	{ 'h', "help", NULL, NULL, IN_SHELL | IN_RUN, "print this text; 'devsh -c help' lists the calls" },
	{ 'V', "version", NULL, NULL, IN_SHELL | IN_RUN, "print the version and the kernel releases" },
	{ OPT_FORMAT, "format", "FORMAT", formats, IN_RUN, "pretty, tap or junit" },
	{ 'j', "jobs", "N", NULL, IN_RUN, "run files in N processes, 0: in none but this one;\n"
	  "one for each CPU if not given" },
	{ OPT_TIMEOUT, "timeout", "TIME", NULL, IN_RUN,
	  "stop a scenario after 500ms, 10s, 2m; 0: never;\n60s if not given" },
	{ OPT_MEM, "mem", "SIZE", NULL, IN_RUN, "memory that Lua may use in a file: 16M" },
	{ OPT_FILTER, "filter", "TEXT", NULL, IN_RUN, "run only scenarios with TEXT in their names" },
	{ OPT_LIST, "list", NULL, NULL, IN_RUN, "list the scenarios instead of running them" },
	{ OPT_SEED, "seed", "N", NULL, IN_RUN, "seed of all random choices" },
#ifdef DEVSH_BREAKABLE
	{ OPT_BREAK, "break", "NAME", NULL, UNLISTED, "" },
#endif
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]), HELP_COLUMN = 25 };

const struct option_row *option_at(size_t i)
{
	return i < ROWS ? &rows[i] : NULL;
}

const struct option_row *option_find(int letter)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

const struct option_row *option_named(const char *name, size_t len)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].name && strlen(rows[i].name) == len && !strncmp(rows[i].name, name, len))
			return &rows[i];
	return NULL;
}

int option_choice(const struct option_row *o, const char *text)
{
	for (int i = 0; o->choice[i]; i++)
		if (!strcmp(o->choice[i], text))
			return i;
	return -1;
}

const struct option *option_longs(void)
{
	static struct option longs[ROWS + 1];
	int n = 0;

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].name)
			longs[n++] = (struct option){
				rows[i].name, rows[i].arg ? required_argument : no_argument, NULL, rows[i].letter
			};
	longs[n] = (struct option){ 0 };
	return longs;
}

const char *option_letters(const char *first)
{
	static char letters[2 * ROWS + 8];
	size_t n = (size_t)snprintf(letters, 8, "%s", first);

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter < OPT_BOOT) {
			letters[n++] = (char)rows[i].letter;
			if (rows[i].arg)
				letters[n++] = ':';
		}
	letters[n] = '\0';
	return letters;
}

static void print_row(const struct option_row *o)
{
	const char *line = o->help, *end;
	int n = o->letter < OPT_BOOT ? printf("  -%c%s", o->letter, o->name ? ", " : "") : printf("      ");

	if (o->name)
		n += printf("--%s", o->name);
	if (o->arg)
		n += printf(" %s", o->arg);
	while ((end = strchr(line, '\n'))) {
		printf("%*s%.*s\n", HELP_COLUMN - n, "", (int)(end - line), line);
		line = end + 1;
		n = 0;
	}
	printf("%*s%s\n", HELP_COLUMN - n, "", line);
}

void option_print(enum option_place place)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].place == place || (place == IN_SHELL && rows[i].place & IN_SHELL))
			print_row(&rows[i]);
}
