/* SPDX-License-Identifier: MIT */
#include "lib/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"

static bool buf_room(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 64;
	char *s;

	if (b->len + more + 1 <= b->cap)
		return true;
	while (cap < b->len + more + 1)
		cap *= 2;
	s = host_realloc(b->s, cap);
	if (!s) {
		b->cut = true;
		return false;
	}
	b->s = s;
	b->cap = cap;
	return true;
}

void buf_finish(struct buf *b)
{
	free(b->s);
	*b = (struct buf)BUF_INIT;
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->cut = false;
	if (b->s)
		b->s[0] = '\0';
}

void buf_add(struct buf *b, const char *s, size_t len)
{
	if (!buf_room(b, len))
		return;
	if (len)
		memcpy(b->s + b->len, s, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_pad(struct buf *b, char c, int n)
{
	while (n-- > 0)
		buf_putc(b, c);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0) { /* libc allocates for wide fields, and had no memory */
		b->cut = true;
		host_memory_failed();
	}
	if (n > 0 && buf_room(b, (size_t)n)) {
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

const char *buf_str(const struct buf *b)
{
	return b->s ? b->s : "";
}

char *buf_steal(struct buf *b)
{
	char *s = b->s ? b->s : host_calloc(1, 1);

	*b = (struct buf)BUF_INIT;
	return s;
}
