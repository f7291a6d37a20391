/* SPDX-License-Identifier: MIT */
#include "run/reproduce.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "view/glyph.h"

static const char safe[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";

static bool printable(const char *word)
{
	struct glyph g;

	for (; (g = glyph_at(word)).bytes; word += g.bytes)
		if (!g.plain)
			return false;
	return true;
}

/* $'...', which bash, zsh and ksh know: any byte, and the text stays printable. */
static void add_escaped(struct buf *out, const char *word)
{
	struct glyph g;

	buf_puts(out, "$'");
	for (; (g = glyph_at(word)).bytes; word += g.bytes)
		for (int i = 0; i < g.bytes; i++)
			if (!g.plain)
				buf_printf(out, "\\%03o", (unsigned char)word[i]);
			else
				buf_printf(out, "%s%c", strchr("'\\", word[i]) ? "\\" : "", word[i]);
	buf_putc(out, '\'');
}

void add_quoted(struct buf *out, const char *word)
{
	if (*word && !word[strspn(word, safe)]) {
		buf_puts(out, word);
	} else if (!printable(word)) {
		add_escaped(out, word);
	} else {
		buf_putc(out, '\'');
		for (; *word; word++)
			if (*word == '\'')
				buf_puts(out, "'\\''");
			else
				buf_putc(out, *word);
		buf_putc(out, '\'');
	}
}

static void add_option(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " --%s=", name);
	add_quoted(out, value);
}

/* Without the " (seed 8)" of one that is repeated. */
static size_t plain_name_length(const char *name)
{
	const char *end = NULL;

	for (const char *at = name; (at = strstr(at, " (seed ")); at++)
		end = at;
	return end ? (size_t)(end - name) : strlen(name);
}

void reproduce(const struct run_options *o, const struct scenario *s, struct buf *out)
{
	struct buf file = BUF_INIT;

	buf_puts(out, "devsh run ");
	/* a name that begins with '-' is no option */
	buf_printf(&file, "%s%s", s->file[0] == '-' ? "./" : "", s->file);
	/* a file that is one scenario needs no line */
	if (s->line && s->last != INT_MAX)
		buf_printf(&file, ":%d", s->line);
	add_quoted(out, buf_str(&file));
	buf_finish(&file);
	if (s->twin) {
		struct buf pattern = BUF_INIT;

		pattern_of(s->name, s->repeated ? plain_name_length(s->name) : strlen(s->name), &pattern);
		add_option(out, "filter", buf_str(&pattern));
		buf_finish(&pattern);
	}
	if (o->seed || s->repeat) {
		char seed[24];

		snprintf(seed, sizeof(seed), "%" PRIu64, run_seed(o) + s->repeat);
		add_option(out, "seed", seed);
	}
	if (o->boot)
		add_option(out, "boot", o->boot);
	if (o->no_leaks)
		add_option(out, "leak-check", "error");
	if (o->untrusted)
		buf_puts(out, " --untrusted");
	if (o->memory)
		buf_printf(out, " --mem=%zu", o->memory);
	if (o->timeout != RUN_TIMEOUT)
		buf_printf(out, " --timeout=%ums", o->timeout);
}
