/* SPDX-License-Identifier: MIT */
/* The setters of params_panic.c, for the table in params.c only. */
#ifndef DEVSH_KERNEL_PARAMS_PANIC_H
#define DEVSH_KERNEL_PARAMS_PANIC_H

#include "kernel/params.h"

/* 0, or -EINVAL with an explanation in `why`. */
int set_panic(struct params *p, const char *value, char *why, size_t n);
int set_panic_on_warn(struct params *p, const char *value, char *why, size_t n);
int set_oops(struct params *p, const char *value, char *why, size_t n);
int set_kasan_fault(struct params *p, const char *value, char *why, size_t n);
/* -EINVAL if the release does not have that kasan.fault=. */
int check_kasan_fault(const struct params *p, char *why, size_t n);

#endif
