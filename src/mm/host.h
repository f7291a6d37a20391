/* SPDX-License-Identifier: MIT */
/* Address space of the host for what a machine may need, kept from one boot to the next. */
#ifndef DEVSH_MM_HOST_H
#define DEVSH_MM_HOST_H

#include <stdbool.h>
#include <stdint.h>

/* Memory that costs nothing until it is written to. */
struct area {
	void *p;        /* NULL: none */
	uint64_t bytes;
	bool taken;
};

/* This many bytes, zeroed: those that were kept, if they are as many. NULL: none. */
void *area_take(struct area *a, uint64_t bytes);
/* Zeroes some of its bytes. */
void area_clear(struct area *a, uint64_t from, uint64_t bytes);
/* Keeps it for the next area_take(); the caller has zeroed it. */
void area_keep(struct area *a);
/* Gives it back to the host. */
void area_drop(struct area *a);

#endif
