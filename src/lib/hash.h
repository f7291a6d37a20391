/* SPDX-License-Identifier: MIT */
/* A hash of a string that is the same on every host. */
#ifndef DEVSH_LIB_HASH_H
#define DEVSH_LIB_HASH_H

#include <stdint.h>

/* FNV-1a. */
static inline uint32_t text_hash(const char *text)
{
	uint32_t h = 2166136261u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

#endif
