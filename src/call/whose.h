/* SPDX-License-Identifier: MIT */
/*
 * Whose memory it is, in words: what `who` answers and what a report gets as
 * its last paragraph is made from the same ones.
 */
#ifndef DEVSH_CALL_WHOSE_H
#define DEVSH_CALL_WHOSE_H

#include "call/entry.h"
#include "lib/buf.h"

/* What was done wrong; each has a usual repair. */
enum wrong {
	WRONG_NOTHING,
	OVERRUN, UNDERRUN,
	USED_AFTER_REMOVE, USED_WITHOUT_REMOVE, USED_AFTER_FAILED_PROBE, USED_AFTER_DEVICE,
	USED_AFTER_GROUP,
	USED_AFTER_DEVM_KFREE, USED_AFTER_KREALLOC, USED_AFTER_KFREE,
	FREED_BY_THE_LIST, FREED_TWICE,
	KFREE_OF_NODE, DEVM_KFREE_OF_PLAIN, DEVM_KFREE_OF_PAGES, OTHER_DEVICE, OTHER_RELEASE,
	ON_NO_LIST, OF_GROUP, INTERIOR,
	THROUGH_NULL, THROUGH_ZERO_SIZE, THROUGH_ERROR, THROUGH_POISON, THROUGH_RED_ZONE, THROUGH_LIST_POISON,
	THROUGH_USER, THROUGH_NOTHING, FREE_PAGES,
	DAMAGED_END, DAMAGED_FRONT, DAMAGED_FREE,
	SLEPT_IN_LOCK, SLEPT_WITH_IRQS_OFF, WAITED_IN_LOCK, WAITED_WITH_IRQS_OFF,
	PUT_TOO_MANY,
};

/* The sentence that says what would have been right. */
const char *usual_repair(enum wrong w);
/* How to learn who wrote over bytes that SLUB watches. */
const char *who_wrote(const struct machine *m);

/* Of an object that is free: whose it was, who freed it, and the repair. */
void explain_freed(struct machine *m, const struct machine_place *p, enum wrong w, struct buf *out);
/* Of a free at `addr`, which is in or beside that object: it is free already, or not its start. */
void explain_second_free(struct machine *m, uint64_t addr, const struct machine_place *p,
			 struct buf *out);

/* "node 2 of eth0, 64 bytes of demo_probe"; "100 bytes of demo_probe" */
void whose_memory(struct machine *m, const struct machine_place *p, struct buf *out);
/* "devres_release_all VERB after remove() of demo": who freed it last, and when. */
void whose_free(struct machine *m, const struct machine_place *p, const char *verb,
		struct buf *out);
/* For whom it was freed; an object that is in use again: for those before. May be NULL. */
const struct owner *freed_for(const struct machine_place *p);
/* Whoever uses what was freed so does this wrong. */
enum wrong used_after(struct machine *m, const struct machine_place *p);
/* The device whose node remembers these pages or this per-CPU memory, or NULL. */
struct device *remembered_by(struct machine *m, uint64_t addr);
/* What an address outside of the machine's memory is: one sentence. */
enum wrong what_else(struct machine *m, uint64_t addr, struct buf *out);

#endif
