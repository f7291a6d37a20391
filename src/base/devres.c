/* SPDX-License-Identifier: MIT */
/*
 * Managed resources: the interface that all of devm_*() is built on. Corresponds to
 * Linux' drivers/base/devres.c, whose other parts are in node.c, group.c,
 * devres_release.c, devm.c, action.c and devm_pages.c. Differs: a callback that would
 * deadlock on devres_lock is a BUG.
 */
#include "base/node.h"
#include "lib/bytes.h"

#include <errno.h>
#include <stdlib.h>

#include "base/dev_printk.h"
#include "base/device.h"
#include "base/devres.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "kernel/compiler.h"
#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/mutants.h"
#include "kernel/report.h"
#include "kernel/sleep.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/object.h"
#include "mm/slab.h"

/* --- log ---------------------------------------------------------------- */

static void log_devres(struct watcher *w, const struct event *e)
{
	struct driver_core *core = list_entry(w, struct driver_core, log_watcher);
	struct device *dev = device_by_id(core, (uint32_t)e->value);

	if (dev)
		dev_printk(KERN_ERR, dev, "DEVRES %3s %0*llx %s (%llu bytes)", e->what,
			   addr_digits(core->kernel->arch), (unsigned long long)e->addr, e->name,
			   (unsigned long long)e->size);
}

/* --- core ------------------------------------------------------------------ */

static int symbols_init(struct driver_core *core)
{
	struct kernel *k = core->kernel;
	const struct { uint64_t *at; const char *name; } text[] = {
		{ &core->release_kmalloc, "devm_kmalloc_release" },
		{ &core->release_action, "devm_action_release" },
		{ &core->release_pages, "devm_pages_release" },
		{ &core->release_percpu, "devm_percpu_release" },
		{ &core->release_open, "group_open_release" },
		{ &core->release_close, "group_close_release" },
		{ &core->release_node, "dr_node_release" },
		{ &core->free_node, "dr_node_free" },
		{ &core->free_action, "devm_action_free" },
		{ &core->free_group, "group_free" },
	};
	const struct { uint64_t *at; const char *name; } rodata[] = {
		{ &core->name_kmalloc, "devm_kzalloc_release" },
		{ &core->name_krealloc, "devm_krealloc_release" },
		{ &core->name_action, "devm_action_release" },
	};

	for (size_t i = 0; i < COUNT(text); i++)
		if (!(*text[i].at = text_symbol(k, text[i].name)))
			return -ENOMEM;
	for (size_t i = 0; i < COUNT(rodata); i++)
		if (!(*rodata[i].at = rodata_string(k, rodata[i].name)))
			return -ENOMEM;
	return 0;
}

int devres_core_init(struct driver_core *core)
{
	struct kernel *k = core->kernel;

	core->layout = devres_layout(k->profile, k->arch, k->params.devres_log);
	if (MUTANT(DATA_OFF_BY_8))
		core->layout.header += 8;
	core->header = core->layout.header;
	core->whole_bucket = k->profile->whole_bucket;
	/* fast paths only handle the most common layout, which has no gap */
	if (core->layout.word == 8 && core->layout.name && !core->layout.own_release &&
	    core->header == sizeof(struct devres_node))
		core->fast_max = FAST_MAX - core->header;
	if (symbols_init(core))
		return -ENOMEM;
	if (k->params.devres_log) {
		core->log_watcher = (struct watcher){
			.mask = EV_BIT(EV_DEVRES), .see = log_devres,
		};
		kernel_watch(k, &core->log_watcher);
	}
	return 0;
}

void devres_own_release(struct driver_core *core, uint64_t release,
			void (*fn)(struct device *dev, uint64_t data))
{
	struct own_release *own = core->own_releases;

	while (own->fn)
		own++;
	*own = (struct own_release){ release, fn };
}

void devres_core_finish(struct driver_core *core)
{
	free(core->lists);
	core->lists = NULL;
}

/* --- allocation ---------------------------------------------------------- */

void *alloc_dr(struct driver_core *core, uint64_t release, size_t size, gfp_t gfp, int nid,
	       struct object *o)
{
	struct kernel *k = core->kernel;
	bool generic = k->profile->generic_node;
	void *node = NULL;
	struct request r;

	graph_enter(k, "alloc_dr");
	if (unlikely(!total_size(core, size, &r.asked)))
		goto out;
	r.size = core->whole_bucket ? kmalloc_size_roundup(core->mm, r.asked) : r.asked;
	if (unlikely(!slab_alloc(core->mm, r, gfp, nid, TAG_DEVRES, k->profile->devres_chain, o)))
		goto out;
	node = o->start;
	if (!(gfp & __GFP_ZERO))
		bytes_fill(node, 0, core->header);
	devres_node_init(core, node, generic ? core->release_node : release, core->free_node);
	if (generic)
		word_set(core, node, core->layout.own_release, release);
out:
	graph_exit(k);
	return node;
}

void *devres_alloc_node(struct driver_core *core, uint64_t release, size_t size,
			gfp_t gfp, int nid)
{
	struct kernel *k = core->kernel;
	struct symbol *s = text_lookup(k, release);
	void *node, *data = NULL;
	struct object o;

	fn_enter(k, "__devres_alloc_node");
	node = alloc_dr(core, release, size, gfp | __GFP_ZERO, nid, &o);
	if (node) {
		set_node_dbginfo(core, node, s ? rodata_string(k, s->name) : 0, size);
		data = (char *)node + core->header;
	}
	fn_exit(k);
	return data;
}

/* --- one resource ---------------------------------------------------------- */

/*
 * False after an Oops: res was not allocated as a resource. Linux would use whatever is
 * there.
 */
static bool res_ok(struct driver_core *core, const char *function, void *res,
		   struct object *o)
{
	if (node_of(core, res, o) && object_tag(core->mm, o) >= TAG_DEVRES)
		return true;
	kernel_oops(core->kernel, function, mm_addr(core->mm, res));
	return false;
}

void devres_free(struct driver_core *core, void *res)
{
	struct object o;

	if (!res || !res_ok(core, "devres_free", res, &o))
		return;
	if (object_tag(core->mm, &o) != TAG_DEVRES)
		kernel_bug(core->kernel, "devres_free");
	else
		slab_free(core->mm, &o);
}

void devres_add(struct device *dev, void *res)
{
	struct driver_core *core = dev->core;
	struct object o;

	if (!res_ok(core, "devres_add", res, &o) || !devres_lock(dev))
		return;
	if (object_tag(core->mm, &o) == TAG_DEVRES) {
		devres_node_add(dev, o.start, &o);
		return;
	}
	if (devres_logged(core))
		devres_log(dev, o.start, &o, "ADD");
	kernel_bug(core->kernel, "add_dr");
}

/* --- searching ---------------------------------------------------------------- */

/* Calls match() under the lock and with interrupts off, so it must not sleep. */
static bool call_match(struct device *dev, dr_match_t match, void *res, void *md)
{
	struct kernel *k = dev->core->kernel;
	bool hit;

	if (!match)
		return true;
	dev->devres_locked = true;
	atomic_begin(k);
	hit = match(dev, res, md);
	atomic_end(k);
	dev->devres_locked = false;
	return hit;
}

/* Finds a node by its data, newest first. */
static bool find_dr(struct device *dev, uint64_t release, dr_match_t match, void *md,
		    struct object *o)
{
	struct driver_core *core = dev->core;
	uint64_t at = word_get(core, &dev->devres.head, WORD_PREV);
	uint32_t seen = 0;
	bool found = false;

	if (!devres_lock(dev))
		return false;
	while (at != dev->devres.addr && !found && !core->kernel->task_died) {
		char *node = devres_node_at(core, at, dev->devres.tag, o);

		/* links that were overwritten may form a loop */
		if (!node || seen > dev->devres.count) {
			kernel_oops(core->kernel, "find_dr", at);
			return false;
		}
		seen++;
		at = word_get(core, node, WORD_PREV);
		found = node_release(core, node) == release &&
			call_match(dev, match, node_data(core, node), md);
	}
	if (core->mm->tracks)
		devres_saw(dev, seen);
	/* a match() that died leaves the lock held, and its result is ignored */
	return found && !core->kernel->task_died;
}

void *devres_find(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	struct kernel *k = dev->core->kernel;
	struct object o;
	bool found;

	graph_enter(k, "devres_find");
	found = find_dr(dev, release, match, data, &o);
	graph_exit(k);
	return found ? node_data(dev->core, o.start) : NULL;
}

void *devres_get(struct device *dev, void *new_res, dr_match_t match, void *data)
{
	struct driver_core *core = dev->core;
	struct object fresh, old;

	if (!res_ok(core, "devres_get", new_res, &fresh))
		return NULL;
	if (!find_dr(dev, node_release(core, fresh.start), match, data, &old)) {
		if (core->kernel->task_died)
			return NULL;
		devres_add(dev, new_res);
		return new_res;
	}
	devres_free(core, new_res);
	return node_data(core, old.start);
}

void *devres_remove(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	struct kernel *k = dev->core->kernel;
	struct object o;
	bool found;

	graph_enter(k, "devres_remove");
	found = find_dr(dev, release, match, data, &o);
	if (found && devres_logged(dev->core))
		devres_log(dev, o.start, &o, "REM");
	found = found && !devres_node_del(dev, o.start, &o);
	graph_exit(k);
	return found ? node_data(dev->core, o.start) : NULL;
}

bool devres_removed_object(struct driver_core *core, uint64_t release, char *res, struct object *o)
{
	return object_find(core->mm, res - data_offset(core, release), o);
}

int devres_destroy(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	struct kernel *k = dev->core->kernel;
	struct object o;
	int rc = 0;
	char *res;

	graph_enter(k, "devres_destroy");
	res = devres_remove(dev, release, match, data);
	if (res && devres_removed_object(dev->core, release, res, &o)) {
		graph_enter(k, "devres_free");
		slab_free(dev->core->mm, &o);
		graph_exit(k);
	} else {
		rc = -ENOENT;
	}
	graph_exit(k);
	return rc;
}

void devres_for_each_res(struct device *dev, uint64_t release, dr_match_t match, void *md,
			 void (*fn)(struct device *dev, void *res, void *data), void *data)
{
	struct driver_core *core = dev->core;
	uint64_t at = word_get(core, &dev->devres.head, WORD_PREV);
	struct object o;

	if (!fn || !devres_lock(dev))
		return;
	while (at != dev->devres.addr && !core->kernel->task_died) {
		char *node = devres_node_at(core, at, dev->devres.tag, &o);

		if (!node) {
			kernel_oops(core->kernel, "devres_for_each_res", at);
			return;
		}
		at = word_get(core, node, WORD_PREV);
		if (node_release(core, node) != release ||
		    !call_match(dev, match, node_data(core, node), md))
			continue;
		dev->devres_locked = true;
		atomic_begin(core->kernel);
		fn(dev, node_data(core, node), data);
		atomic_end(core->kernel);
		dev->devres_locked = false;
	}
}
