/* SPDX-License-Identifier: MIT */
/* The table of options. getopt, --help and completion are made from it. */
#include "shell/options.h"

#include <stdio.h>
#include <string.h>

#include "lib/host_memory.h"
#include "shell/exit.h"

static const char *const colours[] = { "auto", "always", "never", NULL };
static const char *const leak_checks[] = { "yes", "no", "error", NULL };

static struct option_row rows[] = {
	{ 'c', NULL, "CALLS", NULL, IN_SHELL, "run calls; -c and -e can be repeated and mixed" },
	{ 'e', NULL, "LUA", NULL, IN_SHELL, "run Lua" },
	{ 'i', NULL, NULL, NULL, IN_SHELL, "continue at the prompt afterwards" },
	{ 'k', "keep-going", NULL, NULL, IN_SHELL, "do not stop at the first call that fails" },
	{ OPT_BOOT, "boot", "PARAMS", NULL, IN_SHELL | IN_RUN,
	  "boot parameters: 'release=4.19 arch=arm64 mem=64M'" },
	{ OPT_NO_INIT, "no-init", NULL, NULL, IN_SHELL, "do not read ~/.config/devsh/init at the prompt" },
	{ OPT_RECORD, "record", "FILE", NULL, IN_SHELL, "write what is typed at the prompt as a script" },
	{ OPT_JSON, "json", NULL, NULL, IN_SHELL, "print results as one JSON document" },
	{ OPT_COLOR, "color", "WHEN", colours, IN_SHELL | IN_RUN, NULL },
	{ OPT_COLOUR, "colour", "WHEN", colours, UNLISTED, "" },
	{ OPT_LEAK_CHECK, "leak-check", "WHAT", leak_checks, IN_SHELL | IN_RUN,
	  "yes: report at the end what drivers lost; no: do not;\n"
	  "error: exit with 5 if anybody lost memory, and fail\n"
	  "each scenario that does" },
	{ OPT_CONFINED, "confined", NULL, NULL, IN_SHELL,
	  "no '|', no '>' to files of the host, no source but\nof files beside the script" },
	{ 'h', "help", NULL, NULL, IN_SHELL | IN_RUN, "print this text; 'devsh -c help' lists the calls" },
	{ 'V', "version", NULL, NULL, IN_SHELL | IN_RUN, "print the version and the kernel releases" },
	{ OPT_FORMAT, "format", "FORMAT", NULL, IN_RUN, NULL },
	{ OPT_REPORT, "report", "FORMAT=FILE", NULL, IN_RUN, "write a report into FILE as well; repeatable" },
	{ 'j', "jobs", "N", NULL, IN_RUN, "run files in N processes, 0: in none but this one;\n"
	  "one for each CPU if not given" },
	{ OPT_TIMEOUT, "timeout", "TIME", NULL, IN_RUN,
	  "stop a scenario after 500ms, 10s, 2m; 0: never;\n60s if not given" },
	{ OPT_MEM, "mem", "SIZE", NULL, IN_RUN, "memory that Lua may use in a file: 16M" },
	{ OPT_FILTER, "filter", "PATTERN", NULL, IN_RUN,
	  "run only scenarios whose names match this extended\nregular expression, or one of several" },
	{ OPT_EXCLUDE, "exclude", "PATTERN", NULL, IN_RUN, "run none that match; repeatable" },
	{ OPT_TAG, "tag", "TAG", NULL, IN_RUN, "run only scenarios with this tag; repeatable" },
	{ OPT_EXCLUDE_TAG, "exclude-tag", "TAG", NULL, IN_RUN, "run none with this tag; repeatable" },
	{ OPT_LAST_FAILED, "last-failed", NULL, NULL, IN_RUN, "run only what failed the last time" },
	{ OPT_SHARD, "shard", "K/N", NULL, IN_RUN, "run the K-th of N parts, which are about as large" },
	{ OPT_FAIL_FAST, "fail-fast", "[N]", NULL, IN_RUN, "stop after N failures, or the first" },
	{ OPT_SHUFFLE, "shuffle", NULL, NULL, IN_RUN, "another order, by --seed" },
	{ OPT_REPEAT, "repeat", "N", NULL, IN_RUN, "run each N times, with the next seed each time" },
	{ OPT_RETRIES, "retries", "N", NULL, IN_RUN, "try one that fails up to N more times" },
	{ OPT_DURATIONS, "durations", "[N]", NULL, IN_RUN, "show the N slowest, 10 if not given" },
	{ OPT_WATCH, "watch", NULL, NULL, IN_RUN, "run again whenever a file changes" },
	{ OPT_UNTRUSTED, "untrusted", NULL, NULL, IN_RUN,
	  "workers can run no program and write no file" },
	{ OPT_DEBUG, "debug", NULL, NULL, IN_RUN, "stop at the first failure and open the prompt there" },
	{ OPT_LIST, "list", NULL, NULL, IN_RUN, "list the scenarios instead of running them" },
	{ OPT_SEED, "seed", "N", NULL, IN_RUN, "seed of all random choices" },
#ifdef DEVSH_BREAKABLE
	{ OPT_BREAK, "break", "NAME", NULL, UNLISTED, "" },
#endif
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]), HELP_COLUMN = 25, HELP_WIDTH = 79 };

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

void option_set_choices(int letter, const char *const *choice)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter == letter)
			rows[i].choice = choice;
}

int option_misuse(const char *fmt, const char *what)
{
	fprintf(stderr, "devsh: ");
	fprintf(stderr, fmt, what);
	fprintf(stderr, "\nTry 'devsh --help'.\n");
	return EXIT_USAGE;
}

/* "auto, always or never" */
static void add_choices(struct buf *out, const char *const *choice)
{
	for (int i = 0; choice[i]; i++)
		buf_printf(out, "%s%s", !i ? "" : choice[i + 1] ? ", " : " or ", choice[i]);
}

int option_unknown(int letter, const char *text, const char *const *choice)
{
	struct buf all = BUF_INIT;

	add_choices(&all, choice);
	fprintf(stderr, "devsh: --%s %s: wants %s\nTry 'devsh --help'.\n", option_find(letter)->name,
		text, buf_str(&all));
	buf_finish(&all);
	return EXIT_USAGE;
}

int option_choose(int letter, const char *text)
{
	const struct option_row *o = option_find(letter);
	int choice = option_choice(o, text);

	if (choice < 0)
		option_unknown(letter, text, o->choice);
	return choice;
}

const struct option *option_longs(void)
{
	static struct option longs[ROWS + 1];
	int n = 0;

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].name)
			longs[n++] = (struct option){
				rows[i].name, !rows[i].arg ? no_argument : *rows[i].arg == '[' ? optional_argument :
				required_argument, NULL, rows[i].letter
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

/* Lines of a help text, which end with '\n' or where they become too long. */
static void print_help(int column, const char *help)
{
	while (*help) {
		size_t len = strcspn(help, "\n");

		if (len > HELP_WIDTH - HELP_COLUMN)
			for (len = HELP_WIDTH - HELP_COLUMN; help[len] != ' ';)
				len--;
		printf("%*s%.*s\n", HELP_COLUMN - column, "", (int)len, help);
		help += len + (help[len] != '\0');
		column = 0;
	}
}

void option_help(const struct option_row *o, struct buf *out)
{
	if (o->help)
		buf_puts(out, o->help);
	else
		add_choices(out, o->choice);
}

static void print_row(const struct option_row *o)
{
	unsigned long failures = host_memory_failures;
	struct buf help = BUF_INIT;
	int n;

	option_help(o, &help);
	if (failures != host_memory_failures) {
		buf_finish(&help); /* no half a row: main() says why */
		return;
	}
	n = o->letter < OPT_BOOT ? printf("  -%c%s", o->letter, o->name ? ", " : "") : printf("      ");
	if (o->name)
		n += printf("--%s", o->name);
	if (o->arg)
		n += *o->arg == '[' ? printf("[=%s", o->arg + 1) : printf(" %s", o->arg);
	if (n >= HELP_COLUMN) {
		putchar('\n');
		n = 0;
	}
	print_help(n, buf_str(&help));
	buf_finish(&help);
}

void option_print(enum option_place place)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].place == place || (place == IN_SHELL && rows[i].place & IN_SHELL))
			print_row(&rows[i]);
}
