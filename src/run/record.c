/* SPDX-License-Identifier: MIT */
#include "run/record.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct head {
	uint32_t len;         /* of the whole record */
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

static void record_buf(struct buf *b, const struct buf *text)
{
	record_text(b, buf_str(text), text->len);
}

void record_scenario(struct buf *b, const struct scenario *s)
{
	record_text(b, s->name, strlen(s->name));
	record_text(b, s->file, strlen(s->file));
	record_number(b, (uint64_t)s->line);
	record_number(b, s->pending);
}

void record_outcome(struct buf *b, const struct outcome *o)
{
	record_number(b, o->status);
	record_buf(b, &o->message);
	record_buf(b, &o->where);
	record_buf(b, &o->log);
	record_buf(b, &o->lists);
	record_buf(b, &o->output);
}

bool record_send(struct buf *b, int fd)
{
	const char *at = b->s;
	size_t left = b->len;
	uint32_t len = (uint32_t)b->len;

	if (b->cut || !at)
		return false; /* no memory for it */
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
		h.len = sizeof(h); /* not one of ours: every read of it fails */
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
	s->pending = record_read_number(r) != 0;
	r->bad |= !s->name || !s->file;
}

void record_read_outcome(struct record *r, struct outcome *o)
{
	*o = (struct outcome){ .status = (enum outcome_status)record_read_number(r) };
	record_read_text(r, &o->message);
	record_read_text(r, &o->where);
	record_read_text(r, &o->log);
	record_read_text(r, &o->lists);
	record_read_text(r, &o->output);
	r->bad |= o->status >= OUTCOMES;
}
