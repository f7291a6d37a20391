/* SPDX-License-Identifier: MIT */
/*
 * Memory that nothing points to. Objects are nodes of a graph; each word in one that is
 * an address in another is an edge. What cannot be reached from a root is lost. Nothing
 * is recorded on allocation or free: a scan uses what the allocator knows.
 *
 *   root -> object -> object          object <-> object
 *            reached   reached          lost: they only point to each other
 */
#ifndef DEVSH_MM_KMEMLEAK_H
#define DEVSH_MM_KMEMLEAK_H

#include "lib/buf.h"
#include "mm/kasan.h"

/* --- suspects --------------------------------------------------------------- */

/* An object that kmemleak could not reach, or that a driver has marked. */
struct leak_suspect {
	uint32_t number;     /* object number */
	uint32_t when;       /* time of its allocation: tells it from a later object in the same
			      * place */
	uint32_t crc;        /* of its bytes in the last scan that did not reach it */
	bool white;          /* not reached by the last scan */
	bool reported, grey;
	bool not_leak, ignored; /* marked by a driver, for good; ignored ones are not scanned,
				 * either */
};

/* --- one scan ------------------------------------------------------------- */

/*
 * What was reached. `object` lists the objects in the order in which they were reached;
 * those from `done` on have not been read yet.
 */
struct leak_scan {
	const struct mm *mm;
	bool pages;          /* also scan get_free_pages(): Linux neither reads nor reports such
			      * memory */
	uint8_t *reached;    /* one bit per slot */
	uint32_t *object;    /* object numbers, with room for all that are allocated */
	uint32_t count, done;
};

/* Begins with nothing reached. 0; or -ENOMEM, and then nothing needs to be finished. */
int leak_scan_begin(struct leak_scan *s, const struct mm *mm, bool pages);
void leak_scan_finish(struct leak_scan *s);
/* An address from outside: an address of any byte keeps its object. */
void leak_scan_addr(struct leak_scan *s, uint64_t addr);
void leak_scan_object(struct leak_scan *s, const struct object *o);
/* Counts it as reached without reading it. */
void leak_scan_skip(struct leak_scan *s, const struct object *o);
/* What is on a devres list belongs to its device. */
void leak_scan_lists(struct leak_scan *s);
/* Reads everything that was reached, and what that leads to. */
void leak_scan_run(struct leak_scan *s);
bool leak_scan_reached(const struct leak_scan *s, const struct object *o);

/* Bytes of an object that are searched for pointers, and that reports print. */
size_t leak_object_size(const struct mm *mm, const struct object *o);

/* --- /sys/kernel/debug/kmemleak -------------------------------------------- */

/*
 * Adds the roots that higher layers know: pointers of devices and front ends; with
 * `stack` also those of running functions.
 */
typedef void (*leak_roots_fn)(void *ctx, struct leak_scan *s, bool stack);

void kmemleak_init(struct mm *mm);
void kmemleak_finish(struct mm *mm);
/* Returns the number of objects that are reported for the first time, or -ENOMEM. */
int kmemleak_scan(struct mm *mm, leak_roots_fn roots, void *ctx);
/* Stops counting what was reported so far as leaks. */
void kmemleak_clear(struct mm *mm);
/* A driver marks its object: not a leak, or, if ignored, not even scanned. */
void kmemleak_mark(struct mm *mm, uint64_t addr, bool ignored);
/* Applies the drivers' marks to a scan that is beginning. */
void kmemleak_add_marked(struct leak_scan *s);
/* Until the next boot. */
void kmemleak_disable(struct mm *mm);
/* All leaks that the last scan found and that were not freed since. */
void kmemleak_show(const struct mm *mm, struct buf *out);
/* Logs what is known about the object at addr. 0 or -EINVAL. */
int kmemleak_dump(struct mm *mm, uint64_t addr);

/* kfree() of a pointer into an object: kmemleak reports it first. */
void kmemleak_bad_free(struct mm *mm, const void *p, const struct object *o);

/* The object of a suspect, if it is still the same one. */
bool kmemleak_object(const struct mm *mm, const struct leak_suspect *l, struct object *o);

#endif
