/* SPDX-License-Identifier: MIT */
/*
 * Filling and comparing runs of bytes that all have one value. Most are short: these are
 * done inline in 16-byte chunks, the last of which may overlap the one before.
 */
#ifndef DEVSH_LIB_BYTES_H
#define DEVSH_LIB_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t bytes_chunk __attribute__((vector_size(16), aligned(1), may_alias));

#define BYTES_INLINE 64

static inline uint64_t bytes_eight(uint8_t value)
{
	return value * 0x0101010101010101ull;
}

static inline void bytes_fill(void *p, uint8_t value, size_t len)
{
	uint64_t eight = bytes_eight(value);
	bytes_chunk chunk = { eight, eight };
	char *at = p;

	if (len > BYTES_INLINE) {
		memset(at, value, len);
	} else if (len >= 16) {
		for (size_t i = 0; i < len - 16; i += 16)
			*(bytes_chunk *)(at + i) = chunk;
		*(bytes_chunk *)(at + len - 16) = chunk;
	} else if (len >= 8) {
		memcpy(at, &eight, 8);
		memcpy(at + len - 8, &eight, 8);
	} else {
		while (len)
			at[--len] = (char)value;
	}
}

static inline bool bytes_are(const void *p, uint8_t value, size_t len)
{
	uint64_t eight = bytes_eight(value), first, last;
	const char *at = p;

	if (len > 256) /* each byte equals the one before it */
		return (uint8_t)*at == value && !memcmp(at, at + 1, len - 1);
	if (len >= 16) {
		bytes_chunk chunk = { eight, eight };
		bytes_chunk differs = *(const bytes_chunk *)(at + len - 16) ^ chunk;

		for (size_t i = 0; i < len - 16; i += 16)
			differs |= *(const bytes_chunk *)(at + i) ^ chunk;
		return !(differs[0] | differs[1]);
	}
	if (len >= 8) {
		memcpy(&first, at, 8);
		memcpy(&last, at + len - 8, 8);
		return !((first ^ eight) | (last ^ eight));
	}
	while (len && (uint8_t)at[len - 1] == value)
		len--;
	return !len;
}

#endif
