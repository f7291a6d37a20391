/* SPDX-License-Identifier: MIT */
/*
 * A check of the model's own bookkeeping, like fsck for a file system: it walks
 * everything, compares what is recorded twice, and changes nothing.
 *
 * There are two kinds of findings. Bookkeeping outside the simulated memory belongs to
 * the model alone: an inconsistency there is a bug of devsh. Links and releases of nodes
 * are in simulated memory, where a driver can overwrite them as in Linux, or free a node
 * that is on a list. Once one has done so, inconsistencies in memory are blamed on it.
 */
#ifndef DEVSH_MACHINE_FSCK_H
#define DEVSH_MACHINE_FSCK_H

#include "machine/machine.h"

enum fsck_kind { FSCK_UNSOUND, FSCK_OVERWRITTEN };

struct fsck_finding {
	enum fsck_kind kind;
	char where[64];   /* "kmalloc-64 on node 0", "eth0", "log" */
	char text[160];   /* what is inconsistent, with both values */
};

typedef void (*fsck_found_t)(void *ctx, const struct fsck_finding *finding);

/* Findings that are reported; further ones are only counted. */
#define FSCK_REPORTED_MAX 100

/*
 * fsck - check the whole machine
 *
 * Calls found() for each finding; it must not touch the machine. During a callback, and
 * after a task died, conditions that only hold between calls are not checked. Returns the
 * number of findings of both kinds, or -ENOMEM.
 */
int64_t machine_fsck(struct machine *m, fsck_found_t found, void *ctx);

/* --- private to machine/fsck*.c ---------------------------------------------- */

struct fsck {
	struct machine *m;
	fsck_found_t found;
	void *ctx;
	int64_t findings;
	bool calm;            /* no callback is running, and no task has died in one */
	enum fsck_kind memory; /* the kind of findings in simulated memory */

	/* one bit per slot */
	uint8_t *free_list, *sheaf, *row, *on_list;
	/* by tag - TAG_LISTS: whether it is free; whether an object has it */
	uint8_t *free_tag, *used_tag;
	/* by id - first_id: known references to a device */
	uint32_t *refs, *children;
	/* number of devices that are bound, and on a bus, to compare with the lists */
	uint32_t bound, on_bus;
};

__attribute__((format(printf, 4, 5)))
void fsck_report(struct fsck *f, enum fsck_kind kind, const char *where, const char *fmt, ...);

static inline bool fsck_bit(const uint8_t *bits, size_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

/* Sets a bit; true: it was set already. */
static inline bool fsck_mark(uint8_t *bits, size_t i)
{
	bool was = fsck_bit(bits, i);

	bits[i / 8] |= (uint8_t)(1u << i % 8);
	return was;
}

/*
 * Checks the links of a ring in both directions; returns its length. -1 after a finding:
 * it must not be walked.
 */
int64_t fsck_ring(struct fsck *f, const struct list *head, const char *where, const char *what);

void fsck_kernel(struct fsck *f);
void fsck_mm(struct fsck *f);
/* Checks the lists of nodes, and marks the slots of listed nodes for fsck_mm(). */
void fsck_lists(struct fsck *f);
/* After fsck_mm(), which records what tags are in use. */
void fsck_tags(struct fsck *f);
void fsck_core(struct fsck *f);
void fsck_links(struct fsck *f, struct device *dev);

#endif
