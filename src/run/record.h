/* SPDX-License-Identifier: MIT */
/*
 * Records that a worker writes to a pipe: length, kind, and then
 *
 *   FOUND    scenario            the file has this scenario
 *   BEGINS   number              this scenario starts
 *   ENDED    scenario, outcome
 *   WHERE    text                the place where the worker was when it was asked; its last record
 *   DONE                         the file is finished; the worker wants the next one
 *
 * Both ends are the same program on the same machine, so numbers are in host byte order.
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
/* Completes the record and writes it. Empties b. False: the reader is gone. */
bool record_send(struct buf *b, int fd);

/* --- reading ------------------------------------------------------------------ */

struct record {
	enum record_kind kind;
	const char *at, *end;
	bool bad;             /* the record is too short; discard everything read from it */
};

/* Finds the first complete record. Returns its length, or 0 if it is not complete yet. */
size_t record_next(const char *bytes, size_t len, struct record *r);
uint64_t record_read_number(struct record *r);
/* Appends the text. */
void record_read_text(struct record *r, struct buf *out);
/* The caller frees the strings. */
void record_read_scenario(struct record *r, struct scenario *s);
void record_read_outcome(struct record *r, struct outcome *o);

#endif
