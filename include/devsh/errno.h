/* SPDX-License-Identifier: MIT */
/* Error numbers by name: those that the simulated kernel can answer with. */
#ifndef DEVSH_ERRNO_H
#define DEVSH_ERRNO_H

#include <stddef.h>

/* "ENOMEM" for 12; NULL: no name. */
const char *errno_name(int err);
/* "Cannot allocate memory" for ENOMEM, as in Linux' own text. */
const char *errno_text(int err);
/* The value of "ENOMEM"; 0: no such name. */
int errno_value(const char *name);
/* The i-th name of the errnos that devsh knows. */
const char *errno_at(size_t i, int *value);

#endif
