/* SPDX-License-Identifier: MIT */
/* Strings, ranks, distances and rings. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/buf.h"
#include "lib/distance.h"
#include "lib/list.h"
#include "lib/rank.h"

/* --- buf ------------------------------------------------------------------- */

static void buf_is_text_at_every_moment(void **state)
{
	struct buf b = BUF_INIT;

	assert_string_equal(buf_str(&b), "");
	buf_add(&b, "", 0);
	assert_string_equal(buf_str(&b), "");
	buf_puts(&b, "ab");
	buf_putc(&b, 'c');
	buf_pad(&b, '.', 3);
	buf_pad(&b, '.', -1);
	buf_printf(&b, "%d", 42);
	buf_printf(&b, "%s", "");
	assert_string_equal(buf_str(&b), "abc...42");
	assert_int_equal(b.len, 8);
	assert_false(b.cut);
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	buf_finish(&b);
	assert_null(b.s);
}

static void buf_grows_over_its_room(void **state)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 10000; i++)
		buf_putc(&b, (char)('a' + i % 26));
	assert_int_equal(b.len, 10000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(b.s[i], 'a' + i % 26);
	assert_int_equal(b.s[10000], '\0');
	buf_printf(&b, "%200d", 7);
	assert_int_equal(b.len, 10200);
	assert_int_equal(b.s[10199], '7');
	buf_finish(&b);
}

static void buf_keeps_nul_bytes(void **state)
{
	struct buf b = BUF_INIT;

	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.s, "a\0b", 4);
	buf_finish(&b);
}

static void buf_steal_hands_over(void **state)
{
	struct buf b = BUF_INIT;
	char *s = buf_steal(&b);

	assert_string_equal(s, "");
	free(s);
	buf_puts(&b, "text");
	s = buf_steal(&b);
	assert_string_equal(s, "text");
	assert_int_equal(b.len, 0);
	assert_null(b.s);
	free(s);
}

/* --- rank ------------------------------------------------------------------ */

#define ENTRIES 3000

/* The same as a list of numbers, oldest first. */
struct naive {
	uint32_t number[ENTRIES];
	unsigned live;
};

static unsigned naive_from_end(const struct naive *n, uint32_t number)
{
	for (unsigned i = 0; i < n->live; i++)
		if (n->number[i] == number)
			return n->live - i;
	return 0;
}

static void naive_append(struct naive *n, struct rank *r)
{
	uint32_t number = rank_append(r);

	if (number == RANK_FULL) {
		assert_int_equal(rank_restart(r), 0);
		for (unsigned i = 0; i < n->live; i++) {
			n->number[i] = rank_append(r);
			assert_int_not_equal(n->number[i], RANK_FULL);
		}
		number = rank_append(r);
	}
	assert_int_not_equal(number, RANK_FULL);
	n->number[n->live++] = number;
}

static void rank_is_what_counting_says(void **state)
{
	struct naive *n = calloc(1, sizeof(*n));
	struct rank r = { 0 };
	uint32_t random = 1;

	assert_non_null(n);
	for (int step = 0; step < 20000; step++) {
		unsigned i;

		random = random * 1664525 + 1013904223;
		/* grows in the first half, shrinks in the second */
		if (!n->live || (n->live < ENTRIES && (random >> 16) % 100 < (step < 10000 ?
			60u : 35u))) {
			naive_append(n, &r);
			continue;
		}
		i = (random >> 8) % n->live;
		assert_int_equal(rank_from_end(&r, n->number[i]), n->live - i);
		rank_remove(&r, n->number[i]);
		memmove(&n->number[i], &n->number[i + 1],
			(n->live - i - 1) * sizeof(n->number[0]));
		n->live--;
		assert_int_equal(r.live, n->live);
	}
	for (unsigned i = 0; i < n->live; i++)
		assert_int_equal(rank_from_end(&r, n->number[i]), naive_from_end(n, n->number[i]));
	rank_finish(&r);
	free(n);
}

static void rank_of_nobody_is_harmless(void **state)
{
	struct rank r = { 0 };

	assert_int_equal(rank_append(&r), RANK_FULL);
	rank_remove(&r, 0);
	rank_remove(&r, RANK_FULL);
	assert_int_equal(rank_from_end(&r, 0), 0);
	assert_int_equal(rank_restart(&r), 0);
	assert_int_equal(rank_append(&r), 0);
	rank_remove(&r, 1);
	assert_int_equal(r.live, 1);
	assert_int_equal(rank_from_end(&r, 0), 1);
	rank_finish(&r);
	rank_finish(&r);
}

/* --- distance ---------------------------------------------------------------- */

static void distance_counts_edits(void **state)
{
	static const struct { const char *a, *b; int edits; } row[] = {
		{ "", "", 0 }, { "", "abc", 3 }, { "abc", "", 3 }, { "abc", "abc", 0 },
		{ "kitten", "sitting", 3 },
		{ "devm_kmaloc", "devm_kmalloc", 1 },  /* one is missing */
		{ "devm_kmallocc", "devm_kmalloc", 1 },/* one too many */
		{ "devm_kmalloc", "devm_kmallox", 1 }, /* another one */
		{ "devm_mkalloc", "devm_kmalloc", 1 }, /* two swapped */
		{ "ca", "abc", 3 },                    /* no edit inside of a swap */
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		assert_int_equal(distance(row[i].a, row[i].b), row[i].edits);
		assert_int_equal(distance(row[i].b, row[i].a), row[i].edits);
	}
}

static void distance_of_long_words_is_far(void **state)
{
	char word[65];

	memset(word, 'a', 64);
	word[64] = '\0';
	assert_int_equal(distance(word, word), 64);
	assert_int_equal(distance("a", word), 64);
	word[63] = '\0';
	assert_int_equal(distance(word, word), 0);
	assert_int_equal(distance("", word), 63);
}

static const char *nearest_of(const char *word, const char *const *candidates)
{
	struct nearest n = { .word = word };

	while (*candidates)
		nearest_offer(&n, *candidates++);
	return n.best;
}

static void nearest_is_close_or_nothing(void **state)
{
	static const char *const names[] = {
		"bind", "unbind", "devm_kmalloc", "devm_kzalloc", "x", NULL,
	};

	assert_string_equal(nearest_of("devm_kmaloc", names), "devm_kmalloc");
	assert_string_equal(nearest_of("devm_kzaloc", names), "devm_kzalloc");
	assert_string_equal(nearest_of("bnid", names), "bind");
	assert_null(nearest_of("bnidd", (const char *const[]){ "x", NULL }));
	/* two edits of a short word make another word */
	assert_null(nearest_of("bo", names));
	assert_null(nearest_of("nonsense", names));
	/* of two equally close ones, the first */
	assert_string_equal(nearest_of("devm_kalloc", names), "devm_kmalloc");
}

/* --- list ---------------------------------------------------------------------- */

struct item {
	int n;
	struct list link;
};

static void list_keeps_the_order(void **state)
{
	struct item item[5], *it;
	struct list head;
	int n = 0;

	list_init(&head);
	assert_true(list_empty(&head));
	for (int i = 0; i < 5; i++) {
		item[i].n = i;
		list_append(&head, &item[i].link);
	}
	list_each(it, &head, struct item, link)
		assert_int_equal(it->n, n++);
	assert_int_equal(n, 5);
	assert_ptr_equal(list_entry(head.prev, struct item, link), &item[4]);
}

static void list_walk_survives_removal(void **state)
{
	struct item item[6], *it;
	struct list head;
	int left = 0;

	list_init(&head);
	for (int i = 0; i < 6; i++) {
		item[i].n = i;
		list_append(&head, &item[i].link);
	}
	list_each(it, &head, struct item, link)
		if (it->n % 2)
			list_remove(&it->link);
	list_each(it, &head, struct item, link)
		left = left * 10 + it->n;
	assert_int_equal(left, 24); /* 0, 2, 4 */
	list_remove(&item[1].link); /* a second time: harmless */
	assert_true(list_empty(&item[1].link));
	list_each(it, &head, struct item, link)
		list_remove(&it->link);
	assert_true(list_empty(&head));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buf_is_text_at_every_moment),
		cmocka_unit_test(buf_grows_over_its_room),
		cmocka_unit_test(buf_keeps_nul_bytes),
		cmocka_unit_test(buf_steal_hands_over),
		cmocka_unit_test(rank_is_what_counting_says),
		cmocka_unit_test(rank_of_nobody_is_harmless),
		cmocka_unit_test(distance_counts_edits),
		cmocka_unit_test(distance_of_long_words_is_far),
		cmocka_unit_test(nearest_is_close_or_nothing),
		cmocka_unit_test(list_keeps_the_order),
		cmocka_unit_test(list_walk_survives_removal),
	};

	return cmocka_run_group_tests_name("lib", tests, NULL, NULL);
}
