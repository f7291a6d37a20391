/* SPDX-License-Identifier: MIT */
/*
 * Results as JSON, for programs. The type of a member does not depend on the machine:
 * numbers that JSON readers would round are strings of digits.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lib/host_memory.h"
#include "view/glyph.h"
#include "view/view.h"

#define EXACT_MAX (INT64_C(1) << 53) /* largest integer range that a double holds exactly */

static json_t *json_text(const char *s)
{
	struct buf valid = BUF_INIT;
	json_t *j;

	glyphs_repair(&valid, s);
	j = json_stringn(buf_str(&valid), valid.len);
	buf_finish(&valid);
	return j;
}

static json_t *json_int(int64_t i)
{
	char digits[24];

	if (i >= -EXACT_MAX && i <= EXACT_MAX)
		return json_integer(i);
	snprintf(digits, sizeof(digits), "%" PRId64, i);
	return json_string(digits);
}

static json_t *json_uint(uint64_t u)
{
	char digits[24];

	if (u <= (uint64_t)EXACT_MAX)
		return json_integer((json_int_t)u);
	snprintf(digits, sizeof(digits), "%" PRIu64, u);
	return json_string(digits);
}

static json_t *json_addr(uint64_t addr)
{
	char text[24];

	if (!addr)
		return json_null();
	snprintf(text, sizeof(text), "0x%016" PRIx64, addr);
	return json_string(text);
}

static json_t *json_name(const struct machine *m, const struct value *v)
{
	struct buf name = BUF_INIT;
	json_t *j;

	if (!v->id)
		return json_null();
	view_value(m, v, &name);
	j = json_text(buf_str(&name));
	buf_finish(&name);
	return j;
}

static json_t *json_value(const struct machine *m, const struct value *v)
{
	switch (v->type) {
	case V_INT:
		return json_int(v->i);
	case V_UINT:
		return json_uint(v->u);
	case V_BOOL:
		return json_boolean(v->b);
	case V_STR:
		return v->s ? json_text(v->s) : json_null();
	case V_ADDR:
		return json_addr(v->u);
	case V_DEVICE:
	case V_DRIVER:
		return json_name(m, v);
	default:
		return json_null();
	}
}

static json_t *json_rows(const struct machine *m, const struct result *r)
{
	json_t *rows = json_array();

	for (size_t row = 0; row < r->rows; row++) {
		json_t *object = json_object();

		for (unsigned i = 0; i < r->columns; i++)
			json_object_set_new(object, r->column[i],
					    json_value(m, result_cell(r, row, i)));
		json_array_append_new(rows, object);
	}
	return rows;
}

/* "-ENOMEM: ..."; not added to lines that already begin with it. */
static json_t *json_error(const struct result *r)
{
	const char *name = errno_name(-r->err);
	struct buf text = BUF_INIT;
	json_t *j;

	if (name && (r->why[0] != '-' || strncmp(r->why + 1, name, strlen(name))))
		buf_printf(&text, "-%s: ", name);
	buf_puts(&text, r->why);
	j = json_text(buf_str(&text));
	buf_finish(&text);
	return j;
}

static json_t *json_log(const struct machine *m, uint64_t from)
{
	json_t *log = json_array();
	struct report_line line;

	for (uint64_t seq = from; report_line(m, seq, &line); seq = line.seq + 1) {
		json_t *entry = json_object();

		json_object_set_new(entry, "seq", json_uint(line.seq));
		json_object_set_new(entry, "time", json_uint(line.now));
		json_object_set_new(entry, "level", json_integer(line.level));
		json_object_set_new(entry, "text", json_text(line.text));
		json_array_append_new(log, entry);
	}
	return log;
}

static json_t *json_document(void)
{
	json_set_alloc_funcs(host_malloc, free);
	return json_object();
}

static int dump(const char *text, size_t len, void *to)
{
	struct buf *out = to;

	buf_add(out, text, len);
	return out->cut ? -1 : 0;
}

void view_json(const struct machine *m, const struct call *c, const struct result *r,
	       uint64_t log_from, struct buf *out)
{
	json_t *doc = json_document();

	json_object_set_new(doc, "call", json_text(c->name));
	if (r->err)
		json_object_set_new(doc, "error", json_error(r));
	if (r->note[0])
		json_object_set_new(doc, "note", json_text(r->note));
	if (r->value.type != V_NONE)
		json_object_set_new(doc, "value", json_value(m, &r->value));
	if (r->columns)
		json_object_set_new(doc, "rows", json_rows(m, r));
	if (log_from < report_next(m))
		json_object_set_new(doc, "log", json_log(m, log_from));
	if (json_dump_callback(doc, dump, out, 0))
		out->cut = true;
	json_decref(doc);
}

void view_json_text(const char *key, const char *text, const char *where, struct buf *out)
{
	json_t *doc = json_document();

	json_object_set_new(doc, key, json_text(text));
	if (where)
		json_object_set_new(doc, "at", json_text(where));
	if (json_dump_callback(doc, dump, out, 0))
		out->cut = true;
	json_decref(doc);
}
