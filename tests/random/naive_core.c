/* SPDX-License-Identifier: MIT */
/* Devices, drivers, probe, unbind, deferral: see naive.h. */
#include "naive_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/errors.h"

#ifndef EPROBE_DEFER
#define EPROBE_DEFER 517
#endif

struct naive *naive_boot(const struct naive_config *config, const struct naive_world *world)
{
	struct naive *n = calloc(1, sizeof(*n));

	if (!n)
		abort();
	n->config = *config;
	n->world = *world;
	return n;
}

/* Frees the markers of a list; all other nodes are also in n->all. */
static void free_markers(struct naive_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct naive_node *node = l->at[i];

		if (node->kind == NAIVE_OPEN)
			free(node->group);
		if (node->kind >= NAIVE_OPEN)
			free(node);
	}
	free(l->at);
}

void naive_power_off(struct naive *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->devices; i++) {
		free_markers(&n->device[i]->list);
		free(n->device[i]);
	}
	for (size_t i = 0; i < n->drivers; i++)
		free(n->driver[i]);
	for (size_t i = 0; i < n->all.count; i++)
		free(n->all.at[i]);
	free(n->all.at);
	free(n->loose.at);
	free(n);
}

struct naive_device *naive_device_at(const struct naive *n, unsigned serial)
{
	for (size_t i = 0; i < n->devices; i++)
		if (n->device[i]->serial == serial)
			return n->device[i];
	return NULL;
}

struct naive_driver *naive_driver_at(const struct naive *n, unsigned serial)
{
	for (size_t i = 0; i < n->drivers; i++)
		if (n->driver[i]->serial == serial)
			return n->driver[i];
	return NULL;
}

/* --- deferred probes ---------------------------------------------------------- */

static size_t place(struct naive_device *const *at, size_t count, const struct naive_device *d)
{
	size_t i = 0;

	while (i < count && at[i] != d)
		i++;
	return i;
}

static void drop(struct naive_device **at, size_t *count, const struct naive_device *d)
{
	size_t i = place(at, *count, d);

	if (i == *count)
		return;
	memmove(&at[i], &at[i + 1], (*count - i - 1) * sizeof(at[0]));
	--*count;
}

static bool waits(const struct naive *n, const struct naive_device *d)
{
	return place(n->pending, n->pendings, d) < n->pendings ||
	       place(n->active, n->actives, d) < n->actives;
}

static void pending_add(struct naive *n, struct naive_device *d)
{
	if (d->registered && !waits(n, d))
		n->pending[n->pendings++] = d;
}

static void pending_del(struct naive *n, struct naive_device *d)
{
	drop(n->pending, &n->pendings, d);
	drop(n->active, &n->actives, d);
}

const char *naive_state(const struct naive *n, const struct naive_device *d)
{
	if (d->deadlocked)
		return "locked by a dead task";
	if (!d->registered)
		return "unregistered";
	if (waits(n, d))
		return "deferred";
	return d->driver ? "bound" : "unbound";
}

/* --- references ------------------------------------------------------------------ */

void naive_get_device(struct naive_device *d)
{
	d->refs++;
	d->user_refs++;
}

static void put(struct naive *n, struct naive_device *d)
{
	size_t i = 0;

	if (--d->refs)
		return;
	d->refs = 1;
	naive_devres_release_all(n, d);
	while (n->device[i] != d)
		i++;
	memmove(&n->device[i], &n->device[i + 1], (n->devices - i - 1) * sizeof(n->device[0]));
	n->devices--;
	pending_del(n, d);
	free_markers(&d->list);
	free(d);
}

int naive_put_device(struct naive *n, struct naive_device *d)
{
	if (!d->user_refs)
		return -EINVAL;
	d->user_refs--;
	put(n, d);
	return 0;
}

/* --- probe ------------------------------------------------------------------------- */

static bool match(const struct naive_device *d, const struct naive_driver *drv)
{
	if (drv->has_table)
		return drv->table >> d->name & 1;
	return drv->name == d->name; /* names of drivers begin where those of devices end */
}

static void let_go(struct naive *n, struct naive_device *d)
{
	naive_devres_release_all(n, d);
	if (!n->died)
		d->driver = NULL;
}

/* The injected error of a step, once. */
static int step(struct naive *n, enum naive_step which)
{
	int rc = n->fail[which];

	n->fail[which] = 0;
	return rc;
}

static bool old(const struct naive *n)
{
	return n->config.release < NAIVE_RELEASE(5, 11);
}

/* 0 or the error of a step; *own: it came from the driver's probe itself. */
static int probe_steps(struct naive *n, struct naive_device *d, struct naive_driver *drv,
		       bool *own)
{
	int rc;

	*own = false;
	for (enum naive_step s = NAIVE_PINS; s <= NAIVE_SYSFS; s++)
		if ((rc = step(n, s)))
			return rc;
	rc = step(n, NAIVE_PROBE);
	if (!rc && drv->has_probe)
		rc = n->world.callback(n->world.ctx, NAIVE_CALL_PROBE, drv->name, d, 0);
	*own = rc;
	if (rc || n->died)
		return rc;
	rc = step(n, NAIVE_GROUPS);
	if (rc && drv->has_remove)
		n->world.callback(n->world.ctx, NAIVE_CALL_REMOVE, drv->name, d, 0);
	return rc;
}

static void defer(struct naive *n, struct naive_device *d, unsigned triggers)
{
	pending_add(n, d);
	/* what it waits for came during the probe */
	n->triggered |= triggers != n->triggers;
}

enum answer { ANSWER_BOUND, ANSWER_NEXT, ANSWER_STOP };

/*
 * *rc is the errno; ANSWER_NEXT: another driver may be tried. Up to 5.10 that is so after
 * all failures except those before the device has its driver, and only there a probe
 * requested by hand is queued.
 */
static enum answer probe(struct naive *n, struct naive_device *d, struct naive_driver *drv,
			 int *rc)
{
	unsigned triggers = n->triggers;
	bool own;

	*rc = !d->registered ? -ENODEV : d->busy || d->deadlocked ? -EDEADLK :
	      d->driver ? -EBUSY : 0;
	if (*rc)
		return ANSWER_STOP;
	if (step(n, NAIVE_SUPPLIERS) == -EPROBE_DEFER) {
		*rc = -EPROBE_DEFER;
		if (old(n))
			defer(n, d, triggers);
		return ANSWER_STOP;
	}
	if (d->list.count && n->config.release >= NAIVE_RELEASE(5, 10)) {
		*rc = -EBUSY;
		return ANSWER_STOP;
	}
	n->complaints += d->list.count != 0; /* a WARN, and the probe continues */
	d->driver = drv;
	d->refs++;
	d->busy = true;
	drv->active++;
	*rc = probe_steps(n, d, drv, &own);
	if (!n->died && *rc)
		let_go(n, d);
	if (!n->died && old(n) && *rc == -EPROBE_DEFER)
		defer(n, d, triggers);
	d->busy = false;
	d->deadlocked = n->died;
	if (!n->died)
		drv->active--;
	if (!n->died && !*rc) {
		drv->bound[drv->bound_count++] = d;
		pending_del(n, d);
		n->triggered = true;
		n->triggers++;
	}
	*rc = n->died ? -EDEADLK : *rc;
	own = n->died ? false : old(n) || (own && *rc < 0);
	put(n, d);
	return !*rc ? ANSWER_BOUND : own ? ANSWER_NEXT : ANSWER_STOP;
}

static enum answer probe_or_defer(struct naive *n, struct naive_device *d,
				  struct naive_driver *drv)
{
	unsigned triggers = n->triggers;
	int rc;
	enum answer a = probe(n, d, drv, &rc);

	if (!old(n) && (rc == EPROBE_DEFER || rc == -EPROBE_DEFER))
		defer(n, d, triggers);
	return a;
}

static void try_drivers(struct naive *n, struct naive_device *d)
{
	enum answer a = ANSWER_NEXT;

	for (size_t i = 0; i < n->drivers && a == ANSWER_NEXT && !n->died && !d->driver; i++)
		if (n->driver[i]->on_bus && match(d, n->driver[i]))
			a = probe_or_defer(n, d, n->driver[i]);
}

/*
 * All waiting devices get one more try; a device that binds starts another round. If the
 * worker dies, the rest waits for the next trigger.
 */
void naive_call_over(struct naive *n)
{
	n->died = false;
	while (n->triggered) {
		n->died = false;
		memcpy(&n->active[n->actives], n->pending, n->pendings * sizeof(n->active[0]));
		n->actives += n->pendings;
		n->pendings = 0;
		n->triggered = false;
		while (n->actives && !n->triggered && !n->died) {
			struct naive_device *d = n->active[0];

			pending_del(n, d);
			d->refs++;
			if (!d->busy && !d->deadlocked && d->registered)
				try_drivers(n, d);
			put(n, d);
		}
	}
	n->died = false;
}

/* --- unbind ------------------------------------------------------------------------- */

static void release_driver(struct naive *n, struct naive_device *d)
{
	struct naive_driver *drv = d->driver;
	size_t i = 0;

	if (!drv)
		return;
	d->busy = true;
	drv->active++;
	if (drv->has_remove)
		n->world.callback(n->world.ctx, NAIVE_CALL_REMOVE, drv->name, d, 0);
	if (!n->died)
		let_go(n, d);
	d->busy = false;
	if (n->died) {
		d->deadlocked = true;
		return;
	}
	drv->active--;
	while (drv->bound[i] != d)
		i++;
	memmove(&drv->bound[i], &drv->bound[i + 1],
		(drv->bound_count - i - 1) * sizeof(drv->bound[0]));
	drv->bound_count--;
}

int naive_unbind(struct naive *n, struct naive_device *d)
{
	if (d->busy || d->deadlocked)
		return -EDEADLK;
	if (!d->driver)
		return -ENODEV;
	d->refs++;
	release_driver(n, d);
	put(n, d);
	return n->died ? -EDEADLK : 0;
}

int naive_bind(struct naive *n, struct naive_device *d, struct naive_driver *drv)
{
	enum answer a;
	int rc;

	if (!d->registered)
		return -ENODEV;
	if (d->busy || d->deadlocked)
		return -EDEADLK;
	if (d->driver)
		return old(n) ? -ENODEV : -EBUSY;
	d->refs++;
	a = probe(n, d, drv, &rc);
	put(n, d);
	if (old(n))
		return a == ANSWER_NEXT ? -ENODEV : rc;
	rc = rc > 0 ? -rc : rc;
	return rc == -EPROBE_DEFER ? -EAGAIN : rc;
}

/* --- devices and drivers --------------------------------------------------------------- */

int naive_device(struct naive *n, unsigned name, struct naive_device **out)
{
	struct naive_device *d;

	for (size_t i = 0; i < n->devices; i++)
		if (n->device[i]->registered && n->device[i]->name == name)
			return -EEXIST;
	d = calloc(1, sizeof(*d));
	if (!d || n->devices == NAIVE_MAX)
		abort();
	d->name = name;
	d->serial = ++n->serials;
	d->registered = true;
	d->refs = 1;
	n->device[n->devices++] = d;
	*out = d;
	try_drivers(n, d);
	return 0;
}

int naive_device_unregister(struct naive *n, struct naive_device *d)
{
	if (!d->registered)
		return -ENODEV;
	if (d->busy || d->deadlocked)
		return -EDEADLK;
	d->registered = false;
	pending_del(n, d);
	release_driver(n, d);
	if (!n->died && naive_repaired(n))
		naive_devres_release_all(n, d);
	if (n->died)
		return -EDEADLK;
	put(n, d);
	return 0;
}

static struct naive_device *next_on_bus(const struct naive *n, unsigned last)
{
	for (size_t i = 0; i < n->devices; i++)
		if (n->device[i]->registered && n->device[i]->serial > last)
			return n->device[i];
	return NULL;
}

int naive_driver(struct naive *n, const struct naive_driver *proto, struct naive_driver **out)
{
	struct naive_driver *drv;

	for (size_t i = 0; i < n->drivers; i++)
		if (n->driver[i]->name == proto->name)
			return -EBUSY;
	drv = malloc(sizeof(*drv));
	if (!drv || n->drivers == NAIVE_MAX)
		abort();
	*drv = *proto;
	drv->serial = ++n->serials;
	drv->on_bus = true;
	n->driver[n->drivers++] = drv;
	*out = drv;
	/* devices may be added and removed meanwhile: serial numbers only grow */
	for (unsigned last = 0; !n->died;) {
		struct naive_device *d = next_on_bus(n, last);

		if (!d)
			break;
		last = d->serial;
		if (!d->driver && match(d, drv))
			probe_or_defer(n, d, drv);
	}
	return 0;
}

int naive_driver_unregister(struct naive *n, struct naive_driver *drv)
{
	size_t i = 0;

	if (drv->active)
		return -EDEADLK;
	for (size_t j = 0; j < drv->bound_count; j++)
		if (drv->bound[j]->busy || drv->bound[j]->deadlocked)
			return -EDEADLK;
	drv->on_bus = false;
	drv->active++;
	while (drv->bound_count && !n->died) {
		struct naive_device *d = drv->bound[drv->bound_count - 1];

		d->refs++;
		release_driver(n, d);
		put(n, d);
	}
	if (n->died)
		return -EDEADLK;
	while (n->driver[i] != drv)
		i++;
	memmove(&n->driver[i], &n->driver[i + 1], (n->drivers - i - 1) * sizeof(n->driver[0]));
	n->drivers--;
	free(drv);
	return 0;
}
