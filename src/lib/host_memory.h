/* SPDX-License-Identifier: MIT */
/*
 * Allocations from the host, which may fail. Failures are counted, so not every function
 * has to pass them on: it may leave out part of a result, and the caller that shows the
 * result compares the count with an earlier one and reports only an error if it changed.
 * All of devsh's code allocates through these functions; a test checks that.
 */
#ifndef DEVSH_LIB_HOST_MEMORY_H
#define DEVSH_LIB_HOST_MEMORY_H

#include <stddef.h>

/* Number of failures in this process. */
extern unsigned long host_memory_failures;

/* Counts a failure in a library that allocates by itself. */
void host_memory_failed(void);

/* Like libc's functions without "host_". */
void *host_malloc(size_t size);
void *host_calloc(size_t n, size_t size);
void *host_realloc(void *p, size_t size);
char *host_strdup(const char *s);
char *host_strndup(const char *s, size_t len);

#endif
