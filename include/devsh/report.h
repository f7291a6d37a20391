/* SPDX-License-Identifier: MIT */
/* The output of a machine: the kernel log and its complaints. */
#ifndef DEVSH_REPORT_H
#define DEVSH_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include <devsh/machine.h>

struct report_line {
	uint64_t seq;      /* counts from 0 at each boot */
	uint64_t now;      /* simulated ns since boot */
	int level;         /* 0 emerg ... 7 debug */
	const char *text;  /* valid until the next call on the machine */
};

/*
 * report_line - get the log line with number seq, or the first kept line after it
 *
 * Returns 1, or 0 if there is none yet. Start with 0 and continue with line->seq + 1.
 */
int report_line(const struct machine *m, uint64_t seq, struct report_line *line);

/* The number of the next line. */
uint64_t report_next(const struct machine *m);

/* "[    0.000040] text": a line as dmesg prints it. */
void report_format(const struct report_line *line, char *out, size_t size);

/*
 * Call this when a front end begins something new: rate limits (ten reports of a kind in
 * five seconds) start again, and the number of suppressed reports is logged.
 */
void report_begin(struct machine *m);

/* WARN, BUG, Oops and allocator reports since boot. */
uint32_t report_complaints(const struct machine *m);

/*
 * The reports that KASAN did not print because an earlier one of this boot was
 * (kasan_multi_shot=off).
 */
uint32_t report_withheld(const struct machine *m);

/* Marks so many complaints as expected. */
void report_expect(struct machine *m, uint32_t complaints);
uint32_t report_expected(const struct machine *m);

/* Counts an unexpected complaint of another machine for this one. */
void report_elsewhere(struct machine *m);

/* The number of unexpected complaints, of all boots. */
uint32_t report_unexpected(const struct machine *m);

#endif
