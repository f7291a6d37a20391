/* SPDX-License-Identifier: MIT */
/* Ids and orders that are the same on every machine. */
#ifndef DEVSH_RUN_SHUFFLE_H
#define DEVSH_RUN_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

#define ID_START 14695981039346656037u

/* Continues an id with a text (FNV-1a, 64 bits). */
uint64_t text_id(uint64_t id, const char *text);
/* The path without a leading "./", which does not change the file. */
const char *path_for_id(const char *path);

/* Shuffles n elements of this size; the seed determines the order. */
void shuffle(void *elements, size_t n, size_t size, uint64_t seed);

#endif
