/* SPDX-License-Identifier: MIT */
#include "run/record.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct head {
	uint32_t len;         /* of the whole record, including this header */
	uint32_t kind;
};

void record_begin(struct buf *b, enum record_kind kind)
{
	struct head h = { .kind = kind };

	buf_reset(b);
	buf_add(b, (const char *)&h, sizeof(h));
}

void record_number(struct buf *b, uint64_t n)
{
	buf_add(b, (const char *)&n, sizeof(n));
}

void record_text(struct buf *b, const char *s, size_t len)
{
	record_number(b, len);
	buf_add(b, s, len);
}

void record_scenario(struct buf *b, const struct scenario *s)
{
	record_text(b, s->name, strlen(s->name));
	record_text(b, s->file, strlen(s->file));
	record_number(b, (uint64_t)s->line);
	record_number(b, (uint64_t)s->last);
	record_number(b, s->pending);
	record_text(b, s->tags ? s->tags : "", s->tags ? strlen(s->tags) : 0);
	record_number(b, s->key);
	record_number(b, s->id);
	record_number(b, s->nth);
	record_number(b, s->repeat);
	record_number(b, s->repeated);
	record_number(b, s->twin);
}

void record_outcome(struct buf *b, const struct outcome *o)
{
	record_number(b, o->status);
	record_number(b, o->tries);
	record_number(b, o->us);
	for (int i = 0; i < OUTCOME_TEXTS; i++)
		record_text(b, buf_str(&o->text[i]), o->text[i].len);
}

bool record_send(struct buf *b, int fd)
{
	const char *at = b->s;
	size_t left = b->len;
	uint32_t len = (uint32_t)b->len;

	if (b->cut || !at)
		return false; /* there was no memory for the record */
	memcpy(b->s + offsetof(struct head, len), &len, sizeof(len));
	while (left) {
		ssize_t n = write(fd, at, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		left -= (size_t)n;
	}
	buf_reset(b);
	return true;
}

size_t record_next(const char *bytes, size_t len, struct record *r)
{
	struct head h;

	if (len < sizeof(h))
		return 0;
	memcpy(&h, bytes, sizeof(h));
	if (h.len < sizeof(h))
		h.len = sizeof(h); /* invalid length: every read of this record fails */
	if (len < h.len)
		return 0;
	*r = (struct record){
		.kind = (enum record_kind)h.kind, .at = bytes + sizeof(h), .end = bytes + h.len,
	};
	return h.len;
}

uint64_t record_read_number(struct record *r)
{
	uint64_t n = 0;

	if ((size_t)(r->end - r->at) < sizeof(n)) {
		r->bad = true;
		return 0;
	}
	memcpy(&n, r->at, sizeof(n));
	r->at += sizeof(n);
	return n;
}

void record_read_text(struct record *r, struct buf *out)
{
	uint64_t len = record_read_number(r);

	if (len > (size_t)(r->end - r->at)) {
		r->bad = true;
		return;
	}
	buf_add(out, r->at, (size_t)len);
	r->at += len;
}

static char *read_string(struct record *r)
{
	struct buf text = BUF_INIT;

	record_read_text(r, &text);
	return buf_steal(&text);
}

void record_read_scenario(struct record *r, struct scenario *s)
{
	s->name = read_string(r);
	s->file = read_string(r);
	s->line = (int)record_read_number(r);
	s->last = (int)record_read_number(r);
	s->pending = record_read_number(r) != 0;
	s->tags = read_string(r);
	s->key = record_read_number(r);
	s->id = record_read_number(r);
	s->nth = (uint32_t)record_read_number(r);
	s->repeat = (uint32_t)record_read_number(r);
	s->repeated = record_read_number(r) != 0;
	s->twin = record_read_number(r) != 0;
	r->bad |= !s->name || !s->file;
}

void record_read_outcome(struct record *r, struct outcome *o)
{
	*o = (struct outcome){ .status = (enum outcome_status)record_read_number(r) };
	o->tries = (uint32_t)record_read_number(r);
	o->us = record_read_number(r);
	for (int i = 0; i < OUTCOME_TEXTS; i++)
		record_read_text(r, &o->text[i]);
	r->bad |= o->status >= OUTCOMES;
}
