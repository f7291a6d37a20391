/* SPDX-License-Identifier: MIT */
/* The allocator's part of a call stack, as in console logs of these kernels. */
#include "unit.h"

#include <string.h>

#include "boot.h"
#include "kernel/log.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/alloc_stack.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/slab.h"

#define SLOW(at) ((at) | AT_SLOW_PATH)

static void the_way_down_is_that_of_the_logs(void **state)
{
	static const struct { const char *boot, *entry; unsigned at; const char *stack; } row[] = {
		{ "release=5.10 arch=arm", "__kmalloc", AT_NEW_SLAB, "___slab_alloc __kmalloc" },
		{ "release=5.10 arch=arm64", "__kmalloc", AT_NEW_SLAB,
		  "___slab_alloc __slab_alloc __kmalloc" },
		{ "release=6.1 arch=arm64", "__kmalloc", AT_NEW_SLAB,
		  "new_slab ___slab_alloc __kmem_cache_alloc_node __kmalloc" },
		{ "release=6.12", "__kmalloc_noprof", AT_NEW_SLAB, "___slab_alloc __kmalloc_noprof" },
		{ "release=7.2 arch=arm64", "__kmalloc_noprof", AT_NEW_SLAB,
		  "new_slab ___slab_alloc __slab_alloc_node __kmalloc_noprof" },
		{ "release=5.10", "__kmalloc", SLOW(AT_NEW_SLAB_PAGES),
		  "__alloc_pages_slowpath __alloc_pages_nodemask allocate_slab ___slab_alloc "
		  "__slab_alloc __kmalloc" },
		{ "release=5.10 arch=arm64", "__kmalloc", SLOW(AT_NEW_SLAB_PAGES),
		  "__alloc_pages_nodemask alloc_pages_current allocate_slab ___slab_alloc "
		  "__slab_alloc __kmalloc" },
		{ "release=6.12 arch=arm", "__kmalloc_noprof", SLOW(AT_NEW_SLAB_PAGES),
		  "__alloc_pages_noprof new_slab ___slab_alloc __kmalloc_noprof" },
		{ "release=7.2 arch=riscv64", "__kmalloc_noprof", SLOW(AT_NEW_SLAB_PAGES),
		  "__alloc_frozen_pages_noprof alloc_pages_mpol alloc_frozen_pages_noprof new_slab "
		  "___slab_alloc __slab_alloc_node __kmalloc_noprof" },
		{ "release=6.1", "__kmalloc_node_track_caller", AT_LARGE,
		  "__kmalloc_large_node __kmalloc_node_track_caller" },
		{ "release=6.1 arch=arm64", "__kmalloc_node_track_caller", AT_LARGE_PAGES,
		  "__alloc_pages __kmalloc_large_node __kmalloc_node_track_caller" },
		{ "release=7.2 arch=arm64", "__kmalloc_node_track_caller_noprof", AT_LARGE_PAGES,
		  "__alloc_frozen_pages_noprof alloc_pages_mpol alloc_frozen_pages_noprof "
		  "___kmalloc_large_node __kmalloc_large_node_noprof "
		  "__kmalloc_node_track_caller_noprof" },
		{ "release=7.2", NULL, SLOW(AT_PAGES),
		  "__alloc_pages_slowpath __alloc_frozen_pages_noprof alloc_pages_mpol "
		  "alloc_pages_noprof get_free_pages_noprof" },
		{ "release=5.10 arch=arm", NULL, SLOW(AT_PAGES),
		  "__alloc_pages_nodemask __get_free_pages" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].boot);
		struct kernel *k = &b->kernel;
		struct alloc_stack s;
		char text[400] = "";

		fn_enter(k, "caller");
		alloc_way_begin(&b->mm, row[i].entry);
		fn_enter(k, "what a function graph shows");
		alloc_stack_begin(&b->mm, row[i].at, &s);
		for (int d = k->depth; d-- > 1;) {
			strcat(text, k->stack[d]);
			strcat(text, d > 1 ? " " : "");
		}
		assert_string_equal(text, row[i].stack);
		alloc_stack_end(&b->mm, &s);
		assert_int_equal(k->depth, 2);
		assert_string_equal(k->stack[1], "what a function graph shows");
		assert_string_equal(k->stack[0], "caller");
		off_mm(b);
	}
}

/* There, a cache without debugging fills sheaves. */
static void a_sheaf_has_a_way_of_its_own(void **state)
{
	struct boot *b = boot_mm("release=7.2 slub_debug=-");

	assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL | __GFP_HIGHMEM));
	assert_true(logged(&b->kernel, "Fixing up to gfp: 0x82cc0 "
			   "(GFP_KERNEL|__GFP_NOWARN|__GFP_NOMEMALLOC)"));
	assert_true(logged(&b->kernel, "__pcs_replace_empty_main+"));
	off_mm(b);
	b = boot_mm("release=7.2");
	assert_non_null(kmalloc(&b->mm, 64, GFP_KERNEL | __GFP_HIGHMEM));
	assert_true(logged(&b->kernel, "Fixing up to gfp: 0xcc0 (GFP_KERNEL)"));
	assert_false(logged(&b->kernel, "__pcs_replace_empty_main+"));
	off_mm(b);
}

/* Which function says "Unexpected gfp"; filling a sheaf does not warn. */
static void flags_are_looked_at_where_memory_is_new(void **state)
{
	static const struct { const char *boot; size_t size; bool devres; unsigned said; } row[] = {
		{ "release=4.9", 64, false, 1 }, { "release=4.19", 64, false, 1 },
		{ "release=6.12", 64, false, 1 }, { "release=7.2", 64, true, 1 },
		/* pages: not before 5.10, and there not with a node argument */
		{ "release=4.19", 20000, false, 0 }, { "release=4.19", 20000, true, 0 },
		{ "release=5.10", 20000, false, 1 }, { "release=5.10", 20000, true, 0 },
		{ "release=5.10.223", 20000, true, 0 },
		{ "release=6.1", 20000, true, 1 }, { "release=7.2", 20000, false, 1 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].boot);
		struct object o;
		const struct profile *p = b->kernel.profile;
		unsigned said = 0;

		/* the second object is in the slab of the first */
		for (int n = 0; n < (row[i].size > 8192 ? 1 : 2); n++)
			assert_true(slab_alloc(&b->mm, (struct request){ row[i].size, row[i].size },
					       GFP_KERNEL | __GFP_HIGHMEM, NUMA_NO_NODE, TAG_KMALLOC,
					       row[i].devres ? p->devres_chain : p->kmalloc_chain, &o));
		for (uint32_t l = 0; l < b->kernel.log.count; l++)
			said += strstr(log_at(&b->kernel.log, l)->text, "Unexpected gfp: 0x2 ") != NULL;
		if (said != row[i].said)
			fail_msg("%s, %zu bytes: said %u times", row[i].boot, row[i].size, said);
		off_mm(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_down_is_that_of_the_logs),
		cmocka_unit_test(a_sheaf_has_a_way_of_its_own),
		cmocka_unit_test(flags_are_looked_at_where_memory_is_new),
	};

	return cmocka_run_group_tests_name("alloc_stack", tests, NULL, NULL);
}
