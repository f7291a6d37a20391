/* SPDX-License-Identifier: MIT */
/* The options of devsh's command line: one row each. */
#ifndef DEVSH_SHELL_OPTIONS_H
#define DEVSH_SHELL_OPTIONS_H

#include <getopt.h>
#include <stddef.h>

#include "lib/buf.h"

/* What getopt_long() returns for options without a letter. */
enum {
	OPT_BOOT = 256,
	OPT_JSON,
	OPT_COLOR,
	OPT_COLOUR,
	OPT_LEAK_CHECK,
	OPT_NO_INIT,
	OPT_RECORD,
	OPT_CONFINED,
	OPT_UNTRUSTED,
	OPT_FORMAT,
	OPT_REPORT,
	OPT_FILTER,
	OPT_EXCLUDE,
	OPT_TAG,
	OPT_EXCLUDE_TAG,
	OPT_SHARD,
	OPT_LAST_FAILED,
	OPT_FAIL_FAST,
	OPT_SHUFFLE,
	OPT_REPEAT,
	OPT_RETRIES,
	OPT_DURATIONS,
	OPT_WATCH,
	OPT_DEBUG,
	OPT_LIST,
	OPT_SEED,
	OPT_TIMEOUT,
	OPT_MEM,
	OPT_BREAK,
};

enum option_place {
	IN_SHELL = 1,  /* devsh [OPTIONS] FILE */
	IN_RUN = 2,    /* devsh run [OPTIONS] PATH */
	UNLISTED = 4,  /* taken in both, and not in the help */
};

struct option_row {
	int letter;                 /* 'c', or OPT_ */
	const char *name;           /* "keep-going"; NULL: a letter alone */
	const char *arg;            /* "PARAMS"; "[N]": only after '='; NULL: takes none */
	const char *const *choice;  /* what the argument may be; NULL: anything */
	enum option_place place;
	const char *help;           /* NULL: the choices say it */
};

/* The i-th row, NULL after the last. */
const struct option_row *option_at(size_t i);
const struct option_row *option_find(int letter);
/* By its name, which is len bytes long. */
const struct option_row *option_named(const char *name, size_t len);

/* The index of the choice that text names, -1: none. */
int option_choice(const struct option_row *o, const char *text);
/* The same after a message that says which there are. */
int option_choose(int letter, const char *text);
/* The choices of an option whose list is somebody else's; the array must stay. */
void option_set_choices(int letter, const char *const *choice);

/* What the help says of it. */
void option_help(const struct option_row *o, struct buf *out);

/* A line on standard error, and where to look; EXIT_USAGE. fmt has one %s, or none. */
int option_misuse(const char *fmt, const char *what);
/* "--format html: wants pretty, tap or junit" */
int option_unknown(int letter, const char *text, const char *const *choice);

/* For getopt_long(): all options, and their letters after `first`. */
const struct option *option_longs(void);
const char *option_letters(const char *first);

/* The rows for one place, as --help shows them; what IN_SHELL has is not repeated. */
void option_print(enum option_place place);

/*
 * complete_command_line - print what the last of these words may become
 * @word: the words after the program's name, the last one as far as it is typed
 *
 * For the completions of bash, zsh and fish. The first line has words for the
 * script: "nospace", when a candidate is the beginning of a word; "files" and
 * suffixes, when files are candidates, too. Each line after it has a candidate
 * and, after a tab, what it means.
 */
void complete_command_line(int words, char *const *word);

#endif
