/* SPDX-License-Identifier: MIT */
/* Shared by the contenders and the code that measures them. */
#ifndef DEVSH_TESTS_BENCH_H
#define DEVSH_TESTS_BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define SIZE 64      /* bytes of data in a node */
#define ROUNDS 15
#define PAIRS 200000
#define BINDS 20000
#define PER_BIND 10  /* allocations that a probe makes */
#define MANY 1000000

enum contender { DEVSH, LIST, TALLOC, APR, CONTENDERS };

/* One measurement of n operations: ns for all of them together. */
typedef double (*measure_fn)(uint32_t n);

struct row {
	const char *what;
	const char *aim;
	uint32_t n;
	measure_fn measure[CONTENDERS]; /* NULL: not supported */
};

/* --- measure.c ------------------------------------------------------------ */

extern void **nodes;     /* MANY of them */
extern uint32_t *free_order; /* the order in which to free */

__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *fmt, ...);

/* How free_order is filled. */
void in_order(uint32_t n);
void shuffled(uint32_t n);

/* ns per operation; 0 if a contender does not take part */
void measure(const struct row *row, double *figure);

/* Resident bytes of this process. */
double resident(void);
typedef double (*measure_memory_fn)(const void *arg);
/* In a process of its own, so that memory left by others does not count. */
double in_child(measure_memory_fn measure_memory, const void *arg);
/* Of MANY; 0 for NULL. */
double bytes_per_node(void (*fill)(uint32_t n));

static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* CPU time: other processes run, too */
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Uses the data, so that the compiler cannot remove the work. */
static inline void *use(void *data)
{
	if (!data)
		die("out of memory");
	memset(data, 1, 8);
	return data;
}

/* --- contenders: devsh.c, list.c, talloc.c, apr.c -------------------------- */

void devsh_set_up(void);
void devsh_tear_down(void);
void devsh_fill(uint32_t n);
double devsh_pairs(uint32_t n);
double devsh_checked_pairs(uint32_t n);
double devsh_alloc(uint32_t n);
double devsh_release(uint32_t n);
double devsh_free(uint32_t n);
double devsh_binds(uint32_t n);
/* Bytes of the object for a node. */
size_t devsh_bucket(void);
/* Fills 1 GiB of simulated memory with small objects of *arg bytes each. */
double devsh_bytes_when_full(const void *arg);

void list_set_up(void);
void list_fill(uint32_t n);
double list_pairs(uint32_t n);
double list_allocs(uint32_t n);
double list_releases(uint32_t n);
double list_frees(uint32_t n);
double list_binds(uint32_t n);

#ifdef HAVE_TALLOC
void talloc_fill(uint32_t n);
double talloc_pairs(uint32_t n);
double talloc_allocs(uint32_t n);
double talloc_releases(uint32_t n);
double talloc_frees(uint32_t n);
double talloc_binds(uint32_t n);
#else
#define talloc_fill NULL
#define talloc_pairs NULL
#define talloc_allocs NULL
#define talloc_releases NULL
#define talloc_frees NULL
#define talloc_binds NULL
#endif

#ifdef HAVE_APR
void apr_set_up(void);
void apr_tear_down(void);
void apr_fill(uint32_t n);
double apr_pairs(uint32_t n);
double apr_allocs(uint32_t n);
double apr_releases(uint32_t n);
double apr_binds(uint32_t n);
#else
static inline void apr_set_up(void) { }
static inline void apr_tear_down(void) { }
#define apr_fill NULL
#define apr_pairs NULL
#define apr_allocs NULL
#define apr_releases NULL
#define apr_binds NULL
#endif

#endif
