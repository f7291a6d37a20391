/* SPDX-License-Identifier: MIT */
/* The setters of params_slub.c, for the table in params.c only. */
#ifndef DEVSH_KERNEL_PARAMS_SLUB_H
#define DEVSH_KERNEL_PARAMS_SLUB_H

#include "kernel/params.h"

/* 0, or -EINVAL with an explanation in `why`. */
int set_slub_debug(struct params *p, const char *value, char *why, size_t n);
int set_min_order(struct params *p, const char *value, char *why, size_t n);
int set_max_order(struct params *p, const char *value, char *why, size_t n);
int set_min_objects(struct params *p, const char *value, char *why, size_t n);
int set_nr_cpus(struct params *p, const char *value, char *why, size_t n);

#endif
