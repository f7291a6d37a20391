/* SPDX-License-Identifier: MIT */
/*
 * Lists of managed resources. Corresponds to Linux' drivers/base/devres.c, whose
 * second half is devm.c here. Differs: a
 * node is found from its address, not by walking the list; the steps that
 * Linux' walk takes are counted all the same. Links that a driver overwrote
 * are seen before they are followed.
 */
#include "base/node.h"

#include <errno.h>
#include <stdlib.h>

/* Heads lie where no simulated memory is: a device is not made of pages here. */
#define HEADS_OFFSET 0x10000000000ull
#define HEAD_STRIDE 1024

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

void devres_log(struct device *dev, const struct devres_node *node,
		       const struct object *o, const char *op)
{
	struct driver_core *core = dev->core;

	EVENT(core->kernel, .type = EV_DEVRES, .what = op, .name = node_name(core, node),
	      .addr = mm_addr(core->mm, node), .size = node_size(core, node, o),
	      .value = dev->id);
}

/* --- core and device ---------------------------------------------------- */

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

void devres_node_add(struct device *dev, struct devres_node *node, const struct object *o)
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
int devres_node_del(struct device *dev, struct devres_node *node, const struct object *o)
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

void devres_saw(struct device *dev, uint32_t nodes)
{
	dev->devres_last_seen = nodes;
	dev->devres_seen += nodes;
}

/* By address, in constant time; what Linux' walk costs is only counted. */
bool devres_node_find(struct device *dev, uint64_t release, const void *data,
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
		devres_saw(dev, rank_from_end(&dev->devres_rank, object_track(core->mm, o)->rank));
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
		devres_saw(dev, seen);
	return found;
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
		devres_node_add(dev, (struct devres_node *)o.start, &o);
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
	if (devres_node_del(dev, (struct devres_node *)o.start, &o))
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
