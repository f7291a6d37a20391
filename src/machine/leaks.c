/* SPDX-License-Identifier: MIT */
/* Memory that cannot be reached from a device: leaked, or only reachable from variables. */
#include "machine/leaks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/driver.h"
#include "lib/array.h"
#include "lib/host_memory.h"
#include "mm/address.h"
#include "mm/kmemleak.h"
#include "mm/object.h"
#include "mm/slab.h"
#include "mm/track.h"

/* --- roots ------------------------------------------------------------------ */

void leak_hold_devices(const struct machine *m, struct leak_scan *s)
{
	const struct device *dev;

	list_each(dev, &m->core.devices, struct device, all)
		leak_scan_addr(s, dev->drvdata);
}

struct holdings {
	const struct mm *mm;
	struct leak_holding *at;
	size_t count, room;
};

static void hold(void *to, uint64_t addr, const char *name, bool stack)
{
	struct holdings *h = to;

	if (!mm_ptr(h->mm, addr, 1))
		return;
	if (!array_room(h->at, h->count, h->room, 64))
		return;
	h->at[h->count] = (struct leak_holding){ .addr = addr, .stack = stack };
	snprintf(h->at[h->count++].name, sizeof(h->at->name), "%s", name ? name : "");
}

/*
 * The same order in every process, independent of a front end's hash tables: named ones
 * first.
 */
static int by_name(const void *a, const void *b)
{
	const struct leak_holding *x = a, *y = b;
	int order = !*x->name - !*y->name;

	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : x->addr < y->addr ? -1 : x->addr > y->addr;
}

struct leak_holding *leak_holdings(struct machine *m, size_t *n)
{
	struct holdings h = { .mm = &m->mm };

	if (m->roots)
		m->roots->each(m->roots, hold, &h);
	if (h.count)
		qsort(h.at, h.count, sizeof(*h.at), by_name);
	*n = h.count;
	return h.at;
}

static int scan_devices(struct machine *m, struct leak_scan *s)
{
	if (leak_scan_begin(s, &m->mm, true))
		return -ENOMEM;
	kmemleak_add_marked(s);
	leak_scan_lists(s);
	leak_hold_devices(m, s);
	leak_scan_run(s);
	return 0;
}

/* --- whose it was -------------------------------------------------------------- */

static bool same_function(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Whether a device is still bound by the probe of this step. */
static bool probe_counts(const struct machine *m, const char *by, uint32_t step)
{
	const struct device *dev;

	list_each(dev, &m->core.devices, struct device, all)
		if (dev->driver && dev->probe_step == step &&
		    same_function(dev->driver->probe_name, by))
			return true;
	return false;
}

/* Cache of the last answer: objects of one probe come together. */
struct bind { const char *by; uint32_t step; bool counts; };

static bool is_over(const struct machine *m, const struct track *t, struct bind *last)
{
	if (!t || !t->alloc_phase)
		return false;
	if (strcmp(t->alloc_phase, "probe"))
		return *t->alloc_phase && strcmp(t->alloc_phase, "match");
	if (last->by != t->alloc_by || last->step != t->alloc_step)
		*last = (struct bind){
			t->alloc_by, t->alloc_step, probe_counts(m, t->alloc_by, t->alloc_step),
		};
	return !last->counts;
}

static void report_leak(const struct machine *m, const struct object *o, const char *holder,
			struct bind *last, leak_found_t found, void *ctx)
{
	struct machine_leak leak = { .object = *o, .track = object_track(&m->mm, o), .holder = holder };
	struct machine_place place;

	leak.addr = mm_addr(&m->mm, o->start);
	leak.size = machine_place(m, leak.addr, &place) ? place.asked : o->size;
	leak.addr += place.header;
	leak.over = is_over(m, leak.track, last);
	found(ctx, &leak);
}

int machine_leaks(struct machine *m, leak_found_t found, void *ctx)
{
	struct leak_holding *held;
	struct bind last = { 0 };
	struct leak_scan s;
	struct object o;
	uint64_t at = 0;
	uint32_t *first;
	size_t n;

	if (!objects_next(&m->mm, &at, &o))
		return 0; /* walking all that a script holds takes longer than most scenarios */
	at = 0;
	if (scan_devices(m, &s))
		return -ENOMEM;
	held = leak_holdings(m, &n);
	first = host_malloc((n + 1) * sizeof(*first));
	if (!first) {
		free(held);
		leak_scan_finish(&s);
		return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		first[i] = s.count;
		leak_scan_addr(&s, held[i].addr);
		leak_scan_run(&s);
	}
	first[n] = s.count;
	while (objects_next(&m->mm, &at, &o))
		if (!leak_scan_reached(&s, &o))
			report_leak(m, &o, NULL, &last, found, ctx);
	for (size_t i = 0; i < n; i++)
		for (uint32_t j = first[i]; j < first[i + 1]; j++)
			if (object_find(&m->mm, object_start(&m->mm, s.object[j]), &o))
				report_leak(m, &o, held[i].name, &last, found, ctx);
	free(first);
	free(held);
	leak_scan_finish(&s);
	return 0;
}

/* --- after a probe --------------------------------------------------------------- */

struct undone { const char *by; uint32_t step; bool many; };

static bool is_of(const struct machine *m, const struct object *o, const struct undone *u,
		  struct bind *last)
{
	const struct track *t = object_track(&m->mm, o);

	return object_tag(&m->mm, o) < TAG_LISTS && same_function(t->alloc_by, u->by) &&
	       (u->many || t->alloc_step == u->step) && !strcmp(t->alloc_phase, "probe") &&
	       is_over(m, t, last);
}

uint32_t machine_left_by_probe(struct machine *m, const char **by)
{
	const struct undone u = { m->core.undone.by, m->core.undone.step, m->core.undone.many };
	const struct mm *mm = &m->mm;
	uint32_t left = 0, held = 0;
	struct bind last = { 0 };
	struct leak_scan s;
	struct object o;

	m->core.undone.by = NULL;
	*by = u.by;
	if (!u.by || !mm->tracks)
		return 0;
	/* most probes leave nothing, and then no scan is needed */
	for (uint64_t at = 0; objects_next(mm, &at, &o);)
		left += is_of(m, &o, &u, &last);
	if (!left || scan_devices(m, &s))
		return 0;
	for (uint64_t at = 0; objects_next(mm, &at, &o);)
		held += leak_scan_reached(&s, &o) && is_of(m, &o, &u, &last);
	leak_scan_finish(&s);
	return left - held;
}
