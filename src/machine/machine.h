/* SPDX-License-Identifier: MIT */
/*
 * All state of one machine. This is where the layers come together; everything above
 * holds a pointer to it.
 */
#ifndef DEVSH_MACHINE_MACHINE_H
#define DEVSH_MACHINE_MACHINE_H

#include <devsh/machine.h>
#include <devsh/report.h>

#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "mm/object.h"

/* How many reports of each kind have been explained: src/explain/reports.c. */
struct explained {
	uint32_t kind[REPORT_KINDS];
	uint32_t silence;            /* the report whose silent repetitions were explained */
	bool withheld;               /* it was explained why KASAN prints nothing */
};

struct machine {
	struct kernel kernel;
	struct mm mm;
	struct driver_core core;
	uint32_t boot_number;
	struct explained explained;    /* of this boot */
	uint32_t functions; /* number of anonymous functions since boot */
	uint32_t expected;             /* complaints of this boot that were expected */
	uint32_t unexpected;           /* ... of earlier boots that were not */
	struct machine_roots *roots; /* or NULL */
	/*
	 * The host had no memory for some part of the machine; which one is not recorded. No
	 * call runs until the next boot.
	 */
	bool incomplete;
};

/* "Linux version 6.12... (x86_64) devsh" */
void machine_version(const struct machine *m, char *out, size_t size);

/* --- walking a machine: for views and checks ----------------------------- */

/* An object that is in use. */
struct machine_object {
	struct object object;
	uint32_t tag;
	const struct track *track;
	uint64_t addr;
};

/*
 * Walks all allocated objects by address: start with *at = 0, call until it returns
 * false. Nothing may be allocated or freed meanwhile.
 */
bool machine_objects(const struct machine *m, uint64_t *at, struct machine_object *o);

/* What a cache has, on all nodes or on one. */
struct machine_cache {
	uint64_t slabs, objects, inuse;
};

/* node: -1 for all. */
void machine_cache(const struct machine *m, const struct kmem_cache *cache, int node,
		   struct machine_cache *out);

/* What an address refers to, for hex dumps and pointers in reports. */
struct machine_place {
	const char *kind;     /* "devres node", "devres group", "object", "free object", "pages", ... */
	bool node;            /* it is a node: see info */
	struct devres_info info;
	struct object object; /* valid if has_object */
	bool has_object, allocated;
	uint64_t start;       /* of the object, or of the page */
	size_t size;          /* of the object, or of the page */
	size_t header;        /* bytes of devres header at start; 0: none */
	size_t asked;         /* bytes that were requested, after the header */
	struct device *owner; /* the device whose list it is on */
	const struct track *track;
	const struct owner *by, *before; /* present or last owner, and the owner before that; or
					  * NULL */
	uint32_t number;      /* of the node on its list, or the list it was on; 0: on none */
};

/* False: no memory there. */
bool machine_place(const struct machine *m, uint64_t addr, struct machine_place *place);

#endif
