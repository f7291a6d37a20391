/* SPDX-License-Identifier: MIT */
/* What came of a scenario. */
#ifndef DEVSH_LUA_OUTCOME_H
#define DEVSH_LUA_OUTCOME_H

#include <stdint.h>

#include "lib/buf.h"

struct machine;

enum outcome_status {
	OUTCOME_PASSED,
	OUTCOME_FAILED,
	OUTCOME_PENDING,
	OUTCOME_INTERRUPTED, /* in the middle */
	OUTCOME_NOT_RUN,     /* its turn did not come */
	OUTCOMES,
};

/* What a failure shows, in this order. */
enum outcome_text {
	OUTCOME_AT,          /* file:line */
	OUTCOME_MESSAGE,     /* the reason, maybe of several lines */
	OUTCOME_EXPECTED, OUTCOME_GOT, /* of an assertion that compares, each on one line */
	OUTCOME_TRACEBACK,   /* who called that line, a line each, the scenario last */
	OUTCOME_OUTPUT,      /* what the scenario printed; the runner fills it */
	OUTCOME_LISTS,       /* devres of all devices at that moment */
	OUTCOME_LOG,         /* the kernel's log since the scenario began */
	OUTCOME_REPRODUCE,   /* a command that runs it again; the runner fills it */
	OUTCOME_TEXTS,
};

/* Finish with outcome_finish(). */
struct outcome {
	enum outcome_status status;
	uint32_t tries;      /* that it took; 0 or 1: the first */
	uint64_t us;         /* that it took on the host */
	struct buf text[OUTCOME_TEXTS];
};

/* Each in a word: "passed", "at". */
extern const char *const outcome_status_name[OUTCOMES];
extern const char *const outcome_text_name[OUTCOME_TEXTS];

/* The machine as it is now: its lists and its log. */
void outcome_capture(struct outcome *o, struct machine *m);
void outcome_finish(struct outcome *o);

#endif
