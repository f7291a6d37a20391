/* SPDX-License-Identifier: MIT */
/*
 * Objects of a cache: which bytes belong to each, what is in them, and what happens when
 * there are no more.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/report.h"
#include "lib/array.h"
#include "mm.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/poison.h"
#include "mm/slab.h"

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

/* Allocates all that there is of one size; returns the last pointer, and the number. */
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
			/* seven of eight MiB, except for waste and what checks need */
			assert_true(n >= 3 && n * size[s] >= (m ? 4u : 2u) << 20);
			kfree(&b->mm, last);
			assert_ptr_equal(kmalloc(&b->mm, size[s], GFP_KERNEL), last);
			assert_null(kmalloc(&b->mm, size[s], GFP_KERNEL | __GFP_NOWARN));
			for (size_t i = 0; i < n; i++)
				kfree(&b->mm, all[i]);
			free(all);
			/* the next size gets the slabs of this one */
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
	/* the other objects of its slab are still usable */
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
	/* first a report about pages */
	assert_true(logged(&b->kernel, "page allocation failure: order:0, mode:0xcc0(GFP_KERNEL), "
			   "nodemask=(null),cpuset=/,mems_allowed=0"));
	assert_true(logged(&b->kernel, "SLUB: Unable to allocate memory on CPU 0 (of node 0) on "
			   "node -1, gfp=0xcc0(GFP_KERNEL)"));
	/* one in ten seconds */
	b->kernel.now += 11000000000ull;
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

/* From the left red zone to the padding, without gaps, on every release. */
static void every_byte_around_an_object_has_a_name(void **state)
{
	static const char *const machine[] = {
		"release=4.9", "release=6.1", "release=7.2", "arch=arm64", "release=4.9 arch=arm",
		"slub_debug=-", "slub_debug=- kasan=on", "slub_debug=Z", "slub_debug=P",
	};

	for (size_t i = 0; i < COUNT(machine); i++) {
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
		cmocka_unit_test(freed_objects_come_back_last_in_first_out),
		cmocka_unit_test(objects_do_not_overlap),
		cmocka_unit_test(memory_runs_out_and_comes_back),
		cmocka_unit_test(shrinking_gives_back_what_is_empty),
		cmocka_unit_test(the_log_says_what_ran_out),
		cmocka_unit_test(fresh_and_freed_memory_is_poisoned),
		cmocka_unit_test(zeroed_is_every_byte_that_was_asked_for),
		cmocka_unit_test(every_byte_around_an_object_has_a_name),
	};

	return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
