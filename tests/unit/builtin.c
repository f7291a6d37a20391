/* SPDX-License-Identifier: MIT */
/* Built-ins: each shell entry in the table has a row that runs it, and the reverse. */
#include "entries.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "shell/builtin.h"

static void each_entry_has_a_row(void **state)
{
	const struct call *c;
	size_t builtins = 0;

	for (size_t i = 0; (c = call_at(i)); i++) {
		const struct builtin *b = builtin_find(c);

		if (!c->run && !b)
			fail_msg("%s: no row runs it", c->name);
		if (c->flags & CALL_COPIES && !b)
			fail_msg("%s: the prompt has no way of its own for it", c->name);
		if (!b)
			continue;
		builtins++;
		if (!b->run)
			fail_msg("%s: its row has no function", c->name);
		if (b->call.summary ? &b->call != c : !(c->flags & CALL_COPIES))
			fail_msg("%s: the row is of another entry", c->name);
	}
	assert_true(builtins > 12);
}

/* An entry without a row fails; it neither quits nor succeeds. */
static void an_entry_without_a_row_fails(void **state)
{
	static const struct call stray = {
		.name = "stray", .subject = "Shell", .summary = "not there", .returns = "nothing",
	};
	const struct statement s = { .line = 1, .col = 1, .text = (char *)"stray" };
	const struct shell_config config = { .confined = true, .embedded = true, .builtin = builtin_find };
	struct buf said = BUF_INIT;
	struct block_result result = { 0 };
	struct shell sh;
	char why[200];

	assert_null(builtin_find(&stray));
	assert_int_equal(shell_init(&sh, &config, why, sizeof(why)), 0);
	sh.out->to = &said;
	assert_int_equal(make_call(&sh, &stray, &s, NULL, &result, NULL), EXIT_FAILED);
	assert_int_equal(result.err, -ENOSYS);
	assert_false(sh.session->over);
	assert_non_null(strstr(buf_str(&said), "stray: is in the table of calls"));
	shell_finish(&sh);
	buf_finish(&said);
}

/* Words that people try first are not calls, and the calls suggested for them exist. */
static void other_words_lead_to_calls(void **state)
{
	const char *words, *calls;
	char word[64];

	for (size_t i = 0; (calls = misspelt_meant(i, &words)); i++) {
		for (size_t n; *words; words += n + (words[n] == ' ')) {
			n = strcspn(words, " ");
			snprintf(word, sizeof(word), "%.*s", (int)n, words);
			if (call_find_word(word))
				fail_msg("%s is a call", word);
		}
		for (size_t n; *calls; calls += n + (calls[n] == ' ')) {
			n = strcspn(calls, " ");
			snprintf(word, sizeof(word), "%.*s", (int)n, calls);
			if (!call_find(word))
				fail_msg("%s is no call", word);
		}
	}
	assert_string_equal(call_find_word("exit")->name, "quit");
	assert_string_equal(call_find_word("man")->name, "help");
	assert_string_equal(call_find_word("?")->name, "help");
	assert_null(call_find_word("xit"));
	assert_null(call_find_word(""));
}

/* A topic of help has a name that no call has, and a page. */
static void topics_are_no_calls(void **state)
{
	const struct topic *t;

	for (size_t i = 0; (t = topic_at(i)); i++) {
		if (call_find_word(t->name))
			fail_msg("%s is a call", t->name);
		assert_ptr_equal(topic_find(t->name), t);
		assert_non_null(t->page);
	}
	assert_non_null(topic_find("syntax"));
	assert_non_null(topic_find("flags"));
}

static int open_builtins(void **state)
{
	builtins_open();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_entry_has_a_row),
		cmocka_unit_test(an_entry_without_a_row_fails),
		cmocka_unit_test(every_call_is_described),
		cmocka_unit_test(names_are_unique_and_found),
		cmocka_unit_test(subjects_stand_together),
		cmocka_unit_test(other_words_lead_to_calls),
		cmocka_unit_test(topics_are_no_calls),
	};

	return cmocka_run_group_tests(tests, open_builtins, NULL);
}
