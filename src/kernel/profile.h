/* SPDX-License-Identifier: MIT */
/*
 * What differs between kernels, as data. Code asks a machine's profile for a
 * property ("does devm_kfree(NULL) warn?"), never for a version number.
 */
#ifndef DEVSH_KERNEL_PROFILE_H
#define DEVSH_KERNEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Releases as comparable numbers, for "since when does a call exist". */
#define RELEASE(major, minor) (1000 * (major) + (minor))

/* What struct devres aligns data[] to. */
enum data_align {
	ALIGN_ULL,             /* unsigned long long */
	ALIGN_KMALLOC_MINALIGN,
	ALIGN_DMA_MINALIGN,
};

enum warn_style {
	WARN_CPU_PID,    /* WARNING: CPU: 0 PID: 1 at file:line fn+0x1/0x2 */
	WARN_FILE_FIRST, /* WARNING: file:line at fn+0x1/0x2, CPU#0: comm/1 */
};

struct profile {
	const char *release;       /* what boot release= takes */
	const char *point;         /* the point release that it is; release= takes it, too */
	int version;               /* RELEASE(6, 12) */
	const char *about;

	/* struct devres */
	uint8_t node_words;        /* struct devres_node: link, link, release ... */
	uint8_t node_words_debug;  /* ... the same with CONFIG_DEBUG_DEVRES */
	bool generic_node;         /* the node's release and free are generic, struct devres keeps its own release after them; actions have no struct devres */
	enum data_align data_align;
	bool size_checked;         /* header + size overflow gives NULL */
	bool whole_bucket;         /* alloc_dr asks for kmalloc_size_roundup() */
	bool zero_size_ptr;        /* devm_kmalloc(0) registers nothing */
	bool kfree_null_silent;    /* devm_kfree(NULL) */
	bool kfree_zero_silent;    /* devm_kfree(ZERO_SIZE_PTR) */
	bool kfree_rodata_silent;  /* devm_kfree() of a constant */
	bool action_by_name;       /* node is named after the action's text */
	bool release_at_device_del;
	bool early_empty_check;    /* release_all of nothing takes no lock */
	bool dying_group_silent;   /* release_group() on an empty list does not WARN */
	bool krealloc_first;       /* devm_krealloc() as it first came: it counts the header twice, and its node has no name */
	bool free_percpu_leaks;    /* devm_free_percpu() frees the node alone */

	/* allocator */
	bool slab;                 /* CONFIG_SLAB instead of SLUB */
	bool numa;
	uint8_t kmalloc_shift_low; /* log2 of the smallest class */
	bool size_suffix_k;        /* kmalloc-1k, not kmalloc-1024 */
	bool cg_caches;            /* kmalloc-cg-N */
	bool rcl_caches;           /* kmalloc-rcl-N */
	bool stack_depot;          /* a track has a whole call stack */
	bool order_by_waste;       /* a slab's order: one search for little waste, no fewer objects */
	bool slab_names;           /* slab_debug= and the like as well as slub_debug= */
	bool validate_checked;     /* validate refuses caches that nothing is kept of */
	bool small_cpu_partial;    /* 30 objects of CPU partial lists at most, not 120 */
	bool no_cpu_slabs;         /* sheaves instead of CPU slabs and partial lists */
	bool kfence;
	bool ksize_unpoisons;      /* ksize() makes the whole bucket accessible */
	bool ksize_checks;         /* ... and asks KASAN about the first byte before that */
	const char *gfp_fixer;     /* the function that reports "Unexpected gfp"; NULL: the one that makes the slab */
	const char *double_free_bug; /* where a hardened free list notices; NULL: nowhere */
	const char *pages_function; /* that WARNs about an order above the limit */
	bool nofail_order_warns;   /* __GFP_NOFAIL for more than two pages WARNs, though it succeeds */
	const char *limit_name;    /* what the limit is called */
	bool limit_exclusive;      /* it is the first order that there is not */
	uint32_t gfp_atomic, gfp_nowait;
	const char *const *devres_chain; /* the calls from alloc_dr() into the allocator: profile.c */
	const char *const *kmalloc_chain;

	/* messages */
	enum warn_style warn_style;
	bool zero_trace_id;
	bool cpu_line_uid;         /* "CPU: 0 UID: 0 PID: 1 Comm: ..." */
	bool oom_with_cpu;         /* "Unable to allocate memory on CPU 0 (of node 0) on node 0" */
	const char *sleep_file;    /* where slab says that it may sleep: file[:verified line] */
	uint8_t sleep_lines;       /* 1: in_atomic(); 2: non_block, too; 3: and preempt_count */
	bool gfp_by_bit;           /* flags are printed in the order of their bits, after the GFP_* names */
	bool probe_with_driver;    /* "probe with driver X failed with error N" */
	bool leak_age;             /* kmemleak says how old an object is */
	bool leak_crc;             /* ... and the checksum of its bytes */
	bool leak_percpu;          /* per-CPU memory can be a leak, too */
	uint8_t leak_off;          /* errno of a write once kmemleak is off */

	/* driver core */
	bool old_really_probe;     /* one way back from all steps: devres, sysfs links, message; the next driver may try after any failure, a probe that defers is queued also by bind, which returns -ENODEV */
	bool present_warns;        /* a probe goes on in spite of resources on the list, after a WARN */
	bool sysfs_errno_lost;     /* driver_sysfs_add()'s errno: the message says 0 */
	bool link_reason;          /* devices_deferred names the supplier that is waited for */
	bool added_again_probes;   /* device_del() leaves no mark: added again, it is probed */
	bool err_probe_enomem;     /* dev_err_probe(-ENOMEM) prints */
	uint8_t deferred_timeout;  /* seconds until deferred probes are reported; 0: never */
	bool deferred_reason;      /* ... as a warning, with the reason */
	bool keeps_reason;         /* devices_deferred says why */
	bool link_class;           /* /sys/class/devlink */
};

/* What an architecture aligns to, from a release on. */
struct alignment {
	int since;                 /* RELEASE() */
	uint16_t dma;              /* ARCH_DMA_MINALIGN */
	uint16_t kmalloc;          /* ARCH_KMALLOC_MINALIGN */
};

/* A size that an architecture's pages can have, and the largest block of them. */
struct page_size {
	uint8_t shift;             /* log2 of the bytes */
	uint8_t max_order;         /* inclusive, whatever the release calls it */
};

struct arch {
	const char *name;
	const char *alias;         /* what uname -m of some distributions says */
	const char *flavour;       /* Debian's kernel for it: the end of uname -r */
	uint8_t word;              /* bytes of a pointer and of a size_t */
	int since;                 /* RELEASE() that first ran there */
	uint64_t page_offset;
	uint64_t text_base, rodata_base; /* functions and constants */
	uint64_t heads_base;       /* where devices would lie */
	uint64_t heads_size;
	uint64_t mem_max;          /* bytes that the direct map can hold */
	uint64_t dma_limit;        /* end of ZONE_DMA, bytes; see zone_dma_end() */
	int dma_since;             /* RELEASE() from which on this is so */
	uint64_t dma32_limit;
	const struct page_size *page_sizes; /* the usual one first, ends with 0 */
	const struct alignment *alignment; /* newest last, ends with 0 */
};

/* By its name, "6.12", or by its point release, "6.12.117". */
const struct profile *profile_find(const char *release);
const struct arch *arch_find(const char *name);

/* The i-th entry of each table, NULL past the end. */
const struct profile *profile_at(size_t i);
const struct arch *arch_at(size_t i);

/* Pages of so many bytes; NULL: this architecture has none. */
const struct page_size *arch_page_size(const struct arch *a, uint64_t bytes);

/* The end of ZONE_DMA, bytes; 0: no such zone. */
uint64_t zone_dma_end(const struct profile *p, const struct arch *a);

/* ARCH_KMALLOC_MINALIGN of this pair. */
unsigned kmalloc_minalign(const struct profile *p, const struct arch *a);

/*
 * struct devres_node and what is around it, in words of the architecture:
 *
 *   next prev release [free_node] [name size] | [own release] gap | data[]
 */
struct devres_layout {
	uint8_t word;        /* bytes */
	uint8_t node;        /* bytes of struct devres_node */
	uint8_t header;      /* bytes to data[] of a struct devres */
	uint8_t action;      /* bytes to the data of an action */
	uint8_t name, size;  /* which word; 0: not kept */
	uint8_t own_release; /* which word; 0: the node's is the only one */
};

struct devres_layout devres_layout(const struct profile *p, const struct arch *a,
				   bool debug_devres);

/* SIZE_MAX of the architecture: 32 or 64 ones. */
static inline uint64_t arch_size_max(const struct arch *a)
{
	return a->word == 8 ? UINT64_MAX : UINT32_MAX;
}

/* The largest size that the model counts with: on a host of 32 bits it has no larger one. */
static inline size_t model_size_max(const struct arch *a)
{
	return a->word == 8 ? SIZE_MAX : UINT32_MAX;
}

#endif
