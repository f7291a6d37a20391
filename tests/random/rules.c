/* SPDX-License-Identifier: MIT */
/*
 * The side of the naive rules: the same operations, and which calls exist on which
 * release.
 */
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const device_name[] = { "d0", "d1", "d2", "d3", "d4" };

/* A driver without a table drives the device of its own name. */
static unsigned name_of_driver(int drv)
{
	return drv == 3 ? 4 : 100 + (unsigned)drv;
}

static int driver_of_name(unsigned name)
{
	return name == 4 ? 3 : (int)name - 100;
}

/* --- what the rules request ----------------------------------------------------------- */

/* An address that no machine has, so that invented ones show up as differences. */
static uint64_t invent(struct side *side)
{
	return 0x7000000000000000ull + ((uint64_t)++side->invented << 24);
}

static uint64_t memory(void *ctx)
{
	struct side *side = ctx;
	const struct outcome *o = side->now;
	bool may_fail = side->s->mem < 64;

	if (!o)
		return invent(side);
	if (o->op->kind == K_ADD_ACTION || o->op->kind == K_ADD_ACTION_OR_RESET)
		return may_fail && o->err == -ENOMEM ? 0 : invent(side);
	if (o->value)
		return o->value;
	/* the WARN comes from what follows the allocation */
	return may_fail && !o->complained ? 0 : invent(side);
}

static int callback(void *ctx, enum naive_callback what, unsigned fn, struct naive_device *d,
		    uint64_t data)
{
	static const char *const name[] = { "probe", "remove", "release", "action" };
	struct side *side = ctx;
	const struct outcome *now = side->now;
	int number = what <= NAIVE_CALL_REMOVE ? driver_of_name(fn) : (int)fn;
	const struct body *b = what == NAIVE_CALL_PROBE ? side->probe[number] :
			       what == NAIVE_CALL_REMOVE ? side->remove[number] :
			       side->function[number];
	int rc;

	if (!b)
		return 0;
	record(side, R_CALLBACK, name[what], device_name[d->name], number, data, 0);
	rc = exec_body(side, b, d->serial);
	side->now = now;
	return rc;
}

static void told(void *ctx, const char *op, struct naive_device *d, const struct naive_node *node)
{
	struct side *side = ctx;

	if (side->s->watch)
		record(side, R_LOG, op, naive_shown_name(side->naive, node), d->name,
		       naive_shown_size(side->naive, node, true), 0);
}

static bool match(void *ctx, struct naive_device *d, uint64_t data)
{
	struct side *side = ctx;
	bool yes = side->searching->match == M_YES;

	record(side, R_CALLBACK, "match", device_name[d->name], yes, data, 0);
	return yes;
}

static void each(void *ctx, struct naive_device *d, uint64_t data)
{
	struct side *side = ctx;
	const struct op *op = side->searching;

	record(side, R_CALLBACK, "each", device_name[d->name], op->fn, data, 0);
	exec_body(side, op->body, d->serial);
	side->searching = op;
}

/* --- calls ----------------------------------------------------------------------------- */

/* Releases that have a call. */
static bool exists(const struct side *side, enum op_kind kind)
{
	int release = side->naive->config.release;

	switch (kind) {
	case K_KREALLOC: return release >= NAIVE_RELEASE(5, 10);
	case K_RELEASE_ACTION: return release >= NAIVE_RELEASE(5, 3);
	case K_REMOVE_ACTION_NOWARN: case K_IS_ACTION_ADDED:
		return release >= NAIVE_RELEASE(6, 13);
	case K_FREE_PERCPU: case K_FOR_EACH: return release <= NAIVE_RELEASE(6, 12);
	default: return true;
	}
}

static int make_driver(struct side *side, const struct op *op, struct answer *a)
{
	struct naive_driver proto = {
		.name = name_of_driver(op->drv), .has_probe = op->body, .has_remove = op->body2,
		.has_table = op->table, .table = op->table,
	}, *drv;
	const struct body *probe = side->probe[op->drv], *remove = side->remove[op->drv];
	int rc;

	/* probes run before it is known whether registration succeeds */
	side->probe[op->drv] = op->body;
	side->remove[op->drv] = op->body2;
	rc = naive_driver(side->naive, &proto, &drv);
	if (rc) {
		side->probe[op->drv] = probe;
		side->remove[op->drv] = remove;
	} else {
		a->handle = drv->serial;
	}
	return rc;
}

static int make_device(struct side *side, const struct op *op, struct answer *a)
{
	struct naive_device *d;
	int rc = naive_device(side->naive, (unsigned)op->dev, &d);

	if (!rc)
		a->handle = d->serial;
	return rc;
}

static void run_search(struct side *side, const struct op *op, struct naive_device *d,
		       struct answer *a)
{
	struct naive_match m = { ref_value(side, op->res), op->match == M_NONE ? NULL : match, side };
	struct naive *n = side->naive;
	unsigned fn = (unsigned)op->fn;

	side->searching = op;
	switch (op->kind) {
	case K_FIND: a->value = naive_devres_find(n, d, fn, &m); break;
	case K_GET: a->value = naive_devres_get(n, d, ref_value(side, op->p), &m); break;
	case K_REMOVE: a->value = naive_devres_remove(n, d, fn, &m); break;
	case K_DESTROY: a->err = naive_devres_destroy(n, d, fn, &m); break;
	case K_RELEASE: a->err = naive_devres_release(n, d, fn, &m); break;
	default: naive_devres_for_each_res(n, d, fn, &m, each); break;
	}
}

static void run_memory(struct side *side, const struct op *op, struct naive_device *d,
		       struct answer *a)
{
	uint64_t p = ref_value(side, op->p);
	bool nowarn = op->gfp == G_NOWARN;
	struct naive *n = side->naive;

	switch (op->kind) {
	case K_KMALLOC: case K_KZALLOC: a->value = naive_devm_kmalloc(n, d, op->size, nowarn); break;
	case K_KREALLOC: a->value = naive_devm_krealloc(n, d, p, op->size, nowarn); break;
	case K_KFREE: naive_devm_kfree(n, d, p); break;
	case K_GET_PAGES:
		a->value = naive_devm_get_free_pages(n, d, (unsigned)op->size, nowarn);
		break;
	case K_FREE_PAGES: naive_devm_free_pages(n, d, p); break;
	case K_ALLOC_PERCPU: a->value = naive_devm_alloc_percpu(n, d, op->size); break;
	case K_FREE_PERCPU: naive_devm_free_percpu(n, d, p); break;
	case K_ALLOC: a->value = naive_devres_alloc(n, (unsigned)op->fn, op->size, nowarn); break;
	case K_ADD: naive_devres_add(n, d, p); break;
	case K_FREE: naive_devres_free(n, p); break;
	default: run_search(side, op, d, a); break;
	}
}

static void run_list(struct side *side, const struct op *op, struct naive_device *d,
		     struct answer *a)
{
	uint64_t p = ref_value(side, op->p);
	unsigned fn = (unsigned)op->fn;
	struct naive *n = side->naive;

	switch (op->kind) {
	case K_ADD_ACTION: a->err = naive_devm_add_action(n, d, fn, p, false); break;
	case K_ADD_ACTION_OR_RESET: a->err = naive_devm_add_action(n, d, fn, p, true); break;
	case K_REMOVE_ACTION: naive_devm_remove_action(n, d, fn, p, true); break;
	case K_REMOVE_ACTION_NOWARN: a->err = naive_devm_remove_action(n, d, fn, p, false); break;
	case K_RELEASE_ACTION: naive_devm_release_action(n, d, fn, p); break;
	case K_IS_ACTION_ADDED: a->value = naive_devm_is_action_added(n, d, fn, p); break;
	case K_RELEASE_ALL: a->value = (uint64_t)naive_devres_release_all(n, d); break;
	case K_OPEN_GROUP: a->value = naive_devres_open_group(n, d, p); break;
	case K_CLOSE_GROUP: naive_devres_close_group(n, d, p); break;
	case K_REMOVE_GROUP: naive_devres_remove_group(n, d, p); break;
	case K_RELEASE_GROUP: a->value = (uint64_t)naive_devres_release_group(n, d, p); break;
	default: run_memory(side, op, d, a); break;
	}
}

static void run_driver_core(struct side *side, const struct op *op, struct naive_device *d,
			    struct naive_driver *drv, struct answer *a)
{
	struct naive *n = side->naive;

	switch (op->kind) {
	case K_DEVICE: a->err = make_device(side, op, a); break;
	case K_DEVICE_UNREGISTER: a->err = naive_device_unregister(n, d); break;
	case K_GET_DEVICE: naive_get_device(d); break;
	case K_PUT_DEVICE: a->err = naive_put_device(n, d); break;
	case K_DRIVER: a->err = make_driver(side, op, a); break;
	case K_DRIVER_UNREGISTER: a->err = naive_driver_unregister(n, drv); break;
	case K_BIND: a->err = naive_bind(n, d, drv); break;
	case K_UNBIND: a->err = naive_unbind(n, d); break;
	case K_FAIL_FUNCTION: n->fail[op->fn] = -(int)op->size; break;
	case K_DEFINE: side->function[op->fn] = op->body; break;
	default: run_list(side, op, d, a); break;
	}
}

static const struct outcome *next_outcome(struct side *side, const struct op *op)
{
	struct outcomes *o = side->outcomes;
	const struct outcome *at = o->read < o->count ? &o->at[o->read] : NULL;

	o->read++;
	return at && at->op == op ? at : NULL;
}

static void run_rules(struct side *side, const struct op *op, uint32_t dev, struct answer *a)
{
	struct naive *n = side->naive;
	struct naive_device *d = naive_device_at(n, dev);
	struct naive_driver *drv = naive_driver_at(n, side->drv[op->drv]);

	side->now = next_outcome(side, op);
	if (n->died)
		a->err = -EFAULT;
	else if (!exists(side, op->kind))
		a->err = -ENOSYS;
	else if ((wants_device(op->kind) && !d) || (wants_driver(op->kind) && !drv)) {
		a->err = -ENODEV;
		n->complaints += op->kind == K_DRIVER_UNREGISTER; /* unregistering one that is
								   * not registered */
	} else {
		run_driver_core(side, op, d, drv, a);
	}
	/* a dead task gets no result, whether in a callback or at the top */
	if (n->died)
		*a = (struct answer){ .err = -EFAULT };
	if (side->depth > 1)
		return;
	naive_call_over(n);
}

/* --- boot, and what there is to see ------------------------------------------------------- */

void naive_begin(struct side *side)
{
	const struct naive_config config = {
		.release = release_number[side->s->release],
		.repaired = release_repaired[side->s->release],
		.page = page_sizes[side->s->page].kib * 1024,
		.max_order = sequence_max_order(side->s),
		.arch = (enum naive_arch)side->s->arch, .tracks = !side->s->bare,
	};
	const struct naive_world world = { memory, callback, told, side };

	side->run = run_rules;
	side->naive = naive_boot(&config, &world);
}

static const char *driver_name(const struct naive_driver *drv)
{
	return drv ? driver_word(driver_of_name(drv->name)) : NULL;
}

static void list_records(struct side *side, const struct naive_device *d)
{
	for (size_t i = d->list.count; i-- > 0;) {
		const struct naive_node *node = d->list.at[i];

		record(side, R_NODE, naive_shown_name(side->naive, node),
		       !node->group ? "" : node->group->closed ? "closed" : "open", d->name,
		       naive_shown_size(side->naive, node, false), node->group ? node->group->id : 0);
	}
}

void naive_state_records(struct side *side)
{
	const struct naive *n = side->naive;

	record(side, R_COMPLAINTS, "", NULL, n->complaints, 0, 0);
	for (size_t i = 0; i < n->devices; i++)
		record(side, R_DEVICE, naive_state(n, n->device[i]), driver_name(n->device[i]->driver),
		       n->device[i]->name, 0, 0);
	for (size_t i = 0; i < n->drivers; i++) {
		const struct naive_driver *drv = n->driver[i];

		if (!drv->on_bus)
			continue;
		if (!drv->bound_count)
			record(side, R_DRIVER, driver_name(drv), NULL, 0, 0, 0);
		for (size_t j = 0; j < drv->bound_count; j++)
			record(side, R_DRIVER, driver_name(drv), device_name[drv->bound[j]->name], 0, 0,
			       0);
	}
	for (size_t i = 0; i < n->devices; i++)
		list_records(side, n->device[i]);
}
