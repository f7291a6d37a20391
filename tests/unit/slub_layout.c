/* SPDX-License-Identifier: MIT */
/* Distances between objects, by release, architecture and what is around them. */
#include "unit.h"

#include "boot.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/slub_debug.h"

#define SIZES 13

static const size_t bucket[SIZES] = {
	8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
};

/* Bytes for each class; 0: the architecture does not have it. */
static const struct row {
	const char *releases, *arch, *options;
	int stride[SIZES];
} row[] = {
#define FZPU "kasan=off slub_debug=FZPU"
#define FZP "kasan=off slub_debug=FZP"
#define FZPU_KASAN "kasan=on slub_debug=FZPU"
#define KASAN "kasan=on slub_debug=-"
	{ "4.19", "x86_64", FZPU, { 344, 352, 368, 400, 432, 464, 528, 592, 848, 1360, 2384, 4432, 8528 } },
	{ "5.10", "x86_64", FZPU, { 344, 368, 416, 512, 432, 640, 528, 1024, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.1", "x86_64", FZPU, { 112, 128, 160, 256, 200, 384, 296, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.12 7.2", "x86_64", FZPU, { 112, 128, 160, 256, 224, 384, 384, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "4.19", "x86_64", FZPU_KASAN, { 360, 368, 384, 416, 448, 480, 544, 608, 864, 1376, 2400, 4448, 8544 } },
	{ "5.10", "x86_64", FZPU_KASAN, { 376, 384, 416, 512, 448, 640, 544, 1024, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.1", "x86_64", FZPU_KASAN, { 144, 144, 192, 256, 216, 384, 312, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.12", "x86_64", FZPU_KASAN, { 144, 144, 192, 256, 256, 384, 384, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "7.2", "x86_64", FZPU_KASAN, { 144, 160, 192, 256, 256, 384, 384, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "4.9 4.19", "x86_64", KASAN, { 24, 32, 48, 96, 128, 192, 256, 320, 640, 1152, 2176, 4352, 8448 } },
	{ "5.10 6.1", "x86_64", KASAN, { 40, 32, 64, 128, 128, 256, 256, 512, 1024, 2048, 4096, 8192, 16384 } },
	{ "6.12 7.2", "x86_64", KASAN, { 32, 32, 64, 128, 128, 256, 256, 512, 1024, 2048, 4096, 8192, 16384 } },
	{ "4.19", "x86_64", FZP, { 40, 48, 64, 96, 128, 160, 224, 288, 544, 1056, 2080, 4128, 8224 } },
	{ "5.10 6.1", "x86_64", FZP, { 40, 64, 96, 192, 128, 384, 224, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.12 7.2", "x86_64", FZP, { 40, 64, 96, 192, 160, 384, 320, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "4.19", "x86_64", "kasan=off slub_debug=P", { 16, 24, 40, 72, 104, 136, 200, 264, 520, 1032, 2056, 4104, 8200 } },
	{ "5.10 6.12", "x86_64", "kasan=off slub_debug=P", { 16, 32, 64, 128, [5] = 256, [7] = 512, 1024, 2048, 4096, 8192, 16384 } },
	{ "4.19 7.2", "x86_64", "kasan=off slub_debug=-", { 8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192 } },
	/*
	 * CONFIG_SLAB: two words of red zones and the last caller, unless they would
	 * double the size
	 */
	{ "4.9", "x86_64", FZPU, { [2] = 56, 88, 120, 152, 216, 280, 536, 1048, 2072, 4096, 8192 } },
	{ "4.9", "x86_64", FZP, { [2] = 48, 80, 112, 144, 208, 272, 528, 1040, 2064, 4096, 8192 } },
	{ "4.9", "x86_64", "kasan=off slub_debug=U", { [2] = 40, 72, 104, 136, 200, 264, 520, 1032, 2056, 4096, 8192 } },
	{ "4.9", "x86_64", "kasan=off slub_debug=P", { [2] = 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192 } },
	{ "4.9", "arm64", FZPU, { [5] = 128, [7] = 256, 512, 1024, 2048, 4096, 8192 } },
	{ "4.9", "arm", FZPU, { [3] = 64, [5] = 128, 192, 256, 512, 1024, 2048, 4096, 8192 } },
	{ "4.19", "arm", FZPU, { [3] = 320, [5] = 384, 448, 512, 768, 1280 } },
	{ "5.10", "arm", FZPU, { [3] = 320, [5] = 512, 448, 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.1", "arm", FZPU, { [3] = 192, [5] = 384, 320, 768, 1536, 3072 } },
	{ "4.19", "arm64", FZPU, { [5] = 640, [7] = 768, 1024, 1536, 2560, 4608, 8704 } },
	{ "5.10", "arm64", FZPU, { [5] = 640, [7] = 1024, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.1", "arm64", FZPU, { [5] = 384, [7] = 768, 1536, 3072, 6144, 12288, 24576 } },
	{ "6.12 7.2", "arm64", FZPU, { 112, 128, 160, 256, 224, 384, 384, 768, 1536, 3072, 6144, 12288, 24576 } },
};

static void check_row(const struct row *r, const char *release)
{
	char cmdline[120];
	struct boot *b;

	snprintf(cmdline, sizeof(cmdline), "release=%s arch=%s %s", release, r->arch, r->options);
	b = boot_mm(cmdline);
	for (size_t i = 0; i < SIZES; i++) {
		const struct kmem_cache *c = kmalloc_cache(&b->mm, bucket[i], GFP_KERNEL);

		/* 4.9 begins with kmalloc-32 */
		if (c->object_size == bucket[i] && r->stride[i] && (int)c->stride != r->stride[i])
			fail_msg("%s: kmalloc-%zu is %u, not %d", cmdline, bucket[i], c->stride,
				 r->stride[i]);
	}
	off_mm(b);
}

static void the_stride_of_each_class(void **state)
{
	for (size_t i = 0; i < COUNT(row); i++) {
		char releases[40], *at = releases, *release;

		snprintf(releases, sizeof(releases), "%s", row[i].releases);
		while ((release = strsep(&at, " ")))
			check_row(&row[i], release);
	}
}

/* kmalloc-64 with FZPU: all the offsets. */
static void the_parts_of_an_object(void **state)
{
	static const struct { const char *cmdline; uint32_t left, inuse, meta; } want[] = {
		{ "release=4.19", 8, 72, 384 }, { "release=5.10", 64, 72, 384 },
		{ "release=6.1", 64, 72, 148 }, { "release=6.12", 64, 72, 152 },
		{ "release=5.10 arch=arm", 64, 68, 232 }, { "release=6.12 arch=arm", 64, 68, 116 },
	};

	for (size_t i = 0; i < COUNT(want); i++) {
		char cmdline[80];
		struct kmem_cache *c;
		struct boot *b;

		snprintf(cmdline, sizeof(cmdline), "kasan=off %s", want[i].cmdline);
		b = boot_mm(cmdline);
		c = kmalloc_cache(&b->mm, 64, GFP_KERNEL);
		assert_int_equal(c->left, want[i].left);
		assert_int_equal(c->inuse, want[i].inuse);
		assert_int_equal(c->meta, want[i].meta);
		assert_int_equal(c->freeptr, c->inuse);
		off_mm(b);
	}
}

/*
 * CONFIG_SLAB: kmalloc-64 with FZPU, its red zones and fills before, during and after
 * use.
 */
static void the_parts_of_an_object_with_slab(void **state)
{
	struct boot *b = boot_mm("release=4.9 kasan=off");
	struct kmem_cache *c = kmalloc_cache(&b->mm, 64, GFP_KERNEL);
	uint8_t *p = kmalloc(&b->mm, 10, GFP_KERNEL);
	const uint64_t used = 0xd84156c5635688c0, unused = 0x09f911029d74e35b;
	uint64_t word;

	assert_int_equal(c->left, 8);
	assert_int_equal(c->align, 8);
	p = kmalloc(&b->mm, 64, GFP_KERNEL);
	assert_int_equal(mm_addr(&b->mm, p) % 4096, 8);
	assert_memory_equal(p - 8, &used, 8);
	assert_memory_equal(p + 64, &used, 8);
	memcpy(&word, p + 72, 8);
	assert_int_equal(word, code_address(&b->kernel, "devsh"));
	for (int i = 0; i < 64; i++)
		assert_int_equal(p[i], 0x5a);
	kfree(&b->mm, p);
	assert_memory_equal(p - 8, &unused, 8);
	assert_memory_equal(p + 64, &unused, 8);
	for (int i = 0; i < 64; i++)
		assert_int_equal(p[i], i < 63 ? 0x6b : 0xa5);
	assert_string_equal(cache_part(&b->mm, c, -8).name, "left red zone");
	assert_string_equal(cache_part(&b->mm, c, 64).name, "right red zone");
	assert_string_equal(cache_part(&b->mm, c, 72).name, "last caller");
	assert_int_equal(c->stride, 88);
	assert_ptr_equal(kmalloc(&b->mm, 64, GFP_KERNEL), p);
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_mm(b);
}

/*
 * Before 5.4 slub_debug= broke the alignment: the first object is at slab + 8, the next
 * 400 later.
 */
static void alignment_under_slub_debug(void **state)
{
	static const struct { const char *cmdline; uint64_t first, next; } want[] = {
		{ "release=4.19", 8, 408 }, { "release=5.10", 64, 576 },
		{ "release=4.19 slub_debug=-", 0, 64 },
	};

	for (size_t i = 0; i < COUNT(want); i++) {
		char cmdline[80];
		struct boot *b;

		snprintf(cmdline, sizeof(cmdline), "kasan=off %s", want[i].cmdline);
		b = boot_mm(cmdline);
		assert_int_equal(mm_addr(&b->mm, kmalloc(&b->mm, 64, GFP_KERNEL)) % 4096, want[i].first);
		assert_int_equal(mm_addr(&b->mm, kmalloc(&b->mm, 64, GFP_KERNEL)) % 4096, want[i].next);
		off_mm(b);
	}
}

/*
 * On 6.12 KASAN writes to 16 bytes of a freed object; a kmalloc red zone never begins
 * there.
 */
static void a_kmalloc_red_zone_spares_what_kasan_writes_to(void **state)
{
	static const struct { const char *cmdline; size_t red; } want[] = {
		{ "release=6.12 kasan=off", 9 }, { "release=6.12 kasan=on", 16 },
		{ "release=7.2 kasan=on", 9 }, { "release=6.1 kasan=off", 16 },
	};

	for (size_t i = 0; i < COUNT(want); i++) {
		struct boot *b = boot_mm(want[i].cmdline);
		struct object o;

		assert_true(object_find(&b->mm, kmalloc(&b->mm, 9, GFP_KERNEL), &o));
		assert_int_equal(slub_kmalloc_red(&b->mm, &o), want[i].red);
		off_mm(b);
	}
}

/*
 * Without poison and red zones the free pointer is in the object: at its start, since
 * 5.10 in its middle.
 */
static void the_free_pointer(void **state)
{
	static const struct { const char *cmdline; uint16_t at; } want[] = {
		{ "release=4.19 slub_debug=F", 0 }, { "release=5.10 slub_debug=F", 32 },
		{ "release=6.1 slub_debug=FZU", 32 }, { "release=6.12 slub_debug=FZU", 72 },
		{ "release=6.12 slub_debug=FU", 32 }, { "release=4.19 slub_debug=FP", 64 },
	};

	for (size_t i = 0; i < COUNT(want); i++) {
		char cmdline[80];
		struct boot *b;

		snprintf(cmdline, sizeof(cmdline), "kasan=off %s", want[i].cmdline);
		b = boot_mm(cmdline);
		assert_int_equal(kmalloc_cache(&b->mm, 64, GFP_KERNEL)->freeptr, want[i].at);
		off_mm(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		large_unit_test(the_stride_of_each_class),
		cmocka_unit_test(the_parts_of_an_object),
		cmocka_unit_test(the_parts_of_an_object_with_slab),
		cmocka_unit_test(alignment_under_slub_debug),
		cmocka_unit_test(a_kmalloc_red_zone_spares_what_kasan_writes_to),
		cmocka_unit_test(the_free_pointer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
