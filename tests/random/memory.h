/* SPDX-License-Identifier: MIT */
/*
 * A thing is an object from the rules' point of view: where it begins, how much of it may
 * be accessed, and the value of each byte in it and of the 8 bytes around it. Written
 * from what Linux does; only addresses come from the model.
 */
#ifndef DEVSH_TESTS_RANDOM_MEMORY_H
#define DEVSH_TESTS_RANDOM_MEMORY_H

#include "machine/machine.h"
#include "mm/kmem_cache.h"
#include "mm/slub_debug.h"
#include "mm/vmalloc.h"

enum { AROUND = 8, LIVE_MAX = 24, THINGS_MAX = 64, BUCKET_MAX = 32768, SLAB_MAX = 8192, OWN = 4 };

struct setup {
	int release;            /* 6012 */
	bool arm64, kasan;
	const char *letters;    /* of slub_debug= */
};

bool has(const struct setup *s, char letter);
/* 4.9 is CONFIG_SLAB. */
bool config_slab(const struct setup *s);
size_t bucket_of(const struct setup *s, size_t bytes);
size_t header_of(const struct setup *s);

enum kind {
	KMALLOC, DEVM, CACHE, AREA, FREE, WRITE, READ, FREE_TWICE, FREE_INSIDE, VALIDATE, FAILSLAB, FAIL_NTH, KINDS
};

struct op {
	enum kind kind;
	unsigned pick, size, value;
	int off;
	bool zero;
};

struct sequence {
	uint64_t seed;
	const struct setup *setup;
	struct op *op;
	int count;
};

struct thing {
	bool live, devm, area;
	struct kmem_cache *cache; /* NULL: pages, or an area of vmalloc() */
	bool own;               /* the cache is one of run.own */
	uint64_t start;         /* of the object */
	char *host;             /* the same */
	size_t bucket, open;    /* bytes; open: those that may be accessed */
	size_t asked;           /* 0 if there is no red zone before the end of the bucket */
	uint8_t was[AROUND + BUCKET_MAX + AROUND];
};

struct run {
	const struct sequence *s;
	const struct setup *setup;
	struct machine *m;
	struct device *dev;
	struct kmem_cache *own[OWN];
	struct thing *thing[THINGS_MAX];
	unsigned things;
	uint32_t kasan, slab, warns, bugs; /* expected reports */
	const char *type;            /* the last one's; NULL: do not check */
	unsigned times, interval, count, nth;
	int space;
	char why[400];
};

/* Records why, the first time; returns false. */
__attribute__((format(printf, 2, 3)))
bool wrong(struct run *r, const char *fmt, ...);

/* memory_rules.c: the expected bytes of a thing, and who reports differences */

bool is_slab(const struct thing *t);
bool has_zones(const struct run *r, const struct thing *t);
/* Bytes around it that do not belong to a neighbour. */
size_t in_front(const struct run *r, const struct thing *t);
size_t behind(const struct run *r, const struct thing *t);
/* The value of bytes in a new object with poison. */
uint8_t fresh_byte(const struct run *r, const struct thing *t, int at);
/* The expected number of reports. */
uint32_t reports_of(const struct run *r, const struct thing *t);
/*
 * True: there is a report. Afterwards the damage is repaired; old releases stop at the
 * first.
 */
bool damaged(const struct run *r, struct thing *t, bool repair);
void fill_zones(const struct run *r, struct thing *t);

/* memory_ops.c: each operation, on the model and according to the rules */

extern bool (*const do_op[KINDS])(struct run *r, const struct op *op);
void forget(struct run *r, unsigned i);
/* Whether the bytes, the reports and machine_fsck() agree with the rules. */
bool as_expected(struct run *r);

#endif
