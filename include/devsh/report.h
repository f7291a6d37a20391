/* SPDX-License-Identifier: MIT */
/*
 * What a machine says: the kernel log and its complaints.
 */
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
 * report_line - the log line with number seq, or the first one kept after it
 *
 * Returns 1, or 0 when there is none yet. Start with 0 and go on with
 * line->seq + 1.
 */
int report_line(const struct machine *m, uint64_t seq, struct report_line *line);

/* The number that the next line will have. */
uint64_t report_next(const struct machine *m);

/* "[    0.000040] text": the line as dmesg prints it. */
void report_format(const struct report_line *line, char *out, size_t size);

/*
 * A front end begins something new: reports are limited from the start again
 * (ten of each kind in five seconds), and the number of those that were kept
 * back is logged now.
 */
void report_begin(struct machine *m);

/* WARN, BUG, Oops and allocator reports since boot. */
uint32_t report_complaints(const struct machine *m);

/* Those that KASAN did not print, as an earlier report of this boot was (kasan_multi_shot=off). */
uint32_t report_withheld(const struct machine *m);

/* So many of them are what somebody wanted to see. */
void report_expect(struct machine *m, uint32_t complaints);
uint32_t report_expected(const struct machine *m);

/* Another machine's complaint, which nobody expected, counts for this one, too. */
void report_elsewhere(struct machine *m);

/* Those that nobody expected, of all boots. */
uint32_t report_unexpected(const struct machine *m);

#endif
