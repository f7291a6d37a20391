/* SPDX-License-Identifier: MIT */
/*
 * What the driver core allocates for itself. In Linux these are kmallocs in drivers/base,
 * kernel/async.c and lib/kobject.c. Here they take no simulated memory, but can fail:
 * failslab, fail-nth and `faults` count them. Sizes are sums of the members of Linux'
 * structs, in words.
 */
#include "base/core_alloc.h"

#include <string.h>

#include "base/driver_core.h"
#include "kernel/clock.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"

static const struct core_allocation {
	const char *function;    /* the function that allocates it */
	int since;               /* RELEASE() from which on the size holds; the last row that
				  * matches applies */
	uint16_t words, bytes;
	bool atomic;
	enum core_alloc what;
} allocations[] = {
	/*
	 * klists and klist nodes; since 5.1 also a node and async_driver, since 5.9 the
	 * reason
	 */
	{ "device_private_init", 0, 19, 8, false, ALLOC_DEVICE_PRIVATE },
	{ "device_private_init", RELEASE(5, 1), 24, 8, false, ALLOC_DEVICE_PRIVATE },
	{ "device_private_init", RELEASE(5, 9), 25, 8, false, ALLOC_DEVICE_PRIVATE },
	{ "platform_device_alloc", 0, 88, 0, false, ALLOC_PLATFORM_DEVICE },
	{ "kobject_set_name_vargs", 0, 0, 0, false, ALLOC_NAME },
	{ "bus_add_driver", 0, 18, 8, false, ALLOC_DRIVER_PRIVATE },
	{ "bus_register", 0, 50, 0, false, ALLOC_BUS_PRIVATE },
	{ "class_register", 0, 50, 0, false, ALLOC_CLASS_PRIVATE },
	{ "kset_create", 0, 12, 0, false, ALLOC_KSET },
	{ "class_dir_create_and_add", 0, 9, 0, false, ALLOC_CLASS_DIR },
	{ "device_link_add", 0, 12, 0, false, ALLOC_LINK },
	/* a link is also a device */
	{ "device_link_add", RELEASE(5, 9), 104, 0, false, ALLOC_LINK },
	{ "async_schedule_node_domain", 0, 12, 0, true, ALLOC_ASYNC_ENTRY },
	{ "driver_set_override", 0, 0, 0, false, ALLOC_OVERRIDE },
	{ "new_id_store", 0, 9, 0, false, ALLOC_DYNAMIC_ID },
};

bool core_alloc_fails_slow(struct driver_core *core, enum core_alloc what, size_t more)
{
	const struct core_allocation *a = NULL;
	struct kernel *k = core->kernel;
	bool fails, inside;

	for (size_t i = 0; i < COUNT(allocations); i++)
		if (allocations[i].what == what && allocations[i].since <= k->profile->version)
			a = &allocations[i];
	/*
	 * advances time even if the call then does nothing else: an attempt counts as a
	 * step
	 */
	tick(k, NS_PER_STEP);
	inside = !strcmp(kernel_function(k), a->function);
	if (!inside)
		fn_enter(k, a->function);
	fails = kmalloc_fails(core->mm, a->words * core->layout.word + a->bytes + more,
			      a->atomic ? __GFP_HIGH : GFP_KERNEL);
	if (!inside)
		fn_exit(k);
	return fails;
}
