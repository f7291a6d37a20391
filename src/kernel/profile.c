/* SPDX-License-Identifier: MIT */
/*
 * The table of releases and architectures. No kernel file corresponds to it:
 * Linux is one release at a time.
 */
#include "kernel/profile.h"

#include <errno.h>
#include <string.h>

#include "lib/array.h"

/*
 * How alloc_dr() reaches the allocator. The first entry is what a call stack shows; the
 * others are what a function graph shows, outermost first; the last one takes the object.
 * The graph includes macros that only rename, because readers see them in the source.
 */
static const char *const slab_devres_chain[] = {
	"kmalloc_node_track_caller",
	"kmalloc_node_track_caller", "kmalloc_track_caller",
	"__kmalloc_track_caller", "__do_kmalloc", "slab_alloc", NULL,
};
static const char *const slab_kmalloc_chain[] = {
	"__kmalloc",
	"__kmalloc", "__do_kmalloc", "slab_alloc", NULL,
};
static const char *const slub_devres_chain[] = {
	"__kmalloc_node_track_caller",
	"kmalloc_node_track_caller", "__kmalloc_node_track_caller",
	"slab_alloc_node", NULL,
};
static const char *const slub_kmalloc_chain[] = {
	"__kmalloc",
	"__kmalloc", "slab_alloc", NULL,
};
static const char *const slub61_devres_chain[] = {
	"__kmalloc_node_track_caller",
	"kmalloc_node_track_caller", "__kmalloc_node_track_caller",
	"__do_kmalloc_node", "__kmem_cache_alloc_node", "slab_alloc_node", NULL,
};
static const char *const slub61_kmalloc_chain[] = {
	"__kmalloc",
	"__kmalloc", "__do_kmalloc_node", "__kmem_cache_alloc_node",
	"slab_alloc_node", NULL,
};
static const char *const slub612_devres_chain[] = {
	"__kmalloc_node_track_caller_noprof",
	"kmalloc_node_track_caller_noprof",
	"__kmalloc_node_track_caller_noprof", "__do_kmalloc_node",
	"slab_alloc_node", NULL,
};
static const char *const slub612_kmalloc_chain[] = {
	"__kmalloc_noprof",
	"__kmalloc_noprof", "__do_kmalloc_node", "slab_alloc_node", NULL,
};

static const char *const slub72_devres_chain[] = {
	"__kmalloc_node_track_caller_noprof",
	"kmalloc_node_track_caller_noprof",
	"__kmalloc_node_track_caller_noprof", "__do_kmalloc_node",
	"slab_alloc_node", "alloc_from_pcs", NULL,
};
static const char *const slub72_kmalloc_chain[] = {
	"__kmalloc_noprof",
	"__kmalloc_noprof", "__do_kmalloc_node", "slab_alloc_node", "alloc_from_pcs", NULL,
};

/* LIMIT_EXCLUSIVE: up to 6.3; LIMIT_INCLUSIVE: since 6.8. */
#define LIMIT_EXCLUSIVE .limit_name = "MAX_ORDER", .limit_exclusive = true
#define LIMIT_INCLUSIVE .limit_name = "MAX_PAGE_ORDER"

#define LINUX_4_X                                                             \
	.node_words = 3, .node_words_debug = 5, .data_align = ALIGN_ULL,      \
	.free_percpu_leaks = true,                                            \
	.gfp_atomic = 0xa20, .gfp_nowait = 0x800,                            \
	.sleep_file = "mm/slab.h", .sleep_lines = 1,                          \
	.ksize_unpoisons = true, LIMIT_EXCLUSIVE,          \
	.nofail_order_warns = true,                                           \
	.small_cpu_partial = true,                                            \
	.old_really_probe = true, .present_warns = true, .sysfs_errno_lost = true,\
	.leak_age = true, .leak_off = EBUSY

/* Common to all point releases of 5.10. */
#define LINUX_5_10                                                            \
	.node_words = 3, .node_words_debug = 5,                               \
	.data_align = ALIGN_KMALLOC_MINALIGN,                                 \
	.size_checked = true, .zero_size_ptr = true,                          \
	.kfree_null_silent = true, .kfree_zero_silent = true,                 \
	.kfree_rodata_silent = true, .numa = true,                            \
	.kmalloc_shift_low = 3,                                               \
	.size_suffix_k = true, .rcl_caches = true,                            \
	.gfp_atomic = 0xa20, .gfp_nowait = 0x800,                             \
	.pages_function = "__alloc_pages_nodemask", LIMIT_EXCLUSIVE,          \
	.double_free_bug = "kfree", .ksize_unpoisons = true,                  \
	.ksize_checks = true, .gfp_fixer = "kmalloc_fix_flags",               \
	.nofail_order_warns = true,                                           \
	.small_cpu_partial = true,                                            \
	.devres_chain = slub_devres_chain, .kmalloc_chain = slub_kmalloc_chain, \
	.sleep_file = "include/linux/sched/mm.h:205", .sleep_lines = 2,       \
	.old_really_probe = true, .err_probe_enomem = true, .leak_age = true, \
	.leak_off = EPERM, .link_class = true, .keeps_reason = true

/* Unchanged since 6.12. */
#define LINUX_6_12_ON \
	.data_align = ALIGN_DMA_MINALIGN, \
	.size_checked = true, .whole_bucket = true, .zero_size_ptr = true, \
	.kfree_null_silent = true, .kfree_zero_silent = true, \
	.kfree_rodata_silent = true, .action_by_name = true, \
	.release_at_device_del = true, .early_empty_check = true, \
	.dying_group_silent = true, .numa = true, \
	.kmalloc_shift_low = 3, \
	.size_suffix_k = true, .cg_caches = true, .rcl_caches = true, \
	.gfp_atomic = 0x820, .gfp_nowait = 0x2800, \
	.stack_depot = true, .ksize_checks = true, .gfp_fixer = "kmalloc_fix_flags", \
	.order_by_waste = true, .slab_names = true, .validate_checked = true, .kfence = true, \
	.zero_trace_id = true, .sleep_lines = 3, .oom_with_cpu = true, \
	.cpu_line_uid = true, .probe_with_driver = true, \
	.deferred_timeout = 10, .deferred_reason = true, \
	.link_class = true, .keeps_reason = true, .link_reason = true, LIMIT_INCLUSIVE, \
	.leak_crc = true, .leak_percpu = true, .leak_off = EPERM

static const struct profile profiles[] = {
	{
		.release = "4.9", .point = "4.9.115", .version = RELEASE(4, 9),
		.about = "CONFIG_SLAB=y, CONFIG_NUMA=n: the kernel of the classic description",
		LINUX_4_X,
		.added_again_probes = true,
		.slab = true, .pages_function = "__alloc_pages_slowpath",
		.kmalloc_shift_low = 5,
		.devres_chain = slab_devres_chain, .kmalloc_chain = slab_kmalloc_chain,
	},
	{
		.release = "4.19", .point = "4.19.40", .version = RELEASE(4, 19),
		.about = "SLUB; devm_kfree(NULL) still warns, devm_kmalloc(0) is a real pointer",
		LINUX_4_X,
		.size_checked = true, .numa = true, .pages_function = "__alloc_pages_nodemask",
		.kmalloc_shift_low = 3,
		.devres_chain = slub_devres_chain, .kmalloc_chain = slub_kmalloc_chain,
	},
	{
		/* before three fixes were backported */
		.release = "5.10.223", .point = "5.10.223", .version = RELEASE(5, 10),
		.about = "Debian 11's kernel as it was: device_del() releases nothing",
		LINUX_5_10,
		.krealloc_first = true, .free_percpu_leaks = true,
	},
	{
		.release = "5.10", .point = "5.10.262", .version = RELEASE(5, 10),
		.about = "Debian 11's kernel; a node without a name, ZERO_SIZE_PTR, devm_krealloc()",
		LINUX_5_10,
		.release_at_device_del = true,
	},
	{
		.release = "6.1", .point = "6.1.192", .version = RELEASE(6, 1),
		.about = "Debian 12's kernel; the header is 40 bytes, the bucket's rest is guarded",
		.node_words = 5, .node_words_debug = 5,
		.data_align = ALIGN_KMALLOC_MINALIGN,
		.size_checked = true, .zero_size_ptr = true,
		.kfree_null_silent = true, .kfree_zero_silent = true,
		.kfree_rodata_silent = true, .release_at_device_del = true,
		.early_empty_check = true, .dying_group_silent = true, .numa = true,
		.kmalloc_shift_low = 3,
		.size_suffix_k = true, .cg_caches = true, .rcl_caches = true,
		.gfp_atomic = 0xa20, .gfp_nowait = 0x800,
		.pages_function = "__alloc_pages", LIMIT_EXCLUSIVE,
		.double_free_bug = "__kmem_cache_free",
		.nofail_order_warns = true,
		.stack_depot = true, .ksize_unpoisons = true,
		.ksize_checks = true, .gfp_fixer = "kmalloc_fix_flags",
		.validate_checked = true, .kfence = true,
		.devres_chain = slub61_devres_chain, .kmalloc_chain = slub61_kmalloc_chain,
		.warn_style = WARN_CPU_PID, .zero_trace_id = true,
		.sleep_file = "include/linux/sched/mm.h:274", .sleep_lines = 3,
		.deferred_timeout = 10, .link_class = true, .keeps_reason = true, .link_reason = true,
		.leak_off = EPERM,
	},
	{
		.release = "6.12", .point = "6.12.117", .version = RELEASE(6, 12),
		.about = "Debian 13's kernel; alloc_dr asks for the whole bucket",
		.node_words = 5, .node_words_debug = 5,
		LINUX_6_12_ON,
		.pages_function = "__alloc_pages_noprof", .double_free_bug = "kfree",
		.devres_chain = slub612_devres_chain, .kmalloc_chain = slub612_kmalloc_chain,
		.warn_style = WARN_CPU_PID, .sleep_file = "include/linux/sched/mm.h:321",
	},
	{
		.release = "7.2", .point = "7.2.13", .version = RELEASE(7, 2),
		.about = "the header is 56 bytes, an action is a struct of its own",
		.node_words = 6, .node_words_debug = 6, .generic_node = true, .no_cpu_slabs = true,
		.gfp_by_bit = true,
		LINUX_6_12_ON,
		.pages_function = "__alloc_frozen_pages_noprof",
		.devres_chain = slub72_devres_chain, .kmalloc_chain = slub72_kmalloc_chain,
		.warn_style = WARN_FILE_FIRST, .sleep_file = "include/linux/sched/mm.h:323",
	},
};

#define GIB (1ull << 30)
#define MIB (1ull << 20)

static const struct alignment align_8[] = { { 0, 8, 8 }, { -1, 0, 0 } };
static const struct alignment align_arm64[] = {
	{ 0, 128, 128 }, { RELEASE(6, 5), 128, 8 }, { -1, 0, 0 },
};
static const struct alignment align_riscv64[] = {
	{ 0, 8, 8 }, { RELEASE(6, 1), 64, 64 }, { RELEASE(6, 5), 64, 8 }, { -1, 0, 0 },
};
static const struct alignment align_arm[] = { { 0, 64, 64 }, { -1, 0, 0 } };

static const struct page_size pages_4k[] = { { 12, 10 }, { 0 } };
/* Debian's armmp, configured for one order more than arm's default */
static const struct page_size pages_arm[] = { { 12, 11 }, { 0 } };
static const struct page_size pages_arm64[] = { { 12, 10 }, { 14, 11 }, { 16, 13 }, { 0 } };

#define KERNEL_64                                                             \
	.word = 8, .text_base = 0xffffffff81000000ull,                        \
	.rodata_base = 0xffffffff82000000ull, .mem_max = 16 * GIB

static const struct arch arches[] = {
	{
		.name = "x86_64", .alias = "amd64", .flavour = "amd64", KERNEL_64,
		.page_offset = 0xffff888000000000ull,
		.heads_base = 0xffff898000000000ull, .heads_size = 1024 * GIB,
		.dma_limit = 16 * MIB, .dma32_limit = 4 * GIB,
		.alignment = align_8, .page_sizes = pages_4k,
	},
	{
		.name = "arm64", .alias = "aarch64", .flavour = "arm64", KERNEL_64,
		.page_offset = 0xffff000000000000ull,
		.heads_base = 0xffff010000000000ull, .heads_size = 1024 * GIB,
		/* ZONE_DMA has everything below 4 GiB, ZONE_DMA32 nothing */
		.dma_limit = 4 * GIB, .dma_since = RELEASE(5, 10), .dma32_limit = 4 * GIB,
		.alignment = align_arm64, .page_sizes = pages_arm64,
	},
	{
		.name = "riscv64", .alias = "riscv", .flavour = "riscv64", KERNEL_64,
		.since = RELEASE(4, 15),
		.page_offset = 0xffffaf8000000000ull,
		.heads_base = 0xffffb08000000000ull, .heads_size = 1024 * GIB,
		.dma_limit = 0, .dma32_limit = 4 * GIB,
		.alignment = align_riscv64, .page_sizes = pages_4k,
	},
	{
		/* drivers' functions are in the module area below the direct map */
		.name = "arm", .alias = "armhf", .flavour = "armmp", .word = 4,
		.page_offset = 0xc0000000ull,
		.text_base = 0xbf000000ull, .rodata_base = 0xbf800000ull,
		.heads_base = 0xf0000000ull, .heads_size = 128 * MIB,
		.mem_max = 768 * MIB,
		/* ZONE_DMA would cover the direct map: there is only one zone */
		.dma_limit = 4 * GIB, .dma_since = RELEASE(5, 10), .dma32_limit = 0,
		.alignment = align_arm, .page_sizes = pages_arm,
	},
};

const struct profile *profile_at(size_t i)
{
	return i < COUNT(profiles) ? &profiles[i] : NULL;
}

const struct arch *arch_at(size_t i)
{
	return i < COUNT(arches) ? &arches[i] : NULL;
}

const struct profile *profile_find(const char *release)
{
	for (size_t i = 0; i < COUNT(profiles); i++)
		if (!strcmp(profiles[i].release, release) || !strcmp(profiles[i].point, release))
			return &profiles[i];
	return NULL;
}

const struct arch *arch_find(const char *name)
{
	for (size_t i = 0; i < COUNT(arches); i++)
		if (!strcmp(arches[i].name, name) || !strcmp(arches[i].alias, name))
			return &arches[i];
	return NULL;
}

const struct page_size *arch_page_size(const struct arch *a, uint64_t bytes)
{
	for (const struct page_size *s = a->page_sizes; s->shift; s++)
		if (bytes == 1ull << s->shift)
			return s;
	return NULL;
}

static const struct alignment *alignment(const struct profile *p, const struct arch *a)
{
	const struct alignment *at = a->alignment;

	while (at[1].since > 0 && at[1].since <= p->version)
		at++;
	return at;
}

uint64_t zone_dma_end(const struct profile *p, const struct arch *a)
{
	return p->version >= a->dma_since ? a->dma_limit : 0;
}

unsigned kmalloc_minalign(const struct profile *p, const struct arch *a)
{
	return alignment(p, a)->kmalloc;
}

static unsigned data_align(const struct profile *p, const struct arch *a)
{
	switch (p->data_align) {
	case ALIGN_KMALLOC_MINALIGN: return alignment(p, a)->kmalloc;
	case ALIGN_DMA_MINALIGN: return alignment(p, a)->dma;
	default: return 8; /* unsigned long long, the same on all architectures */
	}
}

struct devres_layout devres_layout(const struct profile *p, const struct arch *a,
				   bool debug_devres)
{
	unsigned words = debug_devres ? p->node_words_debug : p->node_words;
	unsigned front = (words + p->generic_node) * a->word, align = data_align(p, a);
	struct devres_layout l = {
		.word = a->word, .node = (uint8_t)(words * a->word),
		.header = (uint8_t)((front + align - 1) / align * align),
	};

	if (words >= 5) {
		l.size = (uint8_t)(words - 1);
		l.name = (uint8_t)(words - 2);
	}
	l.own_release = p->generic_node ? (uint8_t)words : 0;
	l.action = p->generic_node ? l.node : l.header;
	return l;
}
