/* SPDX-License-Identifier: MIT */
/*
 * Shared by generate.c (operations), body.c (callbacks) and pick.c (their arguments): a
 * source of random numbers that knows what was created so far.
 */
#ifndef DEVSH_TESTS_GENERATE_H
#define DEVSH_TESTS_GENERATE_H

#include "random.h"

/* Created things, so that calls meet them more often than by chance. */
enum made_kind { MADE_KMALLOC, MADE_PAGES, MADE_PERCPU, MADE_LOOSE, MADE_RES, MADE_ACTION,
		 MADE_GROUP, MADE_KINDS };

struct made {
	int dev, fn;
	struct ref p;
};

enum { REMEMBERED = 8 };

struct source {
	uint64_t state;
	struct sequence *s;
	int recent[32];   /* ring of variables that hold pointers */
	int recents;
	struct made made[MADE_KINDS][REMEMBERED];
	int mades[MADE_KINDS];
	unsigned devices, drivers; /* bits for those that probably exist */
	unsigned held;             /* ... that have an additional reference */
	bool leaf;        /* in a function: no call that runs another one */
	int below;        /* ... except those with lower numbers */
};

static inline uint64_t next(struct source *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static inline unsigned below(struct source *r, unsigned n)
{
	return (unsigned)(next(r) % n);
}

static inline bool one_in(struct source *r, unsigned n)
{
	return !below(r, n);
}

static inline struct ref number(uint64_t n)
{
	return (struct ref){ -1, n };
}

/* sequence.c: exits if memory runs out. */
struct body *new_body(void);

/* pick.c */
uint64_t pick_size(struct source *r);
/* Usually a pointer that some call returned, and sometimes an invalid one. */
struct ref pick_pointer(struct source *r);
/* The id of a group. */
struct ref pick_id(struct source *r);
/* d0 to d2 get resources by hand, the others from drivers. */
int pick_device(struct source *r, enum op_kind kind);
int pick_driver(struct source *r, enum op_kind kind);
/* -1: there are enough. */
int new_var(struct source *r);
void remember(struct source *r, enum made_kind kind, const struct op *op, struct ref p);
/* Uses the device, function and pointer of something created earlier. */
void aim(struct source *r, struct op *op, enum made_kind kind);

/* body.c */
void fill_function(struct source *r, struct op *op);
void fill_driver(struct source *r, struct op *op);
/* Under the device's lock: another list may be inspected, this one may not. */
struct body *pick_locked_body(struct source *r);

/* generate.c: fills everything but the kind, which is set. */
void fill_op(struct source *r, struct op *op);

#endif
