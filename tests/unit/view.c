/* SPDX-License-Identifier: MIT */
/* Text fits the terminal, and JSON says the same. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lib/array.h"
#include "view/view.h"

/* Everything with a name gets an awkward one. */
static const char *const names[] = {
	"eth0", "a-device-with-a-name-that-is-a-good-deal-longer-than-any-table-has-room-for.0",
	"b\303\274rste", "\346\274\242\345\255\227", "not\377utf8\200", "esc\033[31m", "\302\233",
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	"0123456789012345678901234567890123456789012345678901234567890123456789",
};

struct bench {
	struct machine *machine;
	struct result result;
};

/* A call with arguments as text; the others get their defaults. */
static const struct call *call(struct bench *b, const char *name, int n, const char *const *text)
{
	const struct call *c = call_find(name);
	struct value arg[PARAMS_MAX] = { { 0 } };
	char why[200] = "";

	for (int i = 0; i < n; i++)
		if (call_value(b->machine, c, &c->param[i], text[i], &arg[i], why, sizeof(why)))
			fail_msg("%s: %s", name, why);
	if (call_defaults(b->machine, c, arg, why, sizeof(why)))
		fail_msg("%s: %s", name, why);
	call_run(b->machine, c, arg, &b->result);
	return c;
}

#define CALL(b, name, ...)                                                    \
	call(b, name, (int)COUNT(((const char *const[]){ __VA_ARGS__ })),     \
	     (const char *const[]){ __VA_ARGS__ })

static struct bench *furnished(const char *cmdline)
{
	struct bench *b = calloc(1, sizeof(*b));
	char why[200], size[24];

	assert_non_null(b);
	b->machine = machine_create(cmdline, why, sizeof(why));
	assert_non_null(b->machine);
	for (size_t i = 0; i < COUNT(names); i++) {
		/* names that could move the cursor are refused, or escaped */
		if (CALL(b, "device", names[i]) && b->result.err)
			continue;
		for (size_t n = 0; n < 12; n++) {
			snprintf(size, sizeof(size), "%zu", (size_t)1 << (2 * n));
			if (n < 11)
				CALL(b, "devm_kmalloc", names[i], size);
		}
		CALL(b, "devm_add_action", names[i], names[i]);
		CALL(b, "driver", names[i]);
		if (!b->result.err)
			CALL(b, "bind", names[i], names[i]);
		CALL(b, "dev_err", names[i], names[i]);
	}
	CALL(b, "kmalloc", "100");
	return b;
}

static void put_away(struct bench *b)
{
	result_finish(&b->result);
	machine_destroy(b->machine);
	free(b);
}

/* Columns of a line of UTF-8; its wide characters are those in the names above. */
static int columns(const char *line, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		if (c < ' ' || c == 0x7f)
			fail_msg("control character %#x in: %.*s", c, (int)len, line);
		if ((c & 0xc0) == 0x80)
			continue;
		n += 1 + (c >= 0xe3 && c <= 0xed);
	}
	return n;
}

static void assert_fits(const struct bench *b, const struct call *c, int width)
{
	const struct view_style style = { .width = width };
	struct buf out = BUF_INIT;
	const char *at;

	view_result(b->machine, c, &b->result, NULL, &style, &out);
	if (out.len)
		assert_int_equal(out.s[out.len - 1], '\n');
	for (at = buf_str(&out); *at; at = strchr(at, '\n') + 1) {
		size_t len = strcspn(at, "\n");

		if (columns(at, len) > width)
			fail_msg("%s, %d columns: %.*s", c->name, width, (int)len, at);
		if (len && at[len - 1] == ' ')
			fail_msg("%s: blanks at the end of: %.*s", c->name, (int)len, at);
	}
	buf_finish(&out);
}

static void every_view_fits_its_width(void **state)
{
	static const char *const machine[] = { "", "numa=fake=2 release=4.19 arch=arm64",
		"slub_debug=-" };
	static const char *const view[] = {
		"devres", "devices", "drivers", "slabinfo", "objects", "machine", "help",
	};
	static const int width[] = { 40, 60, 80, 132 };

	for (size_t m = 0; m < COUNT(machine); m++) {
		struct bench *b = furnished(machine[m]);

		for (size_t w = 0; w < COUNT(width); w++)
			for (size_t v = 0; v < COUNT(view); v++)
				assert_fits(b, call(b, view[v], 0, NULL), width[w]);
		put_away(b);
	}
}

static void every_page_of_help_fits(void **state)
{
	struct bench *b = furnished("");
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		assert_fits(b, CALL(b, "help", c->name), 80);
	put_away(b);
}

static void dumps_of_all_memory_fit(void **state)
{
	struct bench *b = furnished("mem=4M");

	for (uint64_t addr = 0xffff888000000000ull; addr < 0xffff888000400000ull; addr += 3217) {
		char text[24];

		snprintf(text, sizeof(text), "%#llx", (unsigned long long)addr);
		assert_fits(b, CALL(b, "x", text), 80);
	}
	assert_fits(b, CALL(b, "x", "0xffff8880003fffff", "16"), 80);
	put_away(b);
}

/* JSON must contain what the rows contain. */
static void assert_json(const struct bench *b, const struct call *c)
{
	struct buf out = BUF_INIT;
	json_error_t error;
	json_t *doc, *rows;

	view_json(b->machine, c, &b->result, 0, &out);
	doc = json_loads(buf_str(&out), JSON_REJECT_DUPLICATES, &error);
	if (!doc)
		fail_msg("%s: %s in %s", c->name, error.text, buf_str(&out));
	assert_string_equal(json_string_value(json_object_get(doc, "call")), c->name);
	assert_int_equal(json_object_get(doc, "error") != NULL, b->result.err != 0);
	rows = json_object_get(doc, "rows");
	assert_int_equal(json_array_size(rows), b->result.rows);
	for (size_t row = 0; row < b->result.rows; row++) {
		json_t *object = json_array_get(rows, row);

		assert_int_equal(json_object_size(object), b->result.columns);
		for (unsigned i = 0; i < b->result.columns; i++) {
			const struct value *v = result_cell(&b->result, row, i);
			json_t *j = json_object_get(object, b->result.column[i]);

			assert_non_null(j);
			if (v->type == V_UINT && json_is_integer(j))
				assert_int_equal(json_integer_value(j), v->u);
			if (v->type == V_ADDR && v->u)
				assert_int_equal(strtoull(json_string_value(j), NULL, 16), v->u);
			if (v->type == V_NONE)
				assert_true(json_is_null(j));
		}
	}
	json_decref(doc);
	buf_finish(&out);
}

static void json_says_the_same(void **state)
{
	static const char *const looking[] = {
		"devres", "devices", "drivers", "slabinfo", "objects", "machine", "help", "dmesg",
	};
	struct bench *b = furnished("numa=fake=2");

	for (size_t i = 0; i < COUNT(looking); i++)
		assert_json(b, call(b, looking[i], 0, NULL));
	assert_json(b, CALL(b, "kmalloc", "64"));
	assert_json(b, CALL(b, "kmalloc", "SIZE_MAX"));
	assert_json(b, CALL(b, "device", "eth0"));
	assert_json(b, CALL(b, "device", "esc\033 [31m"));
	assert_json(b, CALL(b, "x", "0xffff888000000000"));
	assert_json(b, CALL(b, "x", "16"));
	put_away(b);
}

/* Numbers that a reader with doubles would round are strings. */
static void json_does_not_round(void **state)
{
	struct bench *b = furnished("");
	const struct call *c = call_find("ksize");
	struct buf out = BUF_INIT;

	result_reset(&b->result);
	b->result.value = (struct value){ .type = V_UINT, .u = UINT64_MAX };
	view_json(b->machine, c, &b->result, UINT64_MAX, &out);
	assert_string_equal(buf_str(&out),
		"{\"call\": \"ksize\", \"value\": \"18446744073709551615\"}");
	buf_reset(&out);
	b->result.value = (struct value){ .type = V_INT, .i = INT64_MIN };
	view_json(b->machine, c, &b->result, UINT64_MAX, &out);
	assert_string_equal(buf_str(&out),
		"{\"call\": \"ksize\", \"value\": \"-9223372036854775808\"}");
	buf_reset(&out);
	b->result.value = (struct value){ .type = V_ADDR, .u = 16 };
	view_json(b->machine, c, &b->result, UINT64_MAX, &out);
	assert_string_equal(buf_str(&out),
		"{\"call\": \"ksize\", \"value\": \"0x0000000000000010\"}");
	buf_finish(&out);
	put_away(b);
}

static void values_read_as_people_write_them(void **state)
{
	static const struct { struct value v; const char *text; } row[] = {
		{ { .type = V_ADDR }, "NULL" }, { { .type = V_ADDR, .u = 16 }, "ZERO_SIZE_PTR" },
		{ { .type = V_ADDR, .u = 0xffff888001002028 }, "ffff888001002028" },
		{ { .type = V_INT, .i = -12 }, "-12" }, { { .type = V_BOOL, .b = true }, "yes" },
		{ { .type = V_DEVICE }, "NULL" }, { { .type = V_DEVICE, .id = 1 }, "platform" },
		{ { .type = V_DEVICE, .id = 9999 }, "(gone)" }, { { .type = V_NONE }, "" },
		{ { .type = V_DRIVER, .id = 1 }, "(gone)" },
	};
	struct bench *b = furnished("");

	for (size_t i = 0; i < COUNT(row); i++) {
		struct buf out = BUF_INIT;

		view_value(b->machine, &row[i].v, &out);
		assert_string_equal(buf_str(&out), row[i].text);
		buf_finish(&out);
	}
	put_away(b);
}

static void colour_only_adds_colour(void **state)
{
	static const char *const looking[] = { "devres", "devices", "drivers", "help", "dmesg" };
	static const struct view_style plain = { .width = 80 };
	static const struct view_style colour = { .width = 80, .colour = true };
	struct bench *b = furnished("");

	for (size_t i = 0; i < COUNT(looking); i++) {
		const struct call *c = call(b, looking[i], 0, NULL);
		struct buf without = BUF_INIT, with = BUF_INIT;
		size_t n = 0;

		view_result(b->machine, c, &b->result, NULL, &plain, &without);
		view_result(b->machine, c, &b->result, NULL, &colour, &with);
		for (size_t at = 0; at < with.len; at++) {
			if (with.s[at] == '\033')
				at += strcspn(with.s + at, "m");
			else if (n < without.len && with.s[at] == without.s[n])
				n++;
			else
				assert_int_equal(with.s[at], ' '); /* the underline of the
								    * heading */
		}
		assert_int_equal(n, without.len);
		buf_finish(&without);
		buf_finish(&with);
	}
	put_away(b);
}

static void the_manual_has_every_call(void **state)
{
	struct buf out = BUF_INIT;
	const struct call *c;

	view_manual(&out);
	/* scdoc's escapes */
	for (char *from = out.s, *to = out.s;; from++, to++) {
		if (*from == '\\')
			from++;
		*to = *from;
		if (!*from)
			break;
	}
	for (size_t i = 0; (c = call_at(i)); i++)
		assert_non_null(strstr(buf_str(&out), c->summary));
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_fits_its_width),
		cmocka_unit_test(every_page_of_help_fits),
		cmocka_unit_test(dumps_of_all_memory_fit),
		cmocka_unit_test(json_says_the_same),
		cmocka_unit_test(json_does_not_round),
		cmocka_unit_test(values_read_as_people_write_them),
		cmocka_unit_test(colour_only_adds_colour),
		cmocka_unit_test(the_manual_has_every_call),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
