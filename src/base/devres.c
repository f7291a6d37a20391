/* SPDX-License-Identifier: MIT */
/*
 * Managed resources. Corresponds to Linux' drivers/base/devres.c. Differs: a
 * node is found from its address, not by walking the list; the steps that
 * Linux' walk takes are counted all the same. Links that a driver overwrote
 * are seen before they are followed.
 */
#include "base/base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Heads lie where no simulated memory is: a device is not made of pages here. */
#define HEADS_OFFSET 0x10000000000ull
#define HEAD_STRIDE 1024

struct action_data {
	uint64_t data, action;
};

static uint64_t head_address(const struct device *dev)
{
	return dev->core->kernel->arch->page_offset + HEADS_OFFSET +
	       (uint64_t)(dev->id - dev->core->first_id) * HEAD_STRIDE;
}

/* --- which list: tags --------------------------------------------------- */

static int list_tag_new(struct driver_core *core, struct device *dev, uint32_t *tag)
{
	uint32_t i = core->lists_free;

	if (i) {
		core->lists_free = core->lists[i - 1].next_free;
		i--;
	} else {
		if (core->lists_used == core->lists_cap) {
			uint32_t cap = core->lists_cap ? 2 * core->lists_cap : 64;
			void *at = realloc(core->lists, cap * sizeof(*core->lists));

			if (!at)
				return -ENOMEM;
			core->lists = at;
			core->lists_cap = cap;
		}
		i = core->lists_used++;
	}
	core->lists[i].dev = dev;
	*tag = TAG_LISTS + i;
	return 0;
}

static void list_tag_drop(struct driver_core *core, uint32_t tag)
{
	uint32_t i = tag - TAG_LISTS;

	core->lists[i].dev = NULL;
	core->lists[i].next_free = core->lists_free;
	core->lists_free = i + 1;
}

struct device *devres_owner(const struct driver_core *core, uint32_t tag)
{
	uint32_t i = tag - TAG_LISTS;

	if (tag < TAG_LISTS || i >= core->lists_used)
		return NULL;
	return core->lists[i].dev;
}

/* --- log ---------------------------------------------------------------- */

static void log_devres(struct watcher *w, const struct event *e)
{
	struct driver_core *core = list_entry(w, struct driver_core, log_watcher);
	struct device *dev = device_by_id(core, (uint32_t)e->value);

	if (dev)
		dev_printk(KERN_ERR, dev, "DEVRES %3s %016llx %s (%llu bytes)", e->what,
			   (unsigned long long)e->addr, e->name, (unsigned long long)e->size);
}

static const char *node_name(struct driver_core *core, const struct devres_node *node)
{
	const char *name = core->node_named ? rodata_lookup(core->kernel, node->name) : NULL;
	struct symbol *release;

	if (name)
		return name;
	release = text_lookup(core->kernel, node->release);
	return release ? release->name : "?";
}

static size_t node_size(struct driver_core *core, const struct devres_node *node,
			const struct object *o)
{
	const struct track *t = object_track(core->mm, o);

	if (core->node_named)
		return node->size;
	return (t ? t->size : o->size) - core->header;
}

static void devres_log(struct device *dev, const struct devres_node *node,
		       const struct object *o, const char *op)
{
	struct driver_core *core = dev->core;

	EVENT(core->kernel, .type = EV_DEVRES, .what = op, .name = node_name(core, node),
	      .addr = mm_addr(core->mm, node), .size = node_size(core, node, o),
	      .value = dev->id);
}

static inline bool devres_logged(const struct driver_core *core)
{
	return unlikely(core->kernel->watching & EV_BIT(EV_DEVRES));
}

/* --- core and device ---------------------------------------------------- */

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

static void devm_action_release(struct device *dev, uint64_t data)
{
	struct action_data a;

	if (!mm_read(dev->core->mm, data, &a, sizeof(a)))
		run_action(dev, a.action, a.data);
}

int devres_core_init(struct driver_core *core)
{
	struct kernel *k = core->kernel;
	bool debug = k->params.devres_log;

	core->header = devres_header(k->profile, k->arch, debug);
	if (BROKEN(BREAK_DATA_OFF_BY_8))
		core->header += 8;
	core->node_named = k->profile->node_size > 24 || debug;
	core->whole_bucket = k->profile->whole_bucket;
	/* the short way is for the layout that most have, without a gap */
	if (core->node_named && core->header == sizeof(struct devres_node))
		core->short_max = SHORT_MAX - core->header;
	core->release_kmalloc = text_symbol(k, "devm_kmalloc_release");
	core->release_action = text_symbol(k, "devm_action_release");
	core->name_kmalloc = rodata_string(k, "devm_kzalloc_release");
	core->name_action = rodata_string(k, "devm_action_release");
	if (!core->release_kmalloc || !core->release_action || !core->name_kmalloc ||
	    !core->name_action)
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

int devres_device_init(struct device *dev)
{
	dev->devres_addr = head_address(dev);
	dev->devres_list = (struct devres_link){ dev->devres_addr, dev->devres_addr };
	devres_device_moved(dev);
	return list_tag_new(dev->core, dev, &dev->devres_tag);
}

void devres_device_moved(struct device *dev)
{
	struct mm *mm = dev->core->mm;

	dev->devres_caches = &mm->plain[alloc_node(mm, dev->numa_node)][dev->core->header / 8];
}

void devres_device_finish(struct device *dev)
{
	rank_finish(&dev->devres_rank);
	if (dev->core->lists)
		list_tag_drop(dev->core, dev->devres_tag);
}

/* --- nodes and links ---------------------------------------------------- */

static inline void *node_data(const struct driver_core *core, const struct devres_node *node)
{
	return (char *)node + core->header;
}

/* The allocated object that starts here: a small one, or else a large one. */
static inline bool node_object(const struct mm *mm, const char *start, struct object *o)
{
	return (likely(object_at(mm, start, o)) ||
		(object_find(mm, start, o) && o->start == start)) &&
	       object_allocated(mm, o);
}

/* The allocated node that data belongs to, whatever list it is on. */
static inline bool node_of(const struct driver_core *core, const void *data,
			   struct object *o)
{
	return node_object(core->mm, (const char *)((uintptr_t)data - core->header), o);
}

/* The node at a link's address, NULL when no node of this list is there. */
static inline struct devres_node *node_at(const struct driver_core *core, uint64_t addr,
					  uint32_t tag, struct object *o)
{
	void *p = mm_ptr(core->mm, addr, sizeof(uint64_t));

	if (unlikely(!p || !node_object(core->mm, p, o) || !object_has_tag(core->mm, o, tag)))
		return NULL;
	return p;
}

/* The links at an address that leads to some, which this list's own do. */
static inline struct devres_link *link_of(const struct mm *mm, struct device *dev, uint64_t addr)
{
	if (addr == devres_head(dev))
		return &dev->devres_list;
	return (struct devres_link *)(uintptr_t)(addr - mm->host_to_sim);
}

/* The same for an address that somebody may have overwritten. */
static inline bool link_at(const struct mm *mm, struct device *dev, uint64_t addr,
			   struct devres_link **link)
{
	*link = link_of(mm, dev, addr);
	return addr == devres_head(dev) || addr - mm->page_offset < mm->size;
}

/* Numbers the list's nodes again, oldest first. */
static void rank_again(struct device *dev)
{
	struct driver_core *core = dev->core;
	uint64_t head = devres_head(dev);
	struct devres_node *node;
	struct object o;

	if (rank_restart(&dev->devres_rank))
		return;
	for (uint64_t at = dev->devres_list.next; at != head; at = node->next) {
		uint32_t number = rank_append(&dev->devres_rank);

		node = node_at(core, at, dev->devres_tag, &o);
		if (!node || number == RANK_FULL)
			return;
		object_track(core->mm, &o)->rank = number;
	}
}

/* The links alone. What the head leads to was looked at when it came there. */
static inline void link_node(const struct mm *mm, struct device *dev, struct devres_node *node)
{
	uint64_t addr = (uintptr_t)node + mm->host_to_sim;
	uint64_t last = dev->devres_list.prev;

	link_of(mm, dev, last)->next = addr;
	node->next = devres_head(dev);
	node->prev = last;
	dev->devres_list.prev = addr;
	dev->devres_count++;
}

/* False when the links were overwritten: the node stays. */
static inline bool unlink_node(const struct mm *mm, struct device *dev, struct devres_node *node)
{
	uint64_t addr = (uintptr_t)node + mm->host_to_sim;
	uint64_t next = node->next, prev = node->prev;
	struct devres_link *before, *after;

	if (unlikely(!link_at(mm, dev, prev, &before) || before->next != addr ||
		     !link_at(mm, dev, next, &after) || after->prev != addr))
		return false;
	before->next = next;
	after->prev = prev;
	dev->devres_count--;
	return true;
}

static void add_dr(struct device *dev, struct devres_node *node, const struct object *o)
{
	struct driver_core *core = dev->core;

	graph_enter(core->kernel, "devres_add");
	if (devres_logged(core))
		devres_log(dev, node, o, "ADD");
	link_node(core->mm, dev, node);
	object_set_tag(core->mm, o, dev->devres_tag);
	if (core->mm->tracks) {
		uint32_t number = rank_append(&dev->devres_rank);

		if (unlikely(number == RANK_FULL))
			rank_again(dev);
		else
			object_track(core->mm, o)->rank = number;
	}
	graph_exit(core->kernel);
}

static void list_corrupt(struct device *dev, const struct devres_node *node)
{
	struct kernel *k = dev->core->kernel;
	uint64_t addr = mm_addr(dev->core->mm, node), was = 0;
	const char *what = "prev->next";
	struct devres_link *link;

	if (link_at(dev->core->mm, dev, node->prev, &link))
		was = link->next;
	if (was == addr) {
		what = "next->prev";
		was = link_at(dev->core->mm, dev, node->next, &link) ? link->prev : 0;
	}
	printk(k, KERN_ERR, "list_del corruption. %s should be %016llx, but was %016llx", what,
	       (unsigned long long)addr, (unsigned long long)was);
	kernel_bug(k, "__list_del_entry_valid");
}

/* 0, or -EFAULT when the links were overwritten: the node stays. */
static int del_dr(struct device *dev, struct devres_node *node, const struct object *o)
{
	struct driver_core *core = dev->core;

	if (unlikely(!unlink_node(core->mm, dev, node))) {
		list_corrupt(dev, node);
		return -EFAULT;
	}
	node->next = node->prev = mm_addr(core->mm, node);
	if (core->mm->tracks)
		rank_remove(&dev->devres_rank, object_track(core->mm, o)->rank);
	object_set_tag(core->mm, o, TAG_DEVRES);
	return 0;
}

static void saw(struct device *dev, uint32_t nodes)
{
	dev->devres_last_seen = nodes;
	dev->devres_seen += nodes;
}

/* By address, in constant time; what Linux' walk costs is only counted. */
static bool find_data(struct device *dev, uint64_t release, const void *data,
			     struct object *o)
{
	struct driver_core *core = dev->core;

	if (!node_of(core, data, o))
		return false;
	if (!object_has_tag(core->mm, o, dev->devres_tag) &&
	    !(BROKEN(BREAK_FOREIGN_POINTER) && object_tag(core->mm, o) >= TAG_LISTS))
		return false;
	if (((struct devres_node *)o->start)->release != release)
		return false;
	if (unlikely(core->mm->tracks != NULL))
		saw(dev, rank_from_end(&dev->devres_rank, object_track(core->mm, o)->rank));
	return true;
}

/* By what the data says, newest first. */
static bool find_match(struct device *dev, uint64_t release, dr_match_t match, void *md,
		       struct object *o)
{
	struct driver_core *core = dev->core;
	uint64_t head = devres_head(dev);
	struct devres_node *node;
	uint32_t seen = 0;
	bool found = false;

	for (uint64_t at = dev->devres_list.prev; at != head && !found; at = node->prev) {
		node = node_at(core, at, dev->devres_tag, o);
		/* links that were overwritten may also lead in a circle */
		if (!node || seen > dev->devres_count) {
			kernel_oops(core->kernel, "find_dr", at);
			return false;
		}
		seen++;
		found = node->release == release &&
			(!match || match(dev, node_data(core, node), md));
	}
	if (core->mm->tracks)
		saw(dev, seen);
	return found;
}

/* --- allocation --------------------------------------------------------- */

/* All of header must fit, also when the sum of a careless kernel wrapped. */
static bool total_size(const struct driver_core *core, size_t size, size_t *total)
{
	if (likely(!__builtin_add_overflow(size, core->header, total)))
		return true;
	if (*total < core->header)
		*total = core->header;
	return !core->kernel->profile->size_checked || BROKEN(BREAK_NO_OVERFLOW);
}

static inline void clear_header(const struct driver_core *core, struct devres_node *node)
{
	if (likely(core->header == sizeof(*node)))
		memset(node, 0, sizeof(*node)); /* a few stores, no call */
	else
		memset(node, 0, core->header);
}

static inline struct devres_node *alloc_dr(struct driver_core *core, uint64_t release,
					   size_t size, gfp_t gfp, int nid, struct object *o)
{
	struct kernel *k = core->kernel;
	struct devres_node *node = NULL;
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
	node = (struct devres_node *)o->start;
	if (!(gfp & __GFP_ZERO))
		clear_header(core, node);
	node->next = node->prev = mm_addr(core->mm, node);
	node->release = release;
out:
	graph_exit(k);
	return node;
}

static inline void set_node_dbginfo(struct driver_core *core, struct devres_node *node,
				    uint64_t name, size_t size)
{
	graph_enter(core->kernel, "set_node_dbginfo");
	if (core->node_named) {
		node->name = name;
		node->size = size;
	}
	graph_exit(core->kernel);
}

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
	add_dr(dev, node, &o);
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
		saw(dev, dev->devres_count);
	kernel_warn(k, "devm_kfree", NULL);
}

/* devm_kmalloc_match() over the list, as the function graph shows it. */
static bool match_kmalloc(struct device *dev, const void *p, struct object *o)
{
	struct driver_core *core = dev->core;
	bool found;

	if (dev->devres_count)
		graph_enter(core->kernel, "devm_kmalloc_match");
	found = find_data(dev, core->release_kmalloc, p, o);
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
		intact = !del_dr(dev, (struct devres_node *)o.start, &o);
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
	add_dr(dev, node, &o);
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

/* --- the raw interface -------------------------------------------------- */

void *devres_alloc_node(struct driver_core *core, uint64_t release, size_t size,
			gfp_t gfp, int nid)
{
	struct kernel *k = core->kernel;
	struct symbol *s = text_lookup(k, release);
	struct devres_node *node;
	struct object o;
	void *data = NULL;

	fn_enter(k, "__devres_alloc_node");
	node = alloc_dr(core, release, size, gfp | __GFP_ZERO, nid, &o);
	if (node) {
		set_node_dbginfo(core, node, s ? rodata_string(k, s->name) : 0, size);
		data = node_data(core, node);
	}
	fn_exit(k);
	return data;
}

/* A resource that nobody allocated: Linux would follow it into the dark. */
static bool res_ok(struct driver_core *core, const char *function, void *res,
		   struct object *o)
{
	if (node_of(core, res, o) && object_tag(core->mm, o) != TAG_KMALLOC)
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

	if (!res_ok(core, "devres_add", res, &o))
		return;
	if (object_tag(core->mm, &o) == TAG_DEVRES) {
		add_dr(dev, (struct devres_node *)o.start, &o);
		return;
	}
	if (devres_logged(core))
		devres_log(dev, (struct devres_node *)o.start, &o, "ADD");
	kernel_bug(core->kernel, "add_dr");
}

void *devres_find(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	struct object o;

	if (!find_match(dev, release, match, data, &o))
		return NULL;
	return node_data(dev->core, (struct devres_node *)o.start);
}

void *devres_remove(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	struct object o;

	if (!find_match(dev, release, match, data, &o))
		return NULL;
	if (devres_logged(dev->core))
		devres_log(dev, (struct devres_node *)o.start, &o, "REM");
	if (del_dr(dev, (struct devres_node *)o.start, &o))
		return NULL;
	return node_data(dev->core, (struct devres_node *)o.start);
}

static void call_release(struct device *dev, struct devres_node *node)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t data = mm_addr(core->mm, node_data(core, node));
	struct context saved;
	struct symbol *s;

	if (node->release == core->release_kmalloc)
		return;
	s = text_lookup(k, node->release);
	if (!s) {
		kernel_oops(k, "release_nodes", node->release);
		return;
	}
	if (node->release == core->release_action) {
		devm_action_release(dev, data);
		return;
	}
	if (!s->fn || !upcall_begin(k, (struct context){ s->name, k->context.phase }, &saved))
		return;
	((action_fn)s->fn)(s->ctx, dev, data, USE_RELEASE);
	upcall_end(k, saved);
}

/* The release ran: the node's memory goes, if the release left it there. */
static void free_node(struct driver_core *core, struct devres_node *node, uint32_t tag)
{
	struct object o;

	if (node_object(core->mm, (char *)node, &o) && object_has_tag(core->mm, &o, tag))
		slab_free(core->mm, &o);
}

int devres_destroy(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	void *res = devres_remove(dev, release, match, data);

	if (!res)
		return -ENOENT;
	devres_free(dev->core, res);
	return 0;
}

int devres_release(struct device *dev, uint64_t release, dr_match_t match, void *data)
{
	void *res = devres_remove(dev, release, match, data);
	struct devres_node *node;

	if (!res)
		return -ENOENT;
	node = (struct devres_node *)((char *)res - dev->core->header);
	call_release(dev, node);
	if (!dev->core->kernel->task_died)
		free_node(dev->core, node, TAG_DEVRES);
	return 0;
}

/* --- releasing everything ------------------------------------------------ */

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
	__builtin_prefetch((const void *)((uintptr_t)node + 16 * (next - *at)));
	*at = next;
	slab_put(mm, &o);
	return true;
}

/*
 * The nodes leave the device in one step: the list gets a new tag, and what
 * carries the old one belongs to nobody's list while it is released.
 */
int devres_release_all(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t head = devres_head(dev), at = dev->devres_list.prev;
	uint32_t tag = dev->devres_tag;
	struct devres_node *node;
	struct object o;
	bool intact = true;
	int count = 0;

	if (devres_empty(dev))
		return 0;
	if (list_tag_new(core, NULL, &dev->devres_tag))
		return -ENOMEM;
	core->lists[dev->devres_tag - TAG_LISTS].dev = dev;
	core->lists[tag - TAG_LISTS].dev = NULL;
	if (BROKEN(BREAK_RELEASE_FORWARD))
		at = dev->devres_list.next;
	dev->devres_list = (struct devres_link){ head, head };
	dev->devres_count = 0;
	rank_finish(&dev->devres_rank);
	fn_enter(k, "devres_release_all");
	while (at != head) {
		if (likely(release_untold(core, &at, tag))) {
			count++;
			continue;
		}
		node = node_at(core, at, tag, &o);
		intact = node != NULL;
		if (unlikely(!intact)) {
			kernel_oops(k, "release_nodes", at);
			break;
		}
		at = BROKEN(BREAK_RELEASE_FORWARD) ? node->next : node->prev;
		if (devres_logged(core))
			devres_log(dev, node, &o, "REL");
		if (node->release == core->release_kmalloc) {
			graph_enter(k, "devm_kmalloc_release");
			graph_exit(k);
			slab_free(core->mm, &o);
		} else {
			call_release(dev, node);
			intact = !k->task_died;
			if (!intact)
				break; /* nobody comes back for the rest */
			free_node(core, node, tag);
		}
		count++;
	}
	fn_exit(k);
	/* nodes that the walk did not reach keep the tag: it must not come back */
	if (likely(intact))
		list_tag_drop(core, tag);
	return count;
}

bool devres_walk(const struct device *dev, uint64_t *at, struct devres_info *info)
{
	struct driver_core *core = dev->core;
	uint64_t head = devres_head(dev);
	struct devres_node *node;

	if (!*at)
		*at = dev->devres_list.prev;
	if (*at == head)
		return false;
	node = node_at(core, *at, dev->devres_tag, &info->object);
	if (!node)
		return false;
	*at = node->prev;
	info->node = node;
	info->data = node_data(core, node);
	info->size = node_size(core, node, &info->object);
	info->release = node->release;
	info->release_name = node_name(core, node);
	info->track = object_track(core->mm, &info->object);
	return true;
}
