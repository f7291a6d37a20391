/* SPDX-License-Identifier: MIT */
/*
 * What a worker says, as bytes in a pipe: for each record its length, its kind,
 * and then
 *
 *   FOUND    scenario              the file has it, too
 *   BEGINS   number                the scenario that runs from now on
 *   ENDED    scenario, outcome
 *   WHERE    text                  where the worker was when it was asked, its last word
 *   DONE                           with the file: the next one, please
 *
 * Both ends are one program on one machine: numbers are as they lie in memory.
 */
#ifndef DEVSH_RUN_RECORD_H
#define DEVSH_RUN_RECORD_H

#include "run/sink.h"

enum record_kind { RECORD_FOUND = 1, RECORD_BEGINS, RECORD_ENDED, RECORD_WHERE, RECORD_DONE };

/* --- writing ------------------------------------------------------------------ */

void record_begin(struct buf *b, enum record_kind kind);
void record_number(struct buf *b, uint64_t n);
void record_text(struct buf *b, const char *s, size_t len);
void record_scenario(struct buf *b, const struct scenario *s);
void record_outcome(struct buf *b, const struct outcome *o);
/* Closes the record and writes it, whole. Leaves b empty. False: the reader is gone. */
bool record_send(struct buf *b, int fd);

/* --- reading ------------------------------------------------------------------ */

struct record {
	enum record_kind kind;
	const char *at, *end;
	bool bad;             /* it ended too early: nothing that was read counts */
};

/* The first whole record of the len bytes; how many it took, 0: there is none yet. */
size_t record_next(const char *bytes, size_t len, struct record *r);
uint64_t record_read_number(struct record *r);
/* Appends the text. */
void record_read_text(struct record *r, struct buf *out);
/* The strings are the caller's to free. */
void record_read_scenario(struct record *r, struct scenario *s);
void record_read_outcome(struct record *r, struct outcome *o);

#endif
