/* SPDX-License-Identifier: MIT */
/*
 * A thing is an object as the rules see it: where it begins, how much of it
 * may be touched, and what each byte of it and of the 8 bytes around it holds.
 * Written from what Linux does: the model is asked for addresses alone.
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
/* 4.9 stands for CONFIG_SLAB. */
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
	size_t bucket, open;    /* bytes; those that may be touched */
	size_t asked;           /* 0 where no red zone begins before the bucket's end */
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
	uint32_t kasan, slab, warns, bugs; /* reports that there should be */
	const char *type;            /* the last one's, NULL: not looked at */
	unsigned times, interval, count, nth;
	int space;
	char why[400];
};

/* Says why, once, and is false. */
__attribute__((format(printf, 2, 3)))
bool wrong(struct run *r, const char *fmt, ...);

/* memory_rules.c: what the bytes of a thing are, and who reports them */

bool is_slab(const struct thing *t);
bool has_zones(const struct run *r, const struct thing *t);
/* Bytes around it that can be told apart from a neighbour's. */
size_t in_front(const struct run *r, const struct thing *t);
size_t behind(const struct run *r, const struct thing *t);
/* What a new object holds with poison. */
uint8_t fresh_byte(const struct run *r, const struct thing *t, int at);
/* How many reports; and they are as many as the objects elsewhere. */
uint32_t reports_of(const struct run *r, const struct thing *t);
/* True: a report. What it found is as it should be afterwards; old releases stop at the first. */
bool damaged(const struct run *r, struct thing *t, bool repair);
void fill_zones(const struct run *r, struct thing *t);

/* memory_ops.c: each operation, on the model and by the rules */

extern bool (*const do_op[KINDS])(struct run *r, const struct op *op);
void forget(struct run *r, unsigned i);
/* The bytes, the reports and machine_fsck() agree with the rules. */
bool as_expected(struct run *r);

#endif
