/* SPDX-License-Identifier: MIT */
/* One pass over the text, with one character of lookahead. */
#include "shell/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/host_memory.h"
#include "shell/assignment.h"

enum { NESTING_LIMIT = 32 };

struct input {
	struct parse *p;
	const char *at, *end, *line_start;
	int line;
	enum parse_status status;
};

/* Room for one more element; arrays grow by doubling at powers of two. */
static void *grow(void *array, int n, size_t size)
{
	if (n & (n - 1))
		return array;
	return host_realloc(array, (n ? 2 * (size_t)n : 1) * size);
}

/* --- input ------------------------------------------------------------------- */

static int peek(const struct input *in)
{
	return in->at < in->end ? (unsigned char)*in->at : -1;
}

static int peek2(const struct input *in)
{
	return in->at + 1 < in->end ? (unsigned char)in->at[1] : -1;
}

static int column(const struct input *in)
{
	return (int)(in->at - in->line_start) + 1;
}

static void next(struct input *in)
{
	if (*in->at++ == '\n') {
		in->line++;
		in->line_start = in->at;
	}
}

__attribute__((format(printf, 3, 4)))
static void stop(struct input *in, enum parse_status status, const char *fmt, ...)
{
	va_list ap;

	if (in->status != PARSE_OK)
		return;
	in->status = status;
	in->p->line = in->line;
	in->p->col = column(in);
	va_start(ap, fmt);
	vsnprintf(in->p->why, sizeof(in->p->why), fmt, ap);
	va_end(ap);
}

static bool continued(const struct input *in)
{
	return peek(in) == '\\' && peek2(in) == '\n';
}

static void skip_line(struct input *in)
{
	while (peek(in) >= 0 && peek(in) != '\n')
		next(in);
}

static void skip_blanks(struct input *in)
{
	for (;;) {
		if (continued(in)) {
			next(in);
			next(in);
		} else if (peek(in) == ' ' || peek(in) == '\t' || peek(in) == '\r') {
			next(in);
		} else {
			break;
		}
	}
	if (peek(in) == '#')
		skip_line(in);
}

/*
 * "// text" is a comment, as in C. After a value it is Lua's division, which is an error
 * in the shell and must not be taken for a comment: "n = 7 // 2".
 */
static bool is_c_comment(const struct input *in, const struct statement *s)
{
	const char *eq = s->words == 1 ? word_plain(&s->word[0]) : NULL;
	const char *value = s->words == 3 && word_plain(&s->word[1]) && !strcmp(word_plain(&s->word[1]), "=")
			  ? word_plain(&s->word[2]) : NULL;

	if (peek(in) != '/' || peek2(in) != '/')
		return false;
	if (s->words == 3 && word_plain(&s->word[1]) && !strcmp(word_plain(&s->word[1]), "="))
		return value && in->p->is_call && in->p->is_call(value);
	eq = eq ? strchr(eq, '=') : NULL;
	return !eq || (in->p->is_call && in->p->is_call(eq + 1));
}

/* --- words --------------------------------------------------------------------- */

static void add_segment(struct input *in, struct word *w, struct buf *text, bool variable)
{
	struct segment *seg;

	if (!text->len && !variable)
		return;
	seg = grow(w->seg, w->segs, sizeof(*seg));
	if (!seg) {
		stop(in, PARSE_ERROR, "the host has no memory");
		return;
	}
	w->seg = seg;
	w->seg[w->segs++] = (struct segment){ buf_steal(text), variable };
}

/* After '$': parses name or {name}. */
static void variable(struct input *in, struct word *w, struct buf *text)
{
	struct buf name = BUF_INIT;
	bool brace;

	next(in);
	brace = peek(in) == '{';
	if (brace)
		next(in);
	if (peek(in) == '?') {
		buf_putc(&name, '?');
		next(in);
	}
	while (!strchr(buf_str(&name), '?') && name_char(peek(in), !name.len)) {
		buf_putc(&name, (char)peek(in));
		next(in);
	}
	if (!name.len || (brace && peek(in) != '}')) {
		stop(in, PARSE_ERROR, "'$' must be followed by the name of a variable");
	} else {
		if (brace)
			next(in);
		add_segment(in, w, text, false);
		add_segment(in, w, &name, true);
	}
	buf_finish(&name);
}

static int escaped(int c)
{
	return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

static void quoted(struct input *in, struct word *w, struct buf *text)
{
	int quote = peek(in), line = in->line, col = column(in);

	if (!w->quoted)
		w->quoted_at = w->segs ? 0 : text->len;
	w->quoted = true;
	next(in);
	while (peek(in) >= 0 && peek(in) != quote && in->status == PARSE_OK) {
		if (quote == '"' && peek(in) == '$' &&
		    (name_char(peek2(in), true) || peek2(in) == '{' || peek2(in) == '?')) {
			variable(in, w, text);
			continue;
		}
		if (quote == '"' && peek(in) == '\\' && peek2(in) >= 0) {
			next(in);
			buf_putc(text, (char)escaped(peek(in)));
		} else {
			buf_putc(text, (char)peek(in));
		}
		next(in);
	}
	if (peek(in) < 0) {
		stop(in, PARSE_MORE, "the quote %c is never closed", quote);
		in->p->line = line;
		in->p->col = col;
		return;
	}
	next(in);
}

static struct block *parse_block(struct input *in, int depth);

/* '|' begins a pipe only after a blank: flags are written GFP_ATOMIC|__GFP_ZERO. */
static bool ends_word(int c)
{
	return c < 0 || strchr(" \t\r\n;>}", c) != NULL;
}

static bool parse_word(struct input *in, struct word *w, int depth)
{
	struct buf text = BUF_INIT;

	*w = (struct word){ .line = in->line, .col = column(in) };
	while (!ends_word(peek(in)) && in->status == PARSE_OK) {
		int c = peek(in);

		if (continued(in))
			break;
		if (c == '"' || c == '\'') {
			quoted(in, w, &text);
		} else if (c == '$') {
			variable(in, w, &text);
		} else if (c == '{' && (!text.len || text.s[text.len - 1] == '=') && !w->segs) {
			add_segment(in, w, &text, false);
			w->block = parse_block(in, depth + 1);
			break;
		} else {
			if (c == '\\' && peek2(in) >= 0) {
				next(in);
				w->quoted = true;
				c = peek(in);
			}
			buf_putc(&text, (char)c);
			next(in);
		}
	}
	add_segment(in, w, &text, false);
	buf_finish(&text);
	return in->status == PARSE_OK;
}

/* --- statements ------------------------------------------------------------------ */

/* Skips to the end of the line, or to the '}' that ends the enclosing block. */
static void skip_lua(struct input *in, int depth)
{
	int open = 0, quote = 0;

	for (; peek(in) >= 0 && peek(in) != '\n'; next(in)) {
		int c = peek(in);

		if (quote) {
			if (c == '\\' && peek2(in) >= 0 && peek2(in) != '\n')
				next(in);
			else if (c == quote)
				quote = 0;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '{') {
			open++;
		} else if (c == '}' && depth && open-- == 0) {
			return;
		}
	}
}

/* The command of a pipe; in a block, '}' ends it as well. */
static char *pipe_command(struct input *in, int depth)
{
	const char *from = in->at;

	if (depth)
		skip_lua(in, depth);
	while (!depth && peek(in) >= 0 && peek(in) != '\n')
		next(in);
	return host_strndup(from, (size_t)(in->at - from));
}

/* Reads Lua, which continues on the next line until it is complete. */
static void lua_text(struct input *in, struct statement *s, int depth)
{
	int line = in->line, col = column(in);
	const char *from = in->at;

	skip_lua(in, depth);
	for (;;) {
		free(s->lua);
		s->lua = host_strndup(from, (size_t)(in->at - from));
		if (!s->lua || !in->p->lua_incomplete ||
		    !in->p->lua_incomplete(in->p->ctx, s->lua))
			return;
		if (peek(in) < 0) {
			stop(in, PARSE_MORE, "this Lua chunk is incomplete");
			in->p->line = line;
			in->p->col = col;
			return;
		}
		next(in);
		skip_lua(in, depth);
	}
}

static void redirect(struct input *in, struct statement *s, int depth)
{
	struct word w;

	if (peek(in) == '|') {
		next(in);
		skip_blanks(in);
		free(s->pipe);
		if (!strncmp(in->at, "GFP_", 4) || !strncmp(in->at, "__GFP_", 6))
			stop(in, PARSE_ERROR, "flags are joined without blanks: "
			     "GFP_KERNEL|__GFP_ZERO");
		s->pipe = pipe_command(in, depth);
		if (s->pipe && !*s->pipe)
			stop(in, PARSE_ERROR, "'|' must be followed by a command");
		return;
	}
	next(in);
	if (peek(in) == '>') {
		stop(in, PARSE_ERROR, "'>>' is not supported: '>' writes a new file");
		return;
	}
	skip_blanks(in);
	if (parse_word(in, &w, depth)) {
		if (w.segs == 1 && !w.seg[0].variable && !w.block) {
			free(s->file);
			s->file = host_strdup(w.seg[0].text);
		} else {
			stop(in, PARSE_ERROR, "'>' must be followed by a file name");
		}
	}
	word_finish(&w);
}

static bool add_word(struct input *in, struct statement *s, struct word *w)
{
	struct word *all = grow(s->word, s->words, sizeof(*all));

	if (!all) {
		stop(in, PARSE_ERROR, "the host has no memory");
		word_finish(w);
		return false;
	}
	s->word = all;
	s->word[s->words++] = *w;
	return true;
}

static void parse_statement(struct input *in, struct statement *s, int depth)
{
	const char *from = in->at, *end = from;
	struct word w;

	*s = (struct statement){ .line = in->line, .col = column(in) };
	while (in->status == PARSE_OK) {
		end = in->at;
		skip_blanks(in);
		if (is_c_comment(in, s))
			skip_line(in);
		if (peek(in) < 0 || peek(in) == '\n' || peek(in) == ';')
			break;
		if (peek(in) == '}') {
			if (!depth)
				stop(in, PARSE_ERROR, "'}' without '{'");
			break;
		}
		if (peek(in) == '|' || peek(in) == '>') {
			redirect(in, s, depth);
			continue;
		}
		if (!s->words && peek(in) == '!' && ends_word(peek2(in))) {
			next(in);
			s->negated = !s->negated;
			continue;
		}
		if (!s->words && peek(in) == '=') {
			next(in);
			lua_text(in, s, depth);
			end = in->at;
			break;
		}
		if (!parse_word(in, &w, depth)) {
			word_finish(&w);
			break;
		}
		if (!add_word(in, s, &w))
			break;
		if (s->words == 1 && word_plain(&s->word[0]) && !strcmp(word_plain(&s->word[0]), "lua")) {
			skip_blanks(in);
			if (peek(in) >= 0 && peek(in) != '\n')
				lua_text(in, s, depth);
			end = in->at;
			break;
		}
	}
	s->last_line = in->line;
	s->text = host_strndup(from, (size_t)(end - from));
	find_assignment(s, in->p->is_call);
	if (!s->words && !s->lua && !s->assign)
		stop(in, PARSE_ERROR, "'%s' wants a call", s->pipe ? "|" : s->file ? ">" : "!");
	if (s->assign && !s->words && in->status == PARSE_OK)
		stop(in, PARSE_ERROR, "'%.40s =' must be followed by a call or a value", s->assign);
}

static void parse_statements(struct input *in, struct block *b, int depth)
{
	while (in->status == PARSE_OK) {
		struct statement s, *all;

		skip_blanks(in);
		if (is_c_comment(in, &(struct statement){ 0 }))
			skip_line(in);
		if (peek(in) == ';' || peek(in) == '\n') {
			next(in);
			continue;
		}
		if (peek(in) < 0 || (depth && peek(in) == '}'))
			return;
		parse_statement(in, &s, depth);
		if (in->status != PARSE_OK) {
			statement_finish(&s);
			return;
		}
		all = grow(b->stmt, b->stmts, sizeof(*all));
		if (!all) {
			stop(in, PARSE_ERROR, "the host has no memory");
			statement_finish(&s);
			return;
		}
		b->stmt = all;
		b->stmt[b->stmts++] = s;
	}
}

static struct block *parse_block(struct input *in, int depth)
{
	struct block *b = host_calloc(1, sizeof(*b));
	int line = in->line, col = column(in);

	if (!b || depth > NESTING_LIMIT) {
		stop(in, PARSE_ERROR, b ? "blocks are nested too deeply" : "the host has no memory");
		free(b);
		return NULL;
	}
	b->refs = 1;
	if (depth)
		next(in);
	parse_statements(in, b, depth);
	if (depth && in->status == PARSE_OK) {
		if (peek(in) == '}') {
			next(in);
		} else {
			stop(in, PARSE_MORE, "the block's '{' is never closed");
			in->p->line = line;
			in->p->col = col;
		}
	}
	return b;
}

enum parse_status parse_text(struct parse *p, const char *text, size_t len,
			     int first_line, struct block **out)
{
	struct input in = {
		.p = p, .at = text, .end = text + len, .line_start = text, .line = first_line,
	};
	struct block *b;

	*out = NULL;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= ' ' || c == '\n' || c == '\t' || c == '\r')
			continue;
		while (in.at < text + i)
			next(&in);
		stop(&in, PARSE_ERROR, "byte 0x%02x is not text", c);
		return PARSE_ERROR;
	}
	b = parse_block(&in, 0);
	if (in.status == PARSE_OK)
		*out = b;
	else
		block_put(b);
	return in.status;
}
