/* SPDX-License-Identifier: MIT */
/*
 * One thing, run again and again while allocation 1, 2, 3 ... fails. A run is
 * made on a machine; whether each has a machine of its own is up to who asks.
 */
#ifndef DEVSH_CALL_FAULTS_H
#define DEVSH_CALL_FAULTS_H

#include "call/entry.h"

#define FAULTS_RUNS_MAX 1000

/* What one run came to. */
struct fault_run {
	uint32_t n;           /* the allocation that was to fail */
	bool injected;        /* it was reached */
	struct fault fault;   /* ... and this is it */
	int err;              /* what the thing answered: 0 or -errno */
	uint32_t leaks, complaints;
	uint64_t leaked;      /* bytes */
	bool ok;
	char verdict[160];
};

/*
 * Run the code with the n-th allocation failing, and look at what it left.
 * @undone: the thing has to leave everything as it was also when it succeeds.
 *          Else only a failure has to, and a success is a machine's next state.
 * -ENOMEM, or -EINVAL when the machine was booted meanwhile, as r's error.
 */
int faults_run(struct machine *m, struct code *code, uint32_t n, bool undone,
	       struct fault_run *run, struct result *r);

void faults_columns(struct result *r);
/* A row for the run; true: there is another one to make. */
bool faults_add(struct result *r, const struct fault_run *run);

#endif
