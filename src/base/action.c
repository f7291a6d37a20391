/* SPDX-License-Identifier: MIT */
/*
 * Actions: functions that are called when the device's resources are released.
 * Corresponds to that part of Linux' drivers/base/devres.c.
 *
 *   | header of a struct devres, or since 7.1 only a node | data | action |
 */
#include "base/node.h"

#include <errno.h>

#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/driver_core.h"
#include "kernel/code.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "kernel/upcall.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/object.h"
#include "mm/slab.h"

struct action {
	uint64_t data, action;
};

static struct action action_at(const struct driver_core *core, const void *res)
{
	return (struct action){ word_get(core, res, 0), word_get(core, res, 1) };
}

static void run_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct kernel *k = dev->core->kernel;
	struct symbol *s = text_lookup(k, action);
	struct context saved;

	if (!s || code_is_gone(&s->home)) {
		/* the function's address was overwritten, or its module was unloaded */
		kernel_fault(k, "devm_action_release", action, ACCESS_EXEC);
		return;
	}
	if (!upcall_begin(k, context_of(k, s->name, &s->home), &saved))
		return;
	if (s->fn)
		((action_fn)s->fn)(s->ctx, dev, data, USE_ACTION);
	upcall_end(k, saved);
}

/* The release function of devm_add_action(): runs the action stored in the data. */
static void action_release(struct device *dev, uint64_t data)
{
	struct driver_core *core = dev->core;
	void *res = mm_ptr(core->mm, data, 2 * core->layout.word);
	struct action a;

	if (!res)
		return;
	a = action_at(core, res);
	run_action(dev, a.action, a.data);
}

void devm_action_init(struct driver_core *core)
{
	devres_own_release(core, core->release_action, action_release);
}

/* Since 7.1 an action is a struct of its own; before, it is the data of a struct devres. */
static char *alloc_action(struct driver_core *core, size_t data, struct object *o)
{
	struct kernel *k = core->kernel;
	size_t size = core->layout.action + data;

	if (!k->profile->generic_node)
		return alloc_dr(core, core->release_action, data, GFP_KERNEL, NUMA_NO_NODE, o);
	if (!slab_alloc(core->mm, (struct request){ size, size }, GFP_KERNEL | __GFP_ZERO,
			NUMA_NO_NODE, TAG_DEVRES, k->profile->kmalloc_chain, o))
		return NULL;
	devres_node_init(core, o->start, core->release_action, core->free_action);
	return o->start;
}

int devm_add_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct symbol *s = text_lookup(k, action);
	size_t size = 2u * core->layout.word;
	uint64_t name = core->name_action;
	struct object o;
	int rc = -ENOMEM;
	char *node;

	if (!devres_lock(dev))
		return -EDEADLK;
	fn_enter(k, "devm_add_action");
	if (k->profile->action_by_name && s)
		name = rodata_string(k, s->name);
	node = alloc_action(core, size, &o);
	if (!node)
		goto out;
	set_node_dbginfo(core, node, name,
			 k->profile->generic_node ? core->layout.action + size : size);
	word_set(core, node + core->layout.action, 0, data);
	word_set(core, node + core->layout.action, 1, action);
	devres_node_add(dev, node, &o);
	rc = 0;
out:
	fn_exit(k);
	return rc;
}

int devm_add_action_or_reset(struct device *dev, uint64_t action, uint64_t data)
{
	int rc = devm_add_action(dev, action, data);

	if (rc && !dev->core->kernel->task_died)
		run_action(dev, action, data);
	return rc;
}

static bool action_match(struct device *dev, void *res, void *match_data)
{
	struct action a = action_at(dev->core, res), *wanted = match_data;

	return a.data == wanted->data && a.action == wanted->action;
}

int devm_remove_action_nowarn(struct device *dev, uint64_t action, uint64_t data)
{
	struct action a = { data, action };
	struct kernel *k = dev->core->kernel;
	int rc;

	fn_enter(k, "devm_remove_action_nowarn");
	rc = devres_destroy(dev, dev->core->release_action, action_match, &a);
	fn_exit(k);
	return rc;
}

void devm_remove_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct action a = { data, action };
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "devm_remove_action");
	if (devres_destroy(dev, dev->core->release_action, action_match, &a) && !k->task_died)
		kernel_warn(k, "devm_remove_action", NULL);
	fn_exit(k);
}

void devm_release_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct action a = { data, action };
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "devm_release_action");
	if (devres_release(dev, dev->core->release_action, action_match, &a) && !k->task_died)
		kernel_warn(k, "devm_release_action", NULL);
	fn_exit(k);
}

bool devm_is_action_added(struct device *dev, uint64_t action, uint64_t data)
{
	struct action a = { data, action };

	return devres_find(dev, dev->core->release_action, action_match, &a) != NULL;
}
