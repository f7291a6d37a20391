/* SPDX-License-Identifier: MIT */
/*
 * The only source of random numbers. Corresponds to no kernel file: runs must be
 * repeatable.
 */
#include "kernel/random.h"

#include "kernel/kernel.h"

/* splitmix64: any seed will do, and the numbers are the same on every host. */
uint64_t kernel_random(struct kernel *k)
{
	uint64_t z = k->rng += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}
