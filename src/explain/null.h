/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_EXPLAIN_NULL_H
#define DEVSH_EXPLAIN_NULL_H

#include "lib/buf.h"
#include "machine/machine.h"

/* What an allocation asked for. */
struct asked {
	uint64_t size, n;     /* n objects of size bytes */
	uint64_t order;       /* or so many pages; 0: not by order */
	uint64_t gfp;
	bool managed;         /* a header comes with it */
	uint32_t complaints;  /* of the kernel when it began */
};

/* Why it got NULL: one sentence. */
void explain_null(const struct machine *m, const struct asked *a, struct buf *out);

#endif
