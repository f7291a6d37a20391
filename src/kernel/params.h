/* SPDX-License-Identifier: MIT */
/*
 * The kernel command line: words `name=value`, separated by blanks.
 *
 *   release=6.12     arch=x86_64      numa=fake=2      mem=256M
 *   seed=1           devres.log=1     slub_debug=-     (FZPU is the default)
 *   page_size=64k    (arm64)          memoryless_nodes=1
 *   failslab=1,100,0,1   fail_page_alloc=...   nr_cpus=8   slub_max_order=1
 *   kasan=on         kasan_multi_shot=1             kasan.quarantine=8M
 *   kmemleak=on      init_on_alloc=1  init_on_free=1  freelist_random=on
 *   kmemleak=on     panic_on_warn=1   oops=panic    panic=10   kasan.fault=panic
 */
#ifndef DEVSH_KERNEL_PARAMS_H
#define DEVSH_KERNEL_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/profile.h"

#define NODES_MAX 8

/* failslab=<interval>,<probability>,<space>,<times> */
struct fault_param {
	uint32_t interval, probability;
	int space, times;
};

/* kasan.fault= */
enum kasan_fault {
	KASAN_FAULT_DEFAULT, KASAN_FAULT_REPORT, KASAN_FAULT_PANIC, KASAN_FAULT_PANIC_ON_WRITE,
};

struct params {
	const struct profile *profile;
	const struct arch *arch;
	int nodes;            /* with memory, which they share */
	int memoryless_nodes; /* additional ones without memory */
	uint64_t mem;         /* bytes, all nodes together */
	uint32_t page_size;   /* bytes; checked with arch_page_size() */
	uint64_t seed;
	bool devres_log;
	char slub_debug[128]; /* FZPUTAO[,cache*][;...]: params_slub_debug() */
	bool poison;          /* slub_debug=P for some cache */
	bool track;           /* slub_debug=U for some cache */
	int8_t kasan;         /* kasan=: 1 on, 0 off, -1 as slub_debug */
	int8_t kmemleak;      /* kmemleak=: 1 on, 0 off, -1 on where slub_debug=U is */
	bool kasan_multi_shot; /* every report prints, not only the first */
	enum kasan_fault kasan_fault;
	bool panic_on_warn, panic_on_oops;
	int panic_timeout;    /* panic=, seconds; 0: halt forever, negative: reboot at once */
	uint64_t kasan_quarantine; /* bytes; UINT64_MAX: 1/32 of the memory */
	char async_probe[128]; /* driver_async_probe=: names, "*" for all but them */
	struct fault_param failslab, fail_page_alloc;
	bool init_on_alloc, init_on_free; /* zero objects, unless they are poisoned */
	bool freelist_random; /* a new slab's objects are handed out in random order */
	uint64_t given;       /* a bit for each parameter on the command line */
	bool slab_names;      /* a slub_ parameter was spelt slab_ */
	bool keep_order;      /* slub_debug=O: no debugging where it would need larger slabs */
	uint8_t slub_min_order, slub_max_order;
	uint32_t slub_min_objects; /* 0: derived from the number of CPUs */
	uint32_t nr_cpus;     /* slab orders are computed for so many; code runs on one */
	int deferred_timeout; /* deferred_probe_timeout=, seconds; -1: none */
	char cmdline[256];    /* as given */
};

/* What slub_debug= asks for one cache. */
enum slub_flags { SLUB_F = 1, SLUB_Z = 2, SLUB_P = 4, SLUB_U = 8, SLUB_T = 16, SLUB_A = 32 };
#define SLUB_DEFAULT (SLUB_F | SLUB_Z | SLUB_P | SLUB_U)
unsigned params_slub_debug(const struct params *p, const char *cache);

/* Whether KASAN runs: if asked for, or with any slub_debug; never on 32 bits. */
bool params_kasan(const struct params *p);

void params_default(struct params *p);

/*
 * Applies a command line on top of *p. 0, or -EINVAL with one line in `why`: what is
 * wrong, where, and what would be right. On error *p is unchanged.
 */
int params_parse(struct params *p, const char *cmdline, char *why, size_t whysize);

/* The names of all parameters, for completion; NULL past the end. */
const char *params_name(size_t i);
const char *params_help(size_t i);
/* The n-th value that parameter i may have; NULL: no more, or it has no list. */
const char *params_choice(size_t i, size_t n);

#endif
