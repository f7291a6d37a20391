/* SPDX-License-Identifier: MIT */
/*
 * KASAN by release. 5.10, 6.12 and 7.2 come from console logs of such kernels, 6.1 was
 * measured on one; 4.9 and 4.19 come from public reports.
 */
#include "mm/kasan_layout.h"

#include "kernel/profile.h"

static const char *const no_names[] = { NULL };
#define NAMES(...) (const char *const[]){ __VA_ARGS__, NULL }

/* 7.2 differs only in large_twice. */
#define SINCE_6_12                                                                        \
	.free_mark = true, .large_inside = true, .checks_wrap = true,                     \
	.free_kinds = true, .blank_after_region = true, .asked_size = true,               \
	.slab_uaf = true,                                                                 \
	.slab_free_blames = BLAMES_CALLER, .large_free_blames = BLAMES_KFREE,             \
	.page_word = "physical page", .check = "kasan_check_range", .mem_prefix = "__asan_", \
	.dump = NAMES("print_report"),                                                    \
	.wild_dump = NAMES("print_report"),                                               \
	.report = "kasan_report", .report_free = "kasan_report_invalid_free",             \
	.slab_free = NAMES("check_slab_allocation", "__kasan_slab_pre_free"),             \
	.large_free = NAMES("__kasan_kfree_large", "free_large_kmalloc"),                 \
	.alloc = NAMES("kasan_save_stack", "kasan_save_track", "kasan_save_alloc_info",   \
		       "__kasan_kmalloc"),                                                \
	.alloc_caller = NAMES("kasan_save_stack", "kasan_save_track",                     \
			      "kasan_save_alloc_info", "__kasan_kmalloc"),                \
	.alloc_cache = NAMES("kasan_save_stack", "kasan_save_track",                      \
			     "kasan_save_alloc_info", "__kasan_slab_alloc"),              \
	.freed = NAMES("kasan_save_stack", "kasan_save_track", "kasan_save_free_info",    \
		       "__kasan_slab_free")

static const struct kasan_layout layouts[] = {
	{ .since = RELEASE(7, 2), SINCE_6_12 },
	{ .since = RELEASE(6, 12), .large_twice = true, SINCE_6_12 },
	{
		.since = RELEASE(6, 1),
		.free_mark = true, .large_twice = true, .large_inside = true, .checks_wrap = true,
		.free_kinds = true, .blank_after_region = true,
		.slab_free_blames = BLAMES_KFREE, .large_free_blames = BLAMES_KFREE,
		.page_word = "physical page", .check = "kasan_check_range", .mem_prefix = "",
		.dump = NAMES("print_report"),
		.wild_dump = NAMES("print_report"),
		.report = "kasan_report", .report_free = "kasan_report_invalid_free",
		.slab_free = NAMES("__kasan_slab_free"),
		.large_free = NAMES("__kasan_kfree_large", "free_large_kmalloc"),
		.alloc = NAMES("kasan_save_stack", "kasan_set_track", "__kasan_kmalloc"),
		.alloc_caller = NAMES("kasan_save_stack", "kasan_set_track", "__kasan_kmalloc"),
		.alloc_cache = NAMES("kasan_save_stack", "kasan_set_track", "__kasan_slab_alloc"),
		.freed = NAMES("kasan_save_stack", "kasan_set_track", "kasan_save_free_info",
			       "__kasan_slab_free"),
		.kfree_calls = "__kmem_cache_free",
	}, {
		.since = RELEASE(5, 10),
		.every_free = true, .free_mark = true, .track_caller_whole = true,
		.large_inside = true, .checks_wrap = true,
		.slab_free_blames = BLAMES_KFREE, .large_free_blames = BLAMES_CALLER,
		.page_word = "page", .check = "check_memory_region", .mem_prefix = "",
		.dump = NAMES("print_address_description"),
		.wild_dump = no_names,
		.report = "kasan_report", .report_free = "kasan_report_invalid_free",
		.slab_free = NAMES("__kasan_slab_free", "kasan_slab_free",
				   "slab_free_freelist_hook"),
		.large_free = NAMES("kasan_kfree_large"),
		.alloc = NAMES("kasan_save_stack", "__kasan_kmalloc", "kasan_kmalloc"),
		.alloc_caller = NAMES("kasan_save_stack", "__kasan_kmalloc", "kasan_slab_alloc"),
		.alloc_cache = NAMES("kasan_save_stack", "__kasan_kmalloc", "kasan_slab_alloc"),
		.track_caller = "__kmalloc_track_caller",
		.freed = NAMES("kasan_save_stack", "kasan_set_track", "kasan_set_free_info",
			       "__kasan_slab_free", "kasan_slab_free", "slab_free_freelist_hook"),
	}, {
		.since = RELEASE(4, 19),
		.every_free = true, .writes_anyway = true, .track_caller_whole = true,
		.large_inside = true,
		.always_freed = true,
		.slab_free_blames = BLAMES_KFREE, .large_free_blames = BLAMES_CALLER,
		.page_word = "page", .check = "check_memory_region", .mem_prefix = "",
		.dump = NAMES("print_address_description"),
		.wild_dump = no_names,
		.report = "kasan_report", .report_free = "kasan_report_invalid_free",
		.slab_free = NAMES("__kasan_slab_free", "kasan_slab_free"),
		.large_free = NAMES("kasan_kfree_large"),
		.alloc = NAMES("save_stack", "kasan_kmalloc"),
		.alloc_caller = NAMES("save_stack", "kasan_kmalloc", "kasan_slab_alloc"),
		.alloc_cache = NAMES("save_stack", "kasan_kmalloc", "kasan_slab_alloc"),
		.track_caller = "__kmalloc_track_caller",
		.freed = NAMES("save_stack", "__kasan_slab_free", "kasan_slab_free"),
	}, {
		.every_access = true, .every_free = true, .writes_anyway = true,
		.believes_shadow = true, .track_caller_whole = true,
		.old = true, .always_freed = true,
		.check = "check_memory_region", .mem_prefix = "",
		.dump = NAMES("print_address_description"),
		.wild_dump = no_names,
		.report = "kasan_report", .report_free = "kasan_report_double_free",
		.slab_free = NAMES("kasan_slab_free"),
		.large_free = NAMES("kasan_kfree_large"),
		.alloc = NAMES("save_stack_trace", "save_stack", "kasan_kmalloc"),
		.alloc_caller = NAMES("save_stack_trace", "save_stack", "kasan_kmalloc",
				      "kasan_slab_alloc"),
		.alloc_cache = NAMES("save_stack_trace", "save_stack", "kasan_kmalloc",
				     "kasan_slab_alloc"),
		.track_caller = "__kmalloc_track_caller",
		.freed = NAMES("save_stack_trace", "save_stack", "kasan_slab_free"),
	},
};

const struct kasan_layout *kasan_layout(int version)
{
	const struct kasan_layout *l = layouts;

	while (l->since > version)
		l++;
	return l;
}
