/* SPDX-License-Identifier: MIT */
/* The lines of a report about the page that p is in: page:, flags:, raw: and why. */
#ifndef DEVSH_MM_PAGE_DUMP_H
#define DEVSH_MM_PAGE_DUMP_H

#include "mm/slab.h"

void dump_page(struct mm *mm, const void *p, const char *because);

/* bad_page.c: "Bad page state", and the reason */
void bad_page(struct mm *mm, uint32_t pfn, int refcount, const char *why);

#endif
