/* SPDX-License-Identifier: MIT */
/* Checked access to memory, for drivers and users. */
#ifndef DEVSH_MM_ACCESS_H
#define DEVSH_MM_ACCESS_H

#include <stddef.h>
#include <stdint.h>

struct mm;

/* 0, or -EFAULT after an Oops because the machine has no memory there. */
int mm_read(struct mm *mm, uint64_t addr, void *out, size_t len);
int mm_write(struct mm *mm, uint64_t addr, const void *in, size_t len);
/* memset() and memcpy(). -EACCES: KASAN reported the access, and nothing was done. */
int mm_fill(struct mm *mm, uint64_t addr, uint8_t byte, size_t len);
/* Copies as much as both ranges have memory for; what precedes the Oops is copied. */
int mm_copy(struct mm *mm, uint64_t dest, uint64_t src, uint64_t len);

#endif
