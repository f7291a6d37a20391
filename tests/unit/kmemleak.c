/* SPDX-License-Identifier: MIT */
/* Memory that nothing points to: what keeps an object, and what does not. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "kernel/symbol.h"
#include "lib/array.h"
#include "machine/fsck.h"
#include "machine/leaks.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/kmemleak.h"

/* A machine, and addresses held outside of it. */
struct room {
	struct machine_roots roots;
	struct machine *m;
	uint64_t held[4];
	size_t lost, kept, over, bytes;
	char name[32];
};

static void each(struct machine_roots *roots, machine_root_fn root, void *to)
{
	static const char *const name[] = { "d", "c", "b", NULL };
	struct room *r = (struct room *)roots;

	for (size_t i = 0; i < COUNT(r->held); i++)
		root(to, r->held[i], name[i], i == 3);
}

static struct room *room(const char *cmdline)
{
	struct room *r = calloc(1, sizeof(*r));
	char why[200] = "";

	assert_non_null(r);
	r->roots.each = each;
	r->m = machine_create(cmdline, why, sizeof(why));
	if (!r->m)
		fail_msg("%s: %s", cmdline, why);
	machine_set_roots(r->m, &r->roots);
	return r;
}

static void unsound(void *ctx, const struct fsck_finding *finding)
{
	fail_msg("%s: %s", finding->where, finding->text);
}

static void leave(struct room *r)
{
	machine_fsck(r->m, unsound, NULL);
	machine_destroy(r->m);
	free(r);
}

static void *get(struct room *r, size_t size)
{
	void *p = kmalloc(&r->m->mm, size, GFP_KERNEL | __GFP_ZERO);

	assert_non_null(p);
	return p;
}

static uint64_t addr(struct room *r, const void *p)
{
	return mm_addr(&r->m->mm, p);
}

/* at[i] = p, in words of the machine's size. */
static void put(struct room *r, void *at, size_t i, const void *p)
{
	uint64_t value = p ? addr(r, p) : 0;
	size_t word = r->m->kernel.arch->word;

	memcpy((char *)at + i * word, &value, word);
}

static void found(void *ctx, const struct machine_leak *leak)
{
	struct room *r = ctx;

	r->bytes += leak->size;
	r->lost += !leak->holder;
	r->kept += leak->holder != NULL;
	r->over += leak->holder && leak->over;
	if (leak->holder)
		snprintf(r->name, sizeof(r->name), "%s", leak->holder);
}

/* The number of objects that nothing points to. */
static size_t lost(struct room *r)
{
	r->lost = r->kept = r->over = r->bytes = 0;
	assert_int_equal(machine_leaks(r->m, found, r), 0);
	return r->lost;
}

static struct device *add_device(struct room *r, const char *name)
{
	const struct device_config c = { .name = name, .numa_node = NUMA_NO_NODE };
	struct device *dev;

	assert_int_equal(device_register(&r->m->core, &c, &dev), 0);
	return dev;
}

static void nothing_is_no_leak(void **state)
{
	struct room *r = room("");

	assert_int_equal(lost(r), 0);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	leave(r);
}

static void who_is_held_is_kept(void **state)
{
	struct room *r = room("");
	char *p = get(r, 100);

	assert_int_equal(lost(r), 1);
	assert_int_equal(r->bytes, 100);
	r->held[0] = addr(r, p);
	assert_int_equal(lost(r), 0);
	assert_int_equal(r->kept, 1);
	assert_string_equal(r->name, "d");
	/* if two variables hold it, the first one by name is reported */
	r->held[1] = addr(r, p) + 8;
	lost(r);
	assert_string_equal(r->name, "c");
	r->held[0] = r->held[1] = 0;
	r->held[3] = addr(r, p);
	lost(r);
	assert_string_equal(r->name, "");
	leave(r);
}

static void any_byte_keeps_and_the_one_behind_does_not(void **state)
{
	struct room *r = room("");
	char *p = get(r, 64);

	r->held[0] = addr(r, p) + 1;
	assert_int_equal(lost(r), 0);
	r->held[0] = addr(r, p) + 63;
	assert_int_equal(lost(r), 0);
	r->held[0] = addr(r, p) + 64;
	assert_int_equal(lost(r), 1);
	r->held[0] = addr(r, p) - 1;
	assert_int_equal(lost(r), 1);
	leave(r);
}

static void a_chain_hangs_on_its_first_link(void **state)
{
	static const char *const machines[] = { "", "arch=arm", "release=4.9", "slub_debug=-", };

	for (size_t i = 0; i < COUNT(machines); i++) {
		struct room *r = room(machines[i]);
		char *a = get(r, 64), *b = get(r, 64), *c = get(r, 64);

		put(r, a, 3, b + 10);
		put(r, b, 0, c);
		r->held[0] = addr(r, a);
		assert_int_equal(lost(r), 0);
		assert_int_equal(r->kept, 3);
		put(r, a, 3, NULL);
		assert_int_equal(lost(r), 2);
		put(r, a, 3, c);
		assert_int_equal(lost(r), 1);
		r->held[0] = 0;
		assert_int_equal(lost(r), 3);
		leave(r);
	}
}

static void two_that_point_to_each_other_are_lost(void **state)
{
	struct room *r = room("");
	char *a = get(r, 32), *b = get(r, 32);

	put(r, a, 1, b);
	put(r, b, 1, a);
	assert_int_equal(lost(r), 2);
	r->held[2] = addr(r, b);
	assert_int_equal(lost(r), 0);
	leave(r);
}

static void a_word_that_is_not_aligned_is_no_pointer(void **state)
{
	struct room *r = room("");
	char *a = get(r, 64), *b = get(r, 64);
	uint64_t value = addr(r, b);

	r->held[0] = addr(r, a);
	memcpy(a + 4, &value, 8);
	assert_int_equal(lost(r), 1);
	leave(r);
}

static void what_was_freed_keeps_nothing(void **state)
{
	static const char *const machines[] = { "", "kasan=off", "slub_debug=- kasan=off" };

	for (size_t i = 0; i < COUNT(machines); i++) {
		struct room *r = room(machines[i]);
		char *a = get(r, 64), *b = get(r, 64);

		put(r, a, 2, b);
		r->held[0] = addr(r, a);
		assert_int_equal(lost(r), 0);
		kfree(&r->m->mm, a);
		put(r, a, 2, b);
		assert_int_equal(lost(r), 1);
		leave(r);
	}
}

static void a_device_keeps_what_its_nodes_point_to(void **state)
{
	static const char *const machines[] = { "", "release=7.2", "release=4.19", "arch=arm" };

	for (size_t i = 0; i < COUNT(machines); i++) {
		struct room *r = room(machines[i]);
		struct device *dev = add_device(r, "eth0");
		char *node = devm_kmalloc(dev, 64, GFP_KERNEL | __GFP_ZERO), *p = get(r, 64);

		assert_int_equal(lost(r), 1);
		put(r, node, 0, p);
		assert_int_equal(lost(r), 0);
		assert_int_equal(r->kept, 0);
		devres_release_all(dev);
		assert_int_equal(lost(r), 1);
		dev->drvdata = addr(r, p) + 4;
		assert_int_equal(lost(r), 0);
		dev->drvdata = 0;
		kfree(&r->m->mm, p);
		assert_int_equal(lost(r), 0);
		leave(r);
	}
}

static void a_node_on_no_list_is_its_finders(void **state)
{
	struct room *r = room("");
	struct device *dev = add_device(r, "eth0");
	uint64_t release = text_symbol(&r->m->kernel, "done");
	void *res = devres_alloc_node(&r->m->core, release, 40, GFP_KERNEL, -1);

	assert_int_equal(lost(r), 1);
	r->held[0] = addr(r, res);
	assert_int_equal(lost(r), 0);
	devres_add(dev, res);
	r->held[0] = 0;
	assert_int_equal(lost(r), 0);
	devres_remove(dev, release, NULL, NULL);
	assert_int_equal(lost(r), 1);
	leave(r);
}

static void large_objects_count_as_far_as_they_were_asked_for(void **state)
{
	struct room *r = room("");
	char *big = get(r, 3 * PAGE_SIZE), *p = get(r, 16);

	assert_int_equal(lost(r), 2);
	assert_int_equal(r->bytes, 3 * PAGE_SIZE + 16);
	put(r, big, 3 * PAGE_SIZE / 8 - 1, p);
	r->held[0] = addr(r, big) + 3 * PAGE_SIZE - 1;
	assert_int_equal(lost(r), 0);
	r->held[0] = addr(r, big) + 3 * PAGE_SIZE;
	assert_int_equal(lost(r), 2);
	leave(r);
}

static void pages_count_here_and_not_in_linux(void **state)
{
	struct room *r = room("");
	char *pages = get_free_pages(&r->m->mm, GFP_KERNEL | __GFP_ZERO, 0), *p = get(r, 16);

	assert_int_equal(lost(r), 2);
	put(r, pages, 7, p);
	r->held[0] = addr(r, pages);
	assert_int_equal(lost(r), 0);
	/* pointers in pages do not count: the well-known false positive */
	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 1);
	leave(r);
}

static void a_list_of_many_takes_no_stack(void **state)
{
	struct room *r = room("");
	char *first = NULL;

	for (int i = 0; i < 100000; i++) {
		char *p = get(r, 16);

		put(r, p, 0, first);
		first = p;
	}
	assert_int_equal(lost(r), 100000);
	r->held[0] = addr(r, first);
	assert_int_equal(lost(r), 0);
	leave(r);
}

/* --- kmemleak's own rules ----------------------------------------------------------- */

static void shows(struct room *r, const char *text)
{
	struct buf out = BUF_INIT;

	kmemleak_show(&r->m->mm, &out);
	if (text && !strstr(buf_str(&out), text))
		fail_msg("no \"%s\" in:\n%s", text, buf_str(&out));
	if (!text && out.len)
		fail_msg("something is reported:\n%s", buf_str(&out));
	buf_finish(&out);
}

static void the_young_are_not_reported(void **state)
{
	struct room *r = room("");

	get(r, 128); /* zeroes: the checksum is the initial one */
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	machine_advance(r->m, 4990000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	shows(r, NULL);
	machine_advance(r->m, 20000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 1);
	shows(r, "(size 128):\n  comm \"devsh\", pid 1, jiffies 4294892296\n"
		 "  hex dump (first 32 bytes):\n    00 00");
	shows(r, "  backtrace (crc 0):\n    kmemleak_alloc+0x");
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	leave(r);
}

static void who_is_written_to_waits_for_the_next_scan(void **state)
{
	struct room *r = room("release=5.10");
	char *p = get(r, 24), *q = get(r, 24);

	put(r, p, 1, q);
	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	p[0] = 1;
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	/* along with what only it points to */
	assert_int_equal(machine_kmemleak_scan(r->m), 2);
	shows(r, " (age 6.000s)\n");
	shows(r, "  hex dump (first 32 bytes):\n    01 00 00");
	shows(r, "  backtrace:\n    [<ffffffff810ac734>] __kmalloc+0x34/0xd0\n");
	kfree(&r->m->mm, p);
	shows(r, "    00 00 00");
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	kfree(&r->m->mm, q);
	shows(r, NULL);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	assert_int_equal(r->m->mm.kmemleak.suspects, 0);
	leave(r);
}

static void cleared_leaks_are_roots(void **state)
{
	struct room *r = room("");
	char *p = get(r, 64), *q;

	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 1);
	kmemleak_clear(&r->m->mm);
	shows(r, NULL);
	q = get(r, 64);
	put(r, p, 0, q);
	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	put(r, p, 0, NULL);
	assert_int_equal(machine_kmemleak_scan(r->m), 1);
	leave(r);
}

static void an_object_in_the_same_place_is_another_one(void **state)
{
	struct room *r = room("kasan=off");
	char *p = get(r, 64), *q;

	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 1);
	kfree(&r->m->mm, p);
	q = get(r, 64);
	assert_ptr_equal(q, p);
	shows(r, NULL);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 1);
	leave(r);
}

static void per_cpu_memory_can_leak_since_6_12(void **state)
{
	struct room *r = room("release=6.1"), *n = room("");
	char *p = alloc_percpu(&r->m->mm, 100, 8), *q = get(r, 64);

	alloc_percpu(&n->m->mm, 100, 8);
	assert_int_equal(lost(n), 1);
	machine_advance(n->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(n->m), 1);
	shows(n, " (size 100):\n");
	put(r, p, 1, q);
	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	leave(r);
	leave(n);
}

static void scans_begin_by_themselves(void **state)
{
	struct room *r = room("");
	struct machine *m = r->m;

	get(r, 64);
	machine_advance(m, 59000000000);
	assert_int_equal(m->mm.kmemleak.suspects, 0);
	machine_advance(m, 2000000000);
	assert_int_equal(m->mm.kmemleak.suspects, 1);
	assert_int_equal(m->mm.kmemleak.next / 1000000000, 660);
	machine_kmemleak_thread(m, 0);
	machine_advance(m, 1000000000000000);
	assert_true(m->mm.kmemleak.next == UINT64_MAX);
	machine_kmemleak_thread(m, 5);
	machine_advance(m, 1000000000000000);
	leave(r);
}

static void stacks_can_be_left_out(void **state)
{
	struct room *r = room("");
	char *p = get(r, 64);

	r->held[3] = addr(r, p);
	machine_advance(r->m, 6000000000);
	assert_int_equal(machine_kmemleak_scan(r->m), 0);
	r->m->mm.kmemleak.no_stack = true;
	assert_int_equal(machine_kmemleak_scan(r->m), 1);
	leave(r);
}

static void it_is_off_where_nobody_keeps_who_allocated(void **state)
{
	static const char *const off[] = { "kmemleak=off", "slub_debug=-", "slub_debug=FZP" };
	struct machine *m;
	char why[200];

	for (size_t i = 0; i < COUNT(off); i++) {
		struct room *r = room(off[i]);

		assert_false(r->m->mm.kmemleak.on);
		machine_advance(r->m, 100000000000);
		leave(r);
	}
	m = machine_create("kmemleak=on slub_debug=-", why, sizeof(why));
	assert_null(m);
	assert_string_equal(why, "kmemleak=on: needs slub_debug=U or kasan=on, which keep who allocated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_no_leak),
		cmocka_unit_test(who_is_held_is_kept),
		cmocka_unit_test(any_byte_keeps_and_the_one_behind_does_not),
		cmocka_unit_test(a_chain_hangs_on_its_first_link),
		cmocka_unit_test(two_that_point_to_each_other_are_lost),
		cmocka_unit_test(a_word_that_is_not_aligned_is_no_pointer),
		cmocka_unit_test(what_was_freed_keeps_nothing),
		cmocka_unit_test(a_device_keeps_what_its_nodes_point_to),
		cmocka_unit_test(a_node_on_no_list_is_its_finders),
		cmocka_unit_test(large_objects_count_as_far_as_they_were_asked_for),
		cmocka_unit_test(pages_count_here_and_not_in_linux),
		cmocka_unit_test(a_list_of_many_takes_no_stack),
		cmocka_unit_test(the_young_are_not_reported),
		cmocka_unit_test(who_is_written_to_waits_for_the_next_scan),
		cmocka_unit_test(cleared_leaks_are_roots),
		cmocka_unit_test(an_object_in_the_same_place_is_another_one),
		cmocka_unit_test(per_cpu_memory_can_leak_since_6_12),
		cmocka_unit_test(scans_begin_by_themselves),
		cmocka_unit_test(stacks_can_be_left_out),
		cmocka_unit_test(it_is_off_where_nobody_keeps_who_allocated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
