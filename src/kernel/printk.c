/* SPDX-License-Identifier: MIT */
/*
 * The kernel log. Corresponds to Linux' kernel/printk/printk.c. Differs: a record is one
 * line, and the size of the ring is limited by the bytes of its text.
 */
#include "kernel/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/clock.h"
#include "kernel/event.h"
#include "lib/host_memory.h"

static void drop_oldest(struct log *l)
{
	struct log_line *line = &l->line[l->first];

	l->bytes -= strlen(line->text);
	free(line->text);
	l->first = (l->first + 1) % l->cap;
	l->count--;
}

static bool ring_room(struct log *l)
{
	struct log_line *line;
	uint32_t cap;

	if (l->count < l->cap)
		return true;
	cap = l->cap ? 2 * l->cap : 64;
	line = host_malloc(cap * sizeof(*line));
	if (!line)
		return false;
	for (uint32_t i = 0; i < l->count; i++)
		line[i] = l->line[(l->first + i) % l->cap];
	free(l->line);
	l->line = line;
	l->first = 0;
	l->cap = cap;
	return true;
}

static void log_add(struct kernel *k, enum log_level level, const char *text, size_t len)
{
	struct log *l = &k->log;
	uint64_t seq = l->next_seq++;
	char *copy;

	while (l->count && l->bytes + len > LOG_BYTES_MAX)
		drop_oldest(l);
	copy = host_strndup(text, len);
	if (!copy || !ring_room(l)) {
		free(copy);
		return;
	}
	l->line[(l->first + l->count++) % l->cap] = (struct log_line){
		.seq = seq, .now = k->now, .level = level, .text = copy,
	};
	l->bytes += len;
	EVENT(k, EV_PRINTK, .what = copy, .value = level);
}

void vprintk(struct kernel *k, enum log_level level, const char *fmt, va_list ap)
{
	char text[1024];
	char *line = text, *end;

	if (k->panic.panicked)
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	tick(k, 1000);
	/*
	 * Users choose names: control characters that could move the cursor are replaced,
	 * except for the TAB with which the kernel itself begins some lines.
	 */
	for (char *c = text + (*text == '\t'); *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\n')
			*c = '?';
	while ((end = strchr(line, '\n'))) {
		log_add(k, level, line, (size_t)(end - line));
		line = end + 1;
	}
	log_add(k, level, line, strlen(line));
}

void printk(struct kernel *k, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintk(k, level, fmt, ap);
	va_end(ap);
}

const struct log_line *log_at(const struct log *l, uint32_t i)
{
	return i < l->count ? &l->line[(l->first + i) % l->cap] : NULL;
}

void log_clear(struct log *l)
{
	while (l->count)
		drop_oldest(l);
}
