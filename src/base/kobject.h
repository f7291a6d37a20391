/* SPDX-License-Identifier: MIT */
/* The behaviour of kobjects, their counts and directories, by release: private to base/. */
#ifndef DEVSH_BASE_KOBJECT_H
#define DEVSH_BASE_KOBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct arch;
struct device;
struct driver_core;
struct kernel;
struct profile;

/* Implementations of a reference count. */
enum kref_kind {
	KREF_ATOMIC,   /* a plain number; only a get from 0 WARNs, if the row says so */
	KREF_FAST,     /* saturates silently */
	KREF_CHECKED,  /* refcount_t, out of line */
	KREF_REFCOUNT, /* refcount_t since 5.5 */
};

struct kobject_rules {
	int since;                /* RELEASE() */
	const char *arch;         /* NULL: all that no earlier row names */
	enum kref_kind kref;
	bool get_of_zero_warns;   /* if kref is KREF_ATOMIC */
	bool duplicate_warns;     /* a duplicate name is reported by two WARNs, not two lines */
	const char *prefix;       /* of the lines from kobject_add_internal */
	const char *release_hint; /* ends the report of a device without release() */
};

const struct kobject_rules *kobject_rules(const struct profile *p, const struct arch *a);

/* Increments *count; as in Linux, it may become garbage. */
void kref_get(struct driver_core *core, int32_t *count);
/* Decrements it; true: it was the last reference. */
bool kref_put(struct driver_core *core, int32_t *count);

/*
 * sysfs' report of a duplicate name. `above`: its callers, innermost first, ended by
 * NULL.
 */
void sysfs_warn_dup(struct driver_core *core, const char *dir, const char *name,
		    const char *const *above);
/* Creates the device's directory: 0, -EEXIST, -ENOENT or -ENOMEM. */
int kobject_add(struct device *dev);

#endif
