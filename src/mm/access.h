/* SPDX-License-Identifier: MIT */
/* Memory as drivers and people read and write it: checked. */
#ifndef DEVSH_MM_ACCESS_H
#define DEVSH_MM_ACCESS_H

#include <stddef.h>
#include <stdint.h>

struct mm;

/* 0, or -EFAULT after an Oops: the machine has no memory there. */
int mm_read(struct mm *mm, uint64_t addr, void *out, size_t len);
int mm_write(struct mm *mm, uint64_t addr, const void *in, size_t len);
/* memset() and memcpy(): -EACCES where KASAN reported it and they do nothing then. */
int mm_fill(struct mm *mm, uint64_t addr, uint8_t byte, size_t len);
/* As far as both ranges have memory: what lies before the Oops is copied. */
int mm_copy(struct mm *mm, uint64_t dest, uint64_t src, uint64_t len);

#endif
