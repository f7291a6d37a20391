/* SPDX-License-Identifier: MIT */
/*
 * A check of the model's own bookkeeping, as fsck's of a file system: it walks, compares
 * what is kept twice, and changes nothing.
 *
 * Two kinds of findings. Bookkeeping outside the simulated memory is the model's alone:
 * what is wrong there is a bug of devsh. Links and releases of nodes lie in simulated
 * memory, where a driver can overwrite them as in Linux, or free a node that is on a list:
 * once one has had its hands there, what does not fit in memory is said to be the driver's
 * doing.
 */
#ifndef DEVSH_MACHINE_FSCK_H
#define DEVSH_MACHINE_FSCK_H

#include "machine/machine.h"

enum fsck_kind { FSCK_UNSOUND, FSCK_OVERWRITTEN };

struct fsck_finding {
	enum fsck_kind kind;
	char where[64];   /* "kmalloc-64 on node 0", "eth0", "log" */
	char text[160];   /* what does not fit, both sides of it */
};

typedef void (*fsck_found_t)(void *ctx, const struct fsck_finding *finding);

/* Findings that are told; more are only counted. */
#define FSCK_TOLD_MAX 100

/*
 * fsck - look through the whole machine
 *
 * Calls found() for each finding; it must not touch the machine. Inside a callback, and
 * after a task died, what only holds between calls is not asked for. Returns the number of
 * findings, of both kinds; -ENOMEM.
 */
int64_t machine_fsck(struct machine *m, fsck_found_t found, void *ctx);

/* --- private to machine/fsck*.c ---------------------------------------------- */

struct fsck {
	struct machine *m;
	fsck_found_t found;
	void *ctx;
	int64_t findings;
	bool calm;            /* no callback runs, and nobody ever died in one */
	enum fsck_kind memory; /* what findings in simulated memory are */

	/* a bit for each slot */
	uint8_t *free_list, *sheaf, *row, *on_list;
	/* by tag - TAG_LISTS: waits to be used again; something is marked with it */
	uint8_t *free_tag, *used_tag;
	/* by id - first_id: what is known to point to a device */
	uint32_t *refs, *children;
	/* devices that say so themselves: lists have to hold as many */
	uint32_t bound, on_bus;
};

__attribute__((format(printf, 4, 5)))
void fsck_say(struct fsck *f, enum fsck_kind kind, const char *where, const char *fmt, ...);

static inline bool fsck_bit(const uint8_t *bits, size_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

/* True: it was set already. */
static inline bool fsck_mark(uint8_t *bits, size_t i)
{
	bool was = fsck_bit(bits, i);

	bits[i / 8] |= (uint8_t)(1u << i % 8);
	return was;
}

/* Links of a ring, both ways. -1 after a finding: it must not be walked. */
int64_t fsck_ring(struct fsck *f, const struct list *head, const char *where, const char *what);

void fsck_kernel(struct fsck *f);
void fsck_mm(struct fsck *f);
/* Lists of nodes; marks the slots of what is on one, for fsck_mm(). */
void fsck_lists(struct fsck *f);
/* After fsck_mm(), which sees what tags are in use. */
void fsck_tags(struct fsck *f);
void fsck_core(struct fsck *f);
void fsck_links(struct fsck *f, struct device *dev);

#endif
