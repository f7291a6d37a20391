/* SPDX-License-Identifier: MIT */
/* How SLUB's reports look, by release. For slub_report.c and slub_body.c. */
#ifndef DEVSH_MM_SLUB_STYLE_H
#define DEVSH_MM_SLUB_STYLE_H

#include "kernel/log.h"
#include "mm/slub_debug.h"

/* When the kernel counts as tainted. */
enum slub_taint {
	TAINT_AT_HEADER, /* before anything is shown */
	TAINT_AT_END,    /* after the call stack */
	TAINT_BEFORE_WARN, /* in front of the WARN, which has the call stack */
};

struct slub_style {
	int since;
	const char *info;    /* before the tracks, the slab and the object */
	const char *track;   /* in front of a function of a track */
	bool sides;          /* "Left Redzone", "End Poison"; else "Redzone" and "Poison" */
	bool offset;         /* "@offset=64" */
	bool wide;           /* labels of dumps are as long as the longest of them, "Bytes b4" */
	bool flag_names;     /* "flags=0x200(slab|node=0)", not "flags=0x0200" */
	bool fix_names;      /* "Restoring Poison 0x"; else "Restoring 0x", and an empty line */
	bool all_faults;     /* each fault in turn has a line of its own, the first one a report:
				"Object corrupt"; else the first fault is the report */
	bool tail_first;     /* the end of a slab is shown in front of what the slab is */
	enum slub_taint taint;
};

const struct slub_style *slub_style(const struct kernel *k);

#define SLUB_SAY(k, ...) printk(k, KERN_ERR, __VA_ARGS__)

/* slub_body.c */
void slub_dump(struct mm *mm, enum log_level level, const char *label, const char *p, size_t len);
/* Objects of its slab that are in use; *fp: the first one that is not, or 0. */
unsigned slub_count_used(struct mm *mm, const struct object *o, unsigned long long *fp);
/* Who allocated and who freed it, if that is kept. */
void slub_print_tracks(struct mm *mm, const struct object *o);
void slub_print_slab(struct mm *mm, const struct object *o);
/* Its tracks, its slab, where it is, its bytes and those around it. */
void slub_print_object(struct mm *mm, const struct object *o);

#endif
