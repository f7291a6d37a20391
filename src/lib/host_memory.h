/* SPDX-License-Identifier: MIT */
/*
 * Memory of the host, which may have none. Failures are counted, so that a function on the
 * way need not pass one on: what is left out makes half an answer, and whoever answers the
 * user compares the count with an earlier one and answers with an error alone. All our code
 * allocates through these; a test looks for other ways.
 */
#ifndef DEVSH_LIB_HOST_MEMORY_H
#define DEVSH_LIB_HOST_MEMORY_H

#include <stddef.h>

/* Of this process, ever. */
extern unsigned long host_memory_failures;

/* One that was not ours: of a library that allocates by itself. */
void host_memory_failed(void);

/* As libc's functions without "host_". */
void *host_malloc(size_t size);
void *host_calloc(size_t n, size_t size);
void *host_realloc(void *p, size_t size);
char *host_strdup(const char *s);
char *host_strndup(const char *s, size_t len);

#endif
