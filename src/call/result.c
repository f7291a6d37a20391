/* SPDX-License-Identifier: MIT */
/* The result of a call: one value, or rows with columns. */
#include "call/entry.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"
#include "mm/address.h"

/* The strings of a result, in chunks that never move. */
struct strings {
	struct strings *next;
	size_t used, size;
	char text[];
};

#define CHUNK 4000

static void strings_free(struct strings *s)
{
	while (s) {
		struct strings *next = s->next;

		free(s);
		s = next;
	}
}

void result_reset(struct result *r)
{
	strings_free(r->strings);
	free(r->cell); /* the next result may have a different width */
	result_init(r);
}

void result_finish(struct result *r)
{
	result_reset(r);
}

const char *result_string(struct result *r, const char *s)
{
	size_t len = s ? strlen(s) + 1 : 0;
	struct strings *at = r->strings;
	char *copy;

	if (!s)
		return NULL;
	if (!at || at->size - at->used < len) {
		size_t size = len > CHUNK ? len : CHUNK;

		at = host_malloc(sizeof(*at) + size);
		if (!at)
			return "";
		*at = (struct strings){ .next = r->strings, .size = size };
		r->strings = at;
	}
	copy = memcpy(at->text + at->used, s, len);
	at->used += len;
	return copy;
}

int result_error(struct result *r, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
	return r->err = err;
}

int result_errno(struct result *r, int err)
{
	const char *name = errno_name(-err), *text = errno_text(-err);

	r->value = v_int(err);
	if (!err)
		return 0;
	return name ? result_error(r, err, "-%s: %s", name, text)
		    : result_error(r, err, "error %d", err);
}

int result_pointer(struct call_ctx *c, const void *p)
{
	c->result->value = v_addr(mm_addr(&c->machine->mm, p));
	return 0;
}

int result_uint(struct result *r, uint64_t u)
{
	r->value = v_uint(u);
	return 0;
}

int result_int(struct result *r, int64_t i)
{
	r->value = v_int(i);
	return 0;
}

void result_columns(struct result *r, const char *const *names, unsigned n)
{
	r->column = names;
	r->columns = n;
}

struct value *result_row(struct result *r)
{
	struct value *row;

	if (r->rows == r->room) {
		size_t room = r->room ? 2 * r->room : 16;
		struct value *cell = host_realloc(r->cell, room * r->columns * sizeof(*cell));

		if (!cell) {
			result_error(r, -ENOMEM, "the host has no memory for the result");
			return NULL;
		}
		r->cell = cell;
		r->room = room;
	}
	row = &r->cell[r->rows++ * r->columns];
	memset(row, 0, r->columns * sizeof(*row));
	return row;
}

void fact(struct call_ctx *c, const char *name, const char *fmt, ...)
{
	struct value *row = result_row(c->result);
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!row)
		return;
	row[0] = v_str(c->result, name);
	row[1] = v_str(c->result, text);
}

int result_column(const struct result *r, const char *name)
{
	for (unsigned i = 0; i < r->columns; i++)
		if (!strcmp(r->column[i], name))
			return (int)i;
	return -1;
}

bool call_failed(const struct call *c, const struct result *r)
{
	return r->err || (c->flags & CALL_POINTER && r->value.type == V_ADDR && !r->value.u);
}
