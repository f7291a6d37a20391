/* SPDX-License-Identifier: MIT */
/* The only source of random numbers, seeded by the machine's seed. */
#ifndef DEVSH_KERNEL_RANDOM_H
#define DEVSH_KERNEL_RANDOM_H

#include <stdint.h>

struct kernel;

uint64_t kernel_random(struct kernel *k);

#endif
