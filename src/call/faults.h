/* SPDX-License-Identifier: MIT */
/*
 * Runs the same code again and again while allocation 1, 2, 3 ... fails. A run takes
 * place on a machine; whether each run gets its own is up to the caller.
 */
#ifndef DEVSH_CALL_FAULTS_H
#define DEVSH_CALL_FAULTS_H

#include "call/entry.h"

#define FAULTS_RUNS_MAX 1000

/* The outcome of a run. */
struct fault_run {
	uint32_t n;           /* the allocation that was to fail */
	bool injected;        /* the run got that far */
	struct fault fault;   /* ... and this is the allocation */
	int err;              /* result of the code: 0 or -errno */
	uint32_t leaks, complaints;
	uint64_t leaked;      /* bytes */
	bool ok;
	char verdict[160];
};

/*
 * Runs the code with the n-th allocation failing, and checks what it leaves behind.
 * @undone: the code must leave no trace even if it succeeds. Otherwise only a failed run
 * must not, and a success leads to the machine's next state. -ENOMEM, or -EINVAL if the
 * machine was booted meanwhile, as r's error.
 */
int faults_run(struct machine *m, struct code *code, uint32_t n, bool undone,
	       struct fault_run *run, struct result *r);

void faults_columns(struct result *r);
/* Adds a row for the run; true: another run is needed. */
bool faults_add(struct result *r, const struct fault_run *run);

#endif
