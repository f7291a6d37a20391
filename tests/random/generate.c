/* SPDX-License-Identifier: MIT */
/* Sequences from a seed, the same on every host. */
#include "generate.h"

#include <stdlib.h>

#include "kernel/errors.h"
#include "lib/array.h"

#ifndef EPROBE_DEFER
#define EPROBE_DEFER 517
#endif

static enum op_kind pick_outer(struct source *r)
{
	static const struct { enum op_kind kind; unsigned weight; } table[] = {
		{ K_DEVICE, 10 }, { K_DEVICE_UNREGISTER, 4 }, { K_GET_DEVICE, 2 },
		{ K_PUT_DEVICE, 3 }, { K_DRIVER, 6 }, { K_DRIVER_UNREGISTER, 3 }, { K_BIND, 10 },
		{ K_UNBIND, 7 }, { K_DEFINE, 5 }, { K_KMALLOC, 14 }, { K_KZALLOC, 3 },
		{ K_KREALLOC, 6 }, { K_KFREE, 9 }, { K_GET_PAGES, 3 }, { K_FREE_PAGES, 3 },
		{ K_ALLOC_PERCPU, 3 }, { K_FREE_PERCPU, 2 }, { K_ADD_ACTION, 8 },
		{ K_ADD_ACTION_OR_RESET, 3 }, { K_REMOVE_ACTION, 3 },
		{ K_REMOVE_ACTION_NOWARN, 2 }, { K_RELEASE_ACTION, 4 }, { K_IS_ACTION_ADDED, 2 },
		{ K_ALLOC, 10 }, { K_ADD, 3 }, { K_FREE, 3 }, { K_FIND, 3 }, { K_GET, 2 },
		{ K_REMOVE, 3 }, { K_DESTROY, 3 }, { K_RELEASE, 4 }, { K_FOR_EACH, 3 },
		{ K_RELEASE_ALL, 2 }, { K_OPEN_GROUP, 9 }, { K_CLOSE_GROUP, 7 },
		{ K_REMOVE_GROUP, 3 }, { K_RELEASE_GROUP, 5 }, { K_FAIL_FUNCTION, 4 },
	};
	unsigned sum = 0, at;

	for (size_t i = 0; i < COUNT(table); i++)
		sum += table[i].weight;
	at = below(r, sum);
	for (size_t i = 0;; i++) {
		if (at < table[i].weight)
			return table[i].kind;
		at -= table[i].weight;
	}
}

/* --- one operation --------------------------------------------------------------- */

static void fill_action(struct source *r, struct op *op)
{
	op->fn %= 4; /* only a few, so that calls meet the same ones */
	op->p = number(below(r, 3));
	if (op->kind == K_ADD_ACTION || op->kind == K_ADD_ACTION_OR_RESET)
		remember(r, MADE_ACTION, op, op->p);
	else
		aim(r, op, MADE_ACTION);
}

static void fill_search(struct source *r, struct op *op)
{
	aim(r, op, MADE_RES);
	op->res = one_in(r, 3) ? op->p : one_in(r, 6) ? pick_pointer(r) : number(0);
	op->res.plus = op->res.var < 0 ? op->res.plus : 0;
	op->p = number(0);
	op->match = one_in(r, 4) ? (enum match_choice)below(r, 3) : M_NONE;
}

static void fill_resource(struct source *r, struct op *op)
{
	op->p = pick_pointer(r);
	op->p.plus = 0;
	if (op->kind != K_ADD && one_in(r, 3))
		aim(r, op, MADE_RES);
	else if (!r->leaf && r->mades[MADE_LOOSE] && !one_in(r, 10)) {
		const struct made *m = &r->made[MADE_LOOSE][--r->mades[MADE_LOOSE] % REMEMBERED];

		op->p = m->p;
		op->fn = m->fn;
		if (op->kind != K_FREE)
			remember(r, MADE_RES, op, op->p);
	}
	if (op->kind == K_GET)
		op->match = one_in(r, 4) ? (enum match_choice)below(r, 3) : M_NONE;
}

static void fill_pointer(struct source *r, struct op *op)
{
	op->p = pick_pointer(r);
	aim(r, op, op->kind == K_FREE_PAGES ? MADE_PAGES : op->kind == K_FREE_PERCPU ? MADE_PERCPU :
	    one_in(r, 10) ? MADE_RES : MADE_KMALLOC);
}

static void fill_group(struct source *r, struct op *op)
{
	op->p = pick_id(r);
	if (op->kind != K_OPEN_GROUP)
		aim(r, op, MADE_GROUP);
	else if (op->p.var >= 0 || op->p.plus)
		remember(r, MADE_GROUP, op, op->p);
	/* NULL: the newest open group */
	if (op->kind != K_OPEN_GROUP && one_in(r, 5))
		op->p = number(0);
	op->p.plus = op->p.var < 0 ? op->p.plus : 0;
}

static void fill_locked(struct source *r, struct op *op)
{
	bool leaf = r->leaf;

	fill_search(r, op);
	r->leaf = true;
	op->body = pick_locked_body(r);
	r->leaf = leaf;
}

static void fill_by_kind(struct source *r, struct op *op)
{
	/* a callback may never run */
	unsigned dev = r->leaf ? 0 : 1u << op->dev;

	switch (op->kind) {
	case K_DEVICE: r->devices |= dev; break;
	case K_DEVICE_UNREGISTER: r->devices &= ~dev; break;
	case K_GET_DEVICE: r->held |= dev; break;
	case K_PUT_DEVICE: r->held &= ~dev; break;
	case K_DRIVER: r->drivers |= 1u << op->drv; fill_driver(r, op); break;
	case K_DRIVER_UNREGISTER: r->drivers &= ~(1u << op->drv); break;
	case K_DEFINE: fill_function(r, op); break;
	case K_ADD_ACTION: case K_ADD_ACTION_OR_RESET: case K_REMOVE_ACTION:
	case K_REMOVE_ACTION_NOWARN: case K_RELEASE_ACTION: case K_IS_ACTION_ADDED:
		fill_action(r, op);
		break;
	case K_GET_PAGES: op->size = one_in(r, 20) ? sequence_max_order(r->s) + 1
							 : below(r, 4); break;
	case K_ALLOC_PERCPU:
		op->size = one_in(r, 10) ? pick_size(r) : 8 * (1 + below(r, 16));
		break;
	case K_OPEN_GROUP: case K_CLOSE_GROUP: case K_REMOVE_GROUP: case K_RELEASE_GROUP:
		fill_group(r, op);
		break;
	case K_FIND: case K_REMOVE: case K_DESTROY: case K_RELEASE: fill_search(r, op); break;
	case K_FOR_EACH: fill_locked(r, op); break;
	case K_ADD: case K_FREE: case K_GET: fill_resource(r, op); break;
	case K_KREALLOC: case K_KFREE: case K_FREE_PAGES: case K_FREE_PERCPU:
		fill_pointer(r, op);
		break;
	case K_FAIL_FUNCTION: {
		static const unsigned errors[] = { 12, 19, 5, EPROBE_DEFER };

		op->fn = (int)below(r, FAILING);
		op->size = errors[op->fn ? below(r, 4) : 3];
		break;
	}
	default: break;
	}
}

static bool makes_pointer(enum op_kind kind)
{
	return kind == K_KMALLOC || kind == K_KZALLOC || kind == K_KREALLOC || kind == K_ALLOC ||
	       kind == K_GET_PAGES || kind == K_ALLOC_PERCPU || kind == K_REMOVE ||
	       kind == K_OPEN_GROUP;
}

/* Assigns the new variable, and remembers it. */
static void keep(struct source *r, struct op *op)
{
	struct ref p = { op->var = new_var(r), 0 };

	if (p.var < 0)
		return;
	switch (op->kind) {
	case K_KMALLOC: case K_KZALLOC: case K_KREALLOC: remember(r, MADE_KMALLOC, op, p); break;
	case K_GET_PAGES: remember(r, MADE_PAGES, op, p); break;
	case K_ALLOC_PERCPU: remember(r, MADE_PERCPU, op, p); break;
	case K_ALLOC: case K_REMOVE: remember(r, MADE_LOOSE, op, p); break;
	case K_OPEN_GROUP:
		if (op->p.var < 0 && !op->p.plus)
			remember(r, MADE_GROUP, op, p);
		break;
	default: break;
	}
}

void fill_op(struct source *r, struct op *op)
{
	bool runs = op->kind == K_RELEASE_ACTION || op->kind == K_RELEASE ||
		    op->kind == K_ADD_ACTION_OR_RESET;

	op->p = op->res = number(0);
	op->dev = r->leaf && op->kind != K_DEVICE && !one_in(r, 5) ? -1 : pick_device(r, op->kind);
	op->drv = pick_driver(r, op->kind);
	op->fn = (int)below(r, one_in(r, 3) ? FUNCTIONS : 4);
	op->var = -1;
	op->size = pick_size(r);
	op->gfp = one_in(r, 6) ? (enum gfp_choice)below(r, GFPS) : G_KERNEL;
	/* a function only runs those with lower numbers, so it terminates */
	if (r->leaf && runs && r->below < FUNCTIONS && !r->below)
		op->kind = K_KMALLOC;
	fill_by_kind(r, op);
	if (r->leaf && runs && r->below < FUNCTIONS && r->below)
		op->fn = (int)below(r, (unsigned)r->below);
	if (makes_pointer(op->kind))
		keep(r, op);
}

void sequence_make(struct sequence *s, uint64_t seed, int ops)
{
	struct source r = { .state = seed * 0x2545f4914f6cdd1dull + 1, .s = s };

	*s = (struct sequence){ .seed = seed, .op = calloc((size_t)ops, sizeof(*s->op)) };
	if (!s->op)
		abort();
	s->release = (int)below(&r, RELEASES);
	s->arch = (int)below(&r, ARCHES);
	s->page = s->arch == 1 ? (int)(seed % PAGE_SIZES) : 0;
	s->mem = one_in(&r, 5) ? 4 : 256;
	s->bare = one_in(&r, 2);
	s->watch = one_in(&r, 2);
	while (s->count < ops) {
		struct op *op = &s->op[s->count++];

		op->kind = s->count < 4 ? K_DEVICE : s->count < 7 ? K_DEFINE :
			   s->count < 9 ? K_DRIVER : pick_outer(&r);
		/* an allocated resource is usually added somewhere */
		if (op[-(s->count > 1)].kind == K_ALLOC && !one_in(&r, 4))
			op->kind = one_in(&r, 4) ? K_GET : K_ADD;
		fill_op(&r, op);
	}
}
