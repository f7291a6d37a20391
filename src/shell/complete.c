/* SPDX-License-Identifier: MIT */
/* Completion: what can be typed at the cursor. Only looks things up and runs no code. */
#include "shell/prompt.h"

#include <stdio.h>
#include <string.h>

#include "call/type.h"
#include "fs/fs.h"
#include "shell/complete_lua.h"
#include "shell/steps.h"

struct offer {
	const char *prefix;    /* the part of the word that is already typed */
	size_t len;
	const char *front;     /* put before each candidate: "parent=" */
	size_t skip;           /* leading bytes that the editor regards as an earlier word */
	void (*fn)(void *to, const char *candidate);
	void *to;
	bool in_block;         /* which has $dev and others */
};

static void offer(const struct offer *o, const char *word)
{
	char text[512];

	if (strncmp(word, o->prefix, o->len))
		return;
	snprintf(text, sizeof(text), "%s%s", o->front, word);
	if (strlen(text) >= o->skip)
		o->fn(o->to, text + o->skip);
}

static void offer_calls(const struct offer *o)
{
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		offer(o, c->name);
}

static void offer_variable(void *ctx, const char *name)
{
	char text[128];

	snprintf(text, sizeof(text), "$%s", name);
	offer(ctx, text);
}

static void offer_variables(struct shell *sh, struct offer *o)
{
	script_globals(sh->session->script, offer_variable, o);
	if (o->in_block) {
		offer(o, "$dev");
		offer(o, "$drv");
		offer(o, "$data");
	}
}

static void offer_word(void *to, const char *word)
{
	offer(to, word);
}

static struct offers offers_of(struct shell *sh, const struct param *p, const struct offer *o)
{
	return (struct offers){
		.m = sh->session->machine, .p = p, .prefix = o->prefix, .fn = offer_word, .to = (void *)o,
	};
}

/* After '>': files of the machine or of the host. */
static char offer_redirection(struct shell *sh, const struct offer *o)
{
	struct offers to = offers_of(sh, NULL, o);

	if (fs_is_simulated(o->prefix) ||
	    (o->len > 1 && (!strncmp("/sys", o->prefix, o->len) || !strncmp("/proc", o->prefix, o->len))))
		return P_PATH->offer(&to);
	return P_FILE->offer(&to);
}

static void offer_step(void *ctx, uint32_t step)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", step);
	offer(ctx, text);
}

/* A list that goes on after a comma: each value is offered behind those that are there. */
struct list_offer {
	const struct offer *o;
	const char *there;     /* "release=4.19," */
	size_t name;           /* bytes of "release=" */
};

static void offer_item(void *to, const char *candidate)
{
	const struct list_offer *l = to;
	char text[512];

	if (strlen(candidate) < l->name)
		return;
	snprintf(text, sizeof(text), "%s%s", l->there, candidate + l->name);
	offer(l->o, text);
}

/* "release=4.19,6" is completed as "release=6" would be. */
static char offer_more(struct shell *sh, const struct param *p, const struct offer *o)
{
	const char *eq = strchr(o->prefix, '='), *comma = strrchr(o->prefix, ',');
	struct list_offer l = { .o = o, .name = (size_t)(eq + 1 - o->prefix) };
	char one[256], there[256];
	struct offers to = offers_of(sh, p, o);

	snprintf(one, sizeof(one), "%.*s%s", (int)l.name, o->prefix, comma + 1);
	snprintf(there, sizeof(there), "%.*s", (int)(comma + 1 - o->prefix), o->prefix);
	l.there = there;
	to.prefix = one;
	to.fn = offer_item;
	to.to = &l;
	return p->type->offer(&to);
}

static char offer_param(struct shell *sh, const struct param *p, struct offer *o)
{
	struct offers to = offers_of(sh, p, o);
	const char *eq = strchr(o->prefix, '=');
	char last;

	if (p->type == P_BOOT && eq && strchr(eq, ','))
		return offer_more(sh, p, o);
	last = p->type->offer ? p->type->offer(&to) : ' ';
	if (!strcmp(p->name, "step"))
		steps_each(sh->steps, offer_step, o);
	if (o->in_block && p->type == P_DEVICE)
		offer(o, "$dev");
	if (o->in_block && p->type == P_DRIVER)
		offer(o, "$drv");
	if (o->in_block && takes_pointer(sh->session->machine, p))
		offer(o, "$data");
	if (p->type->takes == REST_AS_CALLS)
		offer_calls(o);
	if (takes_pointer(sh->session->machine, p))
		script_globals(sh->session->script, offer_variable, o);
	return last;
}

/* The start of the statement at the cursor. */
static size_t statement_start(const char *line, size_t end)
{
	size_t start = 0;
	char quote = 0;

	for (size_t i = 0; i < end; i++) {
		if (quote)
			quote = line[i] == quote ? 0 : quote;
		else if (line[i] == '"' || line[i] == '\'')
			quote = line[i];
		else if (line[i] == ';' || line[i] == '{' || line[i] == '}')
			start = i + 1;
	}
	return start;
}

/* "trace CALL ...": completion depends on the traced call. */
static bool runs_a_call(const char *name)
{
	const struct call *c = call_find(name);

	return c && c->param[0].type && c->param[0].type->takes == REST_AS_CALLS;
}

/* The words before the cursor: the call and the number of arguments. */
struct before {
	char call[64];
	int words, positional;
};

static void read_before(const char *line, size_t at, size_t end, struct before *b)
{
	*b = (struct before){ 0 };
	while (at < end) {
		size_t len;

		at += strspn(line + at, " \t");
		if (at >= end)
			break;
		len = strcspn(line + at, " \t");
		if (at + len > end)
			len = end - at;
		if (b->words == 1 && len == 1 && line[at] == '=') {
			*b = (struct before){ 0 }; /* "p =": the call comes next */
		} else if (!(len == 1 && line[at] == '!')) {
			if (!b->words)
				snprintf(b->call, sizeof(b->call), "%.*s", (int)len, line + at);
			else if (!memchr(line + at, '=', len))
				b->positional++;
			b->words++;
			if (b->words == 1 && runs_a_call(b->call))
				*b = (struct before){ 0 };
		}
		at += len;
	}
}

/* Words with '=' are not named arguments in this call. */
static bool has_own_equals(const struct param *p)
{
	return p->type && (p->type->takes == REST_AS_TEXT || p->type == P_BOOT);
}

static char offer_argument(struct shell *sh, const struct call *c, const struct before *b,
			   const char *word, struct offer *o)
{
	const char *eq = strchr(word, '=');
	char name[40], front[48];
	int n = b->positional;

	if (eq && !has_own_equals(&c->param[0]) && (size_t)(eq - word) < sizeof(name)) {
		snprintf(name, sizeof(name), "%.*s", (int)(eq - word), word);
		snprintf(front, sizeof(front), "%s=", name);
		if (call_param(c, name) < 0)
			return ' ';
		o->prefix = eq + 1;
		o->len = strlen(eq + 1);
		o->front = front;
		return offer_param(sh, &c->param[call_param(c, name)], o);
	}
	for (const struct param *p = c->param; p->type; p++) {
		if (p->named) {
			snprintf(front, sizeof(front), "%s=", p->name);
			if (!b->positional && !call_params(c))
				continue;
			if (b->positional) {
				o->front = "";
				offer(o, front);
			}
		} else if (n-- == 0 || (p->type->takes == REST_AS_TEXT && n < 0)) {
			char end = offer_param(sh, p, o);

			if (end != ' ' || p->type->takes == REST_AS_TEXT)
				return end;
		}
	}
	return b->positional && c->param[1].named ? '\0' : ' ';
}

static bool follows_redirection(const char *line, size_t begin, size_t at)
{
	while (at > begin && (line[at - 1] == ' ' || line[at - 1] == '\t'))
		at--;
	return at > begin + 1 && line[at - 1] == '>' &&
	       (line[at - 2] == ' ' || line[at - 2] == '\t');
}

char shell_complete(void *ctx, const char *line, size_t start, size_t end,
		    void (*fn)(void *to, const char *candidate), void *to)
{
	struct shell *sh = ctx;
	char word[512];
	struct offer o = { .prefix = word, .front = "", .fn = fn, .to = to };
	size_t begin = statement_start(line, end);
	const struct call *c;
	struct before b;

	if (line_is_lua(sh, line, end))
		return complete_lua(sh, line, start, end, fn, to);
	o.in_block = begin > 0 && memchr(line, '{', begin);
	/* here only blanks end a word: "parent=et" and "GFP_KERNEL|__G" are single words */
	for (; start > begin && line[start - 1] != ' ' && line[start - 1] != '\t'; start--)
		o.skip++;
	snprintf(word, sizeof(word), "%.*s", (int)(end - start), line + start);
	o.len = strlen(word);
	read_before(line, begin, start, &b);
	if (b.words && word[0] == '>') {
		o.prefix++;
		o.len--;
		o.front = ">";
		return offer_redirection(sh, &o);
	}
	if (follows_redirection(line, begin, start))
		return offer_redirection(sh, &o);
	if (word[0] == '$') {
		offer_variables(sh, &o);
		return ' ';
	}
	if (!b.words) {
		offer_calls(&o);
		return ' ';
	}
	c = call_find(b.call);
	return c ? offer_argument(sh, c, &b, word, &o) : ' ';
}

/* The usage without the name and the arguments that are there. */
void shell_hint(void *ctx, const char *line, struct buf *out)
{
	struct shell *sh = ctx;
	size_t end = strlen(line), begin = statement_start(line, end);
	const struct call *c;
	char usage[256];
	const char *at = usage;
	struct before b;

	if (!end || line[end - 1] != ' ' || line_is_lua(sh, line, end))
		return;
	read_before(line, begin, end, &b);
	c = b.words ? call_find(b.call) : NULL;
	if (!c)
		return;
	call_usage(c, usage, sizeof(usage));
	for (int i = 0; i <= b.positional && *at; i++) {
		at += strcspn(at, " ");
		at += *at == ' ';
	}
	buf_puts(out, at);
}
