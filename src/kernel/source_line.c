/* SPDX-License-Identifier: MIT */
/*
 * File and line of each WARN and BUG of the model, for each release. No kernel file
 * corresponds to it: there the compiler records them.
 */
#include "kernel/bug.h"

#include <string.h>

#include "lib/array.h"

/* The source trees that were read; a boot uses the column with its release's name. */
static const char *const trees[] = { "4.9", "4.19", "5.10.223", "5.10", "6.1", "6.12", "7.2" };

#define TREES COUNT(trees)

struct place {
	const char *function;
	const char *text; /* start of the report's text, or a BUG's site; NULL: any, or none */
	const char *file;
	short line[TREES]; /* 0: none, or not known; -1: a BUG of which only the file is known */
};

#define DEVRES "drivers/base/devres.c"
/*
 * a WARN in an inline function of a header has the path of the headers that the driver
 * was built with
 */
#define DEVRES_H "/usr/src/linux-headers-7.2.13+deb14-common/include/linux/device/devres.h"
#define UNDERFLOW "refcount_t: underflow"

static const struct place places[] = {
	{ "add_dr", NULL, DEVRES, { 104, 115, 125, 125, 132, 135, 157 } },
	{ "replace_dr", NULL, DEVRES, { 0, 0, 133, 133, 140, 143, 165 } },
	{ "devres_free", NULL, DEVRES, { 201, 212, 230, 230, 225, 228, 255 } },
	/* a color that a group cannot have */
	{ "remove_nodes", NULL, DEVRES, { 464, 475, 493, 493, 480, 483, 527 } },
	{ "devres_release_all", NULL, DEVRES, { 513, 524, 542, 542, 521, 524, 565 } },
	{ "devres_close_group", NULL, DEVRES, { 601, 612, 630, 631, 618, 621, 665 } },
	{ "devres_remove_group", NULL, DEVRES, { 629, 640, 658, 659, 646, 649, 691 } },
	{ "devres_release_group", NULL, DEVRES, { 667, 678, 696, 697, 695, 698, 735 } },
	{ "devm_remove_action", NULL, DEVRES, { 743, 754, 772, 773, 771, 775 } },
	{ "devm_remove_action", NULL, DEVRES_H, { 0, 0, 0, 0, 0, 0, 160 } },
	{ "devm_release_action", NULL, DEVRES, { 0, 0, 794, 795, 793, 797, 908 } },
	{ "devm_krealloc", "Pointer doesn't", DEVRES, { 0, 0, 890, 891, 889, 893, 1007 } },
	{ "devm_krealloc", "Memory chunk", DEVRES, { 0, 0, 920, 926, 924, 928, 1042 } },
	{ "devm_krealloc", NULL, DEVRES, { 0, 0, 878, 879, 877, 881, 995 } },
	{ "devm_kfree", NULL, DEVRES, { 888, 899, 1069, 1075, 1073, 1077, 1184 } },
	{ "devm_free_pages", NULL, DEVRES, { 984, 995, 1165, 1171, 1169, 1173, 1301 } },
	{ "devm_free_percpu", NULL, DEVRES, { 0, 1060, 1230, 1240, 1238, 1242 } },

	{ "really_probe", NULL, "drivers/base/dd.c", { 344, 473 } },
	{ "driver_unregister", NULL, "drivers/base/driver.c", { 191, 193, 263, 263, 270, 270, 198 } },
	{ "device_release", NULL, "drivers/base/core.c", { 249, 893, 1851, 1851, 2509, 2634, 2638 } },

	{ "sysfs_warn_dup", NULL, "fs/sysfs/dir.c", { 31 } },
	{ "kernfs_remove_by_name_ns", NULL, "fs/kernfs/dir.c",
	  { 1405, 1502, 1528, 1528, 1656, 1684, 1785 } },
	{ "kobject_put", NULL, "lib/kobject.c", { 686, 705, 758, 758, 726, 734, 734 } },
	{ "kobject_get", NULL, "include/linux/kref.h", { 46 } },
	{ "refcount_sub_and_test_checked", NULL, "lib/refcount.c", { 0, 187 } },
	{ "refcount_inc_checked", NULL, "lib/refcount.c", { 0, 153 } },
	{ "refcount_warn_saturate", UNDERFLOW, "lib/refcount.c", { 0, 0, 28, 28, 28, 28, 28 } },
	{ "refcount_warn_saturate", "refcount_t: addition on 0", "lib/refcount.c",
	  { 0, 0, 25, 25, 25, 25, 25 } },
	{ "refcount_warn_saturate", "refcount_t: saturated", "lib/refcount.c",
	  { 0, 0, 22, 22, 22, 22, 22 } },
	{ "refcount_warn_saturate", "refcount_t: decrement hit 0", "lib/refcount.c",
	  { 0, 0, 31, 31, 31, 31, 31 } },

	{ "__alloc_pages_slowpath", NULL, "mm/page_alloc.c", { 3544 } },
	{ "__alloc_pages_nodemask", NULL, "mm/page_alloc.c", { 0, 4377, 4977, 5013 } },
	{ "__alloc_pages", NULL, "mm/page_alloc.c", { 0, 0, 0, 0, 5634 } },
	{ "__alloc_pages_noprof", NULL, "mm/page_alloc.c", { 0, 0, 0, 0, 0, 4832 } },
	{ "__alloc_frozen_pages_noprof", NULL, "mm/page_alloc.c", { 0, 0, 0, 0, 0, 0, 5336 } },
	{ "get_page_from_freelist", NULL, "mm/page_alloc.c", { 0, 0, 3451, 3451, 3891 } },

	{ "cache_free_debugcheck", NULL, "mm/slab.c", { -1 } },
	{ "kfree", "no compound page", "mm/slub.c", { 0, 0, 4123, 4123 } },
	{ "kfree", NULL, "mm/slub.c", { 0, 0, 305, 305, 0, 550 } },
	{ "__kmem_cache_free", NULL, "mm/slub.c", { 0, 0, 0, 0, 419 } },
	{ "free_large_kmalloc", NULL, "mm/slub.c", { 0, 0, 0, 0, 0, 4799, 6635 } },
	{ "object_err", NULL, "mm/slub.c", { 0, 0, 0, 0, 0, 1127, 1239 } },
	{ "__slab_err", NULL, "mm/slub.c", { 0, 0, 0, 0, 0, 1152, 1250 } },
};

/* The tree of this point release, or the newest that is not newer. */
static size_t tree_of(const struct profile *p)
{
	static const int version[TREES] = {
		RELEASE(4, 9), RELEASE(4, 19), RELEASE(5, 10), RELEASE(5, 10),
		RELEASE(6, 1), RELEASE(6, 12), RELEASE(7, 2),
	};
	size_t found = 0;

	for (size_t i = 0; i < TREES; i++) {
		if (!strcmp(trees[i], p->release))
			return i;
		if (version[i] <= p->version)
			found = i;
	}
	return found;
}

bool source_line(const struct kernel *k, const char *function, const char *text,
		 struct source_line *l)
{
	size_t tree = tree_of(k->profile);

	for (size_t i = 0; i < COUNT(places); i++) {
		const struct place *p = &places[i];

		if (!p->line[tree] || strcmp(p->function, function) ||
		    (p->text && (!text || strncmp(text, p->text, strlen(p->text)))))
			continue;
		*l = (struct source_line){ p->file, p->line[tree] };
		return true;
	}
	return false;
}
