/* SPDX-License-Identifier: MIT */
/*
 * What KASAN does and prints from a release on, and the functions that its traces have
 * between a driver and the report. Lists of functions end with NULL, innermost first.
 */
#ifndef DEVSH_MM_KASAN_LAYOUT_H
#define DEVSH_MM_KASAN_LAYOUT_H

#include <stdbool.h>

/* The function that the report of an invalid free names after "in". */
enum kasan_blames { BLAMES_KFREE, BLAMES_CALLER };

struct kasan_layout {
	int since;                 /* RELEASE() */
	/* what it does */
	bool every_access;         /* no single shot: every bad access is printed */
	bool every_free;           /* the same for frees */
	bool writes_anyway;        /* memset() and the like write even after a report */
	bool believes_shadow;      /* kfree() of accessible memory is accepted */
	bool free_mark;            /* the first granule of a freed object shows whether its free
				    * track is valid */
	bool track_caller_whole;   /* kmalloc_track_caller() makes the whole bucket accessible */
	bool large_twice;          /* a double free of a large kmalloc is detected */
	bool large_inside;         /* ... and a free of a pointer into it */
	bool checks_wrap;          /* an access that wraps around is out-of-bounds */
	/* what it prints */
	bool old;                  /* in the order of 4.9: see report_old() */
	bool always_freed;         /* "Freed by" is printed even if the object was never freed */
	bool free_kinds;           /* "double-free" or "invalid-free", with "Free of addr" */
	bool blank_after_region;
	bool asked_size;           /* the region has the requested size, allocated or freed */
	bool slab_uaf;             /* slab-use-after-free */
	enum kasan_blames slab_free_blames, large_free_blames;
	const char *page_word;     /* "physical page" */
	const char *check;         /* the function that checks a range */
	const char *mem_prefix;    /* prefix of memset() and the like when the compiler calls
				    * them */
	/* traces */
	const char *const *dump, *const *wild_dump; /* below dump_stack() */
	const char *report, *report_free;
	const char *const *slab_free, *const *large_free; /* below report_free, down to the
							   * caller of kfree() */
	/* above __kmalloc(), ..track_caller() and kmem_cache_alloc() */
	const char *const *alloc, *const *alloc_caller, *const *alloc_cache;
	const char *track_caller;  /* its name without CONFIG_NUMA; NULL: the same */
	const char *const *freed;  /* above kfree() and kmem_cache_free() */
	const char *kfree_calls;   /* function between these and kfree(), but not
				    * kmem_cache_free(); NULL: none */
};

/* The newest entry that is not newer than the release. */
const struct kasan_layout *kasan_layout(int version);

#endif
