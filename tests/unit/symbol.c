/* SPDX-License-Identifier: MIT */
/* Symbols: addresses of functions and constants, and what they own. */
#include "unit.h"

#include "kernel.h"
#include "kernel/symbol.h"

static int drops;

static void count_drop(void *ctx)
{
	assert_string_equal(ctx, "ctx");
	drops++;
}

static void symbols_have_one_address(void **state)
{
	struct kernel *k = boot("");
	uint64_t a = text_symbol(k, "a"), b = text_symbol(k, "b");
	char name[20];

	assert_int_equal(a, k->text.base);
	assert_int_equal(b, k->text.base + SYMBOL_STRIDE);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "fn_%d", i);
		text_symbol(k, name);
	}
	assert_int_equal(text_symbol(k, "a"), a);
	assert_string_equal(text_lookup(k, b)->name, "b");
	assert_null(text_lookup(k, b + 1));
	assert_null(text_lookup(k, k->text.base - SYMBOL_STRIDE));
	assert_null(text_lookup(k, k->text.base + 102 * SYMBOL_STRIDE));
	assert_null(text_lookup(k, 0));
	assert_null(text_lookup(k, UINT64_MAX));
	power_off(k);
}

/* Many share a place in the table of names, which grows meanwhile. */
static void each_of_many_is_found_by_name(void **state)
{
	enum { MANY = 5000 };
	struct kernel *k = boot("");
	char name[20];

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "name_%d", i);
		assert_int_equal(rodata_string(k, name), k->rodata.base + i * SYMBOL_STRIDE);
	}
	for (int i = MANY; i-- > 0;) {
		snprintf(name, sizeof(name), "name_%d", i);
		assert_int_equal(rodata_string(k, name), k->rodata.base + i * SYMBOL_STRIDE);
		assert_string_equal(rodata_lookup(k, k->rodata.base + i * SYMBOL_STRIDE), name);
	}
	assert_int_equal(k->rodata.count, MANY);
	assert_int_equal(text_known(k, "name_0"), 0);
	power_off(k);
}

/* An architecture has room for only so many symbols; then there are no more addresses. */
static void addresses_run_out(void **state)
{
	struct kernel *k = boot("");

	assert_int_equal(k->text.max, (k->rodata.base - k->text.base) / SYMBOL_STRIDE);
	k->text.max = 2;
	assert_true(text_symbol(k, "a") && text_symbol(k, "b"));
	assert_int_equal(text_symbol(k, "c"), 0);
	assert_int_equal(text_symbol(k, "b"), k->text.base + SYMBOL_STRIDE);
	power_off(k);
}

static void symbols_own_what_they_do(void **state)
{
	struct kernel *k = boot("");
	struct symbol *s = text_lookup(k, text_symbol(k, "a"));
	char ctx[] = "ctx";

	drops = 0;
	text_define(s, NULL, ctx, count_drop);
	assert_int_equal(drops, 0);
	text_define(s, NULL, ctx, count_drop);
	assert_int_equal(drops, 1);
	power_off(k);
	assert_int_equal(drops, 2);
}

static void constants_are_in_rodata(void **state)
{
	struct kernel *k = boot("");
	uint64_t a = rodata_string(k, "text");

	assert_int_equal(a, k->rodata.base);
	assert_int_equal(rodata_string(k, "text"), a);
	assert_string_equal(rodata_lookup(k, a), "text");
	assert_true(is_rodata(k, a + SYMBOL_STRIDE - 1));
	assert_false(is_rodata(k, a + SYMBOL_STRIDE));
	assert_false(is_rodata(k, a - 1));
	assert_null(rodata_lookup(k, a + 8));
	power_off(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols_have_one_address),
		cmocka_unit_test(each_of_many_is_found_by_name),
		cmocka_unit_test(addresses_run_out),
		cmocka_unit_test(symbols_own_what_they_do),
		cmocka_unit_test(constants_are_in_rodata),
	};

	return cmocka_run_group_tests_name("symbol", tests, NULL, NULL);
}
