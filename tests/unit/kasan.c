/* SPDX-License-Identifier: MIT */
/* KASAN: what is reported, in the words measured on a real 6.1. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "boot.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/slub_debug.h"

static struct device *add_device(struct boot *b, const char *name)
{
	const struct device_config c = { .name = name, .numa_node = NUMA_NO_NODE };
	struct device *dev;

	assert_int_equal(device_register(&b->core, &c, &dev), 0);
	return dev;
}

/* An access by a driver's function. */
static void touch(struct boot *b, const void *p, int64_t off, bool write)
{
	uint64_t addr = mm_addr(&b->mm, p) + (uint64_t)off;
	uint8_t byte = 0x5a;

	fn_enter(&b->kernel, "caller");
	if (write)
		mm_write(&b->mm, addr, &byte, 1);
	else
		mm_read(&b->mm, addr, &byte, 1);
	fn_exit(&b->kernel);
}

static uint32_t reports(const struct boot *b)
{
	return b->kernel.reports[REPORT_KASAN];
}

/*
 * Checks for log lines with these texts in this order, possibly with others between them.
 */
static void logs(struct boot *b, const char *const *text)
{
	uint32_t i = 0;

	for (; *text; text++, i++) {
		while (i < b->kernel.log.count && !strstr(log_at(&b->kernel.log, i)->text, *text))
			i++;
		if (i == b->kernel.log.count)
			fail_msg("no line with \"%s\" there", *text);
	}
}

/* measured, section 9 */
static void a_byte_behind_a_node_on_6_1(void **state)
{
	static const char *const want[] = {
		"==================================================================",
		"BUG: KASAN: slab-out-of-bounds in caller+0x",
		"Write of size 1 at addr ff", "CPU: 0 PID: 1 Comm: devsh Not tainted 6.1",
		"Call Trace:", " <TASK>", " kasan_report+0x", " __asan_store1+0x", " caller+0x", " </TASK>",
		"Allocated by task 1:", " kasan_set_track+0x", " __kasan_kmalloc+0x",
		" __kmalloc_node_track_caller+0x", " devm_kmalloc+0x",
		"The buggy address belongs to the object at ff",
		" which belongs to the cache kmalloc-128 of size 128",
		"The buggy address is located 104 bytes inside of", " 128-byte region [ff",
		"The buggy address belongs to the physical page:",
		"page:(____ptrval____) refcount:1 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x",
		"page dumped because: kasan: bad access detected",
		"Memory state around the buggy address:",
		": fc fc fc fc fc fc fc fc fc fc fc fc fc fc fc fc",
		": 00 00 00 00 00 00 00 00 00 00 00 00 00 fc fc fc",
		"                                                          ^",
		"==================================================================",
		"Disabling lock debugging due to kernel taint", NULL,
	};
	struct boot *b = boot_all("release=6.1");
	struct device *dev = add_device(b, "eth0");
	char *p = devm_kmalloc(dev, 64, GFP_KERNEL);

	touch(b, p, 63, true);
	assert_int_equal(reports(b), 0);
	touch(b, p, 64, true);
	assert_int_equal(reports(b), 1);
	assert_int_equal(p[64], 0x5a); /* the write happened all the same */
	assert_true(b->kernel.taint & TAINT_BAD_PAGE);
	logs(b, want);
	off_all(b);
}

/* Errors in a loop do not hide errors elsewhere. */
static void a_loop_of_reports_hides_no_other_one(void **state)
{
	struct boot *b = boot_all("release=6.12 kasan_multi_shot=1");
	char *p = kmalloc(&b->mm, 16, GFP_KERNEL), *q = kmalloc(&b->mm, 100, GFP_KERNEL);

	for (int i = 0; i < 1000; i++)
		touch(b, p, 16, true);
	assert_int_equal(b->kernel.kept_back, 990);
	touch(b, q, 100, true);
	assert_int_equal(b->kernel.kept_back, 990);
	assert_true(logged(&b->kernel, "which belongs to the cache kmalloc-128 of size 128"));
	off_all(b);
}

/* measured, section 10 */
static void a_node_that_was_released(void **state)
{
	static const char *const want[] = {
		"BUG: KASAN: use-after-free in caller+0x", " __asan_load1+0x",
		"Allocated by task 1:", " devm_kmalloc+0x",
		"Freed by task 1:", " kasan_set_track+0x", " __kasan_slab_free+0x", " kfree+0x",
		" devres_release_all+0x",
		"The buggy address is located 48 bytes inside of",
		": fa fb fb fb fb fb fb fb fb fb fb fb fb fb fb fb", NULL,
	};
	struct boot *b = boot_all("release=6.1");
	struct device *dev = add_device(b, "eth0");
	char *p = devm_kmalloc(dev, 64, GFP_KERNEL);

	devres_release_all(dev);
	touch(b, p, 8, false);
	logs(b, want);
	assert_int_equal(reports(b), 1);
	off_all(b);
}

/* measured, sections 11 and 12 */
static void frees_that_are_wrong(void **state)
{
	static const char *const invalid[] = {
		"BUG: KASAN: invalid-free in kfree+0x", "Free of addr ff",
		" kasan_report_invalid_free+0x", " __kasan_slab_free+0x", " kfree+0x",
		"The buggy address is located 40 bytes inside of",
		": 00 00 00 00 00 00 00 00 00 00 00 00 00 fc fc fc",
		"                                  ^", NULL,
	};
	static const char *const twice[] = {
		"BUG: KASAN: double-free in kfree+0x", "Free of addr ff", "Freed by task 1:",
		"The buggy address is located 0 bytes inside of",
		": fa fb fb fb fb fb fb fb fb fb fb fb fb fb fb fb",
		"                   ^", NULL,
	};
	struct boot *b = boot_all("release=6.1 kasan_multi_shot=1");
	struct device *dev = add_device(b, "eth0");
	char *p = devm_kmalloc(dev, 64, GFP_KERNEL);

	kfree(&b->mm, p);
	logs(b, invalid);
	devm_kfree(dev, p);
	kfree(&b->mm, p - 40);
	logs(b, twice);
	assert_int_equal(reports(b), 2);
	off_all(b);
}

/* devm_kzalloc(10): the header of 40 bytes plus 10 come from kmalloc-64 */
static void rounding_to_the_bucket_hides_an_overrun(void **state)
{
	static const struct { const char *cmdline; size_t first; } row[] = {
		{ "release=4.19", 40 }, { "release=5.10", 40 }, { "release=6.1", 10 },
		{ "release=6.12", 24 }, { "release=7.2", 8 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_all(row[i].cmdline);
		char *p = devm_kmalloc(add_device(b, "eth0"), i == 4 ? 1 : 10, GFP_KERNEL);

		touch(b, p, row[i].first - 1, true);
		assert_int_equal(reports(b), 0);
		touch(b, p, row[i].first, true);
		assert_int_equal(reports(b), 1);
		off_all(b);
	}
}

/* p[-1] is in the header: no report, but the documentation says so */
static void the_header_is_no_red_zone(void **state)
{
	struct boot *b = boot_all("");
	char *p = devm_kmalloc(add_device(b, "eth0"), 10, GFP_KERNEL);

	touch(b, p, -1, true);
	touch(b, p, -40, false);
	assert_int_equal(reports(b), 0);
	touch(b, p, -41, false);
	assert_int_equal(reports(b), 1);
	assert_true(logged(&b->kernel, "The buggy address is located 1 bytes to the left of"));
	off_all(b);
}

static void every_size_ends_where_it_was_asked_to(void **state)
{
	struct boot *b = boot_mm("");
	uint32_t n = 0;

	for (size_t size = 1; size <= 20000; size += size < 300 ? 1 : 977) {
		char *p = kmalloc(&b->mm, size, GFP_KERNEL);

		touch(b, p, 0, true);
		touch(b, p, size - 1, true);
		assert_int_equal(reports(b), n);
		touch(b, p, size, false);
		if (size <= 8192)
			touch(b, p, -1, false);
		n += 1 + (size <= 8192);
		assert_int_equal(reports(b), n);
		kfree(&b->mm, p);
		touch(b, p, size - 1, false);
		assert_int_equal(reports(b), ++n);
	}
	off_mm(b);
}

static void addresses_that_nobody_has(void **state)
{
	static const struct { uint64_t addr; const char *type; } row[] = {
		{ 0, "null-ptr-deref" }, { 16, "null-ptr-deref" }, { 4095, "null-ptr-deref" },
		{ 4096, "user-memory-access" }, { 0x7fffffffffff, "user-memory-access" },
		{ 0x6b6b6b6b6b6b6b6b, "wild-memory-access" },
	};
	struct boot *b = boot_mm("kasan_multi_shot=1");

	for (size_t i = 0; i < COUNT(row); i++) {
		char text[80], byte;

		log_clear(&b->kernel.log);
		assert_int_equal(mm_read(&b->mm, row[i].addr, &byte, 1), -EFAULT);
		snprintf(text, sizeof(text), "BUG: KASAN: %s in devsh+0x", row[i].type);
		assert_true(logged(&b->kernel, text));
		/* one complaint, along with the Oops that follows */
		assert_int_equal(kernel_reports(&b->kernel), i + 1);
	}
	off_mm(b);
}

static void freed_objects_wait_in_the_quarantine(void **state)
{
	struct boot *b = boot_mm("kasan.quarantine=1k");
	char *p = kmalloc(&b->mm, 64, GFP_KERNEL);

	kfree(&b->mm, p);
	assert_ptr_not_equal(kmalloc(&b->mm, 64, GFP_KERNEL), p);
	touch(b, p, 0, false);
	assert_int_equal(reports(b), 1);
	/* more than 1 KiB freed after it push it out of the quarantine */
	for (int i = 0; i < 8; i++)
		kfree(&b->mm, kmalloc(&b->mm, 200, GFP_KERNEL));
	assert_ptr_equal(kmalloc(&b->mm, 64, GFP_KERNEL), p);
	touch(b, p, 0, false);
	assert_int_equal(reports(b), 1);
	off_mm(b);
}

static void the_quarantine_gives_way_before_memory_runs_out(void **state)
{
	struct boot *b = boot_mm("mem=8M kasan.quarantine=8M");
	uint32_t n = 0, again = 0;
	void *p, *last = NULL;

	for (; (p = kmalloc(&b->mm, 1024, GFP_KERNEL | __GFP_NOWARN)); n++) {
		*(void **)p = last;
		last = p;
	}
	while ((p = last)) {
		last = *(void **)p;
		kfree(&b->mm, p);
	}
	while (kmalloc(&b->mm, 1024, GFP_KERNEL | __GFP_NOWARN))
		again++;
	assert_int_equal(again, n);
	off_mm(b);
}

static void only_the_first_prints_without_multi_shot(void **state)
{
	struct boot *b = boot_mm("");
	char *p = kmalloc(&b->mm, 64, GFP_KERNEL);
	uint32_t lines;

	touch(b, p, 64, true);
	lines = b->kernel.log.count;
	touch(b, p, 65, true);
	assert_int_equal(b->kernel.log.count, lines);
	assert_int_equal(reports(b), 2);
	off_mm(b);
}

static uint32_t printed(const struct boot *b, const char *text)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->kernel.log.count; i++)
		n += strstr(log_at(&b->kernel.log, i)->text, text) != NULL;
	return n;
}

/* Which reports a release suppresses after it printed one; all are counted. */
static void a_single_shot_is_the_release_s(void **state)
{
	static const struct { const char *cmdline, *free; uint32_t accesses, frees; } row[] = {
		{ "release=4.9", "BUG: Double free or", 2, 2 },
		{ "release=4.19 kasan_multi_shot=0", "double-free or invalid-free in", 1, 2 },
		{ "release=5.10 kasan_multi_shot=0", "double-free or invalid-free in", 1, 2 },
		{ "release=6.1 kasan_multi_shot=0", "double-free in", 1, 0 },
		{ "release=6.12 kasan_multi_shot=0", "double-free in", 1, 0 },
		{ "release=7.2 kasan_multi_shot=0", "double-free in", 1, 0 },
		{ "release=4.19 kasan_multi_shot=1", "double-free or invalid-free in", 2, 2 },
		{ "release=7.2 kasan_multi_shot=1", "double-free in", 2, 2 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].cmdline);
		char *p = kmalloc(&b->mm, 64, GFP_KERNEL);

		touch(b, p, 64, false);
		touch(b, p, 65, false);
		kfree(&b->mm, p);
		kfree(&b->mm, p);
		kfree(&b->mm, p);
		assert_int_equal(printed(b, "slab-out-of-bounds in"), row[i].accesses);
		assert_int_equal(printed(b, row[i].free), row[i].frees);
		assert_int_equal(reports(b), 4);
		off_mm(b);
	}
}

/* memset() does nothing after a report since 5.10, unless the report was suppressed. */
static void memset_and_the_report(void **state)
{
	static const struct { const char *cmdline; bool first, second; } row[] = {
		{ "release=4.9", true, true }, { "release=4.19", true, true },
		{ "release=5.10", false, true }, { "release=7.2", false, true },
		{ "release=4.19 kasan_multi_shot=1", true, true },
		{ "release=5.10 kasan_multi_shot=1", false, false },
		{ "release=6.1 kasan_multi_shot=1", false, false },
		{ "release=6.12 kasan_multi_shot=1", false, false },
		{ "release=7.2 kasan_multi_shot=1", false, false },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].cmdline);
		char *p = kmalloc(&b->mm, 60, GFP_KERNEL | __GFP_ZERO);
		char *q = kmalloc(&b->mm, 60, GFP_KERNEL | __GFP_ZERO);

		assert_int_equal(mm_fill(&b->mm, mm_addr(&b->mm, p), 0x41, 61),
				 row[i].first ? 0 : -EACCES);
		assert_int_equal(p[0], row[i].first ? 0x41 : 0);
		/* the source is checked first */
		p[0] = 0x42;
		assert_int_equal(mm_copy(&b->mm, mm_addr(&b->mm, q), mm_addr(&b->mm, p), 61),
				 row[i].second ? 0 : -EACCES);
		assert_int_equal(q[0], row[i].second ? 0x42 : 0);
		/* 4.9 prints each one */
		assert_int_equal(printed(b, "Read of size 61") > 0,
				 i == 0 || b->kernel.params.kasan_multi_shot);
		off_mm(b);
	}
}

/* KASAN keeps track of who allocated. */
static void tracks_are_kept_without_slub_debug(void **state)
{
	static const char *const want[] = {
		"Allocated by task 1:", " __kmalloc_noprof+0x", "Freed by task 1:", " kfree+0x", NULL,
	};
	struct boot *b = boot_mm("slub_debug=- kasan=on");
	char *p = kmalloc(&b->mm, 64, GFP_KERNEL);

	kfree(&b->mm, p);
	touch(b, p, 0, false);
	logs(b, want);
	off_mm(b);
}

static void off_is_off(void **state)
{
	static const char *const cmdline[] = { "kasan=off", "slub_debug=-", "arch=arm" };

	for (size_t i = 0; i < COUNT(cmdline); i++) {
		struct boot *b = boot_mm(cmdline[i]);

		assert_null(b->mm.kasan.shadow);
		touch(b, kmalloc(&b->mm, 64, GFP_KERNEL), 64, true);
		assert_int_equal(kernel_reports(&b->kernel), 0);
		off_mm(b);
	}
}

/*
 * Distances between objects in Linux with slub_debug=FZPU (6.12), and with only KASAN
 * (6.1).
 */
static void layouts_are_those_of_linux(void **state)
{
	static const size_t size[] = {
		112, 128, 160, 256, 224, 384, 384, 768, 1536, 3072, 6144, 12288, 24576,
	};
	static const size_t class[] = {
		8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
	};
	struct boot *b = boot_mm("release=6.12 kasan=off");

	for (size_t i = 0; i < COUNT(class); i++)
		assert_int_equal(kmalloc_cache(&b->mm, class[i], GFP_KERNEL)->stride, size[i]);
	off_mm(b);
	b = boot_mm("release=6.1 slub_debug=- kasan=on");
	assert_int_equal(kmalloc_cache(&b->mm, 128, GFP_KERNEL)->stride, 256);
	off_mm(b);
}

/* measured, sections 13 and 15 */
static void what_slub_finds_on_6_1(void **state)
{
	static const char *const behind[] = {
		"=============================================================================",
		"BUG kmalloc-128 (Not tainted): Right Redzone overwritten",
		"-----------------------------------------------------------------------------",
		"First byte 0x5a instead of 0xcc", "Allocated in devsh+0x",
		" __kmalloc_node_track_caller+0x", " devm_kmalloc+0x",
		"Slab 0xffffea0", " objects=10 used=1 fp=0x", "Object 0xffff888001000080 @offset=128 fp=0x",
		"Redzone  ffff888001000000: cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc  ................",
		"Object   ffff888001000080: ",
		"Redzone  ffff888001000100: 5a cc cc cc cc cc cc cc                          Z.......",
		"Padding  ffff888001000154: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a  ZZZZZZZZZZZZZZZZ",
		"Padding  ffff888001000174: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a              ZZZZZZZZZZZZ",
		"Call Trace:", " check_object+0x", " free_to_partial_list+0x",
		"Disabling lock debugging due to kernel taint",
		"FIX kmalloc-128: Restoring Right Redzone 0xffff888001000100-0xffff888001000100=0xcc",
		"FIX kmalloc-128: Object at 0xffff888001000080 not freed", NULL,
	};
	static const char *const late[] = {
		"BUG kmalloc-128 (Tainted: G    B", "): Poison overwritten",
		"First byte 0x5a instead of 0x6b", "Allocated in devsh+0x", "Freed in devsh+0x",
		": bb bb bb bb bb bb bb bb bb bb bb bb bb bb bb bb  ................",
		": 5a 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  Zkkkkkkkkkkkkkkk",
		": 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.",
		" check_object+0x", " alloc_debug_processing+0x",
		"FIX kmalloc-128: Restoring Poison 0x", "FIX kmalloc-128: Marking all objects used", NULL,
	};
	struct boot *b = boot_all("release=6.1 kasan=off");
	struct device *dev = add_device(b, "eth0");
	char *p = devm_kmalloc(dev, 64, GFP_KERNEL);

	p[88] = 0x5a;
	devm_kfree(dev, p);
	/* both: logs() matches one text per line */
	for (size_t i = 0; behind[i]; i++)
		assert_true(logged(&b->kernel, behind[i]));
	p = kmalloc(&b->mm, 128, GFP_KERNEL);
	kfree(&b->mm, p);
	*p = 0x5a;
	assert_ptr_not_equal(kmalloc(&b->mm, 128, GFP_KERNEL), p);
	for (size_t i = 0; late[i]; i++)
		assert_true(logged(&b->kernel, late[i]));
	assert_int_equal(b->kernel.reports[REPORT_SLAB], 2);
	off_all(b);
}

/*
 * One byte at a time, in use and free: changes are detected where they must be, and only
 * there.
 */
static void validate_sees_every_byte(void **state)
{
	static const size_t sizes[] = { 8, 9, 64, 65, 200 };
	struct boot *b = boot_mm("mem=4M kasan=off");

	for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
		size_t size = sizes[i / 2];
		bool in_use = i % 2;
		char *p = kmalloc(&b->mm, size, GFP_KERNEL);
		struct kmem_cache *c = kmalloc_cache(&b->mm, size, GFP_KERNEL);
		int64_t end = (int64_t)c->stride - c->left, data = in_use ? (int64_t)size : 0;

		if (!in_use)
			kfree(&b->mm, p);
		for (int64_t at = -(int64_t)c->left; at < end; at++) {
			/* the tracks follow the free pointer */
			bool free_to_use = (at >= 0 && at < data) ||
					   (at >= c->inuse + 8 && at < c->meta);

			p[at] = (char)~p[at];
			assert_int_equal(slub_validate(&b->mm, c), !free_to_use);
			if (free_to_use)
				p[at] = (char)~p[at];
		}
		assert_int_equal(slub_validate(&b->mm, c), 0);
	}
	off_mm(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_behind_a_node_on_6_1),
		cmocka_unit_test(a_loop_of_reports_hides_no_other_one),
		cmocka_unit_test(a_node_that_was_released),
		cmocka_unit_test(frees_that_are_wrong),
		cmocka_unit_test(rounding_to_the_bucket_hides_an_overrun),
		cmocka_unit_test(the_header_is_no_red_zone),
		cmocka_unit_test(every_size_ends_where_it_was_asked_to),
		cmocka_unit_test(addresses_that_nobody_has),
		cmocka_unit_test(freed_objects_wait_in_the_quarantine),
		cmocka_unit_test(the_quarantine_gives_way_before_memory_runs_out),
		cmocka_unit_test(only_the_first_prints_without_multi_shot),
		cmocka_unit_test(a_single_shot_is_the_release_s),
		cmocka_unit_test(memset_and_the_report),
		cmocka_unit_test(tracks_are_kept_without_slub_debug),
		cmocka_unit_test(off_is_off),
		cmocka_unit_test(layouts_are_those_of_linux),
		cmocka_unit_test(what_slub_finds_on_6_1),
		cmocka_unit_test(validate_sees_every_byte),
	};

	return cmocka_run_group_tests_name("kasan", tests, NULL, NULL);
}
