/* SPDX-License-Identifier: MIT */
/*
 * The differences between two machines: rows of calls such as devices and objects,
 * matched by the columns that identify a row. A table lists these columns and the ones to
 * compare.
 */
#include "shell/diff.h"

#include <stdlib.h>
#include <string.h>

#include "call/entry.h"
#include "lib/array.h"
#include "lib/host_memory.h"
#include "shell/one_line.h"
#include "view/view.h"

#define SHOWN_MAX 6

static bool is_time(const char *property)
{
	return !strcmp(property, "time");
}

/* Skips counts and totals, which follow from the rows of other calls. */
static bool is_property(const char *property)
{
	return strcmp(property, "devices") && strcmp(property, "drivers") &&
	       strcmp(property, "memory") && !is_time(property);
}

/* Most important first. */
static const struct aspect {
	const char *call, *kind;
	const char *key[2];          /* columns that identify a row; the last one is its name */
	const char *show[SHOWN_MAX];
	bool (*wants)(const char *name); /* selects rows; NULL: all */
} aspects[] = {
	{ "machine", "machine", { "property" }, { "value" }, is_property },
	{ "devices", "device", { "device" },
	  { "state", "driver", "resources", "bytes", "refs", "parent" }, NULL },
	{ "drivers", "driver", { "driver" }, { "bus", "id_table" }, NULL },
	{ "lsmod", "module", { "module" }, { "used by" }, NULL },
	{ "device_links", "link", { "consumer", "supplier" }, { "state", "flags" }, NULL },
	{ "devres", "resource", { "device", "addr" }, { "size", "release", "by" }, NULL },
	{ "objects", "object", { "addr" }, { "size", "cache", "owner", "by" }, NULL },
}, time_passed = { "machine", "machine", { "property" }, { "value" }, is_time };

struct row {
	char *key;
	size_t nth;    /* number among rows with the same key, as names need not be unique */
	size_t number, index;
};

/* The result of one call on one machine. */
struct rows {
	const struct aspect *aspect;
	struct machine *machine;
	struct result result;
	struct row *row, *sorted;    /* in the call's order, and sorted by key */
	size_t rows;
};

static const struct value *cell(const struct rows *r, size_t row, const char *column)
{
	static const struct value none;
	int i = column ? result_column(&r->result, column) : -1;

	return i < 0 ? &none : result_cell(&r->result, row, (unsigned)i);
}

static void add_cell(const struct rows *r, size_t row, const char *column, struct buf *out)
{
	view_value(r->machine, cell(r, row, column), out);
}

static int by_key(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	return c ? c : (x->nth > y->nth) - (x->nth < y->nth);
}

/* For rows whose nth is not set yet. */
static int by_key_and_number(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	return c ? c : (x->number > y->number) - (x->number < y->number);
}

static void sort(struct rows *r)
{
	memcpy(r->sorted, r->row, r->rows * sizeof(*r->row));
	qsort(r->sorted, r->rows, sizeof(*r->row), by_key_and_number);
	for (size_t i = 1; i < r->rows; i++) {
		if (strcmp(r->sorted[i].key, r->sorted[i - 1].key))
			continue;
		r->sorted[i].nth = r->sorted[i - 1].nth + 1;
		r->row[r->sorted[i].index].nth = r->sorted[i].nth;
	}
}

static const struct row *find(const struct rows *r, const struct row *wanted)
{
	return r->rows ? bsearch(wanted, r->sorted, r->rows, sizeof(*wanted), by_key) : NULL;
}

/* The root is skipped: its references are those of the devices, which are listed. */
static bool is_root(const struct rows *r, size_t row)
{
	const struct value *state = cell(r, row, "state");

	return state->type == V_STR && !strcmp(state->s, "root");
}

static void rows_init(struct rows *r, const struct aspect *l, struct machine *m)
{
	struct value arg[PARAMS_MAX] = { { 0 } };
	const struct call *c = call_find(l->call);
	char why[200];

	*r = (struct rows){ .aspect = l, .machine = m };
	if (!c || call_defaults(m, c, arg, why, sizeof(why)) || call_run(m, c, arg, &r->result))
		return;
	r->row = host_calloc(r->result.rows + 1, sizeof(*r->row));
	r->sorted = host_calloc(r->result.rows + 1, sizeof(*r->row));
	for (size_t i = 0; r->row && r->sorted && i < r->result.rows; i++) {
		struct buf key = BUF_INIT;

		if (is_root(r, i))
			continue;
		for (int k = 0; k < 2 && l->key[k]; k++) {
			add_cell(r, i, l->key[k], &key);
			buf_putc(&key, '\n');
		}
		r->row[r->rows].number = i;
		r->row[r->rows].index = r->rows;
		r->row[r->rows].key = buf_steal(&key);
		r->rows += r->row[r->rows].key != NULL;
	}
	if (r->rows)
		sort(r);
}

static void rows_finish(struct rows *r)
{
	for (size_t i = 0; i < r->rows; i++)
		free(r->row[i].key);
	free(r->row);
	free(r->sorted);
	result_finish(&r->result);
}

static void add_row(struct result *r, const char *sign, const char *kind, const char *name,
		    const char *text)
{
	struct value *row = result_row(r);

	if (!row)
		return;
	row[DIFF_sign] = v_str(r, sign);
	row[DIFF_kind] = v_str(r, kind);
	row[DIFF_name] = v_str(r, name);
	row[DIFF_text] = v_str(r, text);
}

/* Adds the columns of a row that the other side lacks or has with another value. */
static void add_differences(struct result *r, const char *sign, const struct rows *a, size_t row,
			    const struct rows *b, const struct row *other)
{
	struct buf name = BUF_INIT, text = BUF_INIT, mine = BUF_INIT, theirs = BUF_INIT;
	const struct aspect *l = a->aspect;
	bool machine = !strcmp(l->kind, "machine");

	for (int k = 0; k < 2 && l->key[k]; k++) {
		if (k)
			buf_putc(&name, ' ');
		add_cell(a, row, l->key[k], &name);
	}
	for (int i = 0; i < SHOWN_MAX && l->show[i]; i++) {
		buf_reset(&mine);
		buf_reset(&theirs);
		add_cell(a, row, l->show[i], &mine);
		if (other)
			add_cell(b, other->number, l->show[i], &theirs);
		if (other ? !strcmp(buf_str(&mine), buf_str(&theirs)) : !mine.len)
			continue;
		if (machine)
			one_line(buf_str(&mine), &text);
		else
			buf_printf(&text, "%s%s %s", text.len ? ", " : "", l->show[i],
				   mine.len ? buf_str(&mine) : "none");
	}
	if ((text.len || !other) && (!l->wants || l->wants(buf_str(&name))))
		add_row(r, sign, l->kind, buf_str(&name), buf_str(&text));
	buf_finish(&name);
	buf_finish(&text);
	buf_finish(&mine);
	buf_finish(&theirs);
}

/* The object belongs to a device, so its list of resources already has it. */
static bool is_listed(const struct rows *r, size_t row)
{
	const struct value *owner = cell(r, row, "owner");

	return owner->type == V_STR && *owner->s != '(';
}

static void diff_rows(struct result *r, const struct rows *a, const struct rows *b)
{
	for (size_t i = 0; i < a->rows; i++) {
		const struct row *other = find(b, &a->row[i]);

		if (is_listed(a, a->row[i].number))
			continue;
		add_differences(r, "-", a, a->row[i].number, b, other);
		if (other)
			add_differences(r, "+", b, other->number, a, &a->row[i]);
	}
	for (size_t i = 0; i < b->rows; i++)
		if (!find(a, &b->row[i]) && !is_listed(b, b->row[i].number))
			add_differences(r, "+", b, b->row[i].number, a, NULL);
}

/* --- variables --------------------------------------------------------------------- */

struct names {
	char **name;
	size_t count;
};

static void add_name(void *ctx, const char *name)
{
	struct names *n = ctx;
	char **all = host_realloc(n->name, (n->count + 1) * sizeof(*all));

	if (!all)
		return;
	n->name = all;
	n->name[n->count] = host_strdup(name);
	n->count += n->name[n->count] != NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* False: the variable is not set in that session. */
static bool add_variable(const struct session *p, const char *name, struct buf *out)
{
	struct buf text = BUF_INIT;
	struct value v;
	bool set = script_get(p->script, name, &v, &text);

	if (set)
		view_value(p->machine, &v, out);
	buf_finish(&text);
	return set;
}

static void diff_variables(const struct session *then, const struct session *now, struct result *r)
{
	struct names n = { 0 };

	script_globals(then->script, add_name, &n);
	script_globals(now->script, add_name, &n);
	if (n.count)
		qsort(n.name, n.count, sizeof(*n.name), by_name);
	for (size_t i = 0; i < n.count; i++) {
		struct buf a = BUF_INIT, b = BUF_INIT;
		bool was, is;

		if (!i || strcmp(n.name[i], n.name[i - 1])) {
			was = add_variable(then, n.name[i], &a);
			is = add_variable(now, n.name[i], &b);
			if (was && (!is || strcmp(buf_str(&a), buf_str(&b))))
				add_row(r, "-", "variable", n.name[i], buf_str(&a));
			if (is && (!was || strcmp(buf_str(&a), buf_str(&b))))
				add_row(r, "+", "variable", n.name[i], buf_str(&b));
		}
		buf_finish(&a);
		buf_finish(&b);
	}
	for (size_t i = 0; i < n.count; i++)
		free(n.name[i]);
	free(n.name);
}

static void add_log_row(struct result *r, const char *sign, uint64_t lines)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%llu lines", (unsigned long long)lines);
	add_row(r, sign, "log", "dmesg", buf_str(&text));
	buf_finish(&text);
}

static void diff_aspect(const struct session *then, const struct session *now, const struct aspect *l,
			struct result *r)
{
	struct rows a, b;

	rows_init(&a, l, then->machine);
	rows_init(&b, l, now->machine);
	diff_rows(r, &a, &b);
	rows_finish(&a);
	rows_finish(&b);
}

void diff_sessions(const struct session *then, const struct session *now, struct result *r)
{
	uint64_t was = report_next(then->machine), is = report_next(now->machine);

	RESULT_COLUMNS(r, DIFF);
	for (size_t i = 0; i < COUNT(aspects); i++)
		diff_aspect(then, now, &aspects[i], r);
	diff_variables(then, now, r);
	diff_aspect(then, now, &time_passed, r);
	if (was != is) {
		add_log_row(r, "-", was);
		add_log_row(r, "+", is);
	}
}
