/* SPDX-License-Identifier: MIT */
/* Completion of devsh's command line in the host's shell: devsh --complete WORD... */
#include "shell/options.h"

#include <stdio.h>
#include <string.h>

#include "lib/buf.h"
#include "shell/prompt.h"
#include "shell/shell.h"

/* What is known of the words before the last one. */
struct args {
	bool run;                         /* devsh run */
	bool script;                      /* a file was named: the rest are its arguments */
	const struct option_row *option;  /* the last word is this one's argument */
};

/* Candidates are held back until it is known whether a blank follows them. */
struct candidates {
	struct buf text;
	const char *front;  /* "release=4.19 ": what stays of the word */
};

static const struct option_row *option_of(const char *word)
{
	if (word[0] != '-' || !word[1])
		return NULL;
	if (word[1] != '-')
		return option_find(word[strlen(word) - 1]);
	return option_named(word + 2, strcspn(word + 2, "="));
}

static struct args read_args(int words, char *const *word)
{
	struct args a = { 0 };

	for (int i = 0; i < words; i++) {
		const struct option_row *o = option_of(word[i]);

		if (a.option) {
			a.option = NULL;
		} else if (o) {
			a.option = o->arg && *o->arg != '[' && !strchr(word[i], '=') ? o : NULL;
		} else if (word[i][0] != '-' || !word[i][1]) {
			if (!a.run && (!strcmp(word[i], "run") || (!i && !strcmp(word[i], "report"))))
				a.run = true;
			else if (!a.run)
				a.script = true;
		}
		if (a.script)
			break;
	}
	return a;
}

static void offer_word(const char *word, const char *typed, const char *help)
{
	if (!strncmp(word, typed, strlen(typed)))
		printf("%s%s%s\n", word, help ? "\t" : "", help ? help : "");
}

/* The first line of a help text is enough. */
static void offer_option(const struct option_row *o, const char *typed)
{
	struct buf all = BUF_INIT;
	char word[40], help[80];

	option_help(o, &all);
	snprintf(help, sizeof(help), "%.*s", (int)strcspn(buf_str(&all), "\n"), buf_str(&all));
	buf_finish(&all);
	if (o->letter < OPT_BOOT) {
		snprintf(word, sizeof(word), "-%c", o->letter);
		offer_word(word, typed, help);
	}
	if (o->name) {
		snprintf(word, sizeof(word), "--%s", o->name);
		offer_word(word, typed, help);
	}
}

static void offer_options(const struct args *a, const char *typed)
{
	const struct option_row *o;

	puts("");
	for (size_t i = 0; (o = option_at(i)); i++)
		if (o->place & (a->run ? IN_RUN : IN_SHELL))
			offer_option(o, typed);
}

static void keep_candidate(void *to, const char *candidate)
{
	struct candidates *c = to;

	buf_printf(&c->text, "%s%s\n", c->front, candidate);
}

/* The end of a line as the prompt completes it; `call` is put before it. */
static void offer_line(const char *call, const char *typed, const char *front)
{
	struct shell_config config = { 0 };
	struct candidates c = { .text = BUF_INIT };
	struct buf line = BUF_INIT, kept = BUF_INIT;
	size_t start = 0;
	struct shell sh;
	char why[200], after;

	for (size_t i = 0; typed[i]; i++)
		if (strchr(" \t\n;{|", typed[i]))
			start = i + 1;
	buf_printf(&kept, "%s%.*s", front, (int)start, typed);
	c.front = buf_str(&kept);
	buf_printf(&line, "%s%s", call, typed);
	if (!shell_init(&sh, &config, why, sizeof(why))) {
		after = shell_complete(&sh, buf_str(&line), strlen(call) + start, line.len, keep_candidate, &c);
		printf("%s\n%s", after == ' ' ? "" : "nospace", buf_str(&c.text));
		shell_finish(&sh);
	}
	buf_finish(&line);
	buf_finish(&kept);
	buf_finish(&c.text);
}

/* "junit=", and then a file. */
static void offer_formats(const char *typed, const char *front)
{
	const char *const *format = option_find(OPT_FORMAT)->choice;
	char word[80];

	puts(strchr(typed, '=') ? "files" : "nospace");
	for (int i = 0; format[i] && !strchr(typed, '='); i++)
		if (!strncmp(format[i], typed, strlen(typed))) {
			snprintf(word, sizeof(word), "%s%s=", front, format[i]);
			puts(word);
		}
}

/* `front`: "--color=", when the argument is in one word with its option. */
static void offer_argument(const struct option_row *o, const char *typed, const char *front)
{
	char word[80];

	if (o->letter == OPT_BOOT) {
		offer_line("boot ", typed, front);
	} else if (o->letter == 'c') {
		offer_line("", typed, front);
	} else if (o->letter == OPT_REPORT) {
		offer_formats(typed, front);
	} else if (!strcmp(o->arg, "FILE")) {
		puts("files");
	} else {
		puts("");
		for (int i = 0; o->choice && o->choice[i]; i++)
			if (!strncmp(o->choice[i], typed, strlen(typed))) {
				snprintf(word, sizeof(word), "%s%s", front, o->choice[i]);
				puts(word);
			}
	}
}

void complete_command_line(int words, char *const *word)
{
	struct args a = read_args(words - 1, word);
	const char *last = words ? word[words - 1] : "";
	const struct option_row *o = option_of(last);
	char front[40];

	if (a.option) {
		offer_argument(a.option, last, "");
	} else if (a.script) {
		puts("files");
	} else if (o && o->arg && !strncmp(last, "--", 2) && strchr(last, '=')) {
		snprintf(front, sizeof(front), "--%s=", o->name);
		offer_argument(o, last + strlen(front), front);
	} else if (last[0] == '-') {
		offer_options(&a, last);
	} else {
		puts("files .dsh .lua");
		if (words == 1) {
			offer_word("run", last, "run scenarios");
			offer_word("report", last, "merge reports of several runs");
		} else if (words == 2 && !strcmp(word[0], "report")) {
			offer_word("merge", last, NULL);
		}
	}
}
