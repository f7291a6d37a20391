/* SPDX-License-Identifier: MIT */
/*
 * The interface of a fuzzer: it runs any input, and the process dies if the model is
 * wrong. Linked with libFuzzer, or with plain.c, which is simpler and needs no clang.
 */
#ifndef DEVSH_TESTS_FUZZ_H
#define DEVSH_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/* Runs an input; always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Inputs from elsewhere, such as the table's examples: returns the length of the i-th
 * one, with its bytes in *text; 0 past the end.
 */
size_t fuzz_seed(size_t i, const char **text);

/* support.c */

/* Interrupts scripts, as Ctrl-C does, after this much CPU time. */
void fuzz_time_limit(int milliseconds);
void fuzz_time_limit_off(void);
/* Dies with the findings of fsck if the model's own bookkeeping is wrong. */
void fuzz_check(struct machine *m);
/* The example of the i-th call. */
size_t fuzz_example(size_t i, const char **text);

#endif
