/* SPDX-License-Identifier: MIT */
/* Address space of the host. */
#ifndef DEVSH_MM_HOST_H
#define DEVSH_MM_HOST_H

#include <stdint.h>

/* Zeroed memory that takes no room before it is written to; NULL: none. */
void *reserve(uint64_t bytes);
/* p may be NULL. */
void unreserve(void *p, uint64_t bytes);

#endif
