/* SPDX-License-Identifier: MIT */
/* Nodes: where memory comes from, and which node is used instead. */
#include "unit.h"

#include "lib/array.h"
#include "mm.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/page.h"
#include "mm/page_alloc.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_help_out_by_distance),
		cmocka_unit_test(memory_is_of_the_node_that_was_asked),
		cmocka_unit_test(a_full_node_takes_from_its_neighbours),
	};

	return cmocka_run_group_tests_name("numa", tests, NULL, NULL);
}
