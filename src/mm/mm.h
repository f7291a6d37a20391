/* SPDX-License-Identifier: MIT */
/*
 * The memory of one machine: pages from a buddy allocator, objects from size classes, all
 * of it real memory in one reserved mapping.
 *
 *   host       base ............................ base + size
 *   simulated  page_offset ..................... page_offset + size
 *              |      node 0         |      node 1       |
 *               [slab 0][slab 1][ free ... ][large]
 *
 * Pointers that the model hands out are host pointers and can be dereferenced; users only
 * see their simulated addresses (mm_addr). Bookkeeping is outside the simulated memory,
 * so that nothing written there can corrupt it:
 *
 *   pages[pfn]    what a page is, 24 bytes
 *   slots[]       4 bytes per object: its tag, or the next free object
 *   tracks[]      who allocated and freed it (slub_debug=U only)
 *
 * The free objects of a cache form one last-in-first-out list through the slots. Empty
 * slabs stay with their cache until pages run short.
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
#include "mm/host.h"

/*
 * The model counts memory in units of 4 KiB, whatever the machine's page size is: a pfn
 * here is the number of a unit, and a block of order 0 is one unit. Pages of 16 and 64
 * KiB are blocks that are never split. Users and calls deal in pages: page_size(),
 * alloc_pages(), a cache's order.
 */
#define PAGE_SHIFT 12
#define PAGE_SIZE (1u << PAGE_SHIFT)
#define ORDERS 18 /* of blocks, in units; the largest is 512 MiB, with pages of 64 KiB */
#define NUMA_NO_NODE (-1)
#define NO_PAGE UINT32_MAX

/* The last report, for its explanation. */
struct kasan_report {
	const char *type;
	uint64_t addr, bad;  /* address of the access; its first bad byte */
	size_t size;
	bool write, free;
};

/* What happened to a damaged object; CONFIG_SLAB continues to use it. */
enum damaged_then { DAMAGED_STAYS, DAMAGED_FREED, DAMAGED_HANDED_OUT };

/* The last damage that the allocator detected. */
struct slub_report {
	uint32_t reports;
	bool kept_back;      /* the last one was not printed */
	const char *what;    /* "Right Redzone" */
	uint64_t start;      /* of the object */
	enum damaged_then then;
};

struct kasan {
	uint8_t *shadow;     /* one byte for 8, inverted, so that untouched memory is free pages;
			      * NULL: off */
	uint64_t shadow_size;
	const struct kasan_layout *layout; /* for this release; NULL: off */
	const char *opens_all; /* the allocator function that makes whole buckets accessible;
				* NULL: none */
	bool shot;           /* the one report that is printed has been */
	uint32_t reports;
	uint32_t withheld;   /* ... that were not printed because an earlier one was */
	bool kept_back;      /* the last one was not printed: there were too many of its kind */
	struct kasan_report last;
	/* object numbers of freed objects, oldest first; linked through their slots */
	uint32_t oldest, newest_slot;
	uint64_t waiting, limit; /* bytes */
};

struct kmemleak {
	bool on;
	bool no_stack;       /* do not scan what running functions refer to */
	uint32_t seconds;    /* between scans */
	uint64_t next;       /* time of the next one, ns; UINT64_MAX: no automatic scans */
	struct leak_suspect *suspect; /* sorted by number */
	uint32_t suspects;
};

struct zone {
	const char *name;
	uint32_t start, end;  /* pfn */
	uint32_t head[ORDERS];
	uint32_t blocks[ORDERS];
	uint64_t free;        /* units */
	uint64_t min;         /* ... of which only some callers may take from: see watermark_ok() */
};

/*
 * Attributes for injected failures, as Linux' struct fault_attr: the files of
 * /sys/kernel/debug/failslab and fail_page_alloc.
 */
struct fault_attr {
	const char *name;
	uint64_t probability;     /* percent; 0: never */
	uint64_t interval;        /* only every n-th candidate may fail */
	uint64_t verbose;         /* 0: no message, 1: a message, 2: also a stack */
	int times;                /* remaining failures; -1: no limit */
	int space;                /* bytes to allocate before the first failure */
	bool task_filter;         /* only tasks with make-it-fail */
	bool ignore_gfp_wait;     /* allocations that may sleep do not fail */
	bool cache_filter;        /* failslab: only caches with 1 in their failslab file */
	bool ignore_gfp_highmem;  /* fail_page_alloc */
	uint64_t min_order;       /* fail_page_alloc: smaller blocks do not fail */
	uint64_t count;           /* candidates so far, for the interval */
};

/* The last allocation that was made to fail. */
struct fault {
	uint64_t hits;            /* since boot */
	uint32_t step;            /* of the last one */
	char what[32];            /* "kmalloc-128", "pages" */
	size_t size;              /* bytes */
	char function[40], caller[40]; /* copies: the originals may be gone by the time they are
					* shown */
};

struct faults {
	struct fault_attr slab, pages;
	uint32_t fail_nth;        /* of the only task: allocations until the one that fails */
	bool make_it_fail;
	bool trying;              /* a `faults` is running, which uses the only counter */
	struct fault last;
};

#define ZONES 3

struct numa_node {
	uint32_t start, end;  /* pfn */
	struct zone zone[ZONES];
};

/* What a machine has of the host's address space. */
enum mm_area {
	AREA_BASE, AREA_PAGES, AREA_SHADOW, AREA_SLOTS, AREA_TRACKS, AREA_LIVES, AREA_SHEAVES,
	AREA_IMAGES, AREAS,
};

struct mm {
	struct kernel *kernel;
	struct area area[AREAS];
	struct { uint32_t from, to; } touched; /* units that may not be zero; none: from >= to */
	char *base;
	uint64_t size;           /* bytes of memory */
	uint64_t span;           /* ... plus the window for vmalloc() after it */
	uint64_t page_offset;
	uint64_t vm_base;        /* simulated address of the window */
	uint32_t vm_end;         /* pfn after the last area in the window */
	uint64_t host_to_sim;    /* page_offset - base */
	uint32_t pfns;           /* units */
	uint8_t page_order;      /* log2 of the units in a page */
	uint8_t word;            /* bytes of a pointer */
	gfp_t gfp_wrong;         /* flags that this release's allocators reject */
	bool poison, track;
	bool slab_printed;          /* SLUB's last report was printed, so its FIX lines are, too */
	const char *slab_entry;  /* the allocator function on whose behalf SLUB checks an object */
	bool unnoticed;          /* an invalid kfree() went unnoticed, because nothing was
				  * checked */
	bool tampered;            /* a driver wrote to memory, or freed something that is on a
				   * devres list */

	struct page *pages;
	uint32_t *slots;
	struct track *tracks;    /* NULL: no tracks are kept */
	struct life *lives;      /* a ring; exists if tracks do */
	uint32_t lives_used;     /* total number so far */
	struct depot depot;      /* call stacks of the tracks */
	struct kasan kasan;
	struct wild *wild; /* NULL on 64-bit hosts */
	struct slub_report damage;
	uint32_t slots_used, slots_max;
	bool slots_few; /* fewer than the machine may need: the host has a limit */
	/* unused rows of slots by class, + 1; [0]: single slots */
	uint32_t slots_free[ROW_CLASSES];
	bool emptied;            /* some slab became empty since the last shrink */

	int nodes;
	int mem_nodes;           /* the first ones; the others have no memory */
	uint32_t node_pages;     /* units */
	struct numa_node node[NODES_MAX];

	uint8_t size_class[KMALLOC_ODD_MAX / 8 + 1]; /* indexed by (size + 7) / 8 */
	struct cache_node *plain[NODES_MAX][FAST_MAX / 8 + 1]; /* the same, resolved to the cache */
	uint8_t shift_low, shift_high;
	uint8_t max_order;       /* of blocks, in pages; inclusive */
	uint32_t large_limit;    /* larger sizes come from pages */
	struct kmem_cache caches[CACHES];
	struct spare *sheaves;   /* of all caches, for each node */
	char *images;            /* IMAGE_MAX bytes for each cache that poisons its objects */

	/* the call that allocates: see alloc_stack.h */
	struct {
		const char *entry; /* "__kmalloc" */
		int depth;         /* depth of the stack below it */
		bool sheaf;        /* it fills a sheaf */
		bool no_pages;     /* no pages were available for a new slab */
	} way;

	struct faults faults;
	uint32_t min_free_kbytes; /* of all zones together */
	uint32_t (*shrink)(struct mm *mm); /* frees pages that are held in reserve; returns their
					    * number */

	struct kmemleak kmemleak;
	uint64_t writes;         /* by drivers and users, since boot */
};

/* Bytes of a page. */
static inline size_t page_size(const struct mm *mm)
{
	return (size_t)PAGE_SIZE << mm->page_order;
}

/* The largest size that kmalloc() can return, bytes. */
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

/* Takes the areas that an earlier boot has kept; a new mm is all zero. 0 or -ENOMEM. */
int mm_init(struct mm *mm, struct kernel *k);
/* The areas are kept, zeroed, for another mm_init(). */
void mm_finish(struct mm *mm);
/* After mm_finish(): the areas go back to the host. */
void mm_drop(struct mm *mm);
/* The same; what is left is an empty allocator without any page. */
void mm_off(struct mm *mm, struct kernel *k);

#endif
