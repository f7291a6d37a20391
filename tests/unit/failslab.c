/* SPDX-License-Identifier: MIT */
/* Injected allocation failures. */
#include "unit.h"

#include "boot.h"
#include "kernel/sleep.h"
#include "mm/failslab.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"

/* The filters of failslab, in their order. */
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
	/* overrides times and probability, and ends after one failure */
	f->slab.probability = 0;
	f->fail_nth = 2;
	faults_changed(&b->mm);
	assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	assert_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	assert_false(b->kernel.injecting);
	assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL));
	off_mm(b);
}

/* With nothing to check or inject, the fast path is available again. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failslab_fails_what_its_attributes_say),
		cmocka_unit_test(nothing_injected_is_quiet),
	};

	return cmocka_run_group_tests_name("failslab", tests, NULL, NULL);
}
