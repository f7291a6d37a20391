/* SPDX-License-Identifier: MIT */
/*
 * What KASAN prints and does from a release on, and the functions that its traces have
 * between a driver and the report. Lists of functions end with NULL, the innermost first.
 */
#ifndef DEVSH_MM_KASAN_LAYOUT_H
#define DEVSH_MM_KASAN_LAYOUT_H

#include <stdbool.h>

/* The function that a report of a wrong free names after "in". */
enum kasan_blames { BLAMES_KFREE, BLAMES_CALLER };

struct kasan_layout {
	int since;                 /* RELEASE() */
	/* what it does */
	bool every_access;         /* no single shot: each bad access prints */
	bool every_free;           /* the same of frees */
	bool writes_anyway;        /* memset() and the like write even if that was reported */
	bool believes_shadow;      /* kfree() of accessible memory is not a bad free */
	bool free_mark;            /* the first granule of a freed object says whether its free
				      track is valid */
	bool track_caller_whole;   /* kmalloc_track_caller() opens the whole bucket */
	bool large_twice;          /* the second free of a large kmalloc is noticed */
	bool large_inside;         /* ... and one of a pointer into it */
	bool checks_wrap;          /* an access that wraps around is out-of-bounds */
	/* what it says */
	bool old;                  /* the order of 4.9: see report_old() */
	bool always_freed;         /* "Freed by", also of what never was */
	bool free_kinds;           /* double-free and invalid-free apart, with "Free of addr" */
	bool blank_after_region;
	bool asked_size;           /* the region is what was asked for, allocated or freed */
	bool slab_uaf;             /* slab-use-after-free */
	enum kasan_blames slab_free_blames, large_free_blames;
	const char *page_word;     /* "physical page" */
	const char *check;         /* that looks at a range */
	const char *mem_prefix;    /* of memset() and the like, when a compiler calls them */
	/* traces */
	const char *const *dump, *const *wild_dump; /* below dump_stack() */
	const char *report, *report_free;
	const char *const *slab_free, *const *large_free; /* below it, down to the call that frees */
	/* above __kmalloc(), ..track_caller() and kmem_cache_alloc() */
	const char *const *alloc, *const *alloc_caller, *const *alloc_cache;
	const char *track_caller;  /* what that is called without CONFIG_NUMA; NULL: the same */
	const char *const *freed;  /* above kfree() and kmem_cache_free() */
	const char *kfree_calls;   /* between these and kfree() alone, in both; NULL: nothing */
};

/* The newest one that is not newer than the release. */
const struct kasan_layout *kasan_layout(int version);

#endif
