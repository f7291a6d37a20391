/* SPDX-License-Identifier: MIT */
/*
 * The machine's check of itself finds deliberate damage: each piece of bookkeeping is
 * changed, the finding must name it, and after restoring the old value the machine is
 * sound again.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/link.h"
#include "base/work.h"
#include "kernel/module.h"
#include "kernel/symbol.h"
#include "lib/array.h"
#include "machine/fsck.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/kmemleak.h"
#include "mm/object.h"
#include "mm/page.h"

struct findings {
	int count, overwritten;
	char text[4096];
};

static void found(void *ctx, const struct fsck_finding *finding)
{
	struct findings *f = ctx;
	size_t len = strlen(f->text);

	f->count++;
	f->overwritten += finding->kind == FSCK_OVERWRITTEN;
	snprintf(f->text + len, sizeof(f->text) - len, "%s: %s\n", finding->where, finding->text);
}

static void expect_sound(struct machine *m, const char *after)
{
	struct findings f = { 0 };

	assert_int_equal(machine_fsck(m, found, &f), f.count);
	if (f.count)
		fail_msg("after %s:\n%s", after, f.text);
}

static void expect(struct machine *m, const char *what, const char *text, bool overwritten)
{
	struct findings f = { 0 };

	machine_fsck(m, found, &f);
	if (!strstr(f.text, text))
		fail_msg("%s: '%s' is not among\n%s", what, text, f.text);
	assert_int_equal(f.overwritten != 0, overwritten);
}

/* Changes a value for the duration of one check. */
#define WRONG(m, lvalue, value, finding)                     \
	do {                                                 \
		__typeof__(lvalue) old_ = (lvalue);          \
		(lvalue) = (value);                          \
		expect(m, #lvalue, finding, false);          \
		(lvalue) = old_;                             \
		expect_sound(m, #lvalue);                    \
	} while (0)

/* A machine with some of everything. */
struct world {
	struct machine *m;
	struct device *dev, *other;
	struct device_driver *drv;
	struct bus_type *bus;
	struct class *class;
	struct device_link *link;
	char *small, *large, *managed;
};

static struct world *world(void)
{
	struct world *w = calloc(1, sizeof(*w));
	struct device_config c = { .name = "eth0", .numa_node = NUMA_NO_NODE };
	struct device_driver drv = { .name = (char *)"eth0" };
	struct bus_type bus = { .name = (char *)"pci" };
	struct class class = { .name = (char *)"net" };
	struct module module = { .name = (char *)"demo" };
	struct driver_core *core;
	const char *why;
	char text[200];

	w->m = machine_create("mem=64M slub_debug=-", text, sizeof(text));
	assert_non_null(w->m);
	core = &w->m->core;
	assert_int_equal(bus_register(core, &bus, &w->bus), 0);
	assert_int_equal(class_register(core, &class, &w->class), 0);
	assert_int_equal(module_load(&w->m->kernel, &module), 0);
	assert_int_equal(driver_register(core, &drv, &w->drv), 0);
	assert_int_equal(device_register(core, &c, &w->dev), 0);
	c.name = "eth1";
	c.class = w->class;
	c.bus = w->bus;
	c.parent = w->dev;
	assert_int_equal(device_register(core, &c, &w->other), 0);
	w->link = device_link_add(w->other, w->dev, 0, &why);
	assert_non_null(w->link);
	w->managed = devm_kmalloc(w->dev, 100, GFP_KERNEL);
	assert_non_null(devm_kmalloc(w->dev, 64, GFP_KERNEL));
	assert_true(devres_open_group(w->dev, 0, GFP_KERNEL) != 0);
	for (int i = 0; i < 70; i++) /* more than a slab */
		w->small = kmalloc(&w->m->mm, 64, GFP_KERNEL);
	kfree(&w->m->mm, kmalloc(&w->m->mm, 100000, GFP_KERNEL));
	w->large = kmalloc(&w->m->mm, 50000, GFP_KERNEL);
	assert_true(device_is_bound(w->dev));
	expect_sound(w->m, "setup");
	return w;
}

static void world_end(struct world *w)
{
	machine_destroy(w->m);
	free(w);
}

static struct zone *used_zone(struct mm *mm, unsigned *order)
{
	for (int i = 0; i < ZONES; i++)
		for (unsigned o = 0; o < ORDERS - 1; o++)
			if (mm->node[0].zone[i].head[o] != NO_PAGE) {
				*order = o;
				return &mm->node[0].zone[i];
			}
	fail_msg("no zone has a small free block");
	return NULL;
}

static void pages_are_in_one_block_each(void **state)
{
	struct world *w = world();
	struct mm *mm = &w->m->mm;
	unsigned order = 0;
	struct zone *z = used_zone(mm, &order);
	struct page *page = &mm->pages[z->head[order]];
	struct page *large = &mm->pages[mm_pfn(mm, w->large)];

	WRONG(w->m, z->free, z->free + 1, "free pages are counted");
	WRONG(w->m, z->blocks[order], 77, "77 blocks of order");
	WRONG(w->m, z->head[order], NO_PAGE, "free blocks, ");
	WRONG(w->m, page->free.prev, 12, "is not a free block of order");
	WRONG(w->m, page->order, page->order + 1, "is not a free block of order");
	WRONG(w->m, large->kind, PAGE_NONE, "is in no block");
	WRONG(w->m, large[1].kind, PAGE_NONE, "is of kind");
	WRONG(w->m, large[1].head, 1, "is of kind");
	WRONG(w->m, large->head, 1, "head 1");
	WRONG(w->m, large->inuse, 2, "a large object of");
	world_end(w);
}

static void objects_are_free_or_allocated(void **state)
{
	struct world *w = world();
	struct mm *mm = &w->m->mm;
	struct object o = { 0 };
	struct cache_node *cn;

	assert_true(object_find(mm, w->small, &o));
	cn = o.page->owner;
	assert_true(cn->spares > 1 && cn->free);
	WRONG(w->m, cn->taken, cn->taken + 1, "objects off the list are counted");
	WRONG(w->m, cn->slabs, cn->slabs + 1, "slabs are counted");
	WRONG(w->m, cn->spares, cn->spares - 1, "neither allocated nor free");
	WRONG(w->m, cn->spares, SHEAF_SIZE + 1, "in the sheaf");
	WRONG(w->m, cn->free, 0, "neither allocated nor free");
	WRONG(w->m, cn->free, 1, "is not in this cache");
	WRONG(w->m, cn->sheaf[0].slot, 1, "in the sheaf 1");
	WRONG(w->m, cn->sheaf[0], cn->sheaf[1], "is in the sheaf twice");
	WRONG(w->m, mm->slots[o.slot], 0, "neither allocated nor free");
	WRONG(w->m, mm->slots[o.slot], 9 | SLOT_ALLOCATED, "has the invalid tag 9");
	WRONG(w->m, mm->slots[cn->sheaf[0].slot], TAG_KMALLOC | SLOT_ALLOCATED, "is allocated");
	WRONG(w->m, o.page->inuse, 0, "objects off the list are counted");
	WRONG(w->m, o.page->slots, o.page->slots + 1, "has another owner");
	WRONG(w->m, mm->slots_free[0], mm->slots_free[0] + 1, "has another owner");
	WRONG(w->m, mm->slots_used, mm->slots_used + 1, "have no owner");
	world_end(w);
}

static void lists_hold_what_is_marked(void **state)
{
	struct world *w = world();
	struct driver_core *core = &w->m->core;
	struct mm *mm = &w->m->mm;
	struct devres_node *node = (struct devres_node *)(w->managed - 40);
	struct object o = { 0 };

	assert_true(object_find(mm, node, &o));
	WRONG(w->m, w->dev->devres.count, 7, "7 nodes are counted, 3 are on the list");
	WRONG(w->m, w->dev->devres_groups, 0, "0 groups are counted, 1 are on the list");
	WRONG(w->m, w->dev->devres.head.prev, 1, "the head points to 1");
	WRONG(w->m, w->dev->devres.head.next, 1, "is 1");
	WRONG(w->m, w->dev->fast_caches, NULL, "another NUMA node");
	WRONG(w->m, w->dev->devres_locked, true, "devres_lock is held");
	WRONG(w->m, node->next, 1, "is 1");
	WRONG(w->m, node->prev, 1, "is 1");
	WRONG(w->m, node->release, 1, "is 1");
	WRONG(w->m, mm->slots[o.slot], TAG_KMALLOC | SLOT_ALLOCATED, "next of");
	WRONG(w->m, mm->slots[o.slot], (w->other->devres.tag) | SLOT_ALLOCATED,
	      "is not on the list of eth1");
	WRONG(w->m, core->lists[w->dev->devres.tag - TAG_LISTS].dev, NULL, "is not its own");
	WRONG(w->m, core->lists_free, w->dev->devres.tag - TAG_LISTS + 1, "is free and in use");
	core->lists_used++; /* a tag without an owner */
	memset(&core->lists[core->lists_used - 1], 0, sizeof(*core->lists));
	expect(w->m, "a lost tag", "has no owner and is not free", false);
	core->lists_used--;
	world_end(w);
}

static void what_a_driver_overwrote_is_told_apart(void **state)
{
	struct world *w = world();
	struct mm *mm = &w->m->mm;
	uint64_t addr = mm_addr(mm, w->managed - 40);

	assert_int_equal(mm_fill(mm, addr, 0x5a, 8), 0);
	expect(w->m, "memset()", "next of", true);
	world_end(w);
	w = world();
	mm = &w->m->mm;
	kfree(mm, w->managed - 40);
	expect(w->m, "kfree()", "next of", true);
	/* bookkeeping outside of memory is still blamed on the model */
	w->m->core.device_count++;
	expect(w->m, "device_count", "are registered", true);
	world_end(w);
}

/*
 * Since 7.1 the release is right before the data, and the node has its own, and a
 * free_node.
 */
static void each_pointer_of_a_header_is_looked_at(void **state)
{
	static const struct { unsigned back; const char *finding; } pointer[] = {
		{ 56, "next of" }, { 48, "prev of" }, { 40, "release of" },
		{ 32, "free_node of" }, { 8, "release of" },
	};

	for (size_t i = 0; i < COUNT(pointer); i++) {
		struct machine *m = machine_create("release=7.2 mem=64M", NULL, 0);
		struct device_config c = { .name = "eth0", .numa_node = NUMA_NO_NODE };
		struct device *dev;
		char *data;

		assert_non_null(m);
		assert_int_equal(device_register(&m->core, &c, &dev), 0);
		assert_true(devres_open_group(dev, 1, GFP_KERNEL) != 0);
		data = devm_kmalloc(dev, 10, GFP_KERNEL);
		devres_close_group(dev, 1);
		assert_int_equal(devm_add_action(dev, m->core.free_node, 0), 0);
		expect_sound(m, "one node of each kind");
		assert_int_equal(mm_fill(&m->mm, mm_addr(&m->mm, data) - pointer[i].back, 0x41, 8),
				 0);
		expect(m, "memset()", pointer[i].finding, true);
		machine_destroy(m);
	}
}

static void devices_are_known_on_all_ways(void **state)
{
	struct world *w = world();
	struct driver_core *core = &w->m->core;

	WRONG(w->m, w->dev->refcount, 1, "references are counted");
	WRONG(w->m, w->dev->refcount, 99, "99 references are counted");
	WRONG(w->m, w->dev->user_refs, 7, "are known");
	WRONG(w->m, w->dev->children, 7, "7 children are counted, there are 1");
	WRONG(w->m, w->dev->id, w->other->id, "is not its own");
	WRONG(w->m, core->ids[w->dev->id - core->first_id].object, NULL, "is not its own");
	WRONG(w->m, w->other->parent, NULL, "children are counted");
	WRONG(w->m, w->dev->registered, false, "is not registered, and known by name");
	WRONG(w->m, w->dev->busy, true, "is busy between calls: lock");
	WRONG(w->m, w->dev->unbinding, true, "is busy between calls: unbind");
	WRONG(w->m, w->dev->releasing, true, "is busy between calls: release");
	WRONG(w->m, w->dev->async_queued, true, "is busy between calls: probe");
	WRONG(w->m, w->dev->driver, NULL, "has no driver and is bound");
	WRONG(w->m, w->dev->bus, w->bus, "is on its list, but not its own");
	WRONG(w->m, core->device_count, 9, "9 are counted, 2 are registered");
	WRONG(w->m, w->dev->all.next->prev, NULL, "are inconsistent");
	list_append(&core->pending, &w->other->deferred);
	expect(w->m, "deferred", "no driver ever matched", false);
	list_remove(&w->other->deferred);
	WRONG(w->m, w->other->deferred.next, &w->dev->deferred, "1 devices wait, 0 are");
	world_end(w);
}

static void drivers_buses_and_classes_are_counted(void **state)
{
	struct world *w = world();
	struct driver_core *core = &w->m->core;

	WRONG(w->m, core->driver_count, 9, "9 are counted, 1 are known");
	WRONG(w->m, w->drv->active, 1, "in use by 1");
	WRONG(w->m, w->drv->id, w->dev->id, "is not its own");
	WRONG(w->m, w->drv->devices.next->prev, NULL, "are inconsistent");
	WRONG(w->m, w->bus->refs, 9, "9 references are counted, 2 are known");
	WRONG(w->m, w->bus->registered, false, "is on the list of buses that are registered");
	WRONG(w->m, w->bus->devices.next->prev, NULL, "are inconsistent");
	WRONG(w->m, w->bus->device_hash, NULL, "0 are known by name");
	WRONG(w->m, w->class->refs, 9, "9 references are counted, 2 are known");
	WRONG(w->m, w->class->registered, false, "references are counted");
	WRONG(w->m, w->other->more->class, NULL, "device of another class");
	list_remove(&w->dev->bound);
	expect(w->m, "bound", "not bound", false);
	list_append(&w->drv->devices, &w->dev->bound);
	expect_sound(w->m, "bound");
	world_end(w);
}

static void links_are_known_to_both(void **state)
{
	struct world *w = world();

	WRONG(w->m, w->link->status, DL_STATE_CONSUMER_PROBE, "link to eth0: state 2");
	WRONG(w->m, w->link->status, DL_STATE_ACTIVE, "link to eth0: state 3");
	WRONG(w->m, w->link->flags, DL_FLAG_STATELESS, "link to eth0: state 1");
	WRONG(w->m, w->link->refs, 0, "has 0 references");
	WRONG(w->m, w->link->consumer, w->dev, "another device's link to a supplier");
	WRONG(w->m, w->link->supplier, w->other, "another device's link to a consumer");
	list_remove(&w->link->by_supplier);
	expect(w->m, "by_supplier", "is not known to its supplier", false);
	list_append(&w->dev->more->consumers, &w->link->by_supplier);
	world_end(w);
}

static void the_kernel_is_at_rest(void **state)
{
	struct world *w = world();
	struct kernel *k = &w->m->kernel;
	struct driver_core *core = &w->m->core;
	struct module *module = module_find(k, "demo");
	struct work work = { .dev = w->dev };

	WRONG(w->m, k->log.bytes, 1, "1 bytes are counted");
	WRONG(w->m, k->log.count, 1000000, "1000000 lines");
	WRONG(w->m, k->log.next_seq, 0, "has number");
	WRONG(w->m, k->text.count, 1000000, "1000000 symbols");
	WRONG(w->m, k->rodata.at[0].name, NULL, "has no name");
	WRONG(w->m, k->watching, 4, "are watched");
	WRONG(w->m, k->depth, 1, "functions on the stack");
	WRONG(w->m, core->probing, 1, "running probes");
	WRONG(w->m, module->refs, 9, "module: 9 references, 1 are known");
	WRONG(w->m, module->state, MODULE_GOING, "is listed in state");
	list_append(&core->work, &work.link);
	expect(w->m, "work", "queued work items", false);
	list_remove(&work.link);
	expect_sound(w->m, "work");
	world_end(w);
}

static void suspects_are_in_order(void **state)
{
	struct world *w = world();
	struct kmemleak *k = &w->m->mm.kmemleak;
	struct leak_suspect suspect[2] = { { .number = 512 }, { .number = 1024 } };

	WRONG(w->m, k->on, true, "no tracks are kept");
	k->suspect = suspect;
	k->suspects = 2;
	expect_sound(w->m, "two suspects");
	WRONG(w->m, suspect[0].number, 1024, "suspect 1 has number 1024 after 1024");
	WRONG(w->m, suspect[1].number, UINT32_MAX, "suspect 1 has number");
	WRONG(w->m, suspect[1].grey, true, "not reported");
	k->suspect = NULL;
	k->suspects = 0;
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_in_one_block_each),
		cmocka_unit_test(objects_are_free_or_allocated),
		cmocka_unit_test(lists_hold_what_is_marked),
		cmocka_unit_test(what_a_driver_overwrote_is_told_apart),
		cmocka_unit_test(each_pointer_of_a_header_is_looked_at),
		cmocka_unit_test(devices_are_known_on_all_ways),
		cmocka_unit_test(drivers_buses_and_classes_are_counted),
		cmocka_unit_test(links_are_known_to_both),
		cmocka_unit_test(the_kernel_is_at_rest),
		cmocka_unit_test(suspects_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
