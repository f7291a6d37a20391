/* SPDX-License-Identifier: MIT */
/* The slowest scenarios of a run. */
#ifndef DEVSH_RUN_DURATIONS_H
#define DEVSH_RUN_DURATIONS_H

#include <stdint.h>
#include <stdio.h>

struct scenario;

struct durations {
	struct duration { uint64_t us; char *name, *place; } *at; /* slowest first */
	int count, limit;
};

void durations_add(struct durations *d, const struct scenario *s, uint64_t us);
/* Prints and clears the list. */
void durations_print(struct durations *d, FILE *out);

#endif
