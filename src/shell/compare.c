/* SPDX-License-Identifier: MIT */
/*
 * The same calls on several machines, side by side: each machine has a session that
 * cannot reach files or programs, and the outputs are collected and compared.
 */
#include "shell/builtin.h"
#include "shell/one_line.h"
#include "shell/statement.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/entry.h"
#include "lib/host_memory.h"
#include "lib/interrupt.h"

static int run_compare(const struct invocation *in);

const struct builtin compare_builtins[] = {
	{
		.call = {
			.name = "compare", .subject = "Going back, side by side",
			.summary = "run the same calls on several machines, side by side",
			.param = {
				{ "params", P_BOOT, NULL, false, "boot parameters, such as release=4.19,6.12" },
				{ "calls", P_CALLS, NULL, false, "calls in quotes or braces" },
			},
			.returns = "a row for each line and each different answer",
			.detail = "Each machine is freshly booted. Several lists make a machine for each "
				  "combination. All other parameters are taken from this machine. Of a long "
				  "warning only the first line is shown. A call that fails on all machines "
				  "fails here, too.",
			.example = "compare release=4.19,6.12 { device eth0; devm_kmalloc eth0 100 }",
			.view = "compare",
		},
		.flags = BUILTIN_ALONE | BUILTIN_WORDS, .run = run_compare,
	},
	{ .run = NULL },
};

enum { MACHINES_MAX = 16, LISTS_MAX = 8, INDENT = 4 };

/* "release=4.19,6.12" */
struct choice {
	char *name;
	char *value[MACHINES_MAX];
	int values;
};

struct side {
	struct shell shell;
	struct buf boot, label, output;
	bool runs;
	uint32_t complaints;  /* unexpected complaints up to the previous line */
};

struct comparison {
	struct shell *sh;
	struct result *r;
	struct choice choice[LISTS_MAX];
	int choices;
	struct side side[MACHINES_MAX];
	int sides;
	struct block *calls;
	int status;           /* enum exit_code of the first line that failed on all machines */
};

/* --- what to boot ------------------------------------------------------------------ */

static bool has_choice(const struct comparison *c, const char *word, size_t name_len)
{
	for (int i = 0; i < c->choices; i++)
		if (strlen(c->choice[i].name) == name_len &&
		    !strncmp(c->choice[i].name, word, name_len))
			return true;
	return false;
}

static int add_value(struct comparison *c, struct choice *list, const char *value)
{
	if (!*value)
		return result_error(c->r, -EINVAL, "%.40s= has an empty item in its list",
				    list->name);
	for (int i = 0; i < list->values; i++)
		if (!strcmp(list->value[i], value))
			return result_error(c->r, -EINVAL, "%.40s=%.40s is given twice",
					    list->name, value);
	if (list->values == MACHINES_MAX)
		return result_error(c->r, -EINVAL, "at most %d machines at a time", MACHINES_MAX);
	list->value[list->values] = host_strdup(value);
	if (!list->value[list->values])
		return result_error(c->r, -ENOMEM, "the host has no memory");
	list->values++;
	return 0;
}

static int add_choice(struct comparison *c, const char *word)
{
	struct choice *list = &c->choice[c->choices];
	const char *eq = strchr(word, '=');
	char *text, *rest, *value;
	int rc = 0;

	if (!eq || eq == word)
		return result_error(c->r, -EINVAL,
				    "'%.40s': wants a boot parameter such as release=4.19,6.12", word);
	if (has_choice(c, word, (size_t)(eq - word)))
		return result_error(c->r, -EINVAL, "%.*s= is given twice", (int)(eq - word), word);
	if (c->choices == LISTS_MAX)
		return result_error(c->r, -EINVAL, "at most %d boot parameters", LISTS_MAX);
	list->name = host_strndup(word, (size_t)(eq - word));
	rest = text = host_strdup(eq + 1);
	if (list->name)
		c->choices++;
	if (!list->name || !text)
		rc = result_error(c->r, -ENOMEM, "the host has no memory");
	while (!rc && (value = strsep(&rest, ",")))
		rc = add_value(c, list, value);
	free(text);
	return rc;
}

/* Appends the boot parameters of this machine, except those that are compared. */
static void inherit(const struct comparison *c, struct buf *boot)
{
	const char *at = machine_cmdline(c->sh->session->machine);

	while (*(at += strspn(at, " \t\n"))) {
		size_t len = strcspn(at, " \t\n"), name = strcspn(at, "= \t\n");

		if (!has_choice(c, at, name < len ? name : len))
			buf_printf(boot, "%s%.*s", boot->len ? " " : "", (int)len, at);
		at += len;
	}
}

/* Boots the machine of combination i; the last list varies fastest. */
static int make_side(struct comparison *c, int i)
{
	struct shell_config config = { .confined = true, .embedded = true, .compared = true,
				       .builtin = c->sh->config.builtin };
	struct side *s = &c->side[i];
	int picked[LISTS_MAX], rest = i;
	char why[200];

	for (int k = c->choices; k-- > 0;) {
		picked[k] = rest % c->choice[k].values;
		rest /= c->choice[k].values;
	}
	inherit(c, &s->boot);
	for (int k = 0; k < c->choices; k++) {
		const struct choice *list = &c->choice[k];
		const char *value = list->value[picked[k]];

		buf_printf(&s->boot, "%s%s=%s", s->boot.len ? " " : "", list->name, value);
		if (list->values < 2)
			continue;
		buf_puts(&s->label, s->label.len ? " " : "");
		/* a bare number or sign would be meaningless without its name */
		if (strcmp(list->name, "release") && strcmp(list->name, "arch"))
			buf_printf(&s->label, "%s=", list->name);
		buf_puts(&s->label, value);
	}
	config.boot = buf_str(&s->boot);
	if (shell_init(&s->shell, &config, why, sizeof(why)))
		return result_error(c->r, -EINVAL, "%s", why);
	s->runs = true;
	s->shell.out->style.utf8 = c->sh->out->style.utf8;
	s->shell.out->style.width = c->sh->out->style.width - INDENT;
	s->shell.out->to = &s->output;
	/* boot messages do not belong to a line */
	session_skip_log(s->shell.session);
	return 0;
}

static int make_sides(struct comparison *c)
{
	long n = 1;

	for (int i = 0; i < c->choices; i++)
		n *= c->choice[i].values;
	if (n < 2)
		return result_error(c->r, -EINVAL,
				    "wants a list of values, such as release=4.19,6.12");
	if (n > MACHINES_MAX)
		return result_error(c->r, -EINVAL, "at most %d machines at a time; this would be %ld",
				    MACHINES_MAX, n);
	for (; c->sides < n; c->sides++)
		if (make_side(c, c->sides))
			return c->r->err;
	return 0;
}

/* --- running ----------------------------------------------------------------------- */

static int parse_calls(struct comparison *c, const struct word *w)
{
	struct parse p = call_parser(c->sh, true);
	struct buf text = BUF_INIT;
	int rc = 0;

	if (w->block) {
		c->calls = block_get(w->block);
	} else if (!word_text(c->sh, w, &text)) {
		rc = -EINVAL;
	} else if (!w->quoted && strchr(buf_str(&text), '=')) {
		rc = result_error(c->r, -EINVAL,
				  "wants calls after the lists, in quotes or braces");
	} else if (parse_text(&p, buf_str(&text), text.len, 1, &c->calls) != PARSE_OK) {
		rc = result_error(c->r, -EINVAL, "line %d of the calls, column %d: %s",
				  p.line, p.col, p.why);
	}
	buf_finish(&text);
	if (!rc && !c->calls->stmts)
		rc = result_error(c->r, -EINVAL, "there are no calls to compare");
	return rc;
}

/* Machines with the same answer share a row. */
static void add_answers(struct comparison *c, int line, const char *call)
{
	bool listed[MACHINES_MAX] = { 0 };

	for (int i = 0; i < c->sides; i++) {
		const char *output = buf_str(&c->side[i].output);
		struct buf labels = BUF_INIT;
		struct value *row;

		for (int k = i; k < c->sides; k++) {
			const struct side *other = &c->side[k];

			if (listed[k] || strcmp(buf_str(&other->output), output))
				continue;
			buf_printf(&labels, "%s%s", labels.len ? ", " : "", buf_str(&other->label));
			listed[k] = true;
		}
		row = labels.len ? result_row(c->r) : NULL;
		if (row) {
			row[COMPARE_line] = v_uint((uint64_t)line);
			row[COMPARE_call] = v_str(c->r, call);
			row[COMPARE_machines] = v_str(c->r, buf_str(&labels));
			row[COMPARE_output] = v_str(c->r, output);
		}
		buf_finish(&labels);
	}
	for (int i = 0; i < c->sides; i++)
		buf_reset(&c->side[i].output);
}

/* Whether the machine complained during the line that it just ran. */
static bool complained(struct side *s)
{
	uint32_t before = s->complaints;

	s->complaints = report_unexpected(s->shell.session->machine);
	return s->complaints != before;
}

/*
 * A line that fails on some machines is a difference, not an error. A line that fails on
 * all of them fails the comparison; the same goes for complaints.
 */
static bool run_line(struct comparison *c, int i)
{
	struct block *b = c->calls;
	struct buf call = BUF_INIT;
	bool goes_on = true, complaint = true;
	int status = EXIT_OK, failed = 0;

	for (int k = 0; k < c->sides && !interrupted; k++) {
		struct block_result result = { 0 };
		struct shell *sh = &c->side[k].shell;

		if (sh->session->over)
			continue;
		status = run_statement(sh, &b->stmt[i], b, &result, NULL);
		failed += status != EXIT_OK;
		complaint &= complained(&c->side[k]);
		goes_on = goes_on && !sh->session->over && !result.returned;
	}
	if (!c->status && failed == c->sides)
		c->status = status;
	if (complaint)
		report_elsewhere(c->sh->session->machine);
	one_line(b->stmt[i].text ? b->stmt[i].text : "", &call);
	if (!interrupted)
		add_answers(c, i + 1, buf_str(&call));
	buf_finish(&call);
	return goes_on && !interrupted;
}

static void finish(struct comparison *c)
{
	for (int i = 0; i < MACHINES_MAX; i++) {
		struct side *s = &c->side[i];

		if (s->runs)
			shell_finish(&s->shell);
		buf_finish(&s->boot);
		buf_finish(&s->label);
		buf_finish(&s->output);
	}
	for (int i = 0; i < c->choices; i++) {
		for (int k = 0; k < c->choice[i].values; k++)
			free(c->choice[i].value[k]);
		free(c->choice[i].name);
	}
	block_put(c->calls);
}

static int read_words(struct comparison *c, const struct statement *s)
{
	struct buf word = BUF_INIT;
	int rc = 0;

	if (s->words < 3 && !(s->words == 2 && (s->word[1].block || s->word[1].quoted)))
		return result_error(c->r, -EINVAL,
				    "wants lists and calls: compare release=4.19,6.12 { CALLS }");
	for (int i = 1; !rc && i < s->words - 1; i++) {
		buf_reset(&word);
		if (s->word[i].block)
			rc = result_error(c->r, -EINVAL, "the calls come last, after all lists");
		else if (!word_text(c->sh, &s->word[i], &word))
			rc = -EINVAL;
		else
			rc = add_choice(c, buf_str(&word));
	}
	buf_finish(&word);
	return rc ? rc : parse_calls(c, &s->word[s->words - 1]);
}

/* *status: exit code of a line that failed on all machines, if there is one. */
static int compare_machines(struct shell *sh, const struct statement *s, struct result *r,
			    int *status)
{
	struct comparison *c;
	int rc;

	if (sh->config.compared)
		return result_error(r, -EINVAL, "cannot run on the machines of another compare");
	c = host_calloc(1, sizeof(*c));
	if (!c)
		return result_error(r, -ENOMEM, "the host has no memory");
	c->sh = sh;
	c->r = r;
	rc = read_words(c, s);
	if (!rc)
		rc = make_sides(c);
	if (!rc) {
		RESULT_COLUMNS(r, COMPARE);
		for (int i = 0; i < c->calls->stmts && run_line(c, i); i++)
			;
		if (interrupted)
			rc = result_error(r, -EINTR, "interrupted");
	}
	*status = c->status;
	finish(c);
	free(c);
	return rc;
}

static int run_compare(const struct invocation *in)
{
	int status = EXIT_OK;

	/* the error of an unreadable word was already shown */
	if (compare_machines(in->sh, in->s, in->r, &status) && !in->r->err)
		return EXIT_FAILED;
	return status;
}
