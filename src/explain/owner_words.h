/* SPDX-License-Identifier: MIT */
/*
 * Whose memory it is or was, in words, for both `who` and the last paragraph of a report.
 */
#ifndef DEVSH_EXPLAIN_OWNER_WORDS_H
#define DEVSH_EXPLAIN_OWNER_WORDS_H

#include "explain/repairs.h"
#include "machine/machine.h"

/* "node 2 of eth0, 64 bytes of demo_probe"; "100 bytes of demo_probe" */
void owner_words(struct machine *m, const struct machine_place *p, struct buf *out);
/* "devres_release_all VERB after remove() of demo": who freed it last, and when. */
void free_words(struct machine *m, const struct machine_place *p, const char *verb,
		struct buf *out);
/* The owner it was freed for; if it is in use again, the previous owner. May be NULL. */
const struct owner *freed_for(const struct machine_place *p);
/* What is wrong with using memory that was freed this way. */
enum wrong used_after(struct machine *m, const struct machine_place *p);
/* The device whose node refers to these pages or this per-CPU memory, or NULL. */
struct device *remembered_by(struct machine *m, uint64_t addr);

#endif
