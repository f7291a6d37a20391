/* SPDX-License-Identifier: MIT */
/* The one source of random numbers, from the seed of the machine. */
#ifndef DEVSH_KERNEL_RANDOM_H
#define DEVSH_KERNEL_RANDOM_H

#include <stdint.h>

struct kernel;

uint64_t kernel_random(struct kernel *k);

#endif
