/* SPDX-License-Identifier: MIT */
/*
 * The differences between kernels, as data. Code asks a machine's profile for a property
 * ("does devm_kfree(NULL) warn?"), never for a version number.
 */
#ifndef DEVSH_KERNEL_PROFILE_H
#define DEVSH_KERNEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Releases as numbers that can be compared, for "since when does a call exist". */
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
	const char *point;         /* its point release; release= takes this, too */
	int version;               /* RELEASE(6, 12) */
	const char *about;

	/* struct devres */
	uint8_t node_words;        /* struct devres_node: link, link, release ... */
	uint8_t node_words_debug;  /* ... the same with CONFIG_DEBUG_DEVRES */
	bool generic_node;         /* the node's release and free are generic, and struct devres
				    * has its own release after them; actions have no struct
				    * devres */
	enum data_align data_align;
	bool size_checked;         /* header + size overflow gives NULL */
	bool whole_bucket;         /* alloc_dr asks for kmalloc_size_roundup() */
	bool zero_size_ptr;        /* devm_kmalloc(0) registers no node */
	bool kfree_null_silent;    /* devm_kfree(NULL) does not WARN */
	bool kfree_zero_silent;    /* ... nor devm_kfree(ZERO_SIZE_PTR) */
	bool kfree_rodata_silent;  /* ... nor devm_kfree() of a constant */
	bool action_by_name;       /* the node of an action is named after its function */
	bool release_at_device_del;
	bool early_empty_check;    /* devres_release_all() of an empty list takes no lock */
	bool dying_group_silent;   /* release_group() on an empty list does not WARN */
	bool krealloc_first;       /* the first version of devm_krealloc(): it counts the header
				    * twice, and its node has no name */
	bool free_percpu_leaks;    /* devm_free_percpu() frees only the node */

	/* allocator */
	bool slab;                 /* CONFIG_SLAB instead of SLUB */
	bool numa;
	uint8_t kmalloc_shift_low; /* log2 of the smallest class */
	bool size_suffix_k;        /* kmalloc-1k, not kmalloc-1024 */
	bool cg_caches;            /* kmalloc-cg-N */
	bool rcl_caches;           /* kmalloc-rcl-N */
	bool stack_depot;          /* a track is a whole call stack */
	bool order_by_waste;       /* a slab's order: one search for little waste, with no fewer
				    * objects */
	bool slab_names;           /* slab_debug= and the like are also accepted */
	bool validate_checked;     /* validate refuses caches without debugging */
	bool small_cpu_partial;    /* at most 30 objects in CPU partial lists, not 120 */
	bool no_cpu_slabs;         /* sheaves instead of CPU slabs and partial lists */
	bool kfence;
	bool ksize_unpoisons;      /* ksize() makes the whole bucket accessible */
	bool ksize_checks;         /* ... and first lets KASAN check the first byte */
	const char *gfp_fixer;     /* reports "Unexpected gfp"; NULL: the function that makes the
				    * slab */
	const char *double_free_bug; /* where a hardened free list detects it; NULL: nowhere */
	const char *pages_function; /* the function that WARNs about an order above the limit */
	bool nofail_order_warns;   /* __GFP_NOFAIL for more than two pages WARNs, even if it
				    * succeeds */
	const char *limit_name;    /* the name of the limit */
	bool limit_exclusive;      /* the limit is the first order that is not available */
	uint32_t gfp_atomic, gfp_nowait;
	const char *const *devres_chain; /* the calls from alloc_dr() into the allocator: profile.c */
	const char *const *kmalloc_chain;

	/* messages */
	enum warn_style warn_style;
	bool zero_trace_id;
	bool cpu_line_uid;         /* "CPU: 0 UID: 0 PID: 1 Comm: ..." */
	bool oom_with_cpu;         /* "Unable to allocate memory on CPU 0 (of node 0) on node 0" */
	const char *sleep_file;    /* file[:verified line] of the sleep check in slab */
	uint8_t sleep_lines;       /* in the report: 1: in_atomic(); 2: also non_block; 3: also
				    * preempt_count */
	bool gfp_by_bit;           /* flags are printed in bit order, after the GFP_* names */
	bool probe_with_driver;    /* "probe with driver X failed with error N" */
	bool leak_age;             /* kmemleak prints the age of an object */
	bool leak_crc;             /* ... and a checksum of its bytes */
	bool leak_percpu;          /* per-CPU memory can leak, too */
	uint8_t leak_off;          /* errno of a write after kmemleak was turned off */

	/* driver core */
	bool old_really_probe;     /* all steps share one error path: devres, sysfs links,
				    * message; after any failure the next driver may try; a
				    * deferred probe is also queued by bind, which returns
				    * -ENODEV */
	bool present_warns;        /* a probe continues after a WARN if the device already has
				    * resources */
	bool sysfs_errno_lost;     /* driver_sysfs_add()'s errno is lost: the message says 0 */
	bool link_reason;          /* devices_deferred names the missing supplier */
	bool added_again_probes;   /* device_del() leaves no mark: a device that is added again
				    * is probed */
	bool err_probe_enomem;     /* dev_err_probe(-ENOMEM) prints */
	uint8_t deferred_timeout;  /* seconds until deferred probes are reported; 0: never */
	bool deferred_reason;      /* ... as a warning, with the reason */
	bool keeps_reason;         /* devices_deferred gives the reason */
	bool link_class;           /* /sys/class/devlink */
};

/* An architecture's alignments, from a release on. */
struct alignment {
	int since;                 /* RELEASE() */
	uint16_t dma;              /* ARCH_DMA_MINALIGN */
	uint16_t kmalloc;          /* ARCH_KMALLOC_MINALIGN */
};

/* A possible page size of an architecture, and its largest block of pages. */
struct page_size {
	uint8_t shift;             /* log2 of the bytes */
	uint8_t max_order;         /* inclusive, whatever the release's limit means */
};

struct arch {
	const char *name;
	const char *alias;         /* what uname -m says on some distributions */
	const char *flavour;       /* Debian's kernel for it: the end of uname -r */
	uint8_t word;              /* bytes of a pointer and of a size_t */
	int since;                 /* RELEASE() that first supported it */
	uint64_t page_offset;
	uint64_t text_base, rodata_base; /* functions and constants */
	uint64_t heads_base;       /* where the heads of devices are */
	uint64_t heads_size;
	uint64_t mem_max;          /* bytes that the direct map can hold */
	uint64_t dma_limit;        /* end of ZONE_DMA, in bytes; see zone_dma_end() */
	int dma_since;             /* RELEASE() since which it has that zone */
	uint64_t dma32_limit;
	const struct page_size *page_sizes; /* the usual one first; ends with 0 */
	const struct alignment *alignment; /* newest last, ends with 0 */
};

/* By its name, "6.12", or by its point release, "6.12.117". */
const struct profile *profile_find(const char *release);
const struct arch *arch_find(const char *name);

/* The i-th entry of each table, NULL past the end. */
const struct profile *profile_at(size_t i);
const struct arch *arch_at(size_t i);

/* The entry for pages of so many bytes; NULL: the architecture has none. */
const struct page_size *arch_page_size(const struct arch *a, uint64_t bytes);

/* The end of ZONE_DMA in bytes; 0: there is no such zone. */
uint64_t zone_dma_end(const struct profile *p, const struct arch *a);

/* ARCH_KMALLOC_MINALIGN of this release and architecture. */
unsigned kmalloc_minalign(const struct profile *p, const struct arch *a);

/*
 * struct devres_node and what is around it, in words of the architecture:
 *
 *   next prev release [free_node] [name size] | [own release] gap | data[]
 */
struct devres_layout {
	uint8_t word;        /* bytes */
	uint8_t node;        /* bytes of struct devres_node */
	uint8_t header;      /* bytes before data[] of a struct devres */
	uint8_t action;      /* bytes before the data of an action */
	uint8_t name, size;  /* index of the word; 0: not kept */
	uint8_t own_release; /* index of the word; 0: only the node has a release */
};

struct devres_layout devres_layout(const struct profile *p, const struct arch *a,
				   bool debug_devres);

/* SIZE_MAX of the architecture: 32 or 64 ones. */
static inline uint64_t arch_size_max(const struct arch *a)
{
	return a->word == 8 ? UINT64_MAX : UINT32_MAX;
}

/* The largest size that the model can handle; on a 32-bit host it is the host's. */
static inline size_t model_size_max(const struct arch *a)
{
	return a->word == 8 ? SIZE_MAX : UINT32_MAX;
}

#endif
