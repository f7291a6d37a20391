/* SPDX-License-Identifier: MIT */
/*
 * The memory of one machine: pages from a buddy allocator, objects from size
 * classes, all of it real memory in one reserved mapping.
 *
 *   host       base ............................ base + size
 *   simulated  page_offset ..................... page_offset + size
 *                |  node 0        |  node 1       |
 *                 [slab 0][slab 1][ free ... ][large]
 *
 * A pointer that the model hands out is a host pointer and can be used; what
 * people see is its simulated address (mm_addr). Bookkeeping stays outside the
 * simulated memory, so that nothing written there can mislead it:
 *
 *   pages[pfn]    what a page is, 24 bytes
 *   slots[]       4 bytes an object: its tag, or the next free object
 *   tracks[]      who allocated and freed it (slub_debug=U only)
 *
 * Free objects of a cache form one last-in-first-out list through the slots.
 * Empty slabs stay with their cache until pages run short.
 */
#ifndef DEVSH_MM_MM_H
#define DEVSH_MM_MM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"
#include "mm/cache.h"
#include "mm/depot.h"
#include "mm/gfp.h"

/*
 * The model counts memory in units of 4 KiB whatever the machine's pages are:
 * a pfn here is the number of a unit, and a block of order 0 is one. Pages of
 * 16 and 64 KiB are blocks that are never split. What people see and what calls
 * take is in pages: page_size(), alloc_pages(), a cache's order.
 */
#define PAGE_SHIFT 12
#define PAGE_SIZE (1u << PAGE_SHIFT)
#define ORDERS 18 /* of blocks, in units: 512 MiB, with pages of 64 KiB, is the largest */
#define NUMA_NO_NODE (-1)
#define NO_PAGE UINT32_MAX

/* The last report, to be explained. */
struct kasan_report {
	const char *type;
	uint64_t addr, bad;  /* of the access; its first bad byte */
	size_t size;
	bool write, free;
};

/* What became of a damaged object: CONFIG_SLAB goes on with it. */
enum damaged_then { DAMAGED_STAYS, DAMAGED_FREED, DAMAGED_HANDED_OUT };

/* The last damage that the allocator found. */
struct slub_report {
	uint32_t reports;
	bool kept_back;      /* the last one was not printed */
	const char *what;    /* "Right Redzone" */
	uint64_t start;      /* of the object */
	enum damaged_then then;
};

struct kasan {
	uint8_t *shadow;     /* a byte for 8, inverted: untouched memory is a free page; NULL: off */
	uint64_t shadow_size;
	const struct kasan_layout *layout; /* of this release; NULL: off */
	const char *opens_all; /* the allocator that opens whole buckets; NULL: none */
	bool shot;           /* the one report that prints did */
	uint32_t reports;
	uint32_t withheld;   /* ... that were not printed, as an earlier one was */
	bool kept_back;      /* the last one was not printed: too many of its kind */
	struct kasan_report last;
	/* freed objects, oldest first, by their numbers; linked through their slots */
	uint32_t oldest, newest_slot;
	uint64_t waiting, limit; /* bytes */
};

struct kmemleak {
	bool on;
	bool no_stack;       /* what functions that run hold is not looked at */
	uint32_t seconds;    /* from a scan to the next one */
	uint64_t next;       /* ns, when that is; UINT64_MAX: no automatic scans */
	struct leak_suspect *suspect; /* by their numbers */
	uint32_t suspects;
};

struct zone {
	const char *name;
	uint32_t start, end;  /* pfn */
	uint32_t head[ORDERS];
	uint32_t blocks[ORDERS];
	uint64_t free;        /* units */
	uint64_t min;         /* ... that only some may take: see watermark_ok() */
};

/*
 * What makes allocations fail, as Linux' struct fault_attr: the files of
 * /sys/kernel/debug/failslab and of fail_page_alloc.
 */
struct fault_attr {
	const char *name;
	uint64_t probability;     /* of 100; 0: never */
	uint64_t interval;        /* only each so-many-th one */
	uint64_t verbose;         /* 0: nothing, 1: a message, 2: a stack, too */
	int times;                /* left; -1: forever */
	int space;                /* bytes that are given out before the first failure */
	bool task_filter;         /* only tasks with make-it-fail */
	bool ignore_gfp_wait;     /* what may sleep does not fail */
	bool cache_filter;        /* failslab: only caches whose failslab file has 1 */
	bool ignore_gfp_highmem;  /* fail_page_alloc */
	uint64_t min_order;       /* fail_page_alloc: smaller blocks do not fail */
	uint64_t count;           /* candidates so far, for the interval */
};

/* The allocation that was made to fail last. */
struct fault {
	uint64_t hits;            /* since boot */
	uint32_t step;            /* of the last one */
	char what[32];            /* "kmalloc-128", "pages" */
	size_t size;              /* bytes */
	char function[40], caller[40]; /* they may be gone before somebody asks */
};

struct faults {
	struct fault_attr slab, pages;
	uint32_t fail_nth;        /* of the one task: allocations to the one that fails */
	bool make_it_fail;
	bool trying;              /* a `faults` runs: there is one counter */
	struct fault last;
};

#define ZONES 3

struct numa_node {
	uint32_t start, end;  /* pfn */
	struct zone zone[ZONES];
};

struct mm {
	struct kernel *kernel;
	char *base;
	uint64_t size;           /* bytes of memory */
	uint64_t span;           /* ... and of the window for vmalloc() after it */
	uint64_t page_offset;
	uint64_t vm_base;        /* simulated address of the window */
	uint32_t vm_end;         /* pfn: nothing was allocated in the window from here on */
	uint64_t host_to_sim;    /* page_offset - base */
	uint32_t pfns;           /* units */
	uint8_t page_order;      /* a page is so big a block of units */
	uint8_t word;            /* bytes of a pointer */
	gfp_t gfp_wrong;         /* flags that the allocators of this release do not take */
	bool poison, track;
	bool slab_printed;          /* SLUB's last report was printed: its FIX lines are, too */
	const char *slab_entry;  /* the function that asked SLUB for the object being checked */
	bool unnoticed;          /* kfree() of what it must not free, and nothing looked */
	bool tampered;            /* a driver wrote to memory, or freed what is on a list */

	struct page *pages;
	uint32_t *slots;
	struct track *tracks;    /* NULL: no tracking */
	struct life *lives;      /* a ring, with the tracks */
	uint32_t lives_used;     /* in all */
	struct depot depot;      /* call stacks of the tracks */
	struct kasan kasan;
	struct wild *wild; /* NULL on hosts of 64 bits */
	struct slub_report damage;
	uint32_t slots_used, slots_max;
	/* by class: rows of slots that went away, + 1; [0]: of one slot */
	uint32_t slots_free[ROW_CLASSES];
	bool emptied;            /* all of a slab is on the list since the last shrink */

	int nodes;
	int mem_nodes;           /* of them, the first ones: the others have no memory */
	uint32_t node_pages;     /* units */
	struct numa_node node[NODES_MAX];

	uint8_t size_class[KMALLOC_ODD_MAX / 8 + 1]; /* by (size + 7) / 8 */
	struct cache_node *plain[NODES_MAX][FAST_MAX / 8 + 1]; /* the same, ready */
	uint8_t shift_low, shift_high;
	uint8_t max_order;       /* of blocks, in pages; inclusive */
	uint32_t large_limit;    /* more bytes than this come from pages */
	struct kmem_cache caches[CACHES];
	struct spare *sheaves;   /* of all of them, for each node */
	char *images;            /* IMAGE_MAX bytes for each of them, where objects are poisoned */

	/* the call that allocates: see alloc_stack.h */
	struct {
		const char *entry; /* "__kmalloc" */
		int depth;         /* of the stack below it */
		bool sheaf;        /* it fills a sheaf */
		bool no_pages;     /* there were no pages for a new slab */
	} way;

	struct faults faults;
	uint32_t min_free_kbytes; /* of all zones together */
	uint32_t (*shrink)(struct mm *mm); /* gives pages back that are kept in reserve; their number */

	struct kmemleak kmemleak;
	uint64_t writes;         /* by drivers and people, since the boot */
};

/* Bytes of a page. */
static inline size_t page_size(const struct mm *mm)
{
	return (size_t)PAGE_SIZE << mm->page_order;
}

/* The largest kmalloc, bytes. */
static inline size_t kmalloc_max_size(const struct mm *mm)
{
	return mm->kernel->profile->slab ? mm->large_limit : page_size(mm) << mm->max_order;
}

#define IMAGE_MAX 1024
#define IMAGES_SIZE ((size_t)IMAGE_MAX * CACHES)

static inline size_t mm_sheaves_size(const struct mm *mm)
{
	return sizeof(struct spare) * SHEAF_SIZE * CACHES * (size_t)mm->nodes;
}

int mm_init(struct mm *mm, struct kernel *k);
void mm_finish(struct mm *mm);
/* Without a page. */
void mm_off(struct mm *mm, struct kernel *k);

#endif
