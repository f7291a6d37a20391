/* SPDX-License-Identifier: MIT */
/*
 * The table of releases and architectures. No kernel file corresponds to it:
 * Linux is one release at a time.
 */
#include "kernel/profile.h"

#include <string.h>

/*
 * How alloc_dr() reaches the allocator, outermost first. The last function
 * takes the object. A macro that only renames stands here too: it is what a
 * reader of the source meets.
 */
static const char *const slab_devres_chain[] = {
	"kmalloc_node_track_caller", "kmalloc_track_caller",
	"__kmalloc_track_caller", "__do_kmalloc", "slab_alloc", NULL,
};
static const char *const slab_kmalloc_chain[] = {
	"__kmalloc", "__do_kmalloc", "slab_alloc", NULL,
};
static const char *const slub_devres_chain[] = {
	"kmalloc_node_track_caller", "__kmalloc_node_track_caller",
	"slab_alloc_node", NULL,
};
static const char *const slub_kmalloc_chain[] = {
	"__kmalloc", "slab_alloc", NULL,
};
static const char *const slub61_devres_chain[] = {
	"kmalloc_node_track_caller", "__kmalloc_node_track_caller",
	"__do_kmalloc_node", "__kmem_cache_alloc_node", "slab_alloc_node", NULL,
};
static const char *const slub61_kmalloc_chain[] = {
	"__kmalloc", "__do_kmalloc_node", "__kmem_cache_alloc_node",
	"slab_alloc_node", NULL,
};
static const char *const slub612_devres_chain[] = {
	"kmalloc_node_track_caller_noprof",
	"__kmalloc_node_track_caller_noprof", "__do_kmalloc_node",
	"slab_alloc_node", NULL,
};
static const char *const slub612_kmalloc_chain[] = {
	"__kmalloc_noprof", "__do_kmalloc_node", "slab_alloc_node", NULL,
};

static const struct source_line no_lines[] = { { 0 } };
static const struct source_line lines_612[] = {
	{ "devm_kfree", "drivers/base/devres.c", 1058 },
	{ 0 },
};

#define LINUX_4_X                                                             \
	.node_size = 24, .node_size_debug = 40, .data_align = ALIGN_ULL,      \
	.gfp_atomic = 0xa20, .gfp_nowait = 0x800, .lines = no_lines

static const struct profile profiles[] = {
	{
		.release = "4.9", .version = RELEASE(4, 9), .uname = "4.9.0",
		.about = "CONFIG_SLAB=y, CONFIG_NUMA=n: the kernel of the classic description",
		LINUX_4_X,
		.slab = true,
		.kmalloc_shift_low = 5, .kmalloc_shift_high = 22,
		.devres_chain = slab_devres_chain, .kmalloc_chain = slab_kmalloc_chain,
	},
	{
		.release = "4.19", .version = RELEASE(4, 19), .uname = "4.19.0",
		.about = "SLUB; devm_kfree(NULL) still warns, devm_kmalloc(0) is a real pointer",
		LINUX_4_X,
		.size_checked = true, .numa = true,
		.kmalloc_shift_low = 3, .kmalloc_shift_high = 13,
		.devres_chain = slub_devres_chain, .kmalloc_chain = slub_kmalloc_chain,
	},
	{
		.release = "6.1", .version = RELEASE(6, 1), .uname = "6.1.0",
		.about = "Debian 12's kernel; the header is 40 bytes, the bucket's rest is guarded",
		.node_size = 40, .node_size_debug = 40,
		.data_align = ALIGN_KMALLOC_MINALIGN,
		.size_checked = true, .zero_size_ptr = true,
		.kfree_null_silent = true, .kfree_zero_silent = true,
		.kfree_rodata_silent = true, .release_at_device_del = true,
		.early_empty_check = true, .numa = true,
		.kmalloc_shift_low = 3, .kmalloc_shift_high = 13,
		.size_suffix_k = true, .cg_caches = true, .rcl_caches = true,
		.gfp_atomic = 0xa20, .gfp_nowait = 0x800,
		.devres_chain = slub61_devres_chain, .kmalloc_chain = slub61_kmalloc_chain,
		.warn_style = WARN_CPU_PID, .zero_trace_id = true,
		.lines = (const struct source_line[]){
			{ "devm_kfree", "drivers/base/devres.c", 1073 },
			{ "add_dr", "drivers/base/devres.c", 132 },
			{ "devres_free", "drivers/base/devres.c", 225 },
			{ 0 },
		},
	},
	{
		.release = "6.12", .version = RELEASE(6, 12), .uname = "6.12.0",
		.about = "Debian 13's kernel; alloc_dr asks for the whole bucket",
		.node_size = 40, .node_size_debug = 40,
		.data_align = ALIGN_DMA_MINALIGN,
		.size_checked = true, .whole_bucket = true, .zero_size_ptr = true,
		.kfree_null_silent = true, .kfree_zero_silent = true,
		.kfree_rodata_silent = true, .action_by_name = true,
		.release_at_device_del = true, .early_empty_check = true,
		.numa = true,
		.kmalloc_shift_low = 3, .kmalloc_shift_high = 13,
		.size_suffix_k = true, .cg_caches = true, .rcl_caches = true,
		.split_alignment = true,
		.gfp_atomic = 0x820, .gfp_nowait = 0x2800,
		.devres_chain = slub612_devres_chain, .kmalloc_chain = slub612_kmalloc_chain,
		.warn_style = WARN_CPU_PID, .zero_trace_id = true,
		.cpu_line_uid = true, .oops_prefix = true,
		.probe_with_driver = true, .lines = lines_612,
	},
};

#define GIB (1ull << 30)
#define MIB (1ull << 20)

static const struct arch arches[] = {
	{
		.name = "x86_64", .alias = "amd64",
		.page_offset = 0xffff888000000000ull,
		.dma_limit = 16 * MIB, .dma32_limit = 4 * GIB,
		.dma_minalign = 8, .kmalloc_minalign_old = 8, .kmalloc_minalign = 8,
		.say_pc = "RIP: 0010:%s",
		.say_null = "BUG: kernel NULL pointer dereference, address: %016llx",
		.say_fault = "BUG: unable to handle page fault for address: %016llx",
		.say_bug = "invalid opcode: 0000 [#%u] PREEMPT SMP NOPTI",
		.say_oops = "Oops: 0000 [#%u] PREEMPT SMP NOPTI",
	},
	{
		.name = "arm64", .alias = "aarch64",
		.page_offset = 0xffff000000000000ull,
		.dma_limit = 0, .dma32_limit = 4 * GIB,
		.dma_minalign = 128, .kmalloc_minalign_old = 128, .kmalloc_minalign = 8,
		.say_pc = "pc : %s",
		.say_null = "Unable to handle kernel NULL pointer dereference at virtual address %016llx",
		.say_fault = "Unable to handle kernel paging request at virtual address %016llx",
		.say_bug = "Internal error: Oops - BUG: 0 [#%u] PREEMPT SMP",
		.say_oops = "Internal error: Oops: 96000004 [#%u] PREEMPT SMP",
	},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

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
		if (!strcmp(profiles[i].release, release))
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

unsigned kmalloc_minalign(const struct profile *p, const struct arch *a)
{
	/* ARCH_KMALLOC_MINALIGN left ARCH_DMA_MINALIGN together with devres, in 6.5 */
	return p->data_align == ALIGN_DMA_MINALIGN ? a->kmalloc_minalign
						   : a->kmalloc_minalign_old;
}

unsigned devres_header(const struct profile *p, const struct arch *a, bool debug_devres)
{
	unsigned node = debug_devres ? p->node_size_debug : p->node_size;
	unsigned align = 8;

	if (p->data_align == ALIGN_KMALLOC_MINALIGN)
		align = kmalloc_minalign(p, a);
	else if (p->data_align == ALIGN_DMA_MINALIGN)
		align = a->dma_minalign;
	return (node + align - 1) / align * align;
}
