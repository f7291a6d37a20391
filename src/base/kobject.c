/* SPDX-License-Identifier: MIT */
/*
 * Reference counts of kobjects, and sysfs' report of a duplicate name. Corresponds to
 * Linux' lib/kobject.c, lib/refcount.c, include/linux/kref.h and fs/sysfs/dir.c.
 */
#include "base/kobject.h"

#include <string.h>

#include "base/driver_core.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"

#define HINT " See Documentation/core-api/kobject.rst."

/*
 * Newest last. Within a release, the first row that names the architecture applies, or
 * else the one that names none.
 */
static const struct kobject_rules rules[] = {
	{ .since = 0, .kref = KREF_ATOMIC, .get_of_zero_warns = true, .duplicate_warns = true,
	  .prefix = "", .release_hint = "" },
	{ .since = RELEASE(4, 11), .arch = "x86_64", .kref = KREF_FAST, .prefix = "",
	  .release_hint = "" },
	{ .since = RELEASE(4, 11), .arch = "arm64", .kref = KREF_CHECKED, .prefix = "",
	  .release_hint = "" },
	{ .since = RELEASE(4, 11), .kref = KREF_ATOMIC, .prefix = "", .release_hint = "" },
	{ .since = RELEASE(5, 10), .kref = KREF_REFCOUNT, .prefix = "", .release_hint = HINT },
	{ .since = RELEASE(6, 12), .kref = KREF_REFCOUNT, .prefix = "kobject: ",
	  .release_hint = HINT },
};

const struct kobject_rules *kobject_rules(const struct profile *p, const struct arch *a)
{
	const struct kobject_rules *found = rules;

	for (size_t i = 0; i < COUNT(rules); i++) {
		const struct kobject_rules *r = &rules[i];

		if (r->since > p->version || (r->arch && strcmp(r->arch, a->name)))
			continue;
		if (r->since > found->since)
			found = r;
	}
	return found;
}

/* --- counts --------------------------------------------------------------------------- */

#define SATURATED (INT32_MIN / 2)
#define SATURATED_CHECKED (-1) /* UINT_MAX */

static int32_t plus(int32_t count, int32_t n)
{
	return (int32_t)((uint32_t)count + (uint32_t)n);
}

static void refcount_get(struct kernel *k, int32_t *count)
{
	int32_t old = *count;

	*count = plus(old, 1);
	if (old > 0 && *count > 0)
		return;
	*count = SATURATED;
	if (old)
		kernel_warn_once(k, ONCE_REF_SATURATED, "refcount_warn_saturate",
				 "refcount_t: saturated; leaking memory.");
	else
		kernel_warn_once(k, ONCE_REF_GET, "refcount_warn_saturate",
				 "refcount_t: addition on 0; use-after-free.");
}

static bool refcount_put(struct kernel *k, int32_t *count)
{
	int32_t old = *count;

	*count = plus(old, -1);
	if (old == 1)
		return true;
	if (old <= 0) {
		*count = SATURATED;
		kernel_warn_once(k, ONCE_REF_PUT, "refcount_warn_saturate",
				 "refcount_t: underflow; use-after-free.");
	}
	return false;
}

static void checked_get(struct kernel *k, int32_t *count)
{
	if (*count && *count != SATURATED_CHECKED)
		*count = plus(*count, 1);
	else if (!*count)
		kernel_warn_once(k, ONCE_REF_GET, "refcount_inc_checked",
				 "refcount_t: increment on 0; use-after-free.");
}

static bool checked_put(struct kernel *k, int32_t *count)
{
	if (*count == SATURATED_CHECKED)
		return false;
	if (*count)
		return !--*count;
	kernel_warn_once(k, ONCE_REF_PUT, "refcount_sub_and_test_checked",
			 "refcount_t: underflow; use-after-free.");
	return false;
}

void kref_get(struct driver_core *core, int32_t *count)
{
	const struct kobject_rules *r = core->kobject;

	switch (r->kref) {
	case KREF_REFCOUNT: refcount_get(core->kernel, count); return;
	case KREF_CHECKED: checked_get(core->kernel, count); return;
	case KREF_FAST:
	case KREF_ATOMIC: break;
	}
	*count = plus(*count, 1);
	if (r->get_of_zero_warns && *count < 2)
		kernel_warn_once(core->kernel, ONCE_REF_GET, "kobject_get", NULL);
}

bool kref_put(struct driver_core *core, int32_t *count)
{
	switch (core->kobject->kref) {
	case KREF_REFCOUNT: return refcount_put(core->kernel, count);
	case KREF_CHECKED: return checked_put(core->kernel, count);
	case KREF_FAST:
	case KREF_ATOMIC: break;
	}
	*count = plus(*count, -1);
	if (*count < 0 && core->kobject->kref == KREF_FAST)
		*count = SATURATED;
	return !*count;
}

/* --- names ------------------------------------------------------------------------------ */

/* Enters the functions above a report; the outermost is last in the array. */
static int enter_all(struct kernel *k, const char *const *above)
{
	int n = 0;

	while (above[n])
		n++;
	for (int i = n; i-- > 0;)
		fn_enter(k, above[i]);
	return n;
}

static void exit_all(struct kernel *k, int n)
{
	while (n-- > 0)
		fn_exit(k);
}

void sysfs_warn_dup(struct driver_core *core, const char *dir, const char *name,
		    const char *const *above)
{
	struct kernel *k = core->kernel;
	int n = enter_all(k, above);

	if (core->kobject->duplicate_warns) {
		kernel_warn(k, "sysfs_warn_dup", "sysfs: cannot create duplicate filename '%s/%s'",
			    dir, name);
	} else {
		printk(k, KERN_WARNING, "sysfs: cannot create duplicate filename '%s/%s'", dir, name);
		dump_stack(k, KERN_WARNING, "sysfs_warn_dup");
	}
	exit_all(k, n);
}
