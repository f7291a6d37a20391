/* SPDX-License-Identifier: MIT */
/* The kernel log. */
#ifndef DEVSH_KERNEL_LOG_H
#define DEVSH_KERNEL_LOG_H

#include <stdarg.h>
#include <stdint.h>

struct kernel;
struct log;

enum log_level {
	KERN_EMERG, KERN_ALERT, KERN_CRIT, KERN_ERR,
	KERN_WARNING, KERN_NOTICE, KERN_INFO, KERN_DEBUG,
};

struct log_line {
	uint64_t seq; /* counts from 0 at each boot; gaps show that lines were dropped */
	uint64_t now;
	enum log_level level;
	char *text;
};

#define LOG_BYTES_MAX (4u << 20)

__attribute__((format(printf, 3, 4)))
void printk(struct kernel *k, enum log_level level, const char *fmt, ...);
void vprintk(struct kernel *k, enum log_level level, const char *fmt, va_list ap);

/* The i-th kept line, oldest first; NULL past the end. */
const struct log_line *log_at(const struct log *l, uint32_t i);
void log_clear(struct log *l);

#endif
