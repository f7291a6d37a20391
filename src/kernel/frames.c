/* SPDX-License-Identifier: MIT */
/*
 * What a call trace shows between a function and its caller, where the model does
 * not enter it or a compiler took it out. No kernel file corresponds to it. Read off
 * call traces of real kernels; the newest row that fits counts.
 *
 * A function whose last act is a call jumps there, and is not in the trace then,
 * unless the kernel keeps frame pointers: arm64, riscv64, arm up to 5.10, and kernels
 * with KASAN.
 */
#include "kernel/bug.h"

#include <string.h>

#define ARCH_X86   1u
#define ARCH_ARM64 2u
#define ARCH_RISCV 4u
#define ARCH_ARM   8u

#define SINCE(major, minor) .since = RELEASE(major, minor)
#define UNTIL(major, minor) .until = RELEASE(major, minor)

static const struct frame_step steps[] = {
	/* --- WARN as a call --- */
	{ "warn_slowpath_fmt", "devm_kfree", .jumps = true },
	{ "warn_slowpath_fmt", "devm_free_percpu", .jumps = true },
	{ "warn_slowpath_fmt", "driver_unregister", .jumps = true },
	{ "warn_slowpath_fmt", "refcount_warn_saturate", .jumps = true },

	/* --- devres --- */
	{ "devm_remove_action", NULL, SINCE(7, 2), .inlined = true },
	{ "__list_del_entry_valid", "devm_kfree",
	  .between = { "devres_remove", "devres_destroy" } },
	{ "__list_del_entry_valid", "devres_destroy", .between = { "devres_remove" } },
	{ "__list_del_entry_valid", "devres_release", .between = { "devres_remove" } },
	{ "__list_del_entry_valid", "devm_release_action",
	  .between = { "devres_remove", "devres_release" } },

	/* --- driver core --- */
	{ "0x0", "release_nodes", SINCE(7, 2), .between = { "-dr_node_release" } },
	{ "release_nodes", "devres_release_all", UNTIL(5, 10), .arches = ARCH_ARM64, .inlined = true },
	{ "devres_release_all", "device_release_driver_internal", UNTIL(5, 10),
	  .between = { "__device_release_driver" } },
	{ "device_release_driver_internal", NULL, .between = { "-device_release_driver" } },
	{ "device_release_driver_internal", NULL, UNTIL(5, 10),
	  .between = { "device_release_driver" }, .inlined = true },
	{ "driver_unregister", NULL, .between = { "-platform_driver_unregister" } },
	{ "refcount_warn_saturate", "put_device", .between = { "-kobject_put" }, .jumps = true },
	{ "device_release", "put_device", .between = { "kobject_put" }, .jumps = true },
	{ "device_release", "device_unregister", .between = { "kobject_put" }, .jumps = true },
	{ "really_probe", NULL, .between = { "driver_probe_device" } },
	{ "really_probe", NULL, SINCE(6, 1),
	  .between = { "__driver_probe_device", "driver_probe_device" } },
	{ "sysfs_warn_dup", NULL,
	  .between = { "sysfs_create_dir_ns", "kobject_add_internal", "kobject_add" } },

	/* --- pages and slabs --- */
	{ "kfree", "free_large_kmalloc", .jumps = true },
	{ "__kmem_cache_free", "kfree", .arches = ARCH_X86, .jumps = true },
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

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], k->arch->name))
			return 1u << i;
	return 0;
}

const struct frame_step *frame_step(const struct kernel *k, const char *function,
				    const char *caller)
{
	const struct frame_step *found = NULL;
	const char *name = strncmp(function, "0x", 2) ? function : "0x0"; /* nowhere is nowhere */
	unsigned arch = arch_bit(k);
	int version = k->profile->version;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct frame_step *s = &steps[i];

		if (strcmp(s->function, name) || (s->caller && strcmp(s->caller, caller)) ||
		    version < s->since || (s->until && version > s->until) ||
		    (s->arches && !(s->arches & arch)))
			continue;
		found = s;
	}
	return found;
}
