/* SPDX-License-Identifier: MIT */
/* Hints to the compiler about branches and functions. */
#ifndef DEVSH_KERNEL_COMPILER_H
#define DEVSH_KERNEL_COMPILER_H

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline    __attribute__((noinline))

#endif
