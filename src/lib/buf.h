/* SPDX-License-Identifier: MIT */
/*
 * A string that grows. The caller owns the struct and calls buf_finish(). The text is
 * always NUL-terminated. If the host runs out of memory, the text is cut and `cut` is
 * set, so that appends need not be checked.
 */
#ifndef DEVSH_LIB_BUF_H
#define DEVSH_LIB_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *s;
	size_t len, cap;
	bool cut;
};

#define BUF_INIT { 0 }

void buf_finish(struct buf *b);
void buf_reset(struct buf *b);
void buf_add(struct buf *b, const char *s, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_pad(struct buf *b, char c, int n);
__attribute__((format(printf, 2, 3)))
void buf_printf(struct buf *b, const char *fmt, ...);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);

/* The text, never NULL. Valid until the next change. */
const char *buf_str(const struct buf *b);

/* Hand the text over: the caller frees it, and the buf is empty again. */
char *buf_steal(struct buf *b);

/* The ending of a regular noun: "1 byte", "2 bytes". */
static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

#endif
