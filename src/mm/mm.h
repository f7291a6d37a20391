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
 * people see is its simulated address (mm_addr). Bookkeeping stays outside of
 * the simulated memory, so that nothing written there can mislead it:
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
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(p) ((uintptr_t)(p) <= 16)
#define NUMA_NO_NODE (-1)
#define NO_PAGE UINT32_MAX

/* what bytes hold that nobody may use */
#define RED_INACTIVE 0xbb
#define RED_ACTIVE 0xcc
#define POISON_INUSE 0x5a
#define POISON_FREE 0x6b
#define POISON_END  0xa5
#define PAGE_POISON 0xaa

enum page_kind {
	PAGE_NONE,     /* inside of a bigger block, or never used */
	PAGE_RESERVED,
	PAGE_FREE,     /* first of a free block */
	PAGE_SLAB,     /* first of a slab */
	PAGE_LARGE,    /* first of a large kmalloc */
	PAGE_RAW,      /* first of an alloc_pages() block */
	PAGE_VMALLOC,  /* first of an area of vmalloc(): vmalloc.c */
	PAGE_TAIL,     /* inside of one of the last four */
};

struct page {
	uint8_t kind;
	uint8_t order;       /* in units */
	uint16_t writes;     /* mm->writes, modulo, when a slab's end was looked at */
	uint32_t head;       /* pfn of the block's first page */
	uint32_t slots;      /* first slot of the block's objects */
	uint32_t inuse;      /* objects that are not on their cache's list */
	union {
		struct { uint32_t next, prev; } free;
		struct cache_node *owner; /* a slab's */
		uint64_t bytes;           /* what was asked for: of a large kmalloc, of an area */
	};
};

/* What an allocated object is for; the owner's layer gives meaning to the rest. */
enum tag {
	TAG_KMALLOC = 1, /* plain memory: kfree() is its way out */
	TAG_PAGES,       /* get_free_pages() */
	TAG_PERCPU,      /* alloc_percpu() */
	TAG_VMALLOC,     /* vmalloc() */
	TAG_CACHE,       /* struct kmem_cache of a cache that a driver created */
	TAG_DEVRES,      /* a devres node that is on no list; above, one that is */
	TAG_LISTS = 16,  /* from here on: the devres list it is on */
};

#define SLOT_ALLOCATED 0x80000000u

struct track {
	uint32_t size;        /* requested, bytes */
	uint32_t rank;        /* of a node on its list; of one that left it the bytes of its header */
	uint32_t rank_close;  /* ... for a second node in it */
	uint32_t owner, was;  /* whose it is, and whose it was before (base/owner.c); 0: not known */
	uint32_t number;      /* of a node on its device's list; 0: was never on one */
	uint32_t number_close; /* ... of a second node in it */
	uint32_t orig;        /* bytes that the allocator was asked for */
	uint32_t alloc_step, free_step;
	uint32_t alloc_when, free_when; /* jiffies */
	uint32_t alloc_stack, free_stack; /* of the depot; 0: none */
	const char *alloc_by, *free_by;
	const char *alloc_phase, *free_phase;
	uint32_t life;        /* the one before, in the ring of lives; 0: none */
};

/* What lived in an object once (lives.c). */
struct life {
	uint32_t owner, alloc_step, free_step;
	uint32_t before;      /* the one before that; 0: none */
};

#define LIVES 32768u

/*
 * Call stacks, each kept once. A stack is a row in frames: its length, then the
 * functions, innermost first. Handles are its place there.
 */
#define DEPOT_RECENT 16

struct depot {
	const char **frames;
	uint32_t used, room;
	uint32_t *table;     /* handles by hash, a power of two of them */
	uint32_t stacks, table_size;
	struct depot_recent {
		const char *top, *innermost;
		uint32_t depth, handle;
	} recent[DEPOT_RECENT][2];
};

/* The last report, for those who can say more. */
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
	const char *opens_all; /* the allocator that opens whole buckets; NULL: none does */
	bool shot;           /* the one report that prints did */
	uint32_t reports;
	uint32_t withheld;   /* ... that were not printed, as an earlier one was */
	bool kept_back;      /* the last one was not printed: too many of its kind */
	struct kasan_report last;
	/* freed objects, oldest first, by their numbers; linked through their slots */
	uint32_t oldest, newest_slot;
	uint64_t waiting, limit; /* bytes */
};

/* An object that kmemleak could not reach, or that it is to forget about. */
struct leak_suspect {
	uint32_t number;     /* the object's */
	uint32_t when;       /* it was allocated: another one there is another object */
	uint32_t crc;        /* of its bytes in the last scan that saw it unreached */
	bool white;          /* the last scan did not reach it */
	bool reported, grey;
	bool not_leak, ignored; /* a driver said so: for ever; ignored: nor read */
};

struct kmemleak {
	bool on;
	bool no_stack;       /* what functions that run hold is not looked at */
	uint32_t seconds;    /* from a scan to the next one */
	uint64_t next;       /* ns, when that is; UINT64_MAX: nobody scans by itself */
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
	int times;                /* left; -1: for ever */
	int space;                /* bytes that are given out before the first failure */
	bool task_filter;         /* only tasks with make-it-fail */
	bool ignore_gfp_wait;     /* what may sleep does not fail */
	bool cache_filter;        /* failslab: only caches whose failslab file says 1 */
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

/*
 * A cache on one NUMA node. Its free objects, the one to be handed out next
 * in front:
 *
 *   sheaf[spares - 1] ... sheaf[0]   free -> slots[] -> slots[] -> 0
 *
 * Calls take from the sheaf and put into it; half a sheaf at a time comes from
 * the list or goes there. An object's number is its distance from the start of
 * memory in steps of 8 bytes: 31 bits for 16 GiB. Firmware has the first page,
 * so 0 is no object.
 */
struct cache_node {
	struct kmem_cache *cache;
	uint32_t stride;      /* the cache's, near at hand */
	uint32_t reciprocal;  /* ceil(2^32 / stride) */
	uint16_t objects, left;
	uint32_t free;        /* the list's first object */
	uint32_t spares;      /* objects in the sheaf */
	uint32_t taken;       /* objects that are not on the list */
	uint32_t quarantined; /* ... because they wait in the quarantine */
	uint32_t slabs;
	struct spare { uint32_t number, slot; } *sheaf;
};

#define SHEAF_SIZE 64

#define CACHE_NAME 48

struct kmem_cache {
	char name[CACHE_NAME];
	uint32_t object_size; /* bytes a user may have; 0: no such cache */
	uint32_t number;      /* of its struct kmem_cache, an object; 0: it is a kmalloc cache */
	bool lost;            /* destroyed with objects in it: not shown, and never used again */
	uint8_t asked_debug;  /* SLUB_F, ... that who created it wants */
	uint32_t stride;      /* bytes from one object to the next */
	uint32_t inuse;       /* the right red zone ends here, seen from the object */
	uint32_t meta;        /* ... and what nobody fills; padding from here on */
	uint16_t left;        /* the left red zone: bytes in front of the object */
	uint8_t debug;        /* SLUB_F, ...; DEBUG_SLAB */
	uint32_t align;
	uint16_t objects;     /* per slab */
	uint16_t row;         /* slots of a slab */
	uint8_t order;        /* of a slab, in pages */
	uint8_t class;        /* the first cache with as many objects per slab */
	bool failslab;        /* fails with cache-filter, too */
	bool keeps_size;      /* knows how much of an object was asked for, and checks the rest */
	bool keeps_orig;      /* knows it at least */
	bool poisons_orig;    /* ... and poisons and zeroes no more of an object that is handed out */
	uint8_t orig_least;   /* bytes that count as asked for anyway: KASAN may write to them */
	uint16_t image_len;
	const char *image;    /* of a free object from its left red zone up to inuse; NULL: none */
	uint16_t freeptr;     /* where the pointer to the next free object is, seen from the object */
	bool skip_kfence;
	uint8_t defrag_ratio; /* of 100; it and the next two are only shown */
	uint32_t min_partial, cpu_partial;
	struct cache_node node[NODES_MAX];
};

enum cache_type { CACHE_NORMAL, CACHE_RCL, CACHE_CG, CACHE_DMA, CACHE_TYPES };

#define SHORT_MAX 1024 /* bytes that have a short way */
#define KMALLOC_ODD_MAX 192 /* classes that are no power of two end here */
#define CLASSES 26 /* index: log2 of the size; 1 is 96 bytes, 2 is 192 */
#define KMALLOC_CACHES (CACHE_TYPES * CLASSES)
#define OWN_CACHES 96 /* that drivers create, behind those of kmalloc */
#define CACHES (KMALLOC_CACHES + OWN_CACHES)
/* Rows of slots: one class for each kmalloc cache, and for the others by log2 of their length. */
#define ROW_CLASSES (KMALLOC_CACHES + 16)

struct mm {
	struct kernel *kernel;
	char *base;
	uint64_t size;           /* bytes of memory */
	uint64_t span;           /* ... and of the window for vmalloc() behind it */
	uint64_t page_offset;
	uint64_t vm_base;        /* simulated address of the window */
	uint32_t vm_end;         /* pfn: nothing was allocated in the window from here on */
	uint64_t host_to_sim;    /* page_offset - base */
	uint32_t pfns;           /* units */
	uint8_t page_order;      /* a page is so big a block of units */
	uint8_t word;            /* bytes of a pointer */
	gfp_t gfp_wrong;         /* flags that the allocators of this release do not take */
	bool poison, track;
	bool slab_said;          /* SLUB's last report was printed: its FIX lines are, too */
	const char *slab_entry;  /* who asks SLUB for the object that it looks at */
	bool unnoticed;          /* kfree() of what it must not free, and nothing looked */
	bool meddled;            /* a driver wrote to memory, or freed what is on a list */

	struct page *pages;
	uint32_t *slots;
	struct track *tracks;    /* NULL when nobody tracks */
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
	struct cache_node *plain[NODES_MAX][SHORT_MAX / 8 + 1]; /* the same, ready */
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
		bool no_pages;     /* there were none for a new slab */
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

/* The order of a block of pages that has room for size bytes. */
static inline unsigned get_order(const struct mm *mm, size_t size)
{
	unsigned order = 0, most = 64 - PAGE_SHIFT - mm->page_order;

	while (order < most && (uint64_t)page_size(mm) << order < size)
		order++;
	return order;
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

/* --- addresses --------------------------------------------------------- */

/* A host pointer to memory or into the window. */
static inline bool mm_has(const struct mm *mm, const void *p)
{
	return (uintptr_t)p - (uintptr_t)mm->base < mm->span;
}

/* wild.c: the address of a pointer that leads nowhere */
#if UINTPTR_MAX < UINT64_MAX
int wild_init(struct mm *mm);
void wild_finish(struct mm *mm);
uint64_t wild_addr(const struct mm *mm, const void *p);
#else
static inline int wild_init(struct mm *mm) { return 0; }
static inline void wild_finish(struct mm *mm) { }
static inline uint64_t wild_addr(const struct mm *mm, const void *p) { return (uintptr_t)p; }
#endif

/* The simulated address of a host pointer; NULL, ZERO_SIZE_PTR and wild ones as they are. */
static inline uint64_t mm_addr(const struct mm *mm, const void *p)
{
	uint64_t off = (uintptr_t)p - (uintptr_t)mm->base;

	if (likely(off < mm->size))
		return mm->page_offset + off;
	return off < mm->span ? mm->vm_base + off - mm->size : wild_addr(mm, p);
}

/* address.c: the same in the window, as far as an area goes. */
void *vmalloc_ptr(const struct mm *mm, uint64_t addr, size_t len);

/* Host memory of [addr, addr + len), NULL where the machine has none. */
static inline void *mm_ptr(const struct mm *mm, uint64_t addr, size_t len)
{
	uint64_t off = addr - mm->page_offset;

	if (likely(off < mm->size && len <= mm->size - off))
		return mm->base + off;
	return vmalloc_ptr(mm, addr, len);
}

/* lives.c: what the track knows becomes a life of before; it has one, since it was freed. */
void life_end(struct mm *mm, struct track *t);
/* NULL: there was none, or it is forgotten. */
const struct life *life_at(const struct mm *mm, uint32_t life);
/* Bytes of memory from addr on, at most len. */
uint64_t mm_room(const struct mm *mm, uint64_t addr, uint64_t len);

/* host.c: zeroed memory that costs nothing until it is written to; NULL: none. */
void *reserve(uint64_t bytes);
/* p may be NULL. */
void unreserve(void *p, uint64_t bytes);

/* A pointer that stands for any address, also one that leads nowhere. */
void *mm_wild_ptr(const struct mm *mm, uint64_t addr);

static inline uint32_t mm_pfn(const struct mm *mm, const void *p)
{
	return (uint32_t)(((uintptr_t)p - (uintptr_t)mm->base) >> PAGE_SHIFT);
}

static inline char *pfn_ptr(const struct mm *mm, uint32_t pfn)
{
	return mm->base + ((uint64_t)pfn << PAGE_SHIFT);
}

static inline int pfn_node(const struct mm *mm, uint32_t pfn)
{
	int node = (int)(pfn / mm->node_pages);

	return node < mm->mem_nodes ? node : mm->mem_nodes - 1;
}

/* --- pages (page_alloc.c) ---------------------------------------------- */

/* Zones and their free blocks, of memory that is there. */
void pages_init(struct mm *mm);
/* 2^order pages; NULL when no node that gfp allows has a block of this order. */
struct page *alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid);
/* The same for the call that mm->way tells of: see alloc_stack.h. */
struct page *alloc_pages_at(struct mm *mm, gfp_t gfp, unsigned order, int nid, unsigned at);
/* What is said when there are none; `at` as in alloc_stack.h. */
void warn_alloc(struct mm *mm, gfp_t gfp, unsigned order, unsigned at);
/* The same without a word when it fails; order is mm->max_order at most. */
struct page *try_alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid);
void free_pages(struct mm *mm, struct page *page);
/* Shares out what is kept back for those that cannot wait. */
void set_min_free_kbytes(struct mm *mm, uint32_t kbytes);
/* Nodes stand in a row: 10 to itself, 10 more for each step, as in a SLIT. */
int node_distance(int from, int to);
/* The i-th node to try for memory on node nid: by distance, of two the higher one. */
int node_fallback(const struct mm *mm, int nid, int i);

static inline uint32_t page_pfn(const struct mm *mm, const struct page *page)
{
	return (uint32_t)(page - mm->pages);
}

/* The block that p lies in, NULL for free and reserved memory. */
static inline struct page *page_of(const struct mm *mm, const void *p)
{
	struct page *page;

	if (!mm_has(mm, p))
		return NULL;
	page = &mm->pages[mm_pfn(mm, p)];
	if (page->kind == PAGE_TAIL)
		page = &mm->pages[page->head];
	return page->kind >= PAGE_SLAB ? page : NULL;
}

/* --- failures on purpose (failslab.c) ---------------------------------- */

void faults_init(struct mm *mm);
/* After any attribute was set: the short ways know nothing of failures. */
void faults_changed(struct mm *mm);
bool should_failslab_slow(struct mm *mm, struct kmem_cache *c, gfp_t gfp);
bool should_fail_alloc_page_slow(struct mm *mm, gfp_t gfp, unsigned order, bool slab);
/* A failed allocation was made to fail by one of these, in this step. */
bool fault_was_injected(const struct mm *mm);

/* What an allocation by `function` says and asks before it begins; true: it fails. */
static inline bool slab_pre_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp,
				  const char *function)
{
	if (in_atomic(mm->kernel) && gfp & __GFP_DIRECT_RECLAIM)
		might_sleep_at(mm->kernel, SLEEP_FOR_MEMORY, function);
	return unlikely(mm->kernel->injecting) && should_failslab_slow(mm, c, gfp);
}

/* The same for pages; those of a new slab are no allocation of their own. */
static inline bool pages_pre_alloc(struct mm *mm, gfp_t gfp, unsigned order)
{
	if (in_atomic(mm->kernel) && gfp & __GFP_DIRECT_RECLAIM)
		might_sleep_at(mm->kernel, SLEEP_FOR_MEMORY, NULL);
	return unlikely(mm->kernel->injecting) &&
	       should_fail_alloc_page_slow(mm, gfp, order, false);
}

/* --- kmalloc (slab_common.c, kmalloc.c, kfree.c) ------------------------- */

void slab_caches_init(struct mm *mm);
/* Hands mm->sheaves out. */
void slab_sheaves_init(struct mm *mm);
/* Object slots that suffice whatever is allocated in whatever order. */
uint64_t slab_slots_max(const struct mm *mm);
/* Slots of a row of this class. */
uint32_t slots_row(const struct mm *mm, unsigned class);
/* The layout of a cache with a name, an object_size and an alignment. */
void cache_setup(struct mm *mm, struct kmem_cache *c);
struct kmem_cache *kmalloc_cache(struct mm *mm, size_t size, gfp_t gfp);
/* A part of what a cache keeps for each object. */
struct cache_part {
	const char *name;  /* "left red zone"; NULL: the object itself */
	const char *mark;  /* "red": the same where there is room for a word */
	size_t len;        /* bytes */
	int64_t from;      /* seen from the object */
};
/* The part at so many bytes from an object's start, -left up to its stride. */
struct cache_part cache_part(const struct mm *mm, const struct kmem_cache *c, int64_t off);
/* The bucket that size falls into. */
size_t kmalloc_size_roundup(struct mm *mm, size_t size);

/* An allocation of up to 8 KiB that the model does not make is to fail. */
bool kmalloc_fails(struct mm *mm, size_t size, gfp_t gfp);
void *kmalloc(struct mm *mm, size_t size, gfp_t gfp);
void *kmalloc_node(struct mm *mm, size_t size, gfp_t gfp, int nid);
void *kmalloc_array(struct mm *mm, size_t n, size_t size, gfp_t gfp);
void kfree(struct mm *mm, const void *p);
/* The same for another function's: it is on the stack already. */
void kfree_object(struct mm *mm, const void *p);
size_t ksize(struct mm *mm, const void *p);

/* 2^order pages in a row, zeroed with __GFP_ZERO; NULL: no memory. */
void *get_free_pages(struct mm *mm, gfp_t gfp, unsigned order);
/* p is what get_free_pages() returned; else false, and nothing happened. */
bool free_pages_at(struct mm *mm, const void *p);
/*
 * Zeroed memory for each of the machine's CPUs, of which there is one. NULL: no
 * memory, or after a WARN: align is no power of two up to a page, or size is 0
 * or more than 32 KiB.
 */
void *alloc_percpu(struct mm *mm, size_t size, size_t align);
bool free_percpu(struct mm *mm, const void *p);

/* bad_page.c: "Bad page state", and the reason */
void bad_page(struct mm *mm, uint32_t pfn, int refcount, const char *why);

/* --- checked access (access.c) ----------------------------------------- */

/* 0, or -EFAULT after an Oops: the machine has no memory there. */
int mm_read(struct mm *mm, uint64_t addr, void *out, size_t len);
int mm_write(struct mm *mm, uint64_t addr, const void *in, size_t len);
/* memset() and memcpy(): -EACCES where KASAN reported it and they do nothing then. */
int mm_fill(struct mm *mm, uint64_t addr, uint8_t byte, size_t len);
/* As far as both ranges have memory: what lies before the Oops is copied. */
int mm_copy(struct mm *mm, uint64_t dest, uint64_t src, uint64_t len);

#endif
