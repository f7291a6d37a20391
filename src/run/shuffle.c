/* SPDX-License-Identifier: MIT */
#include "run/shuffle.h"

uint64_t text_id(uint64_t id, const char *text)
{
	for (; *text; text++)
		id = (id ^ (unsigned char)*text) * 1099511628211u;
	/* hash the end of the text, too */
	return (id ^ 0xff) * 1099511628211u;
}

const char *path_for_id(const char *path)
{
	while (path[0] == '.' && path[1] == '/')
		for (path += 2; *path == '/';)
			path++;
	return path;
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void shuffle(void *elements, size_t n, size_t size, uint64_t seed)
{
	unsigned char *at = elements;

	for (size_t i = n; i > 1; i--) {
		unsigned char *a = at + (i - 1) * size, *b = at + next(&seed) % i * size;

		for (size_t k = 0; k < size; k++) {
			unsigned char byte = a[k];

			a[k] = b[k];
			b[k] = byte;
		}
	}
}
