/* SPDX-License-Identifier: MIT */
/*
 * Every byte of an object, after allocation and after free, for sizes, flags of
 * slub_debug=, boot parameters and releases. The expected values are derived again here
 * from what Linux does, independent of mm/.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "boot.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/slab.h"

#define FILL 0x3c /* what the previous owner wrote */

struct setup {
	const char *release;
	int version;
	const char *letters; /* slub_debug= */
	bool zero, init_alloc, init_free;
	size_t size;
};

static bool has(const struct setup *s, char letter)
{
	return strchr(s->letters, letter) != NULL;
}

static bool new_rules(const struct setup *s)
{
	return s->version >= 6012;
}

/* The expected byte of a newly allocated object; -1: unchanged. */
static int allocated_byte(const struct setup *s, size_t bucket, size_t i)
{
	bool asked_kept = new_rules(s) && has(s, 'U');
	bool zeroes = s->zero || (s->init_alloc && !has(s, 'P'));
	size_t asked = asked_kept ? s->size : bucket;

	if (zeroes && i < asked)
		return 0;
	/* a kmalloc red zone, if the requested size is kept */
	if (asked_kept && has(s, 'Z') && i >= s->size)
		return 0xcc;
	/* 4.9 is CONFIG_SLAB, which fills with another value */
	if (has(s, 'P') && s->version < 4010)
		return 0x5a;
	/*
	 * poisoned again with its own end; what follows is still the poison of the free
	 * object
	 */
	if (has(s, 'P'))
		return i + 1 == asked || i + 1 == bucket ? 0xa5 : 0x6b;
	return -1;
}

static int freed_byte(const struct setup *s, size_t bucket, size_t i)
{
	if (has(s, 'P'))
		return i + 1 == bucket ? 0xa5 : 0x6b;
	return s->init_free ? 0 : -1;
}

/* A free object's pointer is inside it if there is no room after it. */
static bool pointer_may_be_there(const struct setup *s, size_t bucket, size_t i)
{
	size_t at = s->version >= 5010 ? bucket / 2 / 8 * 8 : 0;

	return has(s, 'F') && !has(s, 'P') && i >= at && i < at + 8;
}

static void check_one(const struct setup *s)
{
	char cmdline[200], what[260];
	struct boot *b;
	size_t bucket;
	uint8_t *p, *q;

	snprintf(cmdline, sizeof(cmdline), "mem=8M kasan=off release=%s slub_debug=%s%s%s", s->release,
		 *s->letters ? s->letters : "-", s->init_alloc ? " init_on_alloc=1" : "",
		 s->init_free ? " init_on_free=1" : "");
	snprintf(what, sizeof(what), "%s%s, %zu bytes", cmdline, s->zero ? ", __GFP_ZERO" : "", s->size);
	b = boot_mm(cmdline);
	/* an earlier object that used the whole bucket, so that it had no red zone */
	bucket = kmalloc_size_roundup(&b->mm, s->size);
	p = kmalloc(&b->mm, bucket, GFP_KERNEL);
	assert_non_null(p);
	memset(p, FILL, bucket);
	kfree(&b->mm, p);
	for (size_t i = 0; i < bucket; i++) {
		int want = freed_byte(s, bucket, i);

		if (p[i] != (want < 0 ? FILL : want) && !pointer_may_be_there(s, bucket, i))
			fail_msg("%s: byte %zu is %02x when freed, not %02x", what, i, p[i],
				 want < 0 ? FILL : want);
	}
	q = kmalloc(&b->mm, s->size, GFP_KERNEL | (s->zero ? __GFP_ZERO : 0));
	assert_ptr_equal(q, p);
	for (size_t i = 0; i < bucket; i++) {
		int want = allocated_byte(s, bucket, i);

		if (want < 0)
			want = s->init_free && !has(s, 'P') ? 0 : FILL;
		if (q[i] != want && !(pointer_may_be_there(s, bucket, i) && want != 0xcc &&
				      allocated_byte(s, bucket, i) < 0))
			fail_msg("%s: byte %zu is %02x, not %02x", what, i, q[i], want);
	}
	assert_int_equal(kernel_reports(&b->kernel), 0);
	kfree(&b->mm, q);
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_mm(b);
}

static void every_byte_is_what_it_ought_to_be(void **state)
{
	static const struct { const char *release; int version; } releases[] = {
		{ "4.9", 4009 }, { "4.19", 4019 }, { "5.10", 5010 }, { "6.1", 6001 },
		{ "6.12", 6012 }, { "7.2", 7002 },
	};
	static const char *const letters[] = { "", "F", "Z", "P", "U", "FZ", "PU", "ZU", "FZPU" };
	static const size_t sizes[] = { 1, 8, 24, 33, 64, 90, 192, 200, 1000, 4096, 8000 };

	for (size_t r = 0; r < COUNT(releases); r++)
		for (size_t l = 0; l < COUNT(letters); l++)
			for (unsigned flags = 0; flags < 8; flags++)
				for (size_t i = 0; i < COUNT(sizes); i++) {
					struct setup s = {
						releases[r].release, releases[r].version, letters[l],
						flags & 1, flags & 2, flags & 4, sizes[i],
					};

					/* since 5.3 */
					if (s.version < 5003 && (s.init_alloc || s.init_free))
						continue;
					/*
					 * every flag with every letter, but not with
					 * every size
					 */
					if (flags > 1 && i % 3)
						continue;
					check_one(&s);
				}
}

/* Allocations of whole pages: all bytes, or none. */
static void large_ones_are_zeroed_to_their_end(void **state)
{
	static const struct { const char *boot; gfp_t gfp; bool zero; } row[] = {
		{ "release=4.19 slub_debug=-", __GFP_ZERO, true },
		{ "release=6.12 slub_debug=-", 0, false },
		{ "release=6.12 slub_debug=- init_on_alloc=1", 0, true },
		{ "release=6.12 slub_debug=- init_on_free=1", 0, true },
		{ "release=7.2 init_on_alloc=1", __GFP_ZERO, true },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_mm(row[i].boot);
		uint8_t *p = kmalloc(&b->mm, 20000, GFP_KERNEL), *q;

		memset(p, FILL, ksize(&b->mm, p));
		kfree(&b->mm, p);
		q = kmalloc(&b->mm, 20000, GFP_KERNEL | row[i].gfp);
		assert_ptr_equal(p, q);
		assert_int_equal(q[0] == 0, row[i].zero);
		assert_int_equal(q[20000] == 0, row[i].zero);
		assert_int_equal(q[32767] == 0, row[i].zero);
		off_mm(b);
	}
}

/* freelist_random=on: each object once, in an order that depends on the seed. */
static void a_fresh_slab_is_handed_out_in_any_order(void **state)
{
	static const char *const debug[] = { "slub_debug=- kasan=off", "slub_debug=FZPU kasan=off", "" };

	for (size_t d = 0; d < COUNT(debug); d++) {
		uintptr_t first[2][16];
		bool jumps = false, differs = false;

		for (int seed = 0; seed < 2; seed++) {
			char cmdline[100];
			struct boot *b;

			snprintf(cmdline, sizeof(cmdline), "mem=8M freelist_random=on seed=%d %s", seed + 1,
				 debug[d]);
			b = boot_mm(cmdline);
			for (int i = 0; i < 16; i++) {
				void *p = kmalloc(&b->mm, 256, GFP_KERNEL);

				first[seed][i] = mm_addr(&b->mm, p) & 0xffffff;
				for (int j = 0; j < i; j++)
					assert_true(first[seed][j] != first[seed][i]);
				jumps |= i && first[seed][i] < first[seed][i - 1];
			}
			for (int i = 0; i < 16; i++)
				kfree(&b->mm, mm_ptr(&b->mm, b->mm.page_offset + first[seed][i], 1));
			assert_int_equal(kernel_reports(&b->kernel), 0);
			off_mm(b);
		}
		for (int i = 0; i < 16; i++)
			differs |= first[0][i] != first[1][i];
		assert_true(jumps && differs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_what_it_ought_to_be),
		cmocka_unit_test(large_ones_are_zeroed_to_their_end),
		cmocka_unit_test(a_fresh_slab_is_handed_out_in_any_order),
	};

	return cmocka_run_group_tests_name("object_bytes", tests, NULL, NULL);
}
