/* SPDX-License-Identifier: MIT */
/* Sizes and numbers as on the kernel command line. */
#ifndef DEVSH_LIB_SIZE_H
#define DEVSH_LIB_SIZE_H

#include <stdint.h>

/* "64", "4k", "16M", "2GiB", "0x40", "0b101"; 0, -EINVAL or -ERANGE. */
int parse_size(const char *s, uint64_t *out);

#endif
