/* SPDX-License-Identifier: MIT */
/*
 * One fuzzer: an input is run, whatever it is; the process dies where the model
 * is wrong. Linked with libFuzzer, or with plain.c, which knows less and needs
 * no clang.
 */
#ifndef DEVSH_TESTS_FUZZ_H
#define DEVSH_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/* The input's bytes; always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Inputs that come from elsewhere, as examples of the table: the i-th one's
 * length, its bytes in *text; 0 behind the end.
 */
size_t fuzz_seed(size_t i, const char **text);

/* support.c */

/* Scripts are interrupted, as by Ctrl-C, after so much time of this process. */
void fuzz_time_limit(int milliseconds);
void fuzz_time_limit_off(void);
/* Dies with the findings of fsck when the model's own bookkeeping is wrong. */
void fuzz_check(struct machine *m);
/* The i-th call's example. */
size_t fuzz_example(size_t i, const char **text);

#endif
