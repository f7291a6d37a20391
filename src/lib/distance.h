/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_LIB_DISTANCE_H
#define DEVSH_LIB_DISTANCE_H

#include <stddef.h>

/*
 * Damerau-Levenshtein distance (optimal string alignment) of two words.
 * Words longer than 63 bytes are never close: the result is then 64.
 */
int distance(const char *a, const char *b);

/* The nearest word so far; start with { word, NULL, 0 }. */
struct nearest {
	const char *word;
	const char *best;
	int off;
};

/*
 * Offers a candidate. It is taken if it is close enough: at most two edits away, one for
 * words of up to four bytes, none for up to two.
 */
void nearest_offer(struct nearest *n, const char *candidate);

#endif
