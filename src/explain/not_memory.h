/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_EXPLAIN_NOT_MEMORY_H
#define DEVSH_EXPLAIN_NOT_MEMORY_H

#include "explain/repairs.h"
#include "machine/machine.h"

/* What an address outside of the machine's memory is: one sentence. */
enum wrong not_memory(struct machine *m, uint64_t addr, struct buf *out);

#endif
