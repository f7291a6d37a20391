/* SPDX-License-Identifier: MIT */
/* Managed resources, devices and drivers: what the facts about Linux say. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "boot.h"
#include "measured.h"

static struct device *add_device(struct boot *b, const char *name)
{
	const struct device_config c = { .name = name, .numa_node = NUMA_NO_NODE };
	struct device *dev;

	assert_int_equal(device_register(&b->core, &c, &dev), 0);
	return dev;
}

static bool is_allocated(struct boot *b, const void *p)
{
	struct object o;

	return object_find(&b->mm, p, &o) && object_allocated(&b->mm, &o);
}

/* Objects in use, of all caches, and large ones. */
static uint32_t in_use(struct boot *b)
{
	uint32_t n = 0;

	for (size_t i = 0; i < COUNT(b->mm.caches); i++)
		for (int nid = 0; b->mm.caches[i].object_size && nid < b->mm.nodes; nid++)
			n += cache_node_inuse(&b->mm.caches[i].node[nid]);
	for (uint32_t pfn = 0; pfn < b->mm.pfns; pfn++)
		n += b->mm.pages[pfn].kind == PAGE_LARGE;
	return n;
}

static uint32_t warnings(struct boot *b)
{
	return b->kernel.reports[REPORT_WARN];
}

/* A BUG or an Oops: seen once, then the task is another one. */
static bool died(struct boot *b)
{
	bool dead = b->kernel.task_died;

	b->kernel.task_died = false;
	return dead;
}

/* --- devm_kmalloc ------------------------------------------------------- */

static void devm_kmalloc_answers_as_6_1_did(void **state)
{
	struct boot *b = boot_all("release=6.1");
	struct device *dev = add_device(b, "eth0");

	assert_int_equal(b->core.header, 40);
	assert_ptr_equal(devm_kmalloc(dev, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_int_equal(dev->devres.count, 0);
	for (size_t i = 0; i < COUNT(devm_kmalloc_61); i++) {
		const struct measured *want = &devm_kmalloc_61[i];
		char *p = devm_kmalloc(dev, want->size, GFP_KERNEL);
		struct object o = { 0 };

		assert_int_equal(p != NULL, want->object != 0);
		if (!p)
			continue;
		assert_int_equal((uintptr_t)p % 8, 0);
		assert_int_equal(ksize(&b->mm, p - 40), want->object);
		assert_true(object_find(&b->mm, p, &o));
		assert_string_equal(object_cache_name(&o), want->cache);
		devm_kfree(dev, p);
	}
	assert_int_equal(warnings(b), 1); /* once for all that are too large */
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

/* Bucket of devm_kmalloc(n) behind a header of 24 bytes. */
static void devm_kmalloc_takes_other_buckets_on_4_19(void **state)
{
	static const struct { size_t size, object; } row[] = {
		{ 1, 32 }, { 8, 32 }, { 24, 64 }, { 40, 64 }, { 64, 96 }, { 88, 128 },
		{ 100, 128 }, { 152, 192 }, { 200, 256 }, { 256, 512 }, { 1000, 1024 },
		{ 4056, 4096 }, { 4096, 8192 }, { 8136, 8192 }, { 8152, 8192 }, { 8169, 16384 },
	};
	struct boot *b = boot_all("release=4.19");
	struct device *dev = add_device(b, "eth0");

	for (size_t i = 0; i < COUNT(row); i++) {
		char *p = devm_kmalloc(dev, row[i].size, GFP_KERNEL);

		assert_int_equal(ksize(&b->mm, p - 24), row[i].object);
	}
	off_all(b);
}

static void size_zero_is_a_node_before_5_10(void **state)
{
	struct boot *b = boot_all("release=4.19");
	struct device *dev = add_device(b, "eth0");
	void *p = devm_kmalloc(dev, 0, GFP_KERNEL);

	assert_true(is_allocated(b, (char *)p - 1));
	assert_int_equal(dev->devres.count, 1);
	devm_kfree(dev, p);
	assert_int_equal(dev->devres.count, 0);
	assert_int_equal(warnings(b), 0);
	off_all(b);
}

static void sizes_that_overflow_give_null(void **state)
{
	static const char *const release[] = { "release=4.19", "release=6.1", "release=6.12" };

	for (size_t i = 0; i < COUNT(release); i++) {
		struct boot *b = boot_all(release[i]);
		struct device *dev = add_device(b, "eth0");

		assert_null(devm_kmalloc(dev, SIZE_MAX, GFP_KERNEL));
		assert_null(devm_kmalloc(dev, SIZE_MAX - b->core.header + 1, GFP_KERNEL));
		assert_null(devm_kmalloc_array(dev, SIZE_MAX, 2, GFP_KERNEL));
		assert_null(devm_kcalloc(dev, (size_t)1 << 63, 2, GFP_KERNEL));
		assert_int_equal(dev->devres.count, 0);
		assert_int_equal(kernel_reports(&b->kernel), 0);
		off_all(b);
	}
}

/* Before 4.18 nobody checked the sum: a small object, and the driver runs over it. */
static void sizes_wrap_on_4_9(void **state)
{
	struct boot *b = boot_all("release=4.9");
	struct device *dev = add_device(b, "eth0");
	char *p = devm_kmalloc(dev, SIZE_MAX - 10, GFP_KERNEL);

	assert_non_null(p);
	assert_int_equal(ksize(&b->mm, p - 24), 32);
	devm_kfree(dev, p);
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

static void copies_hold_what_was_copied(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");

	assert_string_equal(devm_kstrdup(dev, "eth0-rx", GFP_KERNEL), "eth0-rx");
	assert_null(devm_kstrdup(dev, NULL, GFP_KERNEL));
	assert_memory_equal(devm_kmemdup(dev, "a\0b", 3, GFP_KERNEL), "a\0b", 3);
	assert_ptr_equal(devm_kmemdup(dev, "", 0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_int_equal(dev->devres.count, 2);
	off_all(b);
}

/* --- devm_kfree: the wrong-pointer matrix ------------------------------- */

static void devm_kfree_knows_its_own(void **state)
{
	static const char *const release[] = {
		"release=4.19", "release=6.1", "release=6.12", "release=6.12 slub_debug=-",
	};

	for (size_t i = 0; i < COUNT(release); i++) {
		struct boot *b = boot_all(release[i]);
		struct device *dev = add_device(b, "eth0"), *other = add_device(b, "eth1");
		char *p = devm_kmalloc(dev, 64, GFP_KERNEL), *q = kmalloc(&b->mm, 64, GFP_KERNEL);
		void *foreign = devm_kmalloc(other, 64, GFP_KERNEL);
		uint64_t constant = rodata_string(&b->kernel, "constant");
		uint32_t n, old = i == 0;

		devm_kfree(dev, NULL);
		assert_int_equal(warnings(b), old);
		devm_kfree(dev, ZERO_SIZE_PTR);
		assert_int_equal(warnings(b), 2 * old);
		devm_kfree(dev, (void *)(uintptr_t)constant);
		assert_int_equal(warnings(b), n = 3 * old);
		devm_kfree(dev, q);
		devm_kfree(dev, foreign);
		devm_kfree(dev, p + 8);
		devm_kfree(dev, p - b->core.header);
		devm_kfree(dev, (void *)0xdeadbeefull);
		devm_kfree(dev, &b);
		assert_int_equal(warnings(b), n += 6);
		assert_true(is_allocated(b, p) && is_allocated(b, q) && is_allocated(b, foreign));
		devm_kfree(dev, p);
		assert_false(is_allocated(b, p));
		assert_int_equal(warnings(b), n);
		devm_kfree(dev, p);
		assert_int_equal(warnings(b), n + 1);
		assert_int_equal(other->devres.count, 1);
		off_all(b);
	}
}

enum { MANY = 2000 };

static void any_order_of_devm_kfree_keeps_the_list(void **state)
{
	static const char *const machine[] = { "", "slub_debug=-" };

	for (size_t m = 0; m < COUNT(machine); m++) {
		struct boot *b = boot_all(machine[m]);
		struct device *dev = add_device(b, "eth0");
		void *p[MANY], *left[MANY];
		struct devres_info info;
		uint32_t n = 0, all;
		uint64_t at = 0;

		for (int i = 0; i < MANY; i++)
			p[i] = devm_kmalloc(dev, 24, GFP_KERNEL);
		/* oldest, newest and from the middle */
		for (int i = 0; i < MANY; i++) {
			if (i % 3 == 0 || i < 10 || i > MANY - 10)
				devm_kfree(dev, p[i]);
			else
				left[n++] = p[i];
		}
		all = n;
		assert_int_equal(dev->devres.count, all);
		while (devres_walk(dev, &at, &info))
			assert_ptr_equal(info.data, left[--n]);
		assert_int_equal(n, 0);
		assert_int_equal(devres_release_all(dev), all);
		assert_int_equal(in_use(b), 0);
		off_all(b);
	}
}

/* Linux walks from the newest: what it would have looked at is counted. */
static void the_cost_of_the_walk_is_counted(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	void *p[10];

	for (int i = 0; i < 10; i++)
		p[i] = devm_kmalloc(dev, 24, GFP_KERNEL);
	devm_kfree(dev, p[9]);
	assert_int_equal(dev->devres_last_seen, 1);
	devm_kfree(dev, p[0]);
	assert_int_equal(dev->devres_last_seen, 9);
	devm_kfree(dev, p[5]);
	assert_int_equal(dev->devres_last_seen, 4);
	devm_kfree(dev, p[5]);
	assert_int_equal(dev->devres_last_seen, 7); /* to the end */
	assert_int_equal(dev->devres_seen, 1 + 9 + 4 + 7);
	off_all(b);
}

/* --- actions ------------------------------------------------------------ */

static char order[64];
static struct boot *current;

/* Each function of the test appends its letter, and a digit that is its data. */
static void note(void *ctx, struct device *dev, uint64_t data,
			enum symbol_use use)
{
	size_t len = strlen(order);

	assert_true(len < sizeof(order) - 3);
	order[len] = *(const char *)ctx;
	order[len + 1] = data ? (char)('0' + data) : '\0';
	order[len + 2] = '\0';
}

static uint64_t function(struct boot *b, const char *name, const char *letter, action_fn fn)
{
	uint64_t addr = text_symbol(&b->kernel, name);

	text_define(text_lookup(&b->kernel, addr), (void (*)(void))fn, (void *)letter, NULL);
	order[0] = '\0';
	current = b;
	return addr;
}

static void actions_run_newest_first(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	uint64_t a = function(b, "a", "a", note), c = function(b, "c", "c", note);

	devm_add_action(dev, a, 1);
	devm_kmalloc(dev, 64, GFP_KERNEL);
	devm_add_action(dev, c, 2);
	devm_add_action_or_reset(dev, a, 3);
	assert_string_equal(order, "");
	assert_int_equal(devres_release_all(dev), 4);
	assert_string_equal(order, "a3c2a1");
	assert_int_equal(in_use(b), 0);
	assert_int_equal(devres_release_all(dev), 0);
	off_all(b);
}

static void actions_are_found_by_function_and_data(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	uint64_t a = function(b, "a", "a", note), c = function(b, "c", "c", note);

	devm_add_action(dev, a, 1);
	devm_add_action(dev, a, 2);
	devm_add_action(dev, c, 1);
	devm_remove_action(dev, a, 1);
	assert_string_equal(order, "");
	assert_int_equal(dev->devres.count, 2);
	devm_release_action(dev, a, 2);
	assert_string_equal(order, "a2");
	assert_int_equal(warnings(b), 0);
	devm_release_action(dev, a, 2);
	devm_remove_action(dev, a, 1);
	devm_remove_action(dev, c, 2);
	assert_int_equal(warnings(b), 3);
	assert_string_equal(order, "a2");
	devres_release_all(dev);
	assert_string_equal(order, "a2c1");
	off_all(b);
}

static void actions_are_named_as_the_release_does(void **state)
{
	static const struct { const char *release, *name; } row[] = {
		{ "release=6.1", "devm_action_release" }, { "release=6.12", "disable_clk" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_all(row[i].release);
		struct device *dev = add_device(b, "eth0");
		struct devres_info info;
		uint64_t at = 0;

		devm_add_action(dev, text_symbol(&b->kernel, "disable_clk"), 0);
		assert_true(devres_walk(dev, &at, &info));
		assert_string_equal(info.release_name, row[i].name);
		assert_int_equal(info.size, 16);
		off_all(b);
	}
}

static void run_out_of_memory(struct boot *b)
{
	while (kmalloc(&b->mm, 8192, GFP_KERNEL | __GFP_NOWARN))
		;
	for (size_t size = 4096; size >= 8; size /= 2)
		while (kmalloc(&b->mm, size, GFP_KERNEL | __GFP_NOWARN))
			;
	while (kmalloc(&b->mm, 96, GFP_KERNEL | __GFP_NOWARN) ||
	       kmalloc(&b->mm, 192, GFP_KERNEL | __GFP_NOWARN))
		;
}

static void without_memory_nothing_is_registered(void **state)
{
	struct boot *b = boot_all("mem=4M");
	struct device *dev = add_device(b, "eth0");
	uint64_t a = function(b, "a", "a", note);

	run_out_of_memory(b);
	assert_null(devm_kmalloc(dev, 64, GFP_KERNEL));
	assert_int_equal(devm_add_action(dev, a, 1), -ENOMEM);
	assert_string_equal(order, "");
	assert_int_equal(devm_add_action_or_reset(dev, a, 2), -ENOMEM);
	assert_string_equal(order, "a2");
	assert_null(devres_alloc_node(&b->core, a, 16, GFP_KERNEL, NUMA_NO_NODE));
	assert_int_equal(dev->devres.count, 0);
	assert_int_equal(devres_release_all(dev), 0);
	off_all(b);
}

/* A release that allocates: the new node is not part of this pass. */
static void add_late(void *ctx, struct device *dev, uint64_t data,
			enum symbol_use use)
{
	devm_kmalloc(dev, 64, GFP_KERNEL);
}

static void what_a_release_adds_stays_for_later(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");

	devm_add_action(dev, function(b, "late", "", add_late), 0);
	assert_int_equal(devres_release_all(dev), 1);
	assert_int_equal(dev->devres.count, 1);
	assert_int_equal(devres_release_all(dev), 1);
	off_all(b);
}

static void *lost;

static void add_lost(void *ctx, struct device *dev, uint64_t data, enum symbol_use use)
{
	lost = devm_kmalloc(dev, 64, GFP_KERNEL);
}

static void what_is_added_to_a_dying_device_is_nobodys(void **state)
{
	struct boot *b = boot_all("release=5.10");
	struct device *dev = add_device(b, "eth0");

	devm_add_action(dev, function(b, "late", "", add_lost), 0);
	assert_int_equal(device_unregister(dev), 0);
	dev = add_device(b, "eth1");
	devm_kfree(dev, lost);
	assert_int_equal(b->kernel.reports[REPORT_WARN], 1);
	assert_int_equal(kernel_reports(&b->kernel), 1);
	off_all(b);
}

static void *sibling;

static void free_sibling(void *ctx, struct device *dev, uint64_t data,
			enum symbol_use use)
{
	devm_kfree(dev, sibling);
}

static void siblings_are_out_of_reach_while_all_is_released(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");

	sibling = devm_kmalloc(dev, 64, GFP_KERNEL);
	devm_add_action(dev, function(b, "sibling", "", free_sibling), 0);
	assert_int_equal(devres_release_all(dev), 2);
	assert_int_equal(warnings(b), 1);
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

/* --- the raw interface -------------------------------------------------- */

static void resources_are_found_newest_first(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	uint64_t put = function(b, "put", "p", note), other = function(b, "other", "o", note);
	char *r[3];

	for (int i = 0; i < 3; i++) {
		r[i] = devres_alloc_node(&b->core, put, 16, GFP_KERNEL, NUMA_NO_NODE);
		for (int n = 0; n < 16; n++)
			assert_int_equal(r[i][n], 0);
		devres_add(dev, r[i]);
	}
	assert_ptr_equal(devres_find(dev, put, NULL, NULL), r[2]);
	assert_null(devres_find(dev, other, NULL, NULL));
	assert_ptr_equal(devres_remove(dev, put, NULL, NULL), r[2]);
	assert_ptr_equal(devres_find(dev, put, NULL, NULL), r[1]);
	devres_free(&b->core, r[2]);
	assert_int_equal(devres_destroy(dev, put, NULL, NULL), 0);
	assert_string_equal(order, "");
	assert_int_equal(devres_release(dev, put, NULL, NULL), 0);
	assert_int_equal(order[0], 'p');
	assert_int_equal(devres_release(dev, put, NULL, NULL), -ENOENT);
	assert_int_equal(devres_destroy(dev, put, NULL, NULL), -ENOENT);
	assert_null(devres_remove(dev, put, NULL, NULL));
	assert_int_equal(in_use(b), 0);
	assert_int_equal(kernel_reports(&b->kernel), 0);
	off_all(b);
}

static void size_zero_is_legal_for_a_resource(void **state)
{
	struct boot *b = boot_all("");
	void *r = devres_alloc_node(&b->core, text_symbol(&b->kernel, "put"), 0, GFP_KERNEL,
				    NUMA_NO_NODE);

	assert_true(r && r != ZERO_SIZE_PTR);
	devres_free(&b->core, r);
	devres_free(&b->core, NULL);
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

static void a_resource_is_on_one_list_once(void **state)
{
	struct boot *b = boot_all("release=6.1");
	struct device *dev = add_device(b, "eth0"), *other = add_device(b, "eth1");
	void *r = devres_alloc_node(&b->core, text_symbol(&b->kernel, "put"), 16, GFP_KERNEL,
				    NUMA_NO_NODE);

	devres_add(dev, r);
	devres_add(dev, r);
	assert_true(died(b));
	assert_true(logged(&b->kernel, "kernel BUG at drivers/base/devres.c:132!"));
	devres_add(other, r);
	assert_true(died(b));
	devres_free(&b->core, r);
	assert_true(died(b));
	assert_true(logged(&b->kernel, "kernel BUG at drivers/base/devres.c:225!"));
	assert_int_equal(dev->devres.count, 1);
	assert_int_equal(other->devres.count, 0);
	assert_int_equal(devres_release_all(dev), 1);
	off_all(b);
}

static void what_is_no_resource_is_an_oops(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	char *q = kmalloc(&b->mm, 64, GFP_KERNEL);

	devres_add(dev, q);
	assert_true(died(b));
	devres_add(dev, q + b->core.header);
	assert_true(died(b));
	devres_free(&b->core, (void *)0x1234);
	assert_true(died(b));
	assert_int_equal(dev->devres.count, 0);
	assert_true(is_allocated(b, q));
	off_all(b);
}

/* --- lists that a driver wrote over ------------------------------------- */

/* Each word of the header is overwritten with each of these. */
static uint64_t bad_word(struct boot *b, struct device *dev, void *node, int kind)
{
	switch (kind) {
	case 0: return 0;
	case 1: return 0x5a5a5a5a5a5a5a5aull;
	case 2: return mm_addr(&b->mm, node);         /* itself */
	case 3: return devres_head(dev);
	case 4: return mm_addr(&b->mm, node) + 8;
	case 5: return b->mm.page_offset;             /* memory, but no node */
	case 6: return b->mm.page_offset + b->mm.size - 8;
	default: return UINT64_MAX;
	}
}

static void a_list_that_was_overwritten_is_survived(void **state)
{
	static const char *const machine[] = { "", "slub_debug=-", "release=4.19", "devres.log=1" };

	for (int i = 0; i < (int)COUNT(machine) * 5 * 8 * 3; i++) {
		struct boot *b = boot_all(machine[i / 120]);
		struct device *dev = add_device(b, "eth0");
		struct devres_info info;
		uint64_t *node, at = 0;
		int nodes = 0;
		char *p[5];

		for (int n = 0; n < 5; n++)
			p[n] = devm_kmalloc(dev, 24, GFP_KERNEL);
		node = (uint64_t *)(p[1 + i % 3] - b->core.header);
		if (b->core.header >= 40 || i / 24 % 5 < 3)
			node[i / 24 % 5] = bad_word(b, dev, node, i / 3 % 8);
		while (nodes <= 100 && devres_walk(dev, &at, &info))
			nodes++;
		for (int n = 0; n < 5; n++)
			devm_kfree(dev, p[n]);
		devm_kmalloc(dev, 24, GFP_KERNEL);
		devm_remove_action(dev, text_symbol(&b->kernel, "a"), 0);
		died(b);
		devres_release_all(dev);
		died(b);
		/* and the machine goes on */
		dev = add_device(b, "eth1");
		assert_non_null(devm_kmalloc(dev, 64, GFP_KERNEL));
		assert_int_equal(devres_release_all(dev), 1);
		off_all(b);
	}
}

static void del_of_a_corrupt_node_is_a_bug_and_not_a_free(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	char *p[3];

	for (int i = 0; i < 3; i++)
		p[i] = devm_kmalloc(dev, 24, GFP_KERNEL);
	memset(p[0] - b->core.header, 0, 16);
	devm_kfree(dev, p[1]);
	assert_true(died(b));
	assert_true(logged(&b->kernel, "list_del corruption. prev->next should be "));
	assert_true(is_allocated(b, p[1]));
	off_all(b);
}

/* --- devres.log --------------------------------------------------------- */

static void log_lines_read_as_in_linux(void **state)
{
	static const struct { const char *cmdline; uint64_t header; } row[] = {
		{ "devres.log=1 release=6.1", 40 }, { "devres.log=1 release=4.19", 40 },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_all(row[i].cmdline);
		struct device *dev = add_device(b, "eth0");
		char *p = devm_kmalloc(dev, 64, GFP_KERNEL), text[100];
		unsigned long long node = mm_addr(&b->mm, p - row[i].header);

		assert_int_equal(b->core.header, row[i].header);
		snprintf(text, sizeof(text), "platform eth0: DEVRES ADD %016llx "
			 "devm_kzalloc_release (64 bytes)", node);
		assert_string_equal(log_at(&b->kernel.log, 0)->text, text);
		assert_int_equal(log_at(&b->kernel.log, 0)->level, KERN_ERR);
		devm_kfree(dev, p);
		memcpy(strstr(text, "ADD"), "REM", 3);
		assert_string_equal(log_at(&b->kernel.log, 1)->text, text);
		p = devm_kmalloc(dev, 64, GFP_KERNEL);
		snprintf(text, sizeof(text), "platform eth0: DEVRES REL %016llx "
			 "devm_kzalloc_release (64 bytes)",
			 (unsigned long long)mm_addr(&b->mm, p - row[i].header));
		devres_release_all(dev);
		assert_string_equal(log_at(&b->kernel.log, 3)->text, text);
		assert_int_equal(b->kernel.log.count, 4);
		off_all(b);
	}
}

/* --- probe and remove --------------------------------------------------- */

static int probe_result, probes;
static void *probe_got[8];
static struct device_driver *probe_driver;

static int probe(struct device *dev)
{
	probes++;
	probe_driver = dev->driver;
	for (int i = 0; i < 8; i++)
		probe_got[i] = devm_kzalloc(dev, 16u << i, GFP_KERNEL);
	dev->drvdata = mm_addr(dev->core->mm, probe_got[0]);
	return probe_result;
}

static bool memory_was_there;
static uint64_t drvdata_in_remove;

static void remove_driver(struct device *dev)
{
	memory_was_there = is_allocated(current, probe_got[0]);
	drvdata_in_remove = dev->drvdata;
	devm_kmalloc(dev, 64, GFP_KERNEL); /* too late to be of use, and released all the same */
}

static struct device_driver *add_driver(struct boot *b, const char *name)
{
	const struct device_driver proto = {
		.name = (char *)name, .probe = probe, .remove = remove_driver,
	};
	struct device_driver *drv;

	probes = probe_result = 0;
	current = b;
	assert_int_equal(driver_register(&b->core, &proto, &drv), 0);
	return drv;
}

static void a_match_is_probed_whoever_comes_first(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev;

	add_device(b, "uart.0");
	add_driver(b, "uart");
	assert_int_equal(probes, 1);
	dev = add_device(b, "uart.1");
	assert_int_equal(probes, 2);
	assert_ptr_equal(dev->driver, driver_by_name(&b->core, "uart"));
	assert_ptr_equal(probe_driver, dev->driver);
	add_device(b, "uart");
	add_device(b, "uart.");
	add_device(b, "uart.x");
	add_device(b, "uart2");
	assert_int_equal(probes, 3);
	off_all(b);
}

static void unbind_releases_after_remove(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev;

	add_driver(b, "uart");
	dev = add_device(b, "uart.0");
	assert_int_equal(dev->devres.count, 8);
	assert_int_equal(device_driver_detach(dev), 0);
	assert_true(memory_was_there);
	assert_int_equal(drvdata_in_remove, mm_addr(&b->mm, probe_got[0]));
	assert_null(dev->driver);
	assert_int_equal(dev->drvdata, 0);
	assert_int_equal(in_use(b), 0);
	assert_int_equal(device_driver_detach(dev), -ENODEV);
	off_all(b);
}

/* Name, driver and number of a node's owner outlive all three. */
static void tracks_know_the_owner_of_what_is_gone(void **state)
{
	struct boot *b = boot_all("");
	struct device_driver *drv = add_driver(b, "uart");
	struct device *dev = add_device(b, "uart.0");
	const struct owner *owner;
	struct track *t;
	struct object o = { 0 };

	assert_true(object_find(&b->mm, probe_got[0], &o));
	t = object_track(&b->mm, &o);
	assert_int_equal(device_unregister(dev), 0);
	driver_unregister(drv);
	owner = owner_of(&b->core, t->owner);
	assert_non_null(owner);
	assert_string_equal(owner->device, "uart.0");
	assert_string_equal(owner->driver, "uart");
	assert_int_equal(t->number, 1);
	assert_string_equal(t->free_phase, "release");
	/* the same names are the same owner */
	add_driver(b, "uart");
	dev = add_device(b, "uart.0");
	assert_ptr_equal(owner_of(&b->core, owner_mark(dev)), owner);
	assert_int_equal(device_driver_detach(dev), 0);
	assert_string_equal(owner_of(&b->core, owner_mark(dev))->driver, "");
	assert_null(owner_of(&b->core, 0));
	off_all(b);
	b = boot_all("slub_debug=-");
	assert_int_equal(owner_mark(add_device(b, "eth0")), 0);
	off_all(b);
}

static void numbers_stay_while_others_go(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "eth0");
	void *p[3], *grown;
	struct object o = { 0 };

	for (int i = 0; i < 3; i++)
		p[i] = devm_kmalloc(dev, 8, GFP_KERNEL);
	devm_kfree(dev, p[0]);
	assert_true(object_find(&b->mm, p[2], &o));
	assert_int_equal(object_track(&b->mm, &o)->number, 3);
	grown = devm_krealloc(dev, p[1], 500, GFP_KERNEL);
	assert_true(object_find(&b->mm, grown, &o));
	assert_int_equal(object_track(&b->mm, &o)->number, 2);
	devres_release_all(dev);
	p[0] = devm_kmalloc(dev, 8, GFP_KERNEL);
	assert_true(object_find(&b->mm, p[0], &o));
	assert_int_equal(object_track(&b->mm, &o)->number, 1);
	off_all(b);
}

static void a_failed_probe_gives_everything_back(void **state)
{
	static const struct { int result, rc; bool told; } row[] = {
		{ -ENOMEM, -ENOMEM, true }, { -EIO, -EIO, true }, { -ENODEV, -ENODEV, false },
		{ -ENXIO, -ENXIO, false }, { -EPROBE_DEFER, -EAGAIN, false }, { 5, -5, true },
	};
	struct boot *b = boot_all("release=6.1");
	struct device_driver *drv = add_driver(b, "alpha");
	struct device *dev = NULL;
	char text[100];

	probe_result = -ENODEV;
	dev = add_device(b, "alpha.0");
	for (size_t i = 0; i < COUNT(row); i++) {
		uint64_t lines = b->kernel.log.next_seq;

		probe_result = row[i].result;
		assert_int_equal(device_driver_attach(drv, dev), row[i].rc);
		assert_null(dev->driver);
		assert_int_equal(dev->drvdata, 0);
		assert_int_equal(dev->devres.count, 0);
		assert_int_equal(in_use(b), 0);
		assert_int_equal(b->kernel.log.next_seq - lines, row[i].told);
		snprintf(text, sizeof(text), "alpha: probe of alpha.0 failed with error %d",
			 row[i].result);
		assert_int_equal(logged(&b->kernel, text), row[i].told);
	}
	probe_result = 0;
	assert_int_equal(device_driver_attach(drv, dev), 0);
	assert_int_equal(device_driver_attach(drv, dev), -EBUSY);
	assert_int_equal(drv->active, 0);
	off_all(b);
}

static void the_failure_s_text_changed_in_6_12(void **state)
{
	struct boot *b = boot_all("release=6.12");

	add_driver(b, "alpha");
	probe_result = -EIO;
	add_device(b, "alpha.0");
	assert_string_equal(log_at(&b->kernel.log, 0)->text,
			    "alpha alpha.0: probe with driver alpha failed with error -5");
	assert_int_equal(log_at(&b->kernel.log, 0)->level, KERN_ERR);
	off_all(b);
}

static void resources_present_stop_the_probe(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "alpha.0");
	struct device_driver *drv;
	void *p = devm_kmalloc(dev, 64, GFP_KERNEL);

	drv = add_driver(b, "alpha");
	assert_int_equal(probes, 0);
	assert_int_equal(device_driver_attach(drv, dev), -EBUSY);
	assert_string_equal(log_at(&b->kernel.log, 0)->text,
			    "platform alpha.0: Resources present before probing");
	assert_int_equal(log_at(&b->kernel.log, 0)->level, KERN_CRIT);
	assert_true(is_allocated(b, p));
	devm_kfree(dev, p);
	assert_int_equal(device_driver_attach(drv, dev), 0);
	off_all(b);
}

static void a_deferred_probe_is_tried_again(void **state)
{
	struct boot *b = boot_all("");
	struct device *a0, *a1;

	add_driver(b, "alpha");
	probe_result = -EPROBE_DEFER;
	a0 = add_device(b, "alpha.0");
	a1 = add_device(b, "alpha.1");
	assert_int_equal(probes, 2);
	assert_false(list_empty(&a0->deferred));
	probe_result = 0;
	/* a probe that succeeds starts another round */
	add_device(b, "alpha.2");
	run_work(&b->core);
	assert_int_equal(probes, 5);
	assert_non_null(a0->driver);
	assert_non_null(a1->driver);
	assert_true(list_empty(&b->core.pending));
	off_all(b);
}

/* Bind through the driver's file: -EAGAIN, and nobody waits. */
static void a_bind_that_defers_is_not_queued(void **state)
{
	struct boot *b = boot_all("");
	struct device_driver *drv = add_driver(b, "alpha");
	struct device *dev;

	probe_result = -ENODEV;
	dev = add_device(b, "alpha.0");
	probe_result = -EPROBE_DEFER;
	assert_int_equal(device_driver_attach(drv, dev), -EAGAIN);
	assert_true(list_empty(&dev->deferred));
	off_all(b);
}

static void a_driver_goes_with_its_devices_unbound(void **state)
{
	struct boot *b = boot_all("");
	struct device_driver *drv = add_driver(b, "uart");
	struct device *dev = add_device(b, "uart.0");
	uint32_t id = drv->id;

	add_device(b, "uart.1");
	assert_int_equal(driver_unregister(drv), 0);
	assert_null(driver_by_id(&b->core, id));
	assert_null(driver_by_name(&b->core, "uart"));
	assert_null(dev->driver);
	assert_int_equal(in_use(b), 0);
	/* the name is free again, the id is not */
	drv = add_driver(b, "uart");
	assert_true(drv->id > id);
	assert_int_equal(probes, 2);
	off_all(b);
}

/* --- from inside of callbacks ------------------------------------------- */

static struct device *victim;
static int inside[4];

static int meddle(struct device *dev)
{
	inside[0] = device_unregister(dev);
	inside[1] = device_driver_detach(dev);
	inside[2] = driver_unregister(dev->driver);
	inside[3] = device_driver_attach(dev->driver, dev);
	if (victim) {
		device_unregister(victim);
		victim = NULL;
	}
	return 0;
}

static void a_probe_cannot_pull_the_rug_away(void **state)
{
	const struct device_driver proto = { .name = (char *)"uart", .probe = meddle };
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "uart.0");
	struct device_driver *drv;
	uint32_t id;

	victim = add_device(b, "uart.1");
	id = victim->id;
	add_device(b, "uart.2");
	assert_int_equal(driver_register(&b->core, &proto, &drv), 0);
	for (size_t i = 0; i < COUNT(inside); i++)
		assert_int_equal(inside[i], -EDEADLK);
	assert_ptr_equal(dev->driver, drv);
	assert_null(device_by_id(&b->core, id));
	assert_non_null(device_by_name(&b->core, "uart.2")->driver);
	assert_int_equal(driver_unregister(drv), 0);
	off_all(b);
}

static int die_in_probe(struct device *dev)
{
	devm_kmalloc(dev, 64, GFP_KERNEL);
	kernel_bug(dev->core->kernel, "demo_probe");
	return 0;
}

static void a_task_that_dies_keeps_its_locks(void **state)
{
	const struct device_driver proto = { .name = (char *)"uart", .probe = die_in_probe };
	struct boot *b = boot_all("");
	struct device *dev = add_device(b, "uart.0");
	struct device_driver *drv;

	driver_register(&b->core, &proto, &drv);
	assert_true(died(b));
	assert_true(dev->deadlocked);
	assert_int_equal(device_driver_detach(dev), -EDEADLK);
	assert_int_equal(device_unregister(dev), -EDEADLK);
	assert_int_equal(driver_unregister(drv), -EDEADLK);
	/* others are not concerned */
	dev = add_device(b, "eth0");
	assert_int_equal(device_unregister(dev), 0);
	off_all(b);
}

/* --- devices ------------------------------------------------------------ */

static void references_keep_a_device(void **state)
{
	static const struct { const char *release; bool at_del; } row[] = {
		{ "release=4.19", false }, { "release=6.1", true }, { "release=6.12", true },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct boot *b = boot_all(row[i].release);
		struct device *dev = add_device(b, "eth0");
		void *p = devm_kmalloc(dev, 64, GFP_KERNEL);
		uint32_t id = dev->id;

		get_device(dev);
		assert_int_equal(device_unregister(dev), 0);
		assert_int_equal(is_allocated(b, p), !row[i].at_del);
		assert_int_equal(device_unregister(dev), -ENODEV);
		assert_ptr_equal(device_by_id(&b->core, id), dev);
		p = devm_kmalloc(dev, 64, GFP_KERNEL);
		put_device(dev);
		assert_false(is_allocated(b, p));
		assert_null(device_by_id(&b->core, id));
		assert_null(device_by_name(&b->core, "eth0"));
		off_all(b);
	}
}

static void a_parent_outlives_its_children(void **state)
{
	struct boot *b = boot_all("numa=fake=2 mem=32M");
	struct device_config c = { .name = "pci0", .numa_node = 1 };
	struct device *parent, *child;
	uint32_t id;

	assert_int_equal(device_register(&b->core, &c, &parent), 0);
	c = (struct device_config){ .name = "eth0", .parent = parent, .numa_node = NUMA_NO_NODE };
	assert_int_equal(device_register(&b->core, &c, &child), 0);
	assert_int_equal(child->numa_node, 1);
	assert_int_equal(pfn_node(&b->mm, mm_pfn(&b->mm, devm_kmalloc(child, 64, GFP_KERNEL))), 1);
	id = parent->id;
	assert_int_equal(device_unregister(parent), 0);
	assert_non_null(device_by_id(&b->core, id));
	assert_int_equal(device_unregister(child), 0);
	assert_null(device_by_id(&b->core, id));
	assert_int_equal(in_use(b), 0);
	off_all(b);
}

static void names_are_words_and_unique(void **state)
{
	static const char *const bad[] = { "", " ", "a b", "a/b", ".", ".hidden", "a\n", "\177",
		"a\t" };
	struct device_config c = { .name = "eth0", .numa_node = NUMA_NO_NODE };
	struct boot *b = boot_all("");
	char name[NAME_MAX_BYTES + 2];

	for (size_t i = 0; i < COUNT(bad); i++) {
		c.name = bad[i];
		assert_int_equal(device_register(&b->core, &c, NULL), -EINVAL);
	}
	memset(name, 'a', sizeof(name));
	name[NAME_MAX_BYTES + 1] = '\0';
	assert_int_equal(check_name(name), -EINVAL);
	name[NAME_MAX_BYTES] = '\0';
	c.name = name;
	assert_int_equal(device_register(&b->core, &c, NULL), 0);
	assert_int_equal(device_register(&b->core, &c, NULL), -EEXIST);
	assert_true(logged(&b->kernel, "sysfs: cannot create duplicate filename "
			   "'/devices/platform/aaa"));
	off_all(b);
}

static void ids_never_come_back(void **state)
{
	struct boot *b = boot_all("");
	uint32_t last = 0;

	for (int i = 0; i < 1000; i++) {
		struct device *dev = add_device(b, "eth0");

		assert_true(dev->id > last);
		assert_null(device_by_id(&b->core, last));
		assert_null(driver_by_id(&b->core, dev->id));
		last = dev->id;
		device_unregister(dev);
	}
	assert_null(device_by_id(&b->core, 0));
	assert_null(device_by_id(&b->core, UINT32_MAX));
	off_all(b);
}

static void log_prefix_is_driver_or_bus(void **state)
{
	struct boot *b = boot_all("");
	struct device *dev;

	add_driver(b, "uart");
	dev = add_device(b, "uart.0");
	dev_printk(KERN_INFO, dev, "text %d", 1);
	device_driver_detach(dev);
	dev_printk(KERN_INFO, dev, "text %d", 2);
	dev_printk(KERN_INFO, b->core.root, "text %d", 3);
	assert_string_equal(log_at(&b->kernel.log, 0)->text, "uart uart.0: text 1");
	assert_string_equal(log_at(&b->kernel.log, 1)->text, "platform uart.0: text 2");
	assert_string_equal(log_at(&b->kernel.log, 2)->text, " platform: text 3");
	off_all(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devm_kmalloc_answers_as_6_1_did),
		cmocka_unit_test(devm_kmalloc_takes_other_buckets_on_4_19),
		cmocka_unit_test(size_zero_is_a_node_before_5_10),
		cmocka_unit_test(sizes_that_overflow_give_null),
		cmocka_unit_test(sizes_wrap_on_4_9),
		cmocka_unit_test(copies_hold_what_was_copied),
		cmocka_unit_test(devm_kfree_knows_its_own),
		cmocka_unit_test(any_order_of_devm_kfree_keeps_the_list),
		cmocka_unit_test(the_cost_of_the_walk_is_counted),
		cmocka_unit_test(actions_run_newest_first),
		cmocka_unit_test(actions_are_found_by_function_and_data),
		cmocka_unit_test(actions_are_named_as_the_release_does),
		cmocka_unit_test(without_memory_nothing_is_registered),
		cmocka_unit_test(what_a_release_adds_stays_for_later),
		cmocka_unit_test(what_is_added_to_a_dying_device_is_nobodys),
		cmocka_unit_test(siblings_are_out_of_reach_while_all_is_released),
		cmocka_unit_test(resources_are_found_newest_first),
		cmocka_unit_test(size_zero_is_legal_for_a_resource),
		cmocka_unit_test(a_resource_is_on_one_list_once),
		cmocka_unit_test(what_is_no_resource_is_an_oops),
		cmocka_unit_test(a_list_that_was_overwritten_is_survived),
		cmocka_unit_test(del_of_a_corrupt_node_is_a_bug_and_not_a_free),
		cmocka_unit_test(log_lines_read_as_in_linux),
		cmocka_unit_test(a_match_is_probed_whoever_comes_first),
		cmocka_unit_test(unbind_releases_after_remove),
		cmocka_unit_test(tracks_know_the_owner_of_what_is_gone),
		cmocka_unit_test(numbers_stay_while_others_go),
		cmocka_unit_test(a_failed_probe_gives_everything_back),
		cmocka_unit_test(the_failure_s_text_changed_in_6_12),
		cmocka_unit_test(resources_present_stop_the_probe),
		cmocka_unit_test(a_deferred_probe_is_tried_again),
		cmocka_unit_test(a_bind_that_defers_is_not_queued),
		cmocka_unit_test(a_driver_goes_with_its_devices_unbound),
		cmocka_unit_test(a_probe_cannot_pull_the_rug_away),
		cmocka_unit_test(a_task_that_dies_keeps_its_locks),
		cmocka_unit_test(references_keep_a_device),
		cmocka_unit_test(a_parent_outlives_its_children),
		cmocka_unit_test(names_are_words_and_unique),
		cmocka_unit_test(ids_never_come_back),
		cmocka_unit_test(log_prefix_is_driver_or_bus),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
