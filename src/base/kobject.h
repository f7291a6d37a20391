/* SPDX-License-Identifier: MIT */
/* What kobjects, their counts and their directories do and print, by release: private to base/. */
#ifndef DEVSH_BASE_KOBJECT_H
#define DEVSH_BASE_KOBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct arch;
struct device;
struct driver_core;
struct kernel;
struct profile;

/* What a reference count is made of. */
enum kref_kind {
	KREF_ATOMIC,   /* a plain number; only a get of 0 is seen, if the row has it */
	KREF_FAST,     /* wraps into saturation without a word */
	KREF_CHECKED,  /* refcount_t in functions of its own */
	KREF_REFCOUNT, /* refcount_t as it is since 5.5 */
};

struct kobject_rules {
	int since;                /* RELEASE() */
	const char *arch;         /* NULL: those that no row before this one names */
	enum kref_kind kref;
	bool get_of_zero_warns;   /* where kref is KREF_ATOMIC */
	bool duplicate_warns;     /* a name that is taken is two WARNs, not two lines */
	const char *prefix;       /* of kobject_add_internal's lines */
	const char *release_hint; /* after the report of a device without release() */
};

const struct kobject_rules *kobject_rules(const struct profile *p, const struct arch *a);

/* Takes a reference to what has *count of them; *count may become garbage as in Linux. */
void kref_get(struct driver_core *core, int32_t *count);
/* Drops one; true: it was the last. */
bool kref_put(struct driver_core *core, int32_t *count);

/*
 * The report of sysfs about a name that is taken. `above`: its callers, innermost first,
 * ended by NULL.
 */
void sysfs_warn_dup(struct driver_core *core, const char *dir, const char *name,
		    const char *const *above);
/* A directory for the device: 0, -EEXIST, -ENOENT. */
int kobject_add(struct device *dev);

#endif
