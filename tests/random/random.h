/* SPDX-License-Identifier: MIT */
/*
 * The randomised test: a sequence of operations is made from a seed, run on a machine
 * through the table of calls and on the naive rules, and compared after each operation.
 * What callbacks do is part of the sequence.
 */
#ifndef DEVSH_TESTS_RANDOM_H
#define DEVSH_TESTS_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	DEVICES = 5,     /* d0 ... d4 */
	DRIVERS = 4,     /* drv0 ... drv2, and d4, which drives a device of its own name */
	FUNCTIONS = 8,   /* f0 ... f7 */
	FAILING = 6,     /* kernel functions that can be made to fail */
	BODY_MAX = 4,
	VARS_MAX = 4096,
};

enum op_kind {
	K_DEVICE, K_DEVICE_UNREGISTER, K_GET_DEVICE, K_PUT_DEVICE,
	K_DRIVER, K_DRIVER_UNREGISTER, K_BIND, K_UNBIND, K_DEFINE,
	K_KMALLOC, K_KZALLOC, K_KREALLOC, K_KFREE,
	K_GET_PAGES, K_FREE_PAGES, K_ALLOC_PERCPU, K_FREE_PERCPU,
	K_ADD_ACTION, K_ADD_ACTION_OR_RESET, K_REMOVE_ACTION, K_REMOVE_ACTION_NOWARN,
	K_RELEASE_ACTION, K_IS_ACTION_ADDED,
	K_ALLOC, K_ADD, K_FREE, K_FIND, K_GET, K_REMOVE, K_DESTROY, K_RELEASE, K_FOR_EACH,
	K_RELEASE_ALL, K_OPEN_GROUP, K_CLOSE_GROUP, K_REMOVE_GROUP, K_RELEASE_GROUP,
	K_FAIL_FUNCTION,
	KINDS
};

/* A pointer argument: the value of a variable, or a number. */
struct ref {
	int var;         /* -1: none */
	uint64_t plus;   /* added to it */
};

enum gfp_choice { G_KERNEL, G_ATOMIC, G_NOWARN, GFPS };
enum match_choice { M_NONE, M_YES, M_NO };

struct body;

struct op {
	enum op_kind kind;
	int dev;         /* -1: the callback's own device */
	int drv, fn;
	struct ref p;    /* pointer, data of an action, or id of a group */
	struct ref res;  /* the `res` argument of a search */
	uint64_t size;
	enum gfp_choice gfp;
	enum match_choice match;
	int var;         /* variable for the result; -1: none */
	unsigned table;  /* K_DRIVER: devices in id_table; 0: no table */
	struct body *body, *body2; /* K_DEFINE, K_FOR_EACH; K_DRIVER: probe and remove */
};

/* What a callback does. It ends at the first failing call, with its errno. */
struct body {
	struct op op[BODY_MAX];
	int count;
	int ret;         /* return value of a probe whose calls succeed */
};

struct sequence {
	uint64_t seed;
	int release;     /* index into releases */
	int arch;
	int page;        /* index into page_sizes; arm64 has them all */
	unsigned mem;    /* MiB; small machines run out of memory */
	bool bare;       /* slub_debug=-: the fast paths of the allocator */
	bool watch;      /* also compare the stream of events */
	struct op *op;
	int count;
	int vars;
};

extern const char *const release_name[], *const arch_name[];
extern const int release_number[];
extern const bool release_repaired[];
extern const struct page_size_row { unsigned kib, max_order; } page_sizes[];
enum { RELEASES = 6, ARCHES = 3, PAGE_SIZES = 3 };
extern const char *const kind_name[KINDS];
extern const char *const gfp_name_of[GFPS];
extern const char *const failing_name[FAILING];

/* generate.c */
void sequence_make(struct sequence *s, uint64_t seed, int ops);

/* sequence.c */
void sequence_copy(struct sequence *to, const struct sequence *from);
void sequence_free(struct sequence *s);
void op_free(struct op *op);

/* The largest block of pages: its order, and in bytes. */
unsigned sequence_max_order(const struct sequence *s);
uint64_t sequence_block_max(const struct sequence *s);

/* print.c */
const char *device_word(int dev);
const char *driver_word(int drv);
void op_print(FILE *f, const struct sequence *s, const struct op *op);
/* Boot parameters. */
void sequence_cmdline(const struct sequence *s, char *out, size_t size);
/* Lines for devsh's prompt, each with this prefix. */
void sequence_print(FILE *f, const struct sequence *s, const char *prefix);

/* run.c */
struct difference {
	int op;          /* the first operation that differs; -1: none */
	char what[512];
};

/* True if both sides agree. d may be NULL. */
bool sequence_run(const struct sequence *s, struct difference *d);

/* shrink.c: drops what the difference does not need. */
void sequence_shrink(struct sequence *s);

#endif
