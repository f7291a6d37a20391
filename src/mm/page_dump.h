/* SPDX-License-Identifier: MIT */
/* Prints the lines of a report about p's page: page:, flags:, raw: and the reason. */
#ifndef DEVSH_MM_PAGE_DUMP_H
#define DEVSH_MM_PAGE_DUMP_H

#include "mm/slab.h"

void dump_page(struct mm *mm, const void *p, const char *because);

/* bad_page.c: reports "Bad page state" and the reason */
void bad_page(struct mm *mm, uint32_t pfn, int refcount, const char *why);

#endif
