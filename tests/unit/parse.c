/* SPDX-License-Identifier: MIT */
/* The shell's grammar: text in, statements or an error with its place out. */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/buf.h"
#include "shell/parse.h"

/*
 * A block as text: words in [], variables as <name>, quoted words with a ', blocks in {},
 * statements one after the other.
 */
static void dump_block(const struct block *block, struct buf *out);

static void dump_word(const struct word *w, struct buf *out)
{
	buf_puts(out, w->quoted ? "['" : "[");
	for (int i = 0; i < w->segs; i++)
		buf_printf(out, w->seg[i].variable ? "<%s>" : "%s", w->seg[i].text);
	if (w->block)
		dump_block(w->block, out);
	buf_putc(out, ']');
}

static void dump_statement(const struct statement *s, struct buf *out)
{
	if (s->negated)
		buf_puts(out, "!");
	if (s->assign)
		buf_printf(out, "%s=", s->assign);
	for (int i = 0; i < s->words; i++)
		dump_word(&s->word[i], out);
	if (s->lua)
		buf_printf(out, "lua(%s)", s->lua);
	if (s->file)
		buf_printf(out, ">%s", s->file);
	if (s->pipe)
		buf_printf(out, "|%s", s->pipe);
}

static void dump_block(const struct block *block, struct buf *out)
{
	buf_putc(out, '{');
	for (int i = 0; i < block->stmts; i++) {
		if (i)
			buf_putc(out, ';');
		dump_statement(&block->stmt[i], out);
	}
	buf_putc(out, '}');
}

/* Lua input is incomplete while parentheses are open. */
static bool open_parenthesis(void *ctx, const char *text)
{
	int open = 0;

	for (; *text; text++)
		open += (*text == '(') - (*text == ')');
	return open > 0;
}

static enum parse_status parse(struct parse *p, const char *text, size_t len, struct buf *out)
{
	struct block *block;
	enum parse_status status;

	*p = (struct parse){ .lua_incomplete = open_parenthesis };
	status = parse_text(p, text, len, 1, &block);
	buf_reset(out);
	assert_int_equal(block != NULL, status == PARSE_OK);
	if (block)
		dump_block(block, out);
	block_put(block);
	return status;
}

static void text_becomes_statements(void **state)
{
	static const struct { const char *text, *dump; } row[] = {
		{ "", "{}" }, { "\n\n", "{}" }, { " ; ;; \n;", "{}" }, { "# comment", "{}" },
		{ "device eth0", "{[device][eth0]}" },
		{ "device eth0\ndevices", "{[device][eth0];[devices]}" },
		{ "device eth0;devices;", "{[device][eth0];[devices]}" },
		{ "device\teth0  # comment; not a call", "{[device][eth0]}" },
		{ "echo a#b", "{[echo][a#b]}" },
		{ "device eth0\r\ndevices\r\n", "{[device][eth0];[devices]}" },
		{ "device \\\n  eth0", "{[device][eth0]}" },
		{ "device eth0 numa_node=1", "{[device][eth0][numa_node=1]}" },
		/* variables and quotes */
		{ "kfree $p", "{[kfree][<p>]}" },
		{ "echo a${p}b$q.c", "{[echo][a<p>b<q>.c]}" },
		{ "echo \"a $p; # |\"", "{[echo]['a <p>; # |]}" },
		{ "echo \"${p}\" '$p'", "{[echo]['<p>]['$p]}" },
		{ "echo \"$ 5$\"", "{[echo]['$ 5$]}" },
		{ "echo \"\"", "{[echo][']}" }, { "echo ''", "{[echo][']}" },
		{ "echo \"a\\\"b\\n\\t\\\\\\$p\"", "{[echo]['a\"b\n\t\\$p]}" },
		{ "echo 'a\\n\"'", "{[echo]['a\\n\"]}" },
		{ "echo a\\ b \\$p \\;", "{[echo]['a b]['$p][';]}" },
		{ "echo \"two\nlines\"", "{[echo]['two\nlines]}" },
		{ "echo a'b'\"c\"d", "{[echo]['abcd]}" },
		/* assignments and '!' */
		{ "p = kmalloc 64", "{p=[kmalloc][64]}" }, { "p=kmalloc 64", "{p=[kmalloc][64]}" },
		{ "p= kmalloc", "{p=[kmalloc]}" }, { "a=\"quit\"", "{a=['quit]}" },
		{ "p=", "{[p=]}" }, { "_p1 = x", "{_p1=[x]}" },
		{ "1p = x", "{[1p][=][x]}" }, { "echo a = b", "{[echo][a][=][b]}" },
		{ "\"p\" = x", "{['p][=][x]}" },
		{ "! kfree", "{![kfree]}" }, { "! ! kfree", "{[kfree]}" },
		{ "! p = kmalloc 1", "{!p=[kmalloc][1]}" }, { "!x", "{[!x]}" },
		/* blocks */
		{ "driver a probe={ }", "{[driver][a][probe={}]}" },
		{ "driver a probe={ b; c\nd }", "{[driver][a][probe={[b];[c];[d]}]}" },
		{ "driver a probe={b} remove={c}", "{[driver][a][probe={[b]}][remove={[c]}]}" },
		{ "define f { p = kmalloc 1 }", "{[define][f][{p=[kmalloc][1]}]}" },
		{ "define f {\n# comment }\n}\nx", "{[define][f][{}];[x]}" },
		{ "a {b {c {d}}}", "{[a][{[b][{[c][{[d]}]}]}]}" },
		{ "echo a{b", "{[echo][a{b]}" }, { "echo '}'", "{[echo]['}]}" },
		/* output */
		{ "devres > file", "{[devres]>file}" }, { "devres>file", "{[devres]>file}" },
		{ "devres | grep eth0 | wc", "{[devres]|grep eth0 | wc}" },
		{ "devres > 'a b'; x", "{[devres]>a b;[x]}" },
		{ "echo a\\|b '>' \"|\"", "{[echo]['a|b]['>]['|]}" },
		/* Lua up to the end of the line, or until it is complete */
		{ "= 6 * 7", "{lua( 6 * 7)}" }, { "lua print(1); x", "{[lua]lua(print(1); x)}" },
		{ "= f(1,\n2)\nx", "{lua( f(1,\n2));[x]}" }, { "lua", "{[lua]}" },
		{ "lua # no comment", "{[lua]}" }, { "'lua' x", "{['lua][x]}" },
	};
	struct buf out = BUF_INIT;
	struct parse p;

	for (size_t i = 0; i < COUNT(row); i++) {
		if (parse(&p, row[i].text, strlen(row[i].text), &out) != PARSE_OK)
			fail_msg("%s: %d:%d: %s", row[i].text, p.line, p.col, p.why);
		assert_string_equal(buf_str(&out), row[i].dump);
	}
	buf_finish(&out);
}

static void errors_have_a_place_and_a_reason(void **state)
{
	static const struct { const char *text; enum parse_status status; int line, col;
			      const char *why; } row[] = {
		{ "echo \"a", PARSE_MORE, 1, 6, "the quote \" is never closed" },
		{ "x\necho 'a\nb", PARSE_MORE, 2, 6, "the quote ' is never closed" },
		{ "x\ndriver a probe={ b\nc", PARSE_MORE, 2, 16,
			"the block's '{' is never closed" },
		{ "a { b { c }", PARSE_MORE, 1, 3, "the block's '{' is never closed" },
		{ "= f(1,", PARSE_MORE, 1, 2, "this Lua chunk is incomplete" },
		{ "x\n}", PARSE_ERROR, 2, 1, "'}' without '{'" },
		{ "a } b", PARSE_ERROR, 1, 3, "'}' without '{'" },
		{ "kfree $", PARSE_ERROR, 1, 8, "'$' must be followed by the name of a variable" },
		{ "kfree $1", PARSE_ERROR, 1, 8, "'$' must be followed by the name of a variable" },
		{ "kfree ${p", PARSE_ERROR, 1, 10, "'$' must be followed by the name of a variable" },
		{ "kfree \"${}\"", PARSE_ERROR, 1, 10, "'$' must be followed by the name of a variable" },
		{ "p =", PARSE_ERROR, 1, 4, "'p =' must be followed by a call or a value" },
		{ "devres |", PARSE_ERROR, 1, 9, "'|' must be followed by a command" },
		{ "devres >", PARSE_ERROR, 1, 9, "'>' must be followed by a file name" },
		{ "devres > $p", PARSE_ERROR, 1, 12, "'>' must be followed by a file name" },
		{ "x\n  a\001", PARSE_ERROR, 2, 4, "byte 0x01 is not text" },
		{ "\177ELF\002", PARSE_ERROR, 1, 5, "byte 0x02 is not text" },
	};
	struct buf out = BUF_INIT;
	struct parse p;

	for (size_t i = 0; i < COUNT(row); i++) {
		enum parse_status status = parse(&p, row[i].text, strlen(row[i].text), &out);

		if (status != row[i].status || p.line != row[i].line || p.col != row[i].col ||
		    strcmp(p.why, row[i].why))
			fail_msg("%s: status %d at %d:%d: %s", row[i].text, status, p.line, p.col,
				 p.why);
	}
	buf_finish(&out);
}

static void nul_is_no_text_either(void **state)
{
	struct buf out = BUF_INIT;
	struct parse p;

	assert_int_equal(parse(&p, "echo a\0b", 8, &out), PARSE_ERROR);
	assert_string_equal(p.why, "byte 0x00 is not text");
	assert_int_equal(p.col, 7);
	buf_finish(&out);
}

static void nesting_has_a_limit(void **state)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct parse p;

	for (int i = 0; i < 32; i++)
		buf_puts(&text, "a {");
	for (int i = 0; i < 32; i++)
		buf_puts(&text, "}");
	assert_int_equal(parse(&p, buf_str(&text), text.len, &out), PARSE_OK);
	buf_reset(&text);
	for (int i = 0; i < 100000; i++)
		buf_puts(&text, "a {");
	assert_int_equal(parse(&p, buf_str(&text), text.len, &out), PARSE_ERROR);
	assert_string_equal(p.why, "blocks are nested too deeply");
	buf_finish(&text);
	buf_finish(&out);
}

static void a_line_may_be_as_long_as_it_likes(void **state)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct parse p;

	buf_puts(&text, "echo ");
	buf_pad(&text, 'a', 1 << 20);
	assert_int_equal(parse(&p, buf_str(&text), text.len, &out), PARSE_OK);
	assert_int_equal(out.len, (1 << 20) + 10);
	buf_reset(&text);
	for (int i = 0; i < 200000; i++)
		buf_puts(&text, "word ");
	assert_int_equal(parse(&p, buf_str(&text), text.len, &out), PARSE_OK);
	buf_finish(&text);
	buf_finish(&out);
}

/* Every prefix and suffix of a text is parsed without harm. */
static void no_text_does_harm(void **state)
{
	static const char text[] =
		"p = devm_kmalloc \"$dev\" 64 # c\ndriver d probe={ a ${x} 'q' ; ! b > f } | wc\n"
		"= f(1,\n2)\nlua x\\\n y \\\"z\r\n;};{$}{\"";
	struct buf out = BUF_INIT;
	struct parse p;

	for (size_t from = 0; from < sizeof(text); from++)
		for (size_t to = from; to < sizeof(text); to++) {
			enum parse_status status = parse(&p, text + from, to - from, &out);

			if (status != PARSE_OK) {
				assert_true(*p.why);
				assert_true(p.line >= 1 && p.col >= 1);
			}
		}
	buf_finish(&out);
}

static void lines_and_columns_are_those_of_the_text(void **state)
{
	static const char text[] = "\n  device eth0\n\tp = kmalloc \\\n   64\n";
	struct parse p = { 0 };
	struct block *b;

	assert_int_equal(parse_text(&p, text, strlen(text), 1, &b), PARSE_OK);
	assert_int_equal(b->stmts, 2);
	assert_int_equal(b->stmt[0].line, 2);
	assert_int_equal(b->stmt[0].col, 3);
	assert_int_equal(b->stmt[0].word[1].col, 10);
	assert_int_equal(b->stmt[1].line, 3);
	assert_int_equal(b->stmt[1].last_line, 4);
	assert_int_equal(b->stmt[1].word[1].line, 4);
	assert_int_equal(b->stmt[1].word[1].col, 4);
	block_get(b);
	block_put(b);
	assert_int_equal(b->refs, 1);
	block_put(b);
	block_put(NULL);
}

static void statements_keep_their_text(void **state)
{
	static const char text[] =
		" ! p = kmalloc  64 # c\n driver d probe={\n  a b\n} ;= 6 * 7 \ndevices | wc  \nlua f()\n";
	static const char *const want[] = {
		"! p = kmalloc  64", "driver d probe={\n  a b\n}", "= 6 * 7 ", "devices | wc  ", "lua f()",
	};
	struct parse p = { 0 };
	struct block *b;

	assert_int_equal(parse_text(&p, text, strlen(text), 1, &b), PARSE_OK);
	assert_int_equal(b->stmts, 5);
	for (int i = 0; i < b->stmts; i++)
		assert_string_equal(b->stmt[i].text, want[i]);
	assert_string_equal(b->stmt[1].word[2].block->stmt[0].text, "a b");
	block_put(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_statements),
		cmocka_unit_test(errors_have_a_place_and_a_reason),
		cmocka_unit_test(nul_is_no_text_either),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(a_line_may_be_as_long_as_it_likes),
		cmocka_unit_test(no_text_does_harm),
		cmocka_unit_test(lines_and_columns_are_those_of_the_text),
		cmocka_unit_test(statements_keep_their_text),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
