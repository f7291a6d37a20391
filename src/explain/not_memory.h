/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_EXPLAIN_NOT_MEMORY_H
#define DEVSH_EXPLAIN_NOT_MEMORY_H

#include "explain/repairs.h"
#include "machine/machine.h"

/* Appends a phrase that says what an address outside the machine's memory is. */
enum wrong not_memory(struct machine *m, uint64_t addr, struct buf *out);

#endif
