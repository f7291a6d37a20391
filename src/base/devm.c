/* SPDX-License-Identifier: MIT */
/*
 * What drivers call: devm_kmalloc() and its family, and actions. Corresponds
 * to the second half of Linux' drivers/base/devres.c. Differs: an allocation
 * that nobody watches takes a short way with the same result.
 */
#include "base/node.h"

#include <errno.h>

struct action_data {
	uint64_t data, action;
};

/* The long way: told step by step, and everything may happen. */
static noinline void *devm_kmalloc_told(struct device *dev, size_t size, gfp_t gfp)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct devres_node *node;
	struct object o;
	void *data = NULL;

	fn_enter(k, "devm_kmalloc");
	if (!size && k->profile->zero_size_ptr) {
		data = ZERO_SIZE_PTR;
		goto out;
	}
	node = alloc_dr(core, core->release_kmalloc, size, gfp, dev->numa_node, &o);
	if (!node)
		goto out;
	set_node_dbginfo(core, node, core->name_kmalloc, size);
	devres_node_add(dev, node, &o);
	data = node_data(core, node);
out:
	fn_exit(k);
	return data;
}

static noinline void *zero_data(struct driver_core *core, struct devres_node *node)
{
	struct object o;

	object_starting(core->mm, (char *)node, &o);
	return slab_zero(node_data(core, node), o.size - core->header);
}

/*
 * The short way: the same steps untold, when nobody watches and there is an
 * object to take. Drivers make thousands of these calls.
 */
void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp)
{
	struct driver_core *core = dev->core;
	struct devres_node *node;
	struct cache_node *cn;

	if (unlikely(!quiet(core->kernel) || size - 1 >= core->short_max))
		return devm_kmalloc_told(dev, size, gfp);
	cn = dev->devres_caches[(size + 7) / 8];
	if (unlikely(!slab_ready(cn, gfp)))
		return devm_kmalloc_told(dev, size, gfp);
	node = (struct devres_node *)slab_take(core->mm, cn, dev->devres_tag);
	node->release = core->release_kmalloc;
	node->name = core->name_kmalloc;
	node->size = size;
	link_node(core->mm, dev, node);
	if (unlikely(gfp & __GFP_ZERO))
		return zero_data(core, node);
	return node + 1;
}

void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp)
{
	struct kernel *k = dev->core->kernel;
	void *p;

	/* inline in Linux, and so in no call stack */
	graph_enter(k, "devm_kzalloc");
	p = devm_kmalloc(dev, size, gfp | __GFP_ZERO);
	graph_exit(k);
	return p;
}

void *devm_kmalloc_array(struct device *dev, size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) && !BROKEN(BREAK_NO_OVERFLOW))
		return NULL;
	return devm_kmalloc(dev, bytes, gfp);
}

void *devm_kcalloc(struct device *dev, size_t n, size_t size, gfp_t gfp)
{
	return devm_kmalloc_array(dev, n, size, gfp | __GFP_ZERO);
}

void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp)
{
	void *p = devm_kmalloc(dev, len, gfp);

	if (!ZERO_OR_NULL_PTR(p) && len)
		memcpy(p, src, len);
	return p;
}

char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp)
{
	return s ? devm_kmemdup(dev, s, strlen(s) + 1, gfp) : NULL;
}

static bool kfree_is_silent(const struct kernel *k, const void *p)
{
	const struct profile *profile = k->profile;

	return (!p && profile->kfree_null_silent) ||
	       (p == ZERO_SIZE_PTR && profile->kfree_zero_silent) ||
	       (profile->kfree_rodata_silent && is_rodata(k, (uintptr_t)p));
}

/* devm_kfree() of what is not on the list; Linux has walked it to the end. */
static void not_found(struct device *dev, const void *p)
{
	struct kernel *k = dev->core->kernel;

	if (kfree_is_silent(k, p))
		return;
	if (dev->core->mm->tracks)
		devres_saw(dev, dev->devres_count);
	kernel_warn(k, "devm_kfree", NULL);
}

/* devm_kmalloc_match() over the list, as the function graph shows it. */
static bool match_kmalloc(struct device *dev, const void *p, struct object *o)
{
	struct driver_core *core = dev->core;
	bool found;

	if (dev->devres_count)
		graph_enter(core->kernel, "devm_kmalloc_match");
	found = devres_node_find(dev, core->release_kmalloc, p, o);
	if (dev->devres_count)
		graph_exit(core->kernel);
	return found;
}

/* devres_destroy() of what devm_kmalloc() gave. False: it is not on the list. */
static bool destroy_kmalloc(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	bool found, intact = false;
	struct object o;

	graph_enter(k, "devres_destroy");
	graph_enter(k, "devres_remove");
	found = match_kmalloc(dev, p, &o);
	if (found && devres_logged(core))
		devres_log(dev, (struct devres_node *)o.start, &o, "REM");
	if (found)
		intact = !devres_node_del(dev, (struct devres_node *)o.start, &o);
	graph_exit(k);
	if (intact) {
		graph_enter(k, "devres_free");
		slab_free(core->mm, &o);
		graph_exit(k);
	}
	graph_exit(k);
	return found;
}

static noinline void devm_kfree_told(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct object o;

	if (BROKEN(BREAK_KFREE_NEWEST) && dev->devres_count)
		p = node_data(core, mm_ptr(core->mm, dev->devres_list.prev, 1));
	if (BROKEN(BREAK_FOREIGN_POINTER) && node_of(core, p, &o) &&
	    devres_owner(core, object_tag(core->mm, &o)))
		dev = devres_owner(core, object_tag(core->mm, &o));
	fn_enter(k, "devm_kfree");
	if (BROKEN(BREAK_KFREE_NEWEST) && dev->devres_count)
		p = node_data(core, mm_ptr(core->mm, dev->devres_list.prev, 1));
	if (!destroy_kmalloc(dev, p))
		not_found(dev, p);
	fn_exit(k);
}

void devm_kfree(struct device *dev, const void *p)
{
	struct driver_core *core = dev->core;
	struct mm *mm = core->mm;
	struct devres_node *node = (struct devres_node *)((uintptr_t)p - core->header);
	struct object o;

	if (unlikely(!quiet(core->kernel) ||
		     !object_at(mm, node, &o) || !object_has_tag(mm, &o, dev->devres_tag) ||
		     node->release != core->release_kmalloc || !slab_put_ready(&o) ||
		     !unlink_node(mm, dev, node)))
		devm_kfree_told(dev, p);
	else
		slab_put(mm, &o);
}

/* --- actions ------------------------------------------------------------ */

static void run_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct kernel *k = dev->core->kernel;
	struct symbol *s = text_lookup(k, action);
	struct context saved;

	if (!s) {
		/* somebody wrote over the function's address */
		kernel_oops(k, "devm_action_release", action);
		return;
	}
	if (!upcall_begin(k, (struct context){ s->name, k->context.phase }, &saved))
		return;
	if (s->fn)
		((action_fn)s->fn)(s->ctx, dev, data, USE_ACTION);
	upcall_end(k, saved);
}

void devm_action_release(struct device *dev, uint64_t data)
{
	struct action_data a;

	if (!mm_read(dev->core->mm, data, &a, sizeof(a)))
		run_action(dev, a.action, a.data);
}

int devm_add_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct symbol *s = text_lookup(k, action);
	uint64_t name = core->name_action;
	struct devres_node *node;
	struct action_data *a;
	struct object o;
	int rc = -ENOMEM;

	fn_enter(k, "devm_add_action");
	if (k->profile->action_by_name && s)
		name = rodata_string(k, s->name);
	node = alloc_dr(core, core->release_action, sizeof(*a), GFP_KERNEL, NUMA_NO_NODE, &o);
	if (!node)
		goto out;
	set_node_dbginfo(core, node, name, sizeof(*a));
	a = node_data(core, node);
	a->data = data;
	a->action = action;
	devres_node_add(dev, node, &o);
	rc = 0;
out:
	fn_exit(k);
	return rc;
}

int devm_add_action_or_reset(struct device *dev, uint64_t action, uint64_t data)
{
	int rc = devm_add_action(dev, action, data);

	if (rc)
		run_action(dev, action, data);
	return rc;
}

static bool action_match(struct device *dev, void *res, void *match_data)
{
	(void)dev;
	return !memcmp(res, match_data, sizeof(struct action_data));
}

void devm_remove_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct action_data a = { data, action };
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "devm_remove_action");
	if (devres_destroy(dev, dev->core->release_action, action_match, &a))
		kernel_warn(k, "devm_remove_action", NULL);
	fn_exit(k);
}

void devm_release_action(struct device *dev, uint64_t action, uint64_t data)
{
	struct action_data a = { data, action };
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "devm_release_action");
	if (devres_release(dev, dev->core->release_action, action_match, &a))
		kernel_warn(k, "devm_release_action", NULL);
	fn_exit(k);
}
