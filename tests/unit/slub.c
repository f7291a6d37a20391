/* SPDX-License-Identifier: MIT */
/* slub_debug=: orders, layouts, options, and the detection of overwritten bytes. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "boot.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "machine/fsck.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/failslab.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/kmem_cache.h"
#include "mm/object.h"
#include "mm/slab.h"
#include "mm/slub_debug.h"

static const size_t class[] = {
	8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
};

static struct machine *machine(const char *cmdline)
{
	char why[200] = "";
	struct machine *m = machine_create(cmdline, why, sizeof(why));

	if (!m)
		fail_msg("%s: %s", cmdline, why);
	return m;
}

static struct kmem_cache *cache(struct mm *mm, size_t size)
{
	return kmalloc_cache(mm, size, GFP_KERNEL);
}

static bool says(struct machine *m, const char *text)
{
	return logged(&m->kernel, text);
}

static void tell(void *ctx, const struct fsck_finding *f)
{
	(void)ctx;
	fail_msg("fsck: %s: %s", f->where, f->text);
}

static void is_sound(struct machine *m)
{
	assert_int_equal(machine_fsck(m, tell, NULL), 0);
}

/* --- orders --------------------------------------------------------------------- */

/* Order and object count of each class by the number of CPUs: both algorithms agree. */
static void orders_grow_with_cpus(void **state)
{
	static const struct { const char *cpus; int order[13], objects[13]; } row[] = {
		{ "nr_cpus=1", { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3 },
		  { 512, 256, 128, 64, 42, 32, 21, 16, 8, 8, 8, 8, 4 } },
		{ "nr_cpus=2", { 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3 },
		  { 512, 256, 128, 64, 42, 32, 21, 16, 16, 16, 16, 8, 4 } },
		{ "nr_cpus=7", { 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3 },
		  { 512, 256, 128, 64, 42, 32, 21, 16, 16, 16, 16, 8, 4 } },
		{ "nr_cpus=8", { 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3 },
		  { 512, 256, 128, 64, 42, 32, 21, 32, 32, 32, 16, 8, 4 } },
		{ "nr_cpus=15", { 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3 },
		  { 512, 256, 128, 64, 42, 32, 21, 32, 32, 32, 16, 8, 4 } },
		{ "nr_cpus=16", { 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 3, 3, 3 },
		  { 512, 256, 128, 64, 42, 32, 42, 32, 32, 32, 16, 8, 4 } },
	};
	static const char *const release[] = { "4.19", "6.1", "6.12", "7.2" };

	for (size_t r = 0; r < COUNT(release); r++)
		for (size_t i = 0; i < COUNT(row); i++) {
			struct boot *b;
			char cmdline[80];

			snprintf(cmdline, sizeof(cmdline), "release=%s slub_debug=- kasan=off %s",
				 release[r], row[i].cpus);
			b = boot_mm(cmdline);
			for (size_t c = 0; c < COUNT(class); c++) {
				assert_int_equal(cache(&b->mm, class[c])->order, row[i].order[c]);
				assert_int_equal(cache(&b->mm, class[c])->objects, row[i].objects[c]);
			}
			off_mm(b);
		}
}

/* 320 bytes of 4096 are more than a sixteenth, 168 of 8192 are not. */
static void a_sixteenth_may_be_wasted(void **state)
{
	struct boot *b = boot_mm("nr_cpus=1");

	assert_int_equal(slab_order(&b->mm, 472), 1);
	assert_int_equal(slab_order(&b->mm, 480), 0); /* 256: exactly a sixteenth */
	off_mm(b);
}

static void orders_as_the_parameters_say(void **state)
{
	static const struct { const char *cmdline; size_t size; int order; } row[] = {
		{ "slub_max_order=0", 1024, 0 }, { "slub_max_order=0", 8192, 1 },
		{ "slub_max_order=1", 4096, 1 }, { "slub_min_order=3", 8, 3 },
		{ "slub_min_order=5", 8, 5 }, { "slub_min_order=5 slub_max_order=2", 8, 2 },
		{ "slub_min_objects=1", 1024, 0 }, { "slub_min_objects=100", 512, 3 },
	};
	static const char *const release[] = { "release=6.1", "release=6.12" };

	for (size_t i = 0; i < 2 * COUNT(row); i++) {
		char cmdline[120];
		struct boot *b;

		snprintf(cmdline, sizeof(cmdline), "slub_debug=- kasan=off %s %s", release[i % 2],
			 row[i / 2].cmdline);
		b = boot_mm(cmdline);
		assert_int_equal(cache(&b->mm, row[i / 2].size)->order, row[i / 2].order);
		assert_non_null(kmalloc(&b->mm, row[i / 2].size, GFP_KERNEL));
		off_mm(b);
	}
}

/* --- options -------------------------------------------------------------------- */

static void letters_and_blocks(void **state)
{
	static const struct { const char *debug, *cache; unsigned flags; } row[] = {
		{ "FZPU", "kmalloc-64", SLUB_DEFAULT }, { "", "kmalloc-64", SLUB_DEFAULT },
		{ "-", "kmalloc-64", 0 }, { "fzTa", "kmalloc-64", SLUB_F | SLUB_Z | SLUB_T | SLUB_A },
		{ "O", "kmalloc-64", 0 }, { "FO", "kmalloc-64", SLUB_F },
		{ "Z,kmalloc-64", "kmalloc-64", SLUB_Z }, { "Z,kmalloc-64", "kmalloc-8", 0 },
		{ "Z,kmalloc-64;P", "kmalloc-64", SLUB_Z }, { "P;Z,kmalloc-64", "kmalloc-64", SLUB_Z },
		{ "P;Z,kmalloc-64", "kmalloc-8", SLUB_P }, { ",kmalloc-8", "kmalloc-8", SLUB_DEFAULT },
		{ "U,*-64;Z,kmalloc-64", "kmalloc-64", SLUB_U }, { "-,kmalloc-8;F", "kmalloc-8", 0 },
		{ "Z,a,b,kmalloc-*", "kmalloc-cg-8", SLUB_Z }, { "P;F", "kmalloc-8", SLUB_F },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		char cmdline[120], why[200] = "";
		struct params p;

		params_default(&p);
		snprintf(cmdline, sizeof(cmdline), "slub_debug=%s", row[i].debug);
		assert_int_equal(params_parse(&p, cmdline, why, sizeof(why)), 0);
		assert_int_equal(params_slub_debug(&p, row[i].cache), row[i].flags);
	}
}

static void new_names_are_for_new_releases(void **state)
{
	char why[200];
	struct params p;

	params_default(&p);
	assert_int_equal(params_parse(&p, "slab_debug=U slab_max_order=1 slab_min_objects=7", why,
				      sizeof(why)), 0);
	assert_int_equal(params_slub_debug(&p, "x"), SLUB_U);
	assert_int_equal(p.slub_max_order, 1);
	assert_int_equal(p.slub_min_objects, 7);
	params_default(&p);
	assert_int_equal(params_parse(&p, "slab_debug=U release=6.1", why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "slab_...=: release 6.1 calls it slub_...=");
}

/* O: Linux compares the order of one object with and without what surrounds it. */
static void keep_order_spares_large_objects(void **state)
{
	struct boot *b = boot_mm("slub_debug=FZPUO kasan=off");

	assert_int_equal(cache(&b->mm, 1024)->debug, SLUB_DEFAULT);
	assert_int_equal(cache(&b->mm, 2048)->debug, SLUB_F);
	assert_int_equal(cache(&b->mm, 2048)->stride, 2048);
	assert_int_equal(cache(&b->mm, 8192)->stride, 8192);
	off_mm(b);
}

/* Caches of the same size with and without red zones do not share rows of slots. */
static void caches_of_one_size_may_differ(void **state)
{
	struct machine *m = machine("mem=8M kasan=off slub_debug=FZPU,kmalloc-64");
	static void *all[100000];

	for (int round = 0; round < 4; round++) {
		gfp_t gfp = GFP_KERNEL | __GFP_NOWARN | (round & 1 ? __GFP_ACCOUNT : 0);
		size_t n = 0;

		while (n < COUNT(all) && (all[n] = kmalloc(&m->mm, 64, gfp)))
			n++;
		assert_true(n > 1000);
		is_sound(m);
		while (n)
			kfree(&m->mm, all[--n]);
		is_sound(m);
	}
	assert_int_equal(kernel_reports(&m->kernel), 0);
	machine_destroy(m);
}

static void trace_says_each_one(void **state)
{
	struct machine *m = machine("release=6.1 kasan=off slub_debug=T,kmalloc-8");
	void *p = kmalloc(&m->mm, 8, GFP_KERNEL);

	assert_true(says(m, "TRACE kmalloc-8 alloc 0xffff888001000000 inuse=1 fp=0xffff888001000008"));
	kfree(&m->mm, p);
	assert_true(says(m, "TRACE kmalloc-8 free 0xffff888001000000 inuse=1 fp=0xffff888001000008"));
	kmalloc(&m->mm, 16, GFP_KERNEL);
	assert_false(says(m, "TRACE kmalloc-16"));
	machine_destroy(m);
}

/* --- damage --------------------------------------------------------------------- */

/* From the left red zone of one object to the end of the second object after it. */
static void all_around_is_overwritten(void **state)
{
	static const char *const release[] = { "4.19", "5.10", "6.1", "6.12", "7.2" };

	for (size_t i = 0; i < COUNT(release); i++) {
		char cmdline[60], *p[3];
		struct machine *m;
		struct kmem_cache *c;
		int rounds = 0;

		snprintf(cmdline, sizeof(cmdline), "release=%s kasan=off", release[i]);
		m = machine(cmdline);
		c = cache(&m->mm, 64);
		for (int j = 0; j < 3; j++)
			p[j] = kmalloc(&m->mm, 64, GFP_KERNEL);
		kfree(&m->mm, p[1]);
		mm_fill(&m->mm, mm_addr(&m->mm, p[0]) - c->left, 0x41, 3u * c->stride);
		is_sound(m);
		assert_int_equal(kmem_cache_validate(&m->mm, c), 3);
		while (kmem_cache_validate(&m->mm, c))
			assert_true(++rounds < 10);
		/* older releases stop at the first damage, so they need several rounds */
		assert_int_equal(rounds > 0, m->kernel.profile->version < RELEASE(6, 12));
		assert_true(says(m, "Freepointer corrupt"));
		is_sound(m);
		kfree(&m->mm, p[0]);
		kfree(&m->mm, p[2]);
		for (int j = 0; j < 100; j++)
			assert_non_null(kmalloc(&m->mm, 64, GFP_KERNEL));
		is_sound(m);
		machine_destroy(m);
	}
}

/* Every byte of a slab, one at a time: detected or unused, and the model stays sound. */
static void each_byte_of_a_slab(void **state)
{
	struct machine *m = machine("kasan=off");
	struct kmem_cache *c = cache(&m->mm, 8);
	char *p = kmalloc(&m->mm, 8, GFP_KERNEL), *slab = p - c->left;
	uint32_t found = 0, reports;

	for (size_t at = 0; at < PAGE_SIZE; at++) {
		size_t in = at % c->stride, off = in - c->left;
		bool tracks = off >= c->inuse + 8u && off < c->meta && at < (size_t)c->objects * c->stride;
		bool object = slab + at >= p && slab + at < p + 8;

		reports = kernel_reports(&m->kernel);
		slab[at] ^= 0x11;
		kmem_cache_validate(&m->mm, c);
		found = kernel_reports(&m->kernel) - reports;
		assert_int_equal(found, tracks || object ? 0 : 1);
		assert_int_equal(kmem_cache_validate(&m->mm, c), 0);
		ratelimit_begin(&m->kernel);
	}
	is_sound(m);
	machine_destroy(m);
}

/* CONFIG_SLAB: each byte around an object, in use and free, except for the last caller. */
static void each_byte_with_slab(void **state)
{
	struct machine *m = machine("release=4.9 kasan=off");
	struct kmem_cache *c = cache(&m->mm, 64);
	char *p = kmalloc(&m->mm, 64, GFP_KERNEL);

	for (int in_use = 1; in_use >= 0; in_use--) {
		for (int64_t off = -8; off < 80; off++) {
			bool data = off >= 0 && off < 64, user = off >= 72;
			uint32_t before = m->kernel.reports[REPORT_SLAB];

			ratelimit_begin(&m->kernel);
			p[off] ^= 0x11;
			if (in_use)
				kfree(&m->mm, p);
			assert_ptr_equal(kmalloc(&m->mm, 64, GFP_KERNEL), p);
			assert_int_equal(m->kernel.reports[REPORT_SLAB] - before,
					 user || (in_use && data) ? 0 : 1);
			if (!in_use)
				kfree(&m->mm, p);
		}
		assert_true(says(m, in_use ? "verify_redzone_free" : "cache_alloc_debugcheck_after"));
		if (in_use)
			kfree(&m->mm, p);
	}
	assert_true(says(m, "Slab corruption (Tainted: G    B          ): kmalloc-64 start="));
	assert_int_equal(kmem_cache_validate(&m->mm, c), 0);
	is_sound(m);
	machine_destroy(m);
}

/* It continues to use damaged objects; an object freed twice is free once. */
static void slab_goes_on(void **state)
{
	struct machine *m = machine("release=4.9 kasan=off");
	char *p = kmalloc(&m->mm, 64, GFP_KERNEL), *q;
	struct object o;

	mm_fill(&m->mm, mm_addr(&m->mm, p) - 8, 0x41, 80);
	kfree(&m->mm, p);
	assert_true(object_find(&m->mm, p, &o));
	assert_false(object_allocated(&m->mm, &o));
	kfree(&m->mm, p);
	assert_int_equal(m->kernel.reports[REPORT_SLAB], 2);
	assert_true(says(m, "double free detected"));
	q = kmalloc(&m->mm, 64, GFP_KERNEL);
	assert_ptr_equal(q, p);
	assert_ptr_not_equal(kmalloc(&m->mm, 64, GFP_KERNEL), p);
	assert_false(m->kernel.task_died);
	kfree(&m->mm, p + 1);
	assert_true(m->kernel.task_died);
	assert_true(says(m, "kernel BUG at mm/slab.c!"));
	assert_int_equal(m->kernel.reports[REPORT_SLAB], 2);
	is_sound(m);
	machine_destroy(m);
}

/* A slab is checked a last time before its pages are freed. */
static void shrinking_looks_at_what_goes(void **state)
{
	struct machine *m = machine("kasan=off");
	char *p = kmalloc(&m->mm, 8192, GFP_KERNEL);

	kfree(&m->mm, p);
	p[100] = 0;
	assert_true(slab_shrink_cache(&m->mm, cache(&m->mm, 8192)) > 0);
	assert_true(says(m, "[Poison overwritten]"));
	assert_int_equal(kernel_reports(&m->kernel), 1);
	assert_int_equal(cache(&m->mm, 8192)->node[0].slabs, 0);
	is_sound(m);
	machine_destroy(m);
}

/* If the check's own allocation fails, that is reported, and nothing leaks. */
static void a_check_without_memory(void **state)
{
	struct machine *m = machine("mem=8M kasan=off");
	struct kmem_cache *c = cache(&m->mm, 64);
	char *p = kmalloc(&m->mm, 64, GFP_KERNEL);
	size_t n = 0;

	p[64] = 0;
	m->mm.faults.slab.ignore_gfp_wait = false;
	m->mm.faults.fail_nth = 1;
	faults_changed(&m->mm);
	assert_int_equal(kmem_cache_validate(&m->mm, c), -ENOMEM);
	assert_int_equal(kernel_reports(&m->kernel), 0);
	assert_int_equal(m->mm.faults.fail_nth, 0);
	assert_int_equal(kmem_cache_validate(&m->mm, c), 1);
	/* no free page is left, and no object of 8 bytes */
	p[64] = 0;
	while (kmalloc(&m->mm, 8, GFP_KERNEL | __GFP_NOWARN))
		n++;
	assert_true(n > 1000);
	while (kmalloc(&m->mm, 64, GFP_KERNEL | __GFP_NOWARN))
		n++;
	assert_int_equal(kmem_cache_validate(&m->mm, c), -ENOMEM);
	assert_true(says(m, "SLUB: Unable to allocate memory"));
	is_sound(m);
	kfree(&m->mm, p);
	assert_true(says(m, "[Right Redzone overwritten]"));
	is_sound(m);
	machine_destroy(m);
}

/* A million reports: ten are printed, all are counted, the log stays small. */
static void a_million_reports(void **state)
{
	struct machine *m = machine("mem=8M kasan_multi_shot=1");
	char *p = kmalloc(&m->mm, 64, GFP_KERNEL);
	uint64_t addr = mm_addr(&m->mm, p);
	uint32_t lines;

	for (int i = 0; i < 10; i++)
		mm_fill(&m->mm, addr + 64, 0, 1);
	lines = m->kernel.log.count;
	for (int i = 0; i < 999990; i++)
		mm_fill(&m->mm, addr + 64, 0, 1);
	assert_int_equal(m->kernel.log.count, lines);
	assert_int_equal(m->mm.kasan.reports, 1000000);
	assert_int_equal(report_complaints(m), 1000000);
	report_begin(m);
	assert_int_equal(m->kernel.log.count, lines + 1);
	assert_true(says(m, "kasan_report: 999990 callbacks suppressed"));
	mm_fill(&m->mm, addr + 64, 0, 1);
	assert_true(m->kernel.log.count > lines + 1);
	is_sound(m);
	machine_destroy(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_grow_with_cpus),
		cmocka_unit_test(a_sixteenth_may_be_wasted),
		cmocka_unit_test(orders_as_the_parameters_say),
		cmocka_unit_test(letters_and_blocks),
		cmocka_unit_test(new_names_are_for_new_releases),
		cmocka_unit_test(keep_order_spares_large_objects),
		cmocka_unit_test(caches_of_one_size_may_differ),
		cmocka_unit_test(trace_says_each_one),
		cmocka_unit_test(all_around_is_overwritten),
		cmocka_unit_test(each_byte_of_a_slab),
		cmocka_unit_test(each_byte_with_slab),
		cmocka_unit_test(slab_goes_on),
		cmocka_unit_test(shrinking_looks_at_what_goes),
		cmocka_unit_test(a_check_without_memory),
		cmocka_unit_test(a_million_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
