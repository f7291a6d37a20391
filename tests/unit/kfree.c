/* SPDX-License-Identifier: MIT */
/* Wrong pointers: what kfree() accepts, and what may be accessed. */
#include "unit.h"

#include <errno.h>

#include "kernel/report.h"
#include "lib/array.h"
#include "mm.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"

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
	/* pages are not checked: the whole block is freed, from anywhere in it */
	assert_int_equal(ksize(&b->mm, large), 32768);
	kfree(&b->mm, large + PAGE_SIZE + 8);
	assert_int_equal(ksize(&b->mm, large), 0);
	assert_false(b->kernel.task_died);
	kfree(&b->mm, p);
	assert_int_equal(b->kernel.reports[REPORT_SLAB], n);
	off_mm(b);
}

/*
 * Without checks, a hardened list only detects its first object; everything else is
 * silent.
 */
static void kfree_without_checks(void **state)
{
	static const struct { const char *boot, *bug; } row[] = {
		{ "release=4.19", NULL },
		{ "release=5.10", "kernel BUG at mm/slub.c:305!" },
		{ "release=6.1", "kernel BUG at mm/slub.c:419!" },
		{ "release=6.12", "kernel BUG at mm/slub.c:550!" },
		{ "release=7.2", NULL },
	};
	char cmdline[80];

	for (size_t i = 0; i < COUNT(row); i++) {
		snprintf(cmdline, sizeof(cmdline), "%s kasan=off slub_debug=-", row[i].boot);
		struct boot *b = boot_mm(cmdline);
		char *p = kmalloc(&b->mm, 64, GFP_KERNEL), *q = kmalloc(&b->mm, 64, GFP_KERNEL);

		kfree(&b->mm, p + 8);
		assert_int_equal(ksize(&b->mm, p), 64);
		kfree(&b->mm, p);
		kfree(&b->mm, q);
		kfree(&b->mm, p); /* q is now the first */
		assert_int_equal(kernel_reports(&b->kernel), 0);
		kfree(&b->mm, q);
		assert_int_equal(kernel_reports(&b->kernel), row[i].bug != NULL);
		assert_true(!row[i].bug || logged(&b->kernel, row[i].bug));
		assert_int_equal(b->kernel.task_died, row[i].bug != NULL);
		off_mm(b);
	}
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
	/* no object starts there, so it cannot be free already */
	kfree(&b->mm, (char *)p + 8);
	assert_true(logged(&b->kernel, "Invalid object pointer 0xffff888001000048"));
	/* no object is handed out twice */
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
	/* a number that happens to be a host address in the mapping */
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
	/* the Oops names the first byte without memory */
	assert_int_equal(mm_read(&b->mm, end - 4, bytes, 5), -EFAULT);
	snprintf(text, sizeof(text), "page fault for address: %016llx", (unsigned long long)end);
	assert_true(logged(&b->kernel, text));
	assert_int_equal(mm_write(&b->mm, 16, bytes, 1), -EFAULT);
	assert_true(logged(&b->kernel, "NULL pointer dereference, address: 0000000000000010"));
	assert_int_equal(mm_fill(&b->mm, end, 0, 1), -EFAULT);
	off_mm(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kfree_of_nothing_is_nothing),
		cmocka_unit_test(kfree_takes_only_what_is_an_object),
		cmocka_unit_test(kfree_twice_frees_once),
		cmocka_unit_test(kfree_without_checks),
		cmocka_unit_test(kfree_of_a_wild_pointer_is_an_oops),
		cmocka_unit_test(addresses_never_reach_the_host),
		cmocka_unit_test(access_is_checked),
	};

	return cmocka_run_group_tests_name("kfree", tests, NULL, NULL);
}
