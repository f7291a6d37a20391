/* SPDX-License-Identifier: MIT */
/* The format of SLUB's reports, by release. For slub_report.c and slub_body.c. */
#ifndef DEVSH_MM_SLUB_STYLE_H
#define DEVSH_MM_SLUB_STYLE_H

#include "kernel/log.h"
#include "mm/slub_debug.h"

/* When the kernel is marked as tainted. */
enum slub_taint {
	TAINT_AT_HEADER, /* before anything else is printed */
	TAINT_AT_END,    /* after the call stack */
	TAINT_BEFORE_WARN, /* before the WARN, which includes the call stack */
};

struct slub_style {
	int since;
	const char *info;    /* prefix of the lines about tracks, slab and object */
	const char *track;   /* prefix of a function in a track */
	bool sides;          /* "Left Redzone", "End Poison"; else "Redzone" and "Poison" */
	bool offset;         /* "@offset=64" */
	bool wide;           /* labels of dumps are padded to the longest, "Bytes b4" */
	bool flag_names;     /* "flags=0x200(slab|node=0)", not "flags=0x0200" */
	bool fix_names;      /* "Restoring Poison 0x"; else "Restoring 0x" and an empty line */
	bool all_faults;     /* each fault has a line of its own, and the first one a report,
			      * "Object corrupt"; else only the first fault is reported */
	bool tail_first;     /* the end of a slab is dumped before the line about the slab */
	enum slub_taint taint;
};

const struct slub_style *slub_style(const struct kernel *k);

#define SLUB_LOG(k, ...) printk(k, KERN_ERR, __VA_ARGS__)

/* slub_body.c */
void slub_dump(struct mm *mm, enum log_level level, const char *label, const char *p, size_t len);
/* The number of objects in use in its slab; *fp: the first free one, or 0. */
unsigned slub_count_used(struct mm *mm, const struct object *o, unsigned long long *fp);
/* Who allocated and freed it, if that is recorded. */
void slub_print_tracks(struct mm *mm, const struct object *o);
void slub_print_slab(struct mm *mm, const struct object *o);
/* Its tracks, its slab, its place, and its bytes with those around them. */
void slub_print_object(struct mm *mm, const struct object *o);

#endif
