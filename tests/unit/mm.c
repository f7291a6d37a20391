/* SPDX-License-Identifier: MIT */
/* Flags, pages, size classes, objects and what happens to wrong pointers. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "boot.h"
#include "measured.h"

/* With pages of 4 KiB, which all machines here have but those that say otherwise. */
#define MAX_ORDER 10
#define KMALLOC_MAX_SIZE ((size_t)4 << 20)

static const char *const profiles[] = {
	"release=4.19 arch=x86_64", "release=4.19 arch=arm64",
	"release=6.1 arch=x86_64", "release=6.1 arch=arm64",
	"release=6.12 arch=x86_64", "release=6.12 arch=arm64",
};

/* The smallest object of each: ARCH_KMALLOC_MINALIGN, which left 128 in 6.5. */
static const size_t smallest[] = { 8, 128, 8, 128, 8, 8 };

static const char *cache_of(struct boot *b, const void *p)
{
	struct object o;

	return object_find(&b->mm, p, &o) ? object_cache_name(&o) : "none";
}

/* --- flags --------------------------------------------------------------------- */

static void gfp_reads_as_linux_prints_it(void **state)
{
	static const struct { const char *release; gfp_t gfp; const char *text; } row[] = {
		{ "6.12", 0xdc0, "GFP_KERNEL|__GFP_ZERO" }, { "6.12", 0x820, "GFP_ATOMIC" },
		{ "6.1", 0xa20, "GFP_ATOMIC" }, { "6.12", 0x2800, "GFP_NOWAIT" },
		{ "6.12", 0x400dc0, "GFP_KERNEL_ACCOUNT|__GFP_ZERO" },
		{ "6.12", 0x200cc0, "GFP_KERNEL|__GFP_THISNODE" },
		{ "6.12", 0xcc1, "GFP_KERNEL|GFP_DMA" }, { "6.12", 0xcc0, "GFP_KERNEL" },
		{ "6.12", 0x4, "GFP_DMA32" }, { "6.12", 0x40cc0, "GFP_KERNEL|__GFP_COMP" },
		{ "6.1", 0x800, "GFP_NOWAIT" }, { "6.12", 0x100cca, "GFP_HIGHUSER_MOVABLE" },
		{ "6.12", 0x80000cc0, "GFP_KERNEL|0x80000000" }, { "6.12", 0x80000000,
			"0x80000000" },
		{ "6.12", 0, "0" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct profile *p = profile_find(row[i].release);
		char text[200];
		gfp_t gfp;

		gfp_format(p, row[i].gfp, text, sizeof(text));
		assert_string_equal(text, row[i].text);
		assert_int_equal(gfp_parse(p, text, &gfp), 0);
		assert_int_equal(gfp, row[i].gfp);
	}
}

/* Numbers of include/linux/gfp_types.h, before and since the flags of 6.3. */
static void gfp_names_have_the_numbers_of_linux(void **state)
{
	static const struct { const char *name; gfp_t old, new; } row[] = {
		{ "GFP_KERNEL", 0xcc0, 0xcc0 }, { "GFP_ATOMIC", 0xa20, 0x820 },
		{ "GFP_NOWAIT", 0x800, 0x2800 }, { "GFP_NOIO", 0xc00, 0xc00 },
		{ "GFP_NOFS", 0xc40, 0xc40 }, { "GFP_USER", 0x100cc0, 0x100cc0 },
		{ "GFP_KERNEL_ACCOUNT", 0x400cc0, 0x400cc0 },
		{ "GFP_HIGHUSER", 0x100cc2, 0x100cc2 },
		{ "GFP_HIGHUSER_MOVABLE", 0x100cca, 0x100cca },
		{ "GFP_DMA", 0x1, 0x1 }, { "GFP_DMA32", 0x4, 0x4 },
		{ "__GFP_DMA", 0x1, 0x1 }, { "__GFP_HIGHMEM", 0x2, 0x2 },
		{ "__GFP_DMA32", 0x4, 0x4 }, { "__GFP_MOVABLE", 0x8, 0x8 },
		{ "__GFP_RECLAIMABLE", 0x10, 0x10 }, { "__GFP_HIGH", 0x20, 0x20 },
		{ "__GFP_IO", 0x40, 0x40 }, { "__GFP_FS", 0x80, 0x80 },
		{ "__GFP_ZERO", 0x100, 0x100 }, { "__GFP_DIRECT_RECLAIM", 0x400, 0x400 },
		{ "__GFP_KSWAPD_RECLAIM", 0x800, 0x800 }, { "__GFP_RECLAIM", 0xc00, 0xc00 },
		{ "__GFP_WRITE", 0x1000, 0x1000 }, { "__GFP_NOWARN", 0x2000, 0x2000 },
		{ "__GFP_RETRY_MAYFAIL", 0x4000, 0x4000 }, { "__GFP_NOFAIL", 0x8000, 0x8000 },
		{ "__GFP_NORETRY", 0x10000, 0x10000 }, { "__GFP_MEMALLOC", 0x20000, 0x20000 },
		{ "__GFP_COMP", 0x40000, 0x40000 }, { "__GFP_NOMEMALLOC", 0x80000, 0x80000 },
		{ "__GFP_HARDWALL", 0x100000, 0x100000 },
		{ "__GFP_THISNODE", 0x200000, 0x200000 }, { "__GFP_ACCOUNT", 0x400000, 0x400000 },
	};
	gfp_t gfp;

	for (size_t i = 0; i < COUNT(row); i++) {
		assert_int_equal(gfp_parse(profile_find("6.1"), row[i].name, &gfp), 0);
		assert_int_equal(gfp, row[i].old);
		assert_int_equal(gfp_parse(profile_find("6.12"), row[i].name, &gfp), 0);
		assert_int_equal(gfp, row[i].new);
	}
	for (size_t i = 0; gfp_name(i); i++) {
		size_t at = 0;

		while (at < COUNT(row) && strcmp(row[at].name, gfp_name(i)))
			at++;
		if (at == COUNT(row))
			fail_msg("%s is not tested", gfp_name(i));
	}
}

static void gfp_text_is_cut_not_overrun(void **state)
{
	const struct profile *p = profile_find("6.12");
	char text[201], cut[201];

	gfp_format(p, 0xffffffff, text, sizeof(text));
	for (size_t size = 1; size < sizeof(text); size++) {
		memset(cut, '#', sizeof(cut));
		gfp_format(p, 0xffffffff, cut, size);
		assert_int_equal(cut[size], '#');
		assert_memory_equal(cut, text, strlen(cut));
	}
}

static void gfp_refuses_what_is_none(void **state)
{
	static const char *const bad[] = {
		"", "GFP", "gfp_kernel", "GFP_KERNEL|", "|GFP_KERNEL", "GFP_KERNEL||__GFP_ZERO",
		"GFP_KERNEL | __GFP_ZERO", "0x100000000", "-1", "GFP_KERNEL+1",
		"0x111111111111111111111111111111",
	};
	const struct profile *p = profile_find("6.12");
	gfp_t gfp;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (gfp_parse(p, bad[i], &gfp) != -EINVAL)
			fail_msg("'%s' was taken", bad[i]);
	for (size_t i = 0; gfp_name(i); i++)
		assert_int_equal(gfp_parse(p, gfp_name(i), &gfp), 0);
	assert_int_equal(gfp_parse(p, "GFP_KERNEL|0x100", &gfp), 0);
	assert_int_equal(gfp, GFP_KERNEL | __GFP_ZERO);
}

/* --- size classes ---------------------------------------------------------------- */

static void kmalloc_answers_as_6_1_did(void **state)
{
	struct boot *b = boot_mm("release=6.1");

	assert_ptr_equal(kmalloc(&b->mm, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	for (size_t i = 0; i < COUNT(kmalloc_61); i++) {
		const struct measured *want = &kmalloc_61[i];
		void *p = kmalloc(&b->mm, want->size, GFP_KERNEL);

		assert_int_equal(ksize(&b->mm, p), want->object);
		if (!want->object) {
			assert_null(p);
			continue;
		}
		assert_string_equal(cache_of(b, p), want->cache);
		kfree(&b->mm, p);
	}
	off_mm(b);
}

static size_t bucket(size_t size, size_t min)
{
	size_t n = min;

	if (size > 64 && size <= 96 && min <= 32)
		return 96;
	if (size > 128 && size <= 192 && min <= 64)
		return 192;
	while (n < size)
		n *= 2;
	return n;
}

static void every_size_has_its_class(void **state)
{
	for (size_t i = 0; i < COUNT(profiles); i++) {
		struct boot *b = boot_mm(profiles[i]);

		for (size_t size = 1; size <= 8192; size++) {
			void *p = kmalloc(&b->mm, size, GFP_KERNEL);
			size_t want = bucket(size, smallest[i]);

			assert_int_equal(ksize(&b->mm, p), want);
			assert_int_equal(kmalloc_size_roundup(&b->mm, size), want);
			assert_int_equal(mm_addr(&b->mm, p) % kmalloc_cache(&b->mm, size, GFP_KERNEL)->align, 0);
			kfree(&b->mm, p);
		}
		for (size_t size = 8193; size <= KMALLOC_MAX_SIZE; size *= 2) {
			void *p = kmalloc(&b->mm, size, GFP_KERNEL);

			assert_string_equal(cache_of(b, p), "pages");
			assert_int_equal(ksize(&b->mm, p), (size_t)PAGE_SIZE << get_order(&b->mm, size));
			kfree(&b->mm, p);
		}
		assert_int_equal(kmalloc_size_roundup(&b->mm, 0), 0);
		off_mm(b);
	}
}

static void slab_of_4_9_has_classes_for_all(void **state)
{
	struct boot *b = boot_mm("release=4.9");
	void *p = kmalloc(&b->mm, 1, GFP_KERNEL);

	assert_string_equal(cache_of(b, p), "kmalloc-32");
	p = kmalloc(&b->mm, 1000, GFP_KERNEL);
	assert_string_equal(cache_of(b, p), "kmalloc-1024");
	p = kmalloc(&b->mm, KMALLOC_MAX_SIZE, GFP_KERNEL);
	assert_string_equal(cache_of(b, p), "kmalloc-4194304");
	/* no way to the page allocator behind the largest */
	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_mm(b);
}

/* One CPU, 4 KiB pages, no debugging: order and objects of each class. */
static void slabs_are_as_large_as_in_linux(void **state)
{
	static const struct { size_t size; unsigned order, objects; } row[] = {
		{ 8, 0, 512 }, { 16, 0, 256 }, { 32, 0, 128 }, { 64, 0, 64 }, { 96, 0, 42 },
		{ 128, 0, 32 }, { 192, 0, 21 }, { 256, 0, 16 }, { 512, 0, 8 }, { 1024, 1, 8 },
		{ 2048, 2, 8 }, { 4096, 3, 8 }, { 8192, 3, 4 },
	};
	struct boot *b = boot_mm("release=6.1 slub_debug=-");

	for (size_t i = 0; i < COUNT(row); i++) {
		struct kmem_cache *c = kmalloc_cache(&b->mm, row[i].size, GFP_KERNEL);

		assert_int_equal(c->object_size, row[i].size);
		assert_int_equal(c->order, row[i].order);
		assert_int_equal(c->objects, row[i].objects);
	}
	off_mm(b);
}

static void flags_choose_the_cache(void **state)
{
	static const struct { const char *cmdline; gfp_t gfp; const char *cache; } row[] = {
		{ "release=6.1", GFP_KERNEL, "kmalloc-64" },
		{ "release=6.1", __GFP_DMA, "dma-kmalloc-64" },
		{ "release=6.1", GFP_KERNEL | __GFP_ACCOUNT, "kmalloc-cg-64" },
		{ "release=6.1", GFP_KERNEL | __GFP_RECLAIMABLE, "kmalloc-rcl-64" },
		{ "release=6.1", GFP_KERNEL | __GFP_RECLAIMABLE | __GFP_ACCOUNT, "kmalloc-rcl-64" },
		{ "release=6.1", __GFP_DMA | __GFP_RECLAIMABLE, "dma-kmalloc-64" },
		{ "release=6.1 arch=arm64", __GFP_DMA, "kmalloc-128" },
		{ "release=4.19", GFP_KERNEL | __GFP_ACCOUNT, "kmalloc-64" },
		{ "release=4.19", GFP_KERNEL | __GFP_RECLAIMABLE, "kmalloc-64" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].cmdline);

		assert_string_equal(cache_of(b, kmalloc(&b->mm, 64, row[i].gfp)), row[i].cache);
		assert_int_equal(kernel_reports(&b->kernel), 0);
		off_mm(b);
	}
}

static void flags_that_slab_refuses_are_dropped(void **state)
{
	struct boot *b = boot_mm("release=6.1");
	void *p = kmalloc(&b->mm, 64, GFP_KERNEL | __GFP_DMA32);

	assert_string_equal(cache_of(b, p), "kmalloc-64");
	assert_true(logged(&b->kernel, "Unexpected gfp: 0x4 (GFP_DMA32). Fixing up to gfp: "
			   "0xcc0 (GFP_KERNEL). Fix your code!"));
	off_mm(b);
}

static void kmalloc_array_does_not_wrap(void **state)
{
	struct boot *b = boot_mm("");
	void *p = kmalloc_array(&b->mm, 10, 10, GFP_KERNEL);

	assert_int_equal(ksize(&b->mm, p), 128);
	assert_null(kmalloc_array(&b->mm, SIZE_MAX, 2, GFP_KERNEL));
	assert_null(kmalloc_array(&b->mm, (size_t)1 << 32, (size_t)1 << 32, GFP_KERNEL));
	assert_ptr_equal(kmalloc_array(&b->mm, 0, SIZE_MAX, GFP_KERNEL), ZERO_SIZE_PTR);
	off_mm(b);
}

/* --- pages ------------------------------------------------------------------------- */

/* Free blocks of each order, in all zones. */
struct free_blocks {
	uint32_t blocks[NODES_MAX][ZONES][ORDERS];
	uint64_t free[NODES_MAX][ZONES];
};

static void count_free(const struct mm *mm, struct free_blocks *f)
{
	memset(f, 0, sizeof(*f));
	for (int n = 0; n < mm->nodes; n++)
		for (int z = 0; z < ZONES; z++) {
			memcpy(f->blocks[n][z], mm->node[n].zone[z].blocks,
				sizeof(f->blocks[n][z]));
			f->free[n][z] = mm->node[n].zone[z].free;
		}
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

enum { BLOCKS = 400 };

static void buddies_find_each_other_again(void **state)
{
	static const char *const machine[] = { "mem=64M", "mem=63M numa=fake=3", "mem=5M" };

	for (size_t m = 0; m < COUNT(machine); m++) {
		struct boot *b = boot_mm(machine[m]);
		struct page *block[BLOCKS] = { NULL };
		struct free_blocks before, after;
		uint32_t random = 1;

		count_free(&b->mm, &before);
		for (int step = 0; step < 20000; step++) {
			unsigned i = next_random(&random) % BLOCKS;
			unsigned order = next_random(&random) % (MAX_ORDER + 1);
			int nid = (int)(next_random(&random) % (unsigned)b->mm.nodes);

			if (block[i]) {
				free_pages(&b->mm, block[i]);
				block[i] = NULL;
				continue;
			}
			block[i] = alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOWARN, order, nid);
			if (block[i])
				assert_int_equal(page_pfn(&b->mm, block[i]) % (1u << order), 0);
		}
		for (int i = 0; i < BLOCKS; i++)
			if (block[i])
				free_pages(&b->mm, block[i]);
		count_free(&b->mm, &after);
		assert_memory_equal(&before, &after, sizeof(before));
		off_mm(b);
	}
}

static void no_two_blocks_share_a_page(void **state)
{
	struct boot *b = boot_mm("mem=16M");
	uint8_t *owner = calloc(b->mm.pfns, 1);
	uint64_t room = 0, got = 0;
	struct page *page;

	set_min_free_kbytes(&b->mm, 0);
	for (int z = 0; z < ZONES; z++)
		room += b->mm.node[0].zone[z].free;
	for (unsigned n = 0;; n++) {
		unsigned order = n % 5;

		page = alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOWARN, order, 0);
		if (!page)
			page = alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOWARN, order = 0, 0);
		if (!page)
			break;
		for (uint32_t i = 0; i < 1u << order; i++)
			assert_int_equal(owner[page_pfn(&b->mm, page) + i]++, 0);
		got += 1u << order;
	}
	/* all of it, to the last page */
	assert_int_equal(got, room);
	free(owner);
	off_mm(b);
}

static uint64_t take_all(struct mm *mm, gfp_t gfp)
{
	uint64_t n = 0;

	while (alloc_pages(mm, gfp | __GFP_NOWARN, 0, 0))
		n++;
	return n;
}

/* Each may take what those before it had to leave. */
static void reserves_are_for_who_cannot_wait(void **state)
{
	struct boot *b = boot_mm("mem=8M release=6.12");
	uint64_t min = 0;

	/* 4 * sqrt(8192), in KiB, without the first MiB's share */
	assert_int_equal(b->mm.min_free_kbytes, 362);
	for (int z = 0; z < ZONES; z++)
		min += b->mm.node[0].zone[z].min;
	assert_in_range(min, 70, 90);
	assert_true(take_all(&b->mm, GFP_KERNEL) > 1000);
	assert_int_equal(take_all(&b->mm, b->kernel.profile->gfp_nowait), 0);
	assert_int_equal(take_all(&b->mm, GFP_KERNEL | __GFP_HIGH), min / 2);
	assert_in_range(take_all(&b->mm, b->kernel.profile->gfp_atomic), min / 8 - 1, min / 8 + 1);
	assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 0, 0));
	assert_in_range(take_all(&b->mm, GFP_KERNEL | __GFP_MEMALLOC), min / 4, min / 2);
	/* Linux would wait for ever */
	assert_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL | __GFP_NOWARN, 0, 0));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_mm(b);
}

static void nofail_is_for_small_blocks_of_who_may_sleep(void **state)
{
	struct boot *b = boot_mm("mem=8M");

	assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 1, 0));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 2, 0));
	assert_non_null(alloc_pages(&b->mm, GFP_KERNEL | __GFP_NOFAIL, 2, 0));
	assert_int_equal(b->kernel.reports[REPORT_WARN], 1);
	take_all(&b->mm, GFP_KERNEL);
	assert_null(alloc_pages(&b->mm, __GFP_NOFAIL | __GFP_NOWARN, 0, 0));
	assert_int_equal(b->kernel.reports[REPORT_WARN], 2);
	off_mm(b);
}

/* The filters of failslab in their order. */
static void failslab_fails_what_its_attributes_say(void **state)
{
	struct boot *b = boot_mm("failslab=2,100,0,3");
	struct faults *f = &b->mm.faults;

	assert_true(b->kernel.injecting);
	for (int i = 0; i < 10; i++)
		assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	f->slab.ignore_gfp_wait = false;
	for (int i = 0; i < 6; i++) {
		assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL | __GFP_NOFAIL));
		if (i % 2)
			assert_null(kmalloc(&b->mm, 64, GFP_KERNEL));
		else
			assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	}
	assert_int_equal(f->slab.times, 0);
	assert_int_equal(f->last.hits, 3);
	assert_string_equal(f->last.what, "kmalloc-64");
	assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	/* beats times and probability, and is over then */
	f->slab.probability = 0;
	f->fail_nth = 2;
	faults_changed(&b->mm);
	assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	assert_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	assert_false(b->kernel.injecting);
	assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	off_mm(b);
}

/* With nothing to check and nothing to inject the short way is open again. */
static void nothing_injected_is_quiet(void **state)
{
	struct boot *b = boot_mm("slub_debug=- arch=x86_64");

	assert_int_equal(b->kernel.watching, 0);
	b->mm.faults.slab.probability = 1;
	faults_changed(&b->mm);
	assert_int_not_equal(b->kernel.watching, 0);
	b->mm.faults.slab.probability = 0;
	faults_changed(&b->mm);
	section_begin(&b->kernel, SECTION_LOCAL_IRQ_SAVE);
	assert_int_not_equal(b->kernel.watching, 0);
	section_end(&b->kernel, SECTION_LOCAL_IRQ_SAVE);
	assert_int_equal(b->kernel.watching, 0);
	off_mm(b);
}

static void orders_are_rounded_up(void **state)
{
	static const struct { size_t size; unsigned order; } row[] = {
		{ 0, 0 }, { 1, 0 }, { 4096, 0 }, { 4097, 1 }, { 8192, 1 }, { 8193, 2 },
		{ KMALLOC_MAX_SIZE, 10 }, { KMALLOC_MAX_SIZE + 1, 11 }, { SIZE_MAX, 52 },
	};

	struct boot *b = boot_mm("");

	for (size_t i = 0; i < COUNT(row); i++)
		assert_int_equal(get_order(&b->mm, row[i].size), row[i].order);
	off_mm(b);
}

static void too_large_is_null_and_one_warning(void **state)
{
	struct boot *b = boot_mm("");

	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	assert_null(kmalloc(&b->mm, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_null(kmalloc(&b->mm, SIZE_MAX, GFP_KERNEL));
	assert_int_equal(b->kernel.reports[REPORT_WARN], 1);
	off_mm(b);
}

static void zones_are_where_the_architecture_has_them(void **state)
{
	struct boot *b = boot_mm("mem=64M");
	uint64_t end = b->mm.page_offset + (16 << 20);
	void *p;

	while ((p = kmalloc(&b->mm, 100000, __GFP_DMA | __GFP_NOWARN)))
		assert_true(mm_addr(&b->mm, p) < end);
	p = kmalloc(&b->mm, 100000, GFP_KERNEL);
	assert_true(mm_addr(&b->mm, p) >= end);
	off_mm(b);

	b = boot_mm("mem=64M arch=arm64");
	assert_int_equal(b->mm.node[0].zone[0].free, 0);
	assert_non_null(kmalloc(&b->mm, 100000, __GFP_DMA));
	off_mm(b);
}

/* --- objects --------------------------------------------------------------------------- */

enum { MANY = 1000 };

static void freed_objects_come_back_last_in_first_out(void **state)
{
	static const size_t size[] = { 8, 96, 192, 1024, 8192 };

	for (int checked = 0; checked < 2; checked++) {
		struct boot *b = boot_mm(checked ? "kasan=off" : "slub_debug=-");

		for (size_t s = 0; s < COUNT(size); s++) {
			void *p[MANY];

			for (int i = 0; i < MANY; i++)
				p[i] = kmalloc(&b->mm, size[s], GFP_KERNEL);
			for (int i = 0; i < MANY; i++)
				kfree(&b->mm, p[i]);
			for (int i = MANY; i-- > 0;)
				assert_ptr_equal(kmalloc(&b->mm, size[s], GFP_KERNEL), p[i]);
			for (int i = 0; i < MANY; i++)
				kfree(&b->mm, p[i]);
		}
		off_mm(b);
	}
}

static void objects_do_not_overlap(void **state)
{
	struct boot *b = boot_mm("mem=32M");
	uint8_t *seen = calloc(b->mm.size, 1);
	uint32_t random = 1;

	for (int i = 0; i < 20000; i++) {
		size_t size = 1 + next_random(&random) % (i % 10 ? 300 : 20000);
		char *p = kmalloc(&b->mm, size, GFP_KERNEL | __GFP_NOWARN);
		size_t n;

		if (!p)
			break;
		n = ksize(&b->mm, p);
		assert_true(n >= size);
		for (size_t at = 0; at < n; at++)
			assert_int_equal(seen[p + at - b->mm.base]++, 0);
	}
	free(seen);
	off_mm(b);
}

/* Everything of one size; the last pointer, and how many. */
static void *fill(struct boot *b, size_t size, void ***all, size_t *n)
{
	void *p, *last = NULL;
	size_t cap = 0;

	*n = 0;
	*all = NULL;
	while ((p = kmalloc(&b->mm, size, GFP_KERNEL | __GFP_NOWARN))) {
		if (*n == cap) {
			cap = cap ? 2 * cap : 1024;
			*all = realloc(*all, cap * sizeof(p));
			assert_non_null(*all);
		}
		(*all)[(*n)++] = last = p;
	}
	return last;
}

static void memory_runs_out_and_comes_back(void **state)
{
	static const size_t size[] = { 64, 192, 4096, 100000, KMALLOC_MAX_SIZE / 4 };
	static const char *const machine[] = { "mem=8M slub_debug=PU kasan=off", "mem=8M slub_debug=-" };

	for (size_t m = 0; m < COUNT(machine); m++) {
		struct boot *b = boot_mm(machine[m]);

		for (size_t s = 0; s < COUNT(size); s++) {
			void **all, *last;
			size_t n;

			last = fill(b, size[s], &all, &n);
			/* seven of eight MiB, but for what does not divide and what checks need */
			assert_true(n >= 3 && n * size[s] >= (m ? 4u : 2u) << 20);
			kfree(&b->mm, last);
			assert_ptr_equal(kmalloc(&b->mm, size[s], GFP_KERNEL), last);
			assert_null(kmalloc(&b->mm, size[s], GFP_KERNEL | __GFP_NOWARN));
			for (size_t i = 0; i < n; i++)
				kfree(&b->mm, all[i]);
			free(all);
			/* the next size finds its room in the slabs of this one */
		}
		assert_int_equal(kernel_reports(&b->kernel), 0);
		off_mm(b);
	}
}

static void shrinking_gives_back_what_is_empty(void **state)
{
	struct boot *b = boot_mm("mem=32M slub_debug=-");
	struct free_blocks before, after;
	void *p[MANY], *keep;

	count_free(&b->mm, &before);
	for (int i = 0; i < MANY; i++)
		p[i] = kmalloc(&b->mm, 64, GFP_KERNEL);
	for (int i = 0; i < MANY; i++)
		if (i != MANY / 2)
			kfree(&b->mm, p[i]);
	keep = p[MANY / 2];
	memset(keep, 0x5c, 64);
	assert_int_equal(slab_shrink(&b->mm), (MANY + 63) / 64 - 1);
	assert_int_equal(slab_shrink(&b->mm), 0);
	for (int i = 0; i < 64; i++)
		assert_int_equal(((uint8_t *)keep)[i], 0x5c);
	/* its slab's other objects are still good to have */
	for (int i = 0; i < MANY; i++)
		assert_non_null(p[i] = kmalloc(&b->mm, 64, GFP_KERNEL));
	for (int i = 0; i < MANY; i++)
		kfree(&b->mm, p[i]);
	kfree(&b->mm, keep);
	slab_shrink(&b->mm);
	count_free(&b->mm, &after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_mm(b);
}

static void the_log_says_what_ran_out(void **state)
{
	struct boot *b = boot_mm("mem=8M slub_debug=-");
	size_t n;
	void **all;

	fill(b, 64, &all, &n);
	free(all);
	assert_false(logged(&b->kernel, "SLUB"));
	assert_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	assert_true(logged(&b->kernel, "SLUB: Unable to allocate memory on CPU 0 (of node 0) on "
			   "node 0, gfp=0xcc0(GFP_KERNEL)"));
	assert_true(logged(&b->kernel, "  cache: kmalloc-64, object size: 64, buffer size: 64, "
			   "default order: 0, min order: 0"));
	assert_null(kmalloc(&b->mm, 100000, GFP_KERNEL));
	assert_true(logged(&b->kernel, "page allocation failure: order:5, "
			   "mode:0x40cc0(GFP_KERNEL|__GFP_COMP)"));
	/* ten in five seconds of simulated time */
	for (int i = 0; i < 100; i++)
		kmalloc(&b->mm, 64, GFP_KERNEL);
	n = b->kernel.log.count;
	kmalloc(&b->mm, 64, GFP_KERNEL);
	assert_int_equal(b->kernel.log.count, n);
	b->kernel.now += 6000000000ull;
	kmalloc(&b->mm, 64, GFP_KERNEL);
	assert_true(b->kernel.log.count > n);
	off_mm(b);
}

static void fresh_and_freed_memory_is_poisoned(void **state)
{
	struct boot *b = boot_mm("");
	uint8_t *p = kmalloc(&b->mm, 64, GFP_KERNEL);

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 63; i++)
			assert_int_equal(p[i], POISON_FREE);
		assert_int_equal(p[63], POISON_END);
		memset(p, 0x11, 64);
		kfree(&b->mm, p);
	}
	p = kmalloc(&b->mm, 20000, GFP_KERNEL);
	assert_int_equal(p[0], PAGE_POISON);
	assert_int_equal(p[32767], PAGE_POISON);
	off_mm(b);

	b = boot_mm("slub_debug=-");
	p = kmalloc(&b->mm, 64, GFP_KERNEL);
	memset(p, 0x11, 64);
	kfree(&b->mm, p);
	assert_int_equal(p[0], 0x11);
	off_mm(b);
}

static void zeroed_is_every_byte_that_was_asked_for(void **state)
{
	static const char *const machine[] = {
		"slub_debug=PU kasan=off", "slub_debug=-", "slub_debug=P kasan=off", "slub_debug=U kasan=off",
	};
	static const size_t size[] = { 1, 8, 63, 96, 100, 192, 1000, 8192, 8193, 100000 };

	for (size_t m = 0; m < COUNT(machine); m++) {
		struct boot *b = boot_mm(machine[m]);

		for (size_t s = 0; s < COUNT(size); s++) {
			uint8_t *p = kmalloc(&b->mm, size[s], GFP_KERNEL);

			memset(p, 0xff, ksize(&b->mm, p));
			kfree(&b->mm, p);
			assert_ptr_equal(kmalloc(&b->mm, size[s], GFP_KERNEL | __GFP_ZERO), p);
			for (size_t i = 0; i < size[s]; i++)
				assert_int_equal(p[i], 0);
			kfree(&b->mm, p);
		}
		off_mm(b);
	}
}

/* --- wrong pointers ------------------------------------------------------------------------ */

static void kfree_of_nothing_is_nothing(void **state)
{
	struct boot *b = boot_mm("");

	kfree(&b->mm, NULL);
	kfree(&b->mm, ZERO_SIZE_PTR);
	kfree(&b->mm, (void *)1);
	assert_int_equal(ksize(&b->mm, NULL), 0);
	assert_int_equal(ksize(&b->mm, ZERO_SIZE_PTR), 0);
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_mm(b);
}

static void kfree_takes_only_what_is_an_object(void **state)
{
	struct boot *b = boot_mm("kasan=off");
	char *p = kmalloc(&b->mm, 64, GFP_KERNEL), *large = kmalloc(&b->mm, 20000, GFP_KERNEL);
	uint32_t n = 0;

	for (size_t off = 1; off < 64; off++) {
		kfree(&b->mm, p + off);
		assert_int_equal(b->kernel.reports[REPORT_SLAB], ++n);
		assert_int_equal(ksize(&b->mm, p), 64);
	}
	assert_true(logged(&b->kernel, "Invalid object pointer 0x"));
	assert_true(logged(&b->kernel, "not freed"));
	kfree(&b->mm, large + 8);
	kfree(&b->mm, large + PAGE_SIZE);
	assert_int_equal(ksize(&b->mm, large), 32768);
	assert_int_equal(b->kernel.reports[REPORT_SLAB], n + 2);
	assert_false(b->kernel.task_died);
	kfree(&b->mm, p);
	kfree(&b->mm, large);
	assert_int_equal(b->kernel.reports[REPORT_SLAB], n + 2);
	off_mm(b);
}

static void kfree_twice_frees_once(void **state)
{
	struct boot *b = boot_mm("kasan=off");
	void *p = kmalloc(&b->mm, 64, GFP_KERNEL);

	kfree(&b->mm, p);
	kfree(&b->mm, p);
	assert_int_equal(b->kernel.reports[REPORT_SLAB], 1);
	assert_true(logged(&b->kernel, "BUG kmalloc-64 (Not tainted): Object already free"));
	assert_true(logged(&b->kernel, "FIX kmalloc-64: Object at 0xffff888001000040 not freed"));
	/* no object starts there, so none can be free already */
	kfree(&b->mm, (char *)p + 8);
	assert_true(logged(&b->kernel, "Invalid object pointer 0xffff888001000048"));
	/* nobody gets the same object twice */
	assert_ptr_equal(kmalloc(&b->mm, 64, GFP_KERNEL), p);
	assert_ptr_not_equal(kmalloc(&b->mm, 64, GFP_KERNEL), p);
	off_mm(b);
}

static void kfree_of_a_wild_pointer_is_an_oops(void **state)
{
	static const uint64_t wild[] = { 17, 0x1000, 0xdeadbeef, 0xffffffff81000000ull,
		UINT64_MAX };
	struct boot *b = boot_mm("");

	for (size_t i = 0; i < COUNT(wild); i++) {
		kfree(&b->mm, mm_wild_ptr(&b->mm, wild[i]));
		assert_int_equal(b->kernel.reports[REPORT_OOPS], i + 1);
	}
	/* memory of the machine, but no object */
	kfree(&b->mm, b->mm.base);
	kfree(&b->mm, b->mm.base + b->mm.size - 1);
	assert_int_equal(b->kernel.reports[REPORT_OOPS], COUNT(wild));
	assert_int_equal(b->kernel.reports[REPORT_WARN], 1);
	off_mm(b);
}

static void addresses_never_reach_the_host(void **state)
{
	struct boot *b = boot_mm("mem=64M");
	struct mm *mm = &b->mm;
	uint64_t base = mm->page_offset, end = base + mm->size;
	int on_the_stack;

	assert_int_equal(mm_addr(mm, mm->base), base);
	assert_ptr_equal(mm_ptr(mm, base + 4096, 8), mm->base + 4096);
	assert_int_equal(mm_addr(mm, NULL), 0);
	assert_int_equal(mm_addr(mm, ZERO_SIZE_PTR), 16);
	assert_null(mm_ptr(mm, base - 1, 1));
	assert_null(mm_ptr(mm, end, 1));
	assert_null(mm_ptr(mm, end - 8, 9));
	assert_non_null(mm_ptr(mm, end - 8, 8));
	assert_null(mm_ptr(mm, base, SIZE_MAX));
	assert_null(mm_ptr(mm, 0, 1));
	/* a number that happens to be an address of the host's mapping */
	assert_false(mm_has(mm, mm_wild_ptr(mm, (uintptr_t)mm->base + 64)));
	assert_int_equal(mm_read(mm, (uintptr_t)&on_the_stack, &on_the_stack, 4), -EFAULT);
	off_mm(b);
}

static void access_is_checked(void **state)
{
	struct boot *b = boot_mm("mem=64M kasan=off");
	uint64_t end = b->mm.page_offset + b->mm.size;
	char bytes[16] = "", text[80];

	assert_int_equal(mm_write(&b->mm, end - 4, "abc", 4), 0);
	assert_int_equal(mm_read(&b->mm, end - 4, bytes, 4), 0);
	assert_string_equal(bytes, "abc");
	assert_int_equal(mm_fill(&b->mm, end - 4, 'x', 3), 0);
	assert_int_equal(mm_read(&b->mm, end - 4, bytes, 4), 0);
	assert_string_equal(bytes, "xxx");
	assert_int_equal(kernel_reports(&b->kernel), 0);
	/* the Oops names the first byte that is not there */
	assert_int_equal(mm_read(&b->mm, end - 4, bytes, 5), -EFAULT);
	snprintf(text, sizeof(text), "page fault for address: %016llx", (unsigned long long)end);
	assert_true(logged(&b->kernel, text));
	assert_int_equal(mm_write(&b->mm, 16, bytes, 1), -EFAULT);
	assert_true(logged(&b->kernel, "NULL pointer dereference, address: 0000000000000010"));
	assert_int_equal(mm_fill(&b->mm, end, 0, 1), -EFAULT);
	off_mm(b);
}

/* --- NUMA ------------------------------------------------------------------------------------- */

static void nodes_help_out_by_distance(void **state)
{
	static const int order[4][4] = {
		{ 0, 1, 2, 3 }, { 1, 2, 0, 3 }, { 2, 3, 1, 0 }, { 3, 2, 1, 0 },
	};
	struct boot *b = boot_mm("numa=fake=4 mem=64M");

	for (int nid = 0; nid < 4; nid++) {
		for (int i = 0; i < 4; i++)
			assert_int_equal(node_fallback(&b->mm, nid, i), order[nid][i]);
		assert_int_equal(node_fallback(&b->mm, nid, 4), -1);
	}
	off_mm(b);
}

static void memory_is_of_the_node_that_was_asked(void **state)
{
	static const size_t size[] = { 8, 192, 8192, 20000 };
	struct boot *b = boot_mm("numa=fake=4 mem=64M");

	for (int nid = 0; nid < 4; nid++)
		for (size_t s = 0; s < COUNT(size); s++) {
			void *p = kmalloc_node(&b->mm, size[s], GFP_KERNEL, nid), *q;

			assert_int_equal(pfn_node(&b->mm, mm_pfn(&b->mm, p)), nid);
			kfree(&b->mm, p);
			q = kmalloc_node(&b->mm, size[s], GFP_KERNEL, (nid + 1) % 4);
			assert_int_equal(pfn_node(&b->mm, mm_pfn(&b->mm, q)), (nid + 1) % 4);
		}
	assert_int_equal(pfn_node(&b->mm, mm_pfn(&b->mm, kmalloc(&b->mm, 64, GFP_KERNEL))), 0);
	off_mm(b);
}

static void a_full_node_takes_from_its_neighbours(void **state)
{
	static const size_t size[] = { 64, 100000 };

	for (size_t s = 0; s < COUNT(size); s++) {
		struct boot *b = boot_mm("numa=fake=2 mem=16M");
		gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
		void *p;

		while ((p = kmalloc_node(&b->mm, size[s], gfp | __GFP_THISNODE, 1)))
			assert_int_equal(pfn_node(&b->mm, mm_pfn(&b->mm, p)), 1);
		p = kmalloc_node(&b->mm, size[s], gfp, 1);
		assert_int_equal(pfn_node(&b->mm, mm_pfn(&b->mm, p)), 0);
		off_mm(b);
	}
}

/* From the left red zone to the padding, without a hole, on every release. */
static void every_byte_around_an_object_has_a_name(void **state)
{
	static const char *const machine[] = {
		"release=4.9", "release=6.1", "release=7.2", "arch=arm64", "release=4.9 arch=arm",
		"slub_debug=-", "slub_debug=- kasan=on", "slub_debug=Z", "slub_debug=P",
	};

	for (size_t i = 0; i < sizeof(machine) / sizeof(machine[0]); i++) {
		struct boot *b = boot_mm(machine[i]);

		for (int n = 0; n < CACHE_TYPES * CLASSES; n++) {
			const struct kmem_cache *c = &b->mm.caches[n];
			int64_t end = (int64_t)c->stride - c->left, next = -(int64_t)c->left;

			for (int64_t off = next; c->object_size && off < end; off = next) {
				struct cache_part p = cache_part(&b->mm, c, off);

				assert_int_equal(p.from, off);
				assert_true(p.len != 0);
				assert_int_equal(p.name == NULL, off == 0);
				next = p.from + (int64_t)p.len;
				assert_string_equal(cache_part(&b->mm, c, next - 1).name
						    ? cache_part(&b->mm, c, next - 1).name : "",
						    p.name ? p.name : "");
			}
			assert_int_equal(next, c->object_size ? end : 0);
		}
		off_mm(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gfp_reads_as_linux_prints_it),
		cmocka_unit_test(gfp_names_have_the_numbers_of_linux),
		cmocka_unit_test(gfp_text_is_cut_not_overrun),
		cmocka_unit_test(gfp_refuses_what_is_none),
		cmocka_unit_test(kmalloc_answers_as_6_1_did),
		cmocka_unit_test(every_size_has_its_class),
		cmocka_unit_test(slab_of_4_9_has_classes_for_all),
		cmocka_unit_test(slabs_are_as_large_as_in_linux),
		cmocka_unit_test(flags_choose_the_cache),
		cmocka_unit_test(flags_that_slab_refuses_are_dropped),
		cmocka_unit_test(kmalloc_array_does_not_wrap),
		cmocka_unit_test(buddies_find_each_other_again),
		cmocka_unit_test(no_two_blocks_share_a_page),
		cmocka_unit_test(reserves_are_for_who_cannot_wait),
		cmocka_unit_test(nofail_is_for_small_blocks_of_who_may_sleep),
		cmocka_unit_test(failslab_fails_what_its_attributes_say),
		cmocka_unit_test(nothing_injected_is_quiet),
		cmocka_unit_test(orders_are_rounded_up),
		cmocka_unit_test(too_large_is_null_and_one_warning),
		cmocka_unit_test(zones_are_where_the_architecture_has_them),
		cmocka_unit_test(freed_objects_come_back_last_in_first_out),
		cmocka_unit_test(objects_do_not_overlap),
		cmocka_unit_test(memory_runs_out_and_comes_back),
		cmocka_unit_test(shrinking_gives_back_what_is_empty),
		cmocka_unit_test(the_log_says_what_ran_out),
		cmocka_unit_test(fresh_and_freed_memory_is_poisoned),
		cmocka_unit_test(zeroed_is_every_byte_that_was_asked_for),
		cmocka_unit_test(kfree_of_nothing_is_nothing),
		cmocka_unit_test(kfree_takes_only_what_is_an_object),
		cmocka_unit_test(kfree_twice_frees_once),
		cmocka_unit_test(kfree_of_a_wild_pointer_is_an_oops),
		cmocka_unit_test(addresses_never_reach_the_host),
		cmocka_unit_test(access_is_checked),
		cmocka_unit_test(nodes_help_out_by_distance),
		cmocka_unit_test(memory_is_of_the_node_that_was_asked),
		cmocka_unit_test(every_byte_around_an_object_has_a_name),
		cmocka_unit_test(a_full_node_takes_from_its_neighbours),
	};

	return cmocka_run_group_tests_name("mm", tests, NULL, NULL);
}
