/* SPDX-License-Identifier: MIT */
/*
 * What generate.c (operations), body.c (callbacks) and pick.c (their arguments)
 * share: a source of numbers that knows what was made so far.
 */
#ifndef DEVSH_TESTS_GENERATE_H
#define DEVSH_TESTS_GENERATE_H

#include "random.h"

/* What was made, so that calls meet it more often than by chance. */
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
	int recent[32];   /* variables that hold pointers, a ring */
	int recents;
	struct made made[MADE_KINDS][REMEMBERED];
	int mades[MADE_KINDS];
	unsigned devices, drivers; /* bits of those that are likely to be there */
	unsigned held;             /* ... that somebody has a reference to */
	bool leaf;        /* inside of a function: no call that runs another one */
	int below;        /* ... but those below it */
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

/* sequence.c: nobody goes on without memory. */
struct body *new_body(void);

/* pick.c */
uint64_t pick_size(struct source *r);
/* Mostly a pointer that somebody got, and now and then what nobody did. */
struct ref pick_pointer(struct source *r);
/* Of a group. */
struct ref pick_id(struct source *r);
/* d0 to d2 get resources by hand, the others get them from drivers. */
int pick_device(struct source *r, enum op_kind kind);
int pick_driver(struct source *r, enum op_kind kind);
/* -1: there are enough. */
int new_var(struct source *r);
void remember(struct source *r, enum made_kind kind, const struct op *op, struct ref p);
/* The device, function and pointer of something that was made. */
void aim(struct source *r, struct op *op, enum made_kind kind);

/* body.c */
void fill_function(struct source *r, struct op *op);
void fill_driver(struct source *r, struct op *op);
/* Under the device's lock: looking at another list is fine, at this one is none. */
struct body *pick_locked_body(struct source *r);

/* generate.c: everything but the kind, which is there. */
void fill_op(struct source *r, struct op *op);

#endif
