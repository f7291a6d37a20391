/* SPDX-License-Identifier: MIT */
/* Error numbers by name: those that the simulated kernel can return. */
#ifndef DEVSH_ERRNO_H
#define DEVSH_ERRNO_H

#include <stddef.h>

/* "ENOMEM" for 12; NULL: it has no name. */
const char *errno_name(int err);
/* "Cannot allocate memory" for ENOMEM, Linux' own text. */
const char *errno_text(int err);
/* 12 for "ENOMEM"; 0: no such name. */
int errno_value(const char *name);
/* The i-th errno that devsh knows; NULL past the end. */
const char *errno_at(size_t i, int *value);

#endif
