/* SPDX-License-Identifier: MIT */
/* The log: records, and dropping them. */
#include "unit.h"

#include <string.h>

#include "kernel.h"
#include "kernel/log.h"

static void log_has_a_record_for_each_line(void **state)
{
	struct kernel *k = boot("");

	printk(k, KERN_ERR, "%s", "one\ntwo\n");
	printk(k, KERN_INFO, "a\tb\033[31m\001");
	assert_int_equal(k->log.count, 4);
	assert_string_equal(log_at(&k->log, 0)->text, "one");
	assert_string_equal(log_at(&k->log, 1)->text, "two");
	assert_string_equal(log_at(&k->log, 2)->text, "");
	/* nothing that moves the cursor */
	assert_string_equal(log_at(&k->log, 3)->text, "a?b?[31m?");
	assert_int_equal(log_at(&k->log, 0)->level, KERN_ERR);
	assert_int_equal(log_at(&k->log, 3)->level, KERN_INFO);
	assert_int_equal(log_at(&k->log, 3)->seq, 3);
	assert_true(log_at(&k->log, 3)->now > log_at(&k->log, 0)->now);
	assert_null(log_at(&k->log, 4));
	power_off(k);
}

static void log_drops_the_oldest_lines(void **state)
{
	struct kernel *k = boot("");
	const struct log_line *first, *last;
	char text[1001];
	uint32_t n = LOG_BYTES_MAX / 1000 + 500;

	memset(text, 'x', 1000);
	text[1000] = '\0';
	for (uint32_t i = 0; i < n; i++)
		printk(k, KERN_INFO, "%s", text);
	assert_true(k->log.bytes <= LOG_BYTES_MAX);
	assert_true(k->log.bytes > LOG_BYTES_MAX - 2000);
	first = log_at(&k->log, 0);
	last = log_at(&k->log, k->log.count - 1);
	/* numbers continue, so that readers see what is missing */
	assert_int_equal(last->seq, n - 1);
	assert_int_equal(first->seq, n - k->log.count);
	for (uint32_t i = 1; i < k->log.count; i++)
		assert_int_equal(log_at(&k->log, i)->seq, first->seq + i);
	log_clear(&k->log);
	assert_int_equal(k->log.count, 0);
	assert_int_equal(k->log.bytes, 0);
	printk(k, KERN_INFO, "again");
	assert_int_equal(log_at(&k->log, 0)->seq, n);
	power_off(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_has_a_record_for_each_line),
		cmocka_unit_test(log_drops_the_oldest_lines),
	};

	return cmocka_run_group_tests_name("printk", tests, NULL, NULL);
}
