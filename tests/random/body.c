/* SPDX-License-Identifier: MIT */
/* What callbacks do: the bodies of functions and drivers. */
#include "generate.h"

#include "kernel/errors.h"

#ifndef EPROBE_DEFER
#define EPROBE_DEFER 517
#endif

/* What a function or a probe does with its device, or with another one. */
static enum op_kind pick_inner(struct source *r, bool probe)
{
	/* for drivers; only a probe binds */
	static const enum op_kind core[] = { K_UNBIND, K_DEVICE_UNREGISTER, K_BIND };
	static const enum op_kind kinds[] = {
		K_KMALLOC, K_KMALLOC, K_KZALLOC, K_KFREE, K_ADD_ACTION, K_REMOVE_ACTION,
		K_RELEASE_ACTION, K_FIND, K_DESTROY, K_RELEASE, K_OPEN_GROUP, K_CLOSE_GROUP,
		K_REMOVE_GROUP, K_ADD_ACTION_OR_RESET, K_GET_PAGES, K_ALLOC_PERCPU, K_FREE_PAGES,
		/* only in a probe */
		K_RELEASE_GROUP, K_ADD_ACTION, K_ALLOC, K_ALLOC, K_KMALLOC, K_ADD_ACTION,
		K_OPEN_GROUP, K_KMALLOC,
	};

	if (r->below == FUNCTIONS && one_in(r, 12))
		return core[below(r, probe ? 3 : 2)];
	return kinds[below(r, probe ? 25 : 17)];
}

/* Adds one op, or two: a resource is added where it was allocated. */
static void add_inner(struct source *r, struct body *b, enum op_kind kind)
{
	struct op *op = &b->op[b->count++];

	*op = (struct op){ .kind = kind };
	fill_op(r, op);
	if (kind != K_ALLOC)
		return;
	if (b->count == BODY_MAX || op->var < 0) {
		b->count--;
		return;
	}
	op[1] = *op;
	op[1].kind = K_ADD;
	op[1].p = (struct ref){ op->var, 0 };
	op[1].var = -1;
	b->count++;
}

static struct body *pick_body(struct source *r, bool probe)
{
	static const int errors[] = { -12, -12, -19, -EPROBE_DEFER, -EPROBE_DEFER, -5, 7,
				      EPROBE_DEFER };
	struct body *b = new_body();
	int n = (int)below(r, BODY_MAX + 1);

	while (b->count < n)
		add_inner(r, b, pick_inner(r, probe));
	if (probe && one_in(r, 3))
		b->ret = errors[below(r, 8)];
	/* it could bind and defer forever */
	for (int i = 0; i < b->count; i++)
		if (b->op[i].kind == K_BIND)
			b->ret = 0;
	return b;
}

/* Under the device's lock: another list may be inspected, this one may not. */
struct body *pick_locked_body(struct source *r)
{
	static const enum op_kind kinds[] = { K_KFREE, K_FIND, K_REMOVE_ACTION };
	struct body *b = new_body();

	if (one_in(r, 3))
		add_inner(r, b, kinds[below(r, 3)]);
	return b;
}

void fill_function(struct source *r, struct op *op)
{
	struct source inside = *r;

	inside.leaf = true;
	inside.below = op->fn;
	op->body = pick_body(&inside, false);
	inside.leaf = false;
	inside.below = 0;
	*r = inside;
}

void fill_driver(struct source *r, struct op *op)
{
	bool leaf = r->leaf;

	if (one_in(r, 2))
		op->table = 1 + below(r, (1u << DEVICES) - 1);
	r->leaf = true;
	r->below = FUNCTIONS;
	if (!one_in(r, 6))
		op->body = pick_body(r, true);
	if (one_in(r, 3))
		op->body2 = pick_body(r, false);
	r->leaf = leaf;
}
