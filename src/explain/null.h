/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_EXPLAIN_NULL_H
#define DEVSH_EXPLAIN_NULL_H

#include "lib/buf.h"
#include "machine/machine.h"

/* What an allocation requested. */
struct asked {
	uint64_t size, n;     /* n objects of size bytes */
	uint64_t order;       /* or 2^order pages; 0: not requested by order */
	uint64_t gfp;
	bool managed;         /* a devres header is added */
	uint32_t complaints;  /* the number of complaints when it began */
};

/* Why it returned NULL, as a phrase. */
void explain_null(const struct machine *m, const struct asked *a, struct buf *out);

#endif
