/* SPDX-License-Identifier: MIT */
/* Memory in words: its owner, who freed it, and what is no memory at all. */
#include "call/whose.h"

#include <stdio.h>
#include <string.h>

/* What may use memory after its driver is gone, and is right to: nothing is there to stop. */
#define LONGER "\nDoes an open file or another driver? Count references (kref), do not use devm."

const char *usual_repair(enum wrong w)
{
	static const char *const repair[] = {
		[OVERRUN] = "Ask for all bytes that are used, or check the index.",
		[UNDERRUN] = "An index or a pointer went below 0.",
		[USED_AFTER_REMOVE] = "Does a timer, work or irq use it? Stop that in remove()." LONGER,
		[USED_WITHOUT_REMOVE] =
			/* behind the driver's name */
			" has no remove(): a timer, work or irq is stopped there." LONGER,
		[USED_AFTER_FAILED_PROBE] =
			"Undo what probe() started before it returns an error.",
		[USED_AFTER_DEVICE] = "Stop what uses it before the device is deleted.",
		[USED_AFTER_GROUP] = "Use it only until its group is released.",
		[USED_AFTER_DEVM_KFREE] = "Forget the pointer when devm_kfree() gets it.",
		[USED_AFTER_KREALLOC] = "Go on with the pointer that devm_krealloc() returned.",
		[USED_AFTER_KFREE] = "Use it only until it is freed.",
		[FREED_BY_THE_LIST] = "Leave it to the device's list, which frees it once.",
		[FREED_TWICE] = "Free it once: set the pointer to NULL behind the first free.",
		[KFREE_OF_NODE] = "Give it to devm_kfree(), or leave it to unbind.",
		[DEVM_KFREE_OF_PLAIN] = "Give it to kfree().",
		[DEVM_KFREE_OF_PAGES] = "Free it with the call that belongs to what made it.",
		[OTHER_DEVICE] = "Name the device that it was allocated for.",
		[OTHER_RELEASE] = "devres_destroy() or devres_release() with its release frees it.",
		[ON_NO_LIST] = "devres_free() frees what was never added.",
		[OF_GROUP] = "devres_remove_group() forgets it.",
		[INTERIOR] = "Free it with the pointer that the allocation returned.",
		[THROUGH_NULL] = "Check what the allocation returned.",
		[THROUGH_ZERO_SIZE] = "Ask for at least a byte, or use none.",
		[THROUGH_ERROR] = "Check it with IS_ERR().",
		[THROUGH_POISON] = "The pointer was read from freed memory: look who freed that.",
		[THROUGH_RED_ZONE] = "The pointer was read beside an object: check the index.",
		[THROUGH_LIST_POISON] = "Take an entry off its list once, and follow it no more.",
		[THROUGH_USER] = "copy_from_user() and copy_to_user() are the ways there.",
		[THROUGH_NOTHING] = "Was the pointer overwritten, or never set?",
		[FREE_PAGES] = "Use pages only until they are freed.",
		[DAMAGED_END] = "Ask for all bytes that are used.",
		[DAMAGED_FRONT] = "An index below 0, or an overrun of what lies in front.",
		[DAMAGED_FREE] = "Use it only until it is freed.",
		[SLEPT_IN_LOCK] = "Use GFP_ATOMIC, or allocate before the lock is taken.",
		[SLEPT_WITH_IRQS_OFF] =
			"Use GFP_ATOMIC, or allocate before interrupts are disabled.",
		[WAITED_IN_LOCK] = "Call it before the lock is taken, or when it is released.",
		[WAITED_WITH_IRQS_OFF] = "Call it while interrupts are on.",
		[PUT_TOO_MANY] = "One put_device() for each get_device(), and one for the creator.",
	};

	return w < sizeof(repair) / sizeof(repair[0]) && repair[w] ? repair[w] : "";
}

const char *who_wrote(const struct machine *m)
{
	return m->mm.kasan.shadow ? "KASAN's report of that write says who it was."
				  : "kasan=on shows who wrote.";
}

/* "demo_probe"; NULL for the task, which is nobody's code. */
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

/* What a list calls it. False: it is and was on none. */
static bool node_name(struct machine *m, const struct machine_place *p, struct buf *out)
{
	const char *device = p->owner ? p->owner->name : p->by ? p->by->device : NULL;
	struct devres_info info;
	uint32_t number = p->number, walk = 0;
	uint64_t at = 0;

	if (!device || (!p->owner && !p->number))
		return false;
	/* nobody keeps numbers: where it is now */
	while (!number && walk < p->owner->devres.count && devres_walk(p->owner, &at, &info)) {
		walk++;
		if (mm_addr(&m->mm, info.object.start) == p->start)
			number = p->owner->devres.count - walk + 1;
	}
	buf_printf(out, "node %u of %.60s%s", number, device,
		   p->allocated && !p->owner ? ", off its list" : "");
	return true;
}

void whose_memory(struct machine *m, const struct machine_place *p, struct buf *out)
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

/* Functions that free for others, and what is wrong with a later use. */
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

/* A device's own release() did it, not what is released with a device's resources. */
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

/* The innermost of them on the call stack; NULL: kfree() itself. */
static const struct way *way_of(const struct mm *mm, const struct track *t)
{
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, t->free_stack, &n);

	for (uint32_t i = 0; i < n; i++)
		for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
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

void whose_free(struct machine *m, const struct machine_place *p, const char *verb,
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
