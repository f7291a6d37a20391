/* SPDX-License-Identifier: MIT */
/*
 * Managed resources: the interface that all of devm_*() stands on, and the
 * release of everything. Corresponds to Linux' drivers/base/devres.c, whose
 * other parts are node.c, group.c, devm.c, action.c and devm_pages.c here.
 * Differs: a callback that would wait for ever for devres_lock is a BUG.
 */
#include "base/node.h"
#include "lib/bytes.h"

#include <errno.h>
#include <stdlib.h>

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

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (!(*text[i].at = text_symbol(k, text[i].name)))
			return -ENOMEM;
	for (size_t i = 0; i < sizeof(rodata) / sizeof(rodata[0]); i++)
		if (!(*rodata[i].at = rodata_string(k, rodata[i].name)))
			return -ENOMEM;
	return 0;
}

int devres_core_init(struct driver_core *core)
{
	struct kernel *k = core->kernel;

	core->layout = devres_layout(k->profile, k->arch, k->params.devres_log);
	if (BROKEN(BREAK_DATA_OFF_BY_8))
		core->layout.header += 8;
	core->header = core->layout.header;
	core->whole_bucket = k->profile->whole_bucket;
	/* the short way is for the layout that most have, without a gap */
	if (core->layout.word == 8 && core->layout.name && !core->layout.own_release &&
	    core->header == sizeof(struct devres_node))
		core->short_max = SHORT_MAX - core->header;
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
	size_t total, asked;

	graph_enter(k, "alloc_dr");
	if (unlikely(!total_size(core, size, &total)))
		goto out;
	asked = total;
	if (core->whole_bucket)
		total = kmalloc_size_roundup(core->mm, total);
	if (unlikely(!slab_alloc(core->mm, total, asked, gfp, nid, TAG_DEVRES,
				 k->profile->devres_chain, o)))
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

/* A resource that nobody allocated: Linux would follow it into the dark. */
static bool res_ok(struct driver_core *core, const char *function, void *res,
		   struct object *o)
{
	if (node_of(core, res, o) && object_tag(core->mm, o) >= TAG_DEVRES)
		return true;
	kernel_oops(core->kernel, function, mm_addr(core->mm, res));
	return false;
}

void devres_node_free(struct driver_core *core, const struct object *o)
{
	slab_free(core->mm, o);
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

/* A callback under the lock, with interrupts off: it must not sleep. */
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

/* By what the data says, newest first. */
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

		/* links that were overwritten may also lead in a circle */
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
	/* a match that died leaves the lock held: nobody acts on its answer */
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

/* The object of what devres_remove() gave; it was found a moment ago. */
static bool removed_object(struct driver_core *core, uint64_t release, char *res, struct object *o)
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
	if (res && removed_object(dev->core, release, res, &o)) {
		graph_enter(k, "devres_free");
		slab_free(dev->core->mm, &o);
		graph_exit(k);
	} else {
		rc = -ENOENT;
	}
	graph_exit(k);
	return rc;
}

/*
 * A node of a list that ends: if the allocator finds it damaged it stays, and
 * is on no list then.
 */
static void free_listed(struct driver_core *core, const struct object *o)
{
	object_set_tag(core->mm, o, TAG_DEVRES);
	slab_free(core->mm, o);
}

/* The release ran: the node's memory goes, if the release left it there. */
static void free_node(struct driver_core *core, char *node, uint32_t tag)
{
	struct object o;

	if (node_object(core->mm, node, &o) && object_has_tag(core->mm, &o, tag))
		free_listed(core, &o);
}

int devres_release(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	char *res = devres_remove(dev, release, match, data);
	struct object o;

	if (!res || !removed_object(dev->core, release, res, &o))
		return -ENOENT;
	get_device(dev); /* the release may drop the last reference but this */
	call_release(dev, o.start);
	if (!dev->core->kernel->task_died)
		free_node(dev->core, o.start, TAG_DEVRES);
	put_device(dev);
	return 0;
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

/* --- releasing -------------------------------------------------------------- */

void call_release(struct device *dev, void *node)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t release = node_release(core, node);
	uint64_t data = mm_addr(core->mm, node_data(core, node));
	const struct { uint64_t release; void (*fn)(struct device *dev, uint64_t data); } own[] = {
		{ core->release_action, devm_action_release },
		{ core->release_pages, devm_pages_release },
		{ core->release_percpu, devm_percpu_release },
	};
	struct symbol *s = text_lookup(k, release);
	struct context saved;

	if (release == core->release_kmalloc || release == core->release_open ||
	    release == core->release_close)
		return;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i].release == release) {
			own[i].fn(dev, data);
			return;
		}
	if (!s || code_is_gone(&s->home)) {
		kernel_fault(k, "release_nodes", release, ACCESS_EXEC);
		return;
	}
	if (!upcall_begin(k, context_of(k, s->name, &s->home), &saved))
		return;
	if (s->fn)
		((action_fn)s->fn)(s->ctx, dev, data, USE_RELEASE);
	upcall_end(k, saved);
}

/* The short way: memory alone, and nobody watches. False: take the long one. */
static inline bool release_untold(struct driver_core *core, uint64_t *at, uint32_t tag)
{
	struct mm *mm = core->mm;
	struct devres_node *node = (struct devres_node *)(uintptr_t)(*at - mm->host_to_sim);
	struct object o;
	uint64_t next;

	if (unlikely(!quiet(core->kernel) || !object_at(mm, node, &o) ||
		     !object_has_tag(mm, &o, tag) || !slab_put_ready(&o) ||
		     node->release != core->release_kmalloc))
		return false;
	next = node->prev;
	/* nodes made in a row lie in a row: ask for one that comes later */
	__builtin_prefetch((const void *)((uintptr_t)node + (uintptr_t)(16 * (next - *at))));
	*at = next;
	slab_put(mm, &o);
	return true;
}

/* One node of the long way. False: nobody comes back for the rest. */
static bool release_told(struct device *dev, void *node, struct object *o, uint32_t tag)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;

	if (devres_logged(core))
		devres_log(dev, node, o, "REL");
	devres_track_gone(core, node, o);
	if (node_release(core, node) == core->release_kmalloc) {
		graph_enter(k, "devm_kmalloc_release");
		graph_exit(k);
		free_listed(core, o);
		return true;
	}
	call_release(dev, node);
	if (k->task_died)
		return false;
	free_node(core, node, tag);
	return true;
}

int release_nodes(struct device *dev, struct devres_list *todo)
{
	struct driver_core *core = dev->core;
	bool forward = BROKEN(BREAK_RELEASE_FORWARD), intact = true;
	uint64_t at = word_get(core, &todo->head, forward ? WORD_NEXT : WORD_PREV);
	struct object o;
	int count = 0;

	while (intact && at != todo->addr) {
		bool group;
		void *node;

		if (likely(release_untold(core, &at, todo->tag))) {
			count++;
			continue;
		}
		node = devres_node_at(core, at, todo->tag, &o);
		intact = node != NULL;
		if (unlikely(!intact)) {
			kernel_oops(core->kernel, "release_nodes", at);
			break;
		}
		at = word_get(core, node, forward ? WORD_NEXT : WORD_PREV);
		group = node_release(core, node) == core->release_open;
		intact = release_told(dev, node, &o, todo->tag);
		count += !group;
	}
	/* nodes that the walk did not reach keep the tag: it must not come back */
	if (likely(intact))
		devres_list_finish(core, todo);
	return count;
}

/*
 * The nodes leave the device in one step. Without groups the list just gets a
 * new tag: what carries the old one belongs to nobody while it is released.
 */
int devres_release_all(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct devres_list todo;
	int count = 0;

	if (devres_empty(dev) || !devres_lock(dev))
		return 0;
	get_device(dev); /* a release may drop the last reference but this */
	fn_enter(core->kernel, "devres_release_all");
	if (likely(!dev->devres_groups)) {
		if (!devres_list_detach(dev, &todo))
			count = release_nodes(dev, &todo);
	} else if (!devres_list_init(core, &todo, NULL)) {
		uint64_t first = word_get(core, &dev->devres.head, WORD_NEXT);

		if (remove_nodes(dev, first, dev->devres.addr, &todo))
			count = release_nodes(dev, &todo);
	}
	fn_exit(core->kernel);
	put_device(dev);
	return count;
}
