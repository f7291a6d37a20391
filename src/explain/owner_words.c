/* SPDX-License-Identifier: MIT */
/* Describes memory in words: its owner, and who freed it. */
#include "explain/owner_words.h"

#include <string.h>

#include "base/device.h"
#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "base/owner.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/depot.h"
#include "mm/kasan.h"
#include "mm/object.h"
#include "mm/track.h"

/* "demo_probe"; NULL: the task itself, not a driver's code. */
static const char *code_name(const struct machine *m, const char *by)
{
	return by && strcmp(by, m->kernel.comm) ? by : NULL;
}

struct device *remembered_by(struct machine *m, uint64_t addr)
{
	struct driver_core *core = &m->core;
	struct device *dev;

	list_each(dev, &core->devices, struct device, all) {
		struct devres_info info;
		uint64_t at = 0;

		for (uint32_t n = 0; n < dev->devres.count && devres_walk(dev, &at, &info); n++) {
			uint64_t word = 0;

			memcpy(&word, info.data, core->layout.word);
			if (word == addr && (info.release == core->release_pages ||
					     info.release == core->release_percpu))
				return dev;
		}
	}
	return NULL;
}

static void managed_pages(struct machine *m, const struct machine_place *p, struct buf *out)
{
	struct device *dev = remembered_by(m, p->start);

	buf_puts(out, p->kind);
	if (dev)
		buf_printf(out, " of %.60s", dev->name);
}

/* Its name in lists. False: it is not on a list and never was. */
static bool node_name(struct machine *m, const struct machine_place *p, struct buf *out)
{
	const char *device = p->owner ? p->owner->name : p->by ? p->by->device : NULL;
	struct devres_info info;
	uint32_t number = p->number, walk = 0;
	uint64_t at = 0;

	if (!device || (!p->owner && !p->number))
		return false;
	/* no number is recorded: count where it is now */
	while (!number && walk < p->owner->devres.count && devres_walk(p->owner, &at, &info)) {
		walk++;
		if (mm_addr(&m->mm, info.object.start) == p->start)
			number = p->owner->devres.count - walk + 1;
	}
	buf_printf(out, "node %u of %.60s%s", number, device,
		   p->allocated && !p->owner ? ", off its list" : "");
	return true;
}

void owner_words(struct machine *m, const struct machine_place *p, struct buf *out)
{
	const char *by = code_name(m, p->track ? p->track->alloc_by : NULL);
	uint32_t tag = object_tag(&m->mm, &p->object);

	if (tag == TAG_PAGES || tag == TAG_PERCPU) {
		managed_pages(m, p, out);
		buf_printf(out, ", %zu bytes", p->asked);
	} else if (p->node && p->info.kind >= NODE_GROUP_OPEN) {
		buf_printf(out, "a group of resources of %.60s", p->owner ? p->owner->name : "?");
		return;
	} else if (node_name(m, p, out)) {
		buf_printf(out, ", %zu bytes", p->asked);
	} else if (p->node) {
		buf_printf(out, "a devres node on no list, %zu bytes", p->asked);
	} else {
		buf_printf(out, "%zu bytes of %s", p->asked, by ? "" : tag == TAG_VMALLOC ? "vmalloc" :
			   p->object.cache && p->object.cache->number ? p->object.cache->name : "kmalloc");
		if (by)
			buf_printf(out, "%.60s", by);
		return;
	}
	if (by)
		buf_printf(out, " of %.60s", by);
}

/* --- who freed it ------------------------------------------------------------ */

/* Functions that free on behalf of others, and what a later use then means. */
static const struct way {
	const char *function;
	enum wrong used;
} ways[] = {
	{ "devm_kfree", USED_AFTER_DEVM_KFREE },
	{ "devm_krealloc", USED_AFTER_KREALLOC },
	{ "devres_release_all", USED_AFTER_REMOVE },
	{ "devres_release_group", USED_AFTER_GROUP },
	{ "devres_destroy", USED_AFTER_DEVM_KFREE },
	{ "devres_release", USED_AFTER_DEVM_KFREE },
	{ "devres_free", USED_AFTER_KFREE },
	{ "kmem_cache_free", USED_AFTER_KFREE },
	{ "devres_get", USED_AFTER_KFREE },
	{ "devm_remove_action", USED_AFTER_DEVM_KFREE },
	{ "devm_release_action", USED_AFTER_DEVM_KFREE },
};

static bool in_stack(const struct mm *mm, const struct track *t, const char *function)
{
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, t->free_stack, &n);

	for (uint32_t i = 0; i < n; i++)
		if (!strcmp(frame[i], function))
			return true;
	return false;
}

/* Whether a device's own release() freed it, not the release of managed resources. */
static bool freed_by_release(const struct mm *mm, const struct track *t)
{
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, t->free_stack, &n);

	for (uint32_t i = 0; i < n; i++) {
		if (!strcmp(frame[i], "device_release"))
			return true;
		if (!strcmp(frame[i], "devres_release_all"))
			return false;
	}
	return false;
}

/* The innermost such function on the call stack; NULL: kfree() itself. */
static const struct way *way_of(const struct mm *mm, const struct track *t)
{
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, t->free_stack, &n);

	for (uint32_t i = 0; i < n; i++)
		for (size_t w = 0; w < COUNT(ways); w++)
			if (!strcmp(frame[i], ways[w].function))
				return &ways[w];
	return NULL;
}

const struct owner *freed_for(const struct machine_place *p)
{
	return p->allocated ? p->before : p->by;
}

static bool without_remove(const struct owner *who)
{
	return who && *who->driver && who->no_remove;
}

static void free_phase(struct machine *m, const struct machine_place *p, struct buf *out)
{
	const struct owner *who = freed_for(p);
	const char *driver = who && *who->driver ? who->driver : NULL;
	const char *phase = p->track->free_phase;

	if (!strcmp(phase, "release") && freed_by_release(&m->mm, p->track)) {
		buf_puts(out, " with the last reference to the device");
		return;
	}
	if (!strcmp(phase, "release") && without_remove(who)) {
		buf_printf(out, " when %.60s was unbound", who->driver);
		return;
	}
	if (!strcmp(phase, "release") || !strcmp(phase, "probe failure")) {
		buf_printf(out, " after %s%s%.60s",
			   *phase == 'r' ? "remove()" : "a failed probe", driver ? " of " : "",
			   driver ? driver : "");
		return;
	}
	if (in_stack(&m->mm, p->track, "device_del"))
		buf_puts(out, " in device_del");
	else if (in_stack(&m->mm, p->track, "device_release"))
		buf_puts(out, " with the last reference to the device");
	if (*phase && driver)
		buf_printf(out, " in %s of %.60s", phase, driver);
}

void free_words(struct machine *m, const struct machine_place *p, const char *verb,
		struct buf *out)
{
	const struct track *t = p->track;
	const struct way *way = way_of(&m->mm, t);
	const char *by = code_name(m, t->free_by);

	buf_printf(out, "%s%s", way ? way->function : "kfree", verb);
	if (by)
		buf_printf(out, " in %.60s", by);
	free_phase(m, p, out);
}

enum wrong used_after(struct machine *m, const struct machine_place *p)
{
	const struct way *way = p->track && p->track->free_by ? way_of(&m->mm, p->track) : NULL;
	enum wrong w = way ? way->used : USED_AFTER_KFREE;

	if (w == USED_AFTER_REMOVE && !strcmp(p->track->free_phase, "probe failure"))
		return USED_AFTER_FAILED_PROBE;
	if (w == USED_AFTER_REMOVE && strcmp(p->track->free_phase, "release"))
		return USED_AFTER_DEVICE;
	if (w == USED_AFTER_REMOVE && without_remove(freed_for(p)))
		return USED_WITHOUT_REMOVE;
	return w;
}
