/* SPDX-License-Identifier: MIT */
/* After a free that the kernel complained about: what the pointer refers to. */
#ifndef DEVSH_EXPLAIN_FREES_H
#define DEVSH_EXPLAIN_FREES_H

#include "lib/buf.h"
#include "machine/machine.h"

void explain_devm_kfree(struct machine *m, struct device *dev, uint64_t addr, struct buf *out);
void explain_kfree(struct machine *m, uint64_t addr, struct buf *out);

#endif
