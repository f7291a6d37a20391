/* SPDX-License-Identifier: MIT */
/*
 * What a call trace shows between a function and its caller where the model does not
 * enter it or the compiler inlined it. The allocator's part is in mm/alloc_stack.c. No
 * kernel file corresponds to it: the table comes from call traces of real kernels. The
 * last row that fits is used.
 *
 * A function that ends in a tail call jumps and is then missing from the trace, unless
 * the kernel keeps frame pointers: arm64, riscv64, arm up to 5.10, and kernels with
 * KASAN.
 */
#include "kernel/bug.h"

#include <string.h>

#include "lib/array.h"

#define ARCH_X86   1u
#define ARCH_ARM64 2u
#define ARCH_RISCV 4u
#define ARCH_ARM   8u

#define SINCE(major, minor) .since = RELEASE(major, minor)
#define UNTIL(major, minor) .until = RELEASE(major, minor)

/* From write() to an attribute's store(). */
#define STORE(function, attribute)                                                        \
	{ function, NULL,                                                                 \
	  .between = { attribute, "-sysfs_kf_write", "kernfs_fop_write", "__vfs_write",   \
		       "vfs_write", "SyS_write" } },                                      \
	{ function, NULL, SINCE(4, 19),                                                   \
	  .between = { attribute, "-sysfs_kf_write", "kernfs_fop_write", "__vfs_write",   \
		       "vfs_write", "ksys_write" } },                                     \
	{ function, NULL, SINCE(5, 10),                                                   \
	  .between = { attribute, "-sysfs_kf_write", "kernfs_fop_write", "vfs_write",     \
		       "ksys_write" } },                                                  \
	{ function, NULL, SINCE(6, 1),                                                    \
	  .between = { attribute, "-sysfs_kf_write", "kernfs_fop_write_iter", "vfs_write", \
		       "ksys_write" } }

/* From a device to a driver that may match, up to the function that looked for one. */
#define DRIVER_ASKED "__device_attach_driver", "bus_for_each_drv", "__device_attach"
#define ATTACH(caller)                                                                    \
	{ "really_probe", caller,                                                         \
	  .between = { "driver_probe_device", DRIVER_ASKED, "-device_initial_probe",      \
		       "bus_probe_device" } },                                            \
	{ "really_probe", caller, SINCE(6, 1),                                            \
	  .between = { "__driver_probe_device", "driver_probe_device", DRIVER_ASKED,      \
		       "-device_initial_probe", "bus_probe_device" } },                   \
	{ "really_probe", caller, SINCE(6, 12),                                           \
	  .between = { "__driver_probe_device", "driver_probe_device", DRIVER_ASKED,      \
		       "device_initial_probe", "__bus_probe_device", "-bus_probe_device" } }, \
	{ "really_probe", caller, SINCE(7, 2),                                            \
	  .between = { "__driver_probe_device", "driver_probe_device", DRIVER_ASKED,      \
		       "device_initial_probe", "bus_probe_device" } }

static const struct frame_step steps[] = {
	/* --- WARN as a call --- */
	{ "warn_slowpath_fmt", "devm_kfree", .jumps = true },
	{ "warn_slowpath_fmt", "devm_free_percpu", .jumps = true },
	{ "warn_slowpath_fmt", "driver_unregister", .jumps = true },
	{ "warn_slowpath_fmt", "refcount_warn_saturate", .jumps = true },

	/* --- devres --- */
	{ "devm_remove_action", NULL, SINCE(7, 2), .inlined = true },
	/* a macro around get_free_pages_noprof() */
	{ "__get_free_pages", NULL, SINCE(6, 12), .inlined = true },
	{ "__list_del_entry_valid", "devm_kfree",
	  .between = { "devres_remove", "devres_destroy" } },
	{ "__list_del_entry_valid", "devres_destroy", .between = { "devres_remove" } },
	{ "__list_del_entry_valid", "devres_release", .between = { "devres_remove" } },
	{ "__list_del_entry_valid", "devm_release_action",
	  .between = { "devres_remove", "devres_release" } },

	/* --- driver core --- */
	{ "0x0", "release_nodes", SINCE(7, 2), .between = { "-dr_node_release" } },
	{ "0x0", "devm_action_release", .jumps = true },
	{ "devm_action_release", "devres_release_all", .between = { "release_nodes" } },
	{ "devres_free", NULL, SINCE(7, 2), .arches = ARCH_RISCV, .shown = "devres_free.part.0",
	  .between = { "devres_free" } },

	/* --- unbind --- */
	{ "kfree", "devres_release_all", .between = { "release_nodes" } },
	{ "kfree", "devres_release_all", SINCE(6, 1), UNTIL(6, 1) }, /* it is inline there */
	{ "kfree", "devres_release_all", SINCE(6, 12), .between = { "release_nodes" } },
	{ "kfree", "devres_release_all", SINCE(7, 2), .between = { "-dr_node_free", "release_nodes" } },
	{ "devres_release_all", "device_release_driver_internal", UNTIL(5, 10),
	  .between = { "__device_release_driver" } },
	{ "device_release_driver_internal", NULL, .between = { "-device_release_driver" } },
	{ "device_release_driver_internal", NULL, UNTIL(5, 10),
	  .between = { "device_release_driver" }, .inlined = true },
	{ "device_release_driver_internal", "unbind_store", SINCE(5, 10), UNTIL(5, 10),
	  .between = { "device_driver_detach" }, .inlined = true },
	{ "device_release_driver_internal", "unbind_store", SINCE(6, 1),
	  .between = { "-device_driver_detach" } },
	{ "device_release_driver_internal", "device_del", UNTIL(5, 10),
	  .between = { "device_release_driver", "bus_remove_device" }, .inlined = true },
	{ "device_release_driver_internal", "device_del", SINCE(6, 1),
	  .between = { "-device_release_driver", "bus_remove_device" } },
	{ "device_release_driver_internal", "bus_remove_driver", .between = { "driver_detach" } },
	{ "bus_remove_driver", NULL, .between = { "driver_unregister", "-platform_driver_unregister" } },

	/* --- writers of files --- */
	STORE("bind_store", "-drv_attr_store"),
	STORE("unbind_store", "-drv_attr_store"),
	STORE("drivers_probe_store", "-bus_attr_store"),

	/* --- driver core --- */
	{ "driver_unregister", NULL, .between = { "-platform_driver_unregister" } },
	{ "refcount_warn_saturate", "kobject_put", .jumps = true },
	{ "kobject_put", "put_device", .jumps = true },
	{ "kobject_put", "device_unregister", .jumps = true },
	{ "really_probe", NULL, .between = { "driver_probe_device" } },
	{ "really_probe", NULL, SINCE(6, 1),
	  .between = { "__driver_probe_device", "driver_probe_device" } },
	ATTACH("device_add"),
	ATTACH("deferred_probe_work_func"),
	{ "really_probe", "bus_add_driver", .between = { "driver_probe_device", "__driver_attach",
						       "bus_for_each_dev", "-driver_attach" } },
	{ "really_probe", "bus_add_driver", SINCE(6, 1),
	  .between = { "__driver_probe_device", "driver_probe_device", "__driver_attach",
		       "bus_for_each_dev", "-driver_attach" } },
	{ "really_probe", "bind_store", .between = { "driver_probe_device" } },
	{ "really_probe", "bind_store", SINCE(5, 10),
	  .between = { "driver_probe_device", "device_driver_attach" } },
	{ "really_probe", "bind_store", SINCE(6, 1),
	  .between = { "__driver_probe_device", "device_driver_attach" } },
	{ "bus_add_driver", NULL, .between = { "driver_register", "-__platform_driver_register" } },
	{ "device_add", "device_register", .jumps = true },

	/* --- slabs --- */
	{ "kfree", "free_large_kmalloc", .jumps = true },
	{ "__kmem_cache_free", "kfree", .jumps = true },
	{ "kfree", "devm_kfree", .arches = ARCH_X86 | ARCH_ARM, .jumps = true },
	{ "kfree", "devm_kfree", SINCE(7, 2), .between = { "-dr_node_free" }, .jumps = true },
	{ "__slab_free", NULL, SINCE(6, 1), .arches = ARCH_X86 | ARCH_ARM, .inlined = true },
	{ "__slab_free", "__kmem_cache_free", SINCE(6, 1), .arches = ARCH_X86 | ARCH_ARM,
	  .inlined = true, .jumps = true },
	{ "__slab_alloc", NULL, .arches = ARCH_ARM, .inlined = true },
	{ "__slab_alloc_node", NULL, .arches = ARCH_X86 | ARCH_ARM, .inlined = true },
	{ "print_trailer", NULL, .arches = ARCH_X86, .inlined = true },
	{ "object_err", NULL, UNTIL(5, 10), .arches = ARCH_X86, .inlined = true },
	{ "object_err", NULL, SINCE(6, 1), .arches = ARCH_ARM, .inlined = true },
};

static unsigned arch_bit(const struct kernel *k)
{
	static const char *const names[] = { "x86_64", "arm64", "riscv64", "arm" };

	for (unsigned i = 0; i < COUNT(names); i++)
		if (!strcmp(names[i], k->arch->name))
			return 1u << i;
	return 0;
}

const struct frame_step *frame_step(const struct kernel *k, const char *function,
				    const char *caller)
{
	const struct frame_step *found = NULL;
	const char *name = strncmp(function, "0x", 2) ? function : "0x0"; /* one row covers all bad
									   * addresses */
	unsigned arch = arch_bit(k);
	int version = k->profile->version;

	for (size_t i = 0; i < COUNT(steps); i++) {
		const struct frame_step *s = &steps[i];

		if (strcmp(s->function, name) || (s->caller && strcmp(s->caller, caller)) ||
		    version < s->since || (s->until && version > s->until) ||
		    (s->arches && !(s->arches & arch)))
			continue;
		found = s;
	}
	return found;
}
