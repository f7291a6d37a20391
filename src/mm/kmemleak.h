/* SPDX-License-Identifier: MIT */
/*
 * Memory that nothing points to. Objects are boxes, and each word in one that is
 * an address in another one is an arrow; what no arrow leads to from a root is
 * lost. Nothing is kept when memory is allocated or freed: a scan looks at what
 * the allocator knows.
 *
 *   root ─> object ─> object        object <─> object
 *           reached   reached       lost: they point to each other only
 */
#ifndef DEVSH_MM_KMEMLEAK_H
#define DEVSH_MM_KMEMLEAK_H

#include "lib/buf.h"
#include "mm/kasan.h"

/* --- suspects --------------------------------------------------------------- */

/* An object that kmemleak could not reach, or that it is to forget about. */
struct leak_suspect {
	uint32_t number;     /* the object's */
	uint32_t when;       /* it was allocated: another one there is another object */
	uint32_t crc;        /* of its bytes in the last scan that saw it unreached */
	bool white;          /* the last scan did not reach it */
	bool reported, grey;
	bool not_leak, ignored; /* a driver asked for it, for good; ignored: nor read */
};

/* --- one scan ------------------------------------------------------------- */

/*
 * What was reached. `object` has the objects in the order in which they were reached; those
 * from `done` on are still to be read.
 */
struct leak_scan {
	const struct mm *mm;
	bool pages;          /* get_free_pages(), too: Linux neither reads nor reports it */
	uint8_t *reached;    /* a bit for each slot */
	uint32_t *object;    /* numbers, room for all that are allocated */
	uint32_t count, done;
};

/* Nothing is reached yet. 0, or -ENOMEM and nothing to finish. */
int leak_scan_begin(struct leak_scan *s, const struct mm *mm, bool pages);
void leak_scan_finish(struct leak_scan *s);
/* An address that somebody holds: any byte of an object keeps it. */
void leak_scan_addr(struct leak_scan *s, uint64_t addr);
void leak_scan_object(struct leak_scan *s, const struct object *o);
/* It counts as reached, and is not read. */
void leak_scan_skip(struct leak_scan *s, const struct object *o);
/* What is on a devres list is its device's. */
void leak_scan_lists(struct leak_scan *s);
/* Reads all that was reached, and what that leads to. */
void leak_scan_run(struct leak_scan *s);
bool leak_scan_reached(const struct leak_scan *s, const struct object *o);

/* Bytes of an object in which pointers are looked for, and which reports print. */
size_t leak_object_size(const struct mm *mm, const struct object *o);

/* --- /sys/kernel/debug/kmemleak -------------------------------------------- */

/*
 * Adds to a scan what higher layers know of: the pointers of devices and front ends;
 * `stack`: those of running functions, too.
 */
typedef void (*leak_roots_fn)(void *ctx, struct leak_scan *s, bool stack);

void kmemleak_init(struct mm *mm);
void kmemleak_finish(struct mm *mm);
/* The number of objects that are reported for the first time; -ENOMEM. */
int kmemleak_scan(struct mm *mm, leak_roots_fn roots, void *ctx);
/* What was reported so far counts as no leak. */
void kmemleak_clear(struct mm *mm);
/* A driver marks its object: not a leak; or, ignored, not even read. */
void kmemleak_mark(struct mm *mm, uint64_t addr, bool ignored);
/* Applies the marks of drivers to a scan that begins. */
void kmemleak_add_marked(struct leak_scan *s);
/* Until the next boot. */
void kmemleak_disable(struct mm *mm);
/* All that the last scan found and that was not freed since. */
void kmemleak_show(const struct mm *mm, struct buf *out);
/* To the log: what is known of the object at addr. 0 or -EINVAL. */
int kmemleak_dump(struct mm *mm, uint64_t addr);

/* kfree() of a pointer into an object: kmemleak reports it before the others do. */
void kmemleak_bad_free(struct mm *mm, const void *p, const struct object *o);

/* The object of a suspect, when it is still the same one. */
bool kmemleak_object(const struct mm *mm, const struct leak_suspect *l, struct object *o);

#endif
