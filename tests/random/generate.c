/* SPDX-License-Identifier: MIT */
/* Sequences from a seed: the same one on every host. */
#include "random.h"

#include <stdlib.h>
#include <string.h>

#ifndef EPROBE_DEFER
#define EPROBE_DEFER 517
#endif

const char *const release_name[RELEASES] = { "4.19", "5.10", "6.1", "6.12", "7.2" };
const int release_number[RELEASES] = { 4019, 5010, 6001, 6012, 7002 };
const char *const arch_name[ARCHES] = { "x86_64", "arm64", "arm" };
const struct page_size_row page_sizes[PAGE_SIZES] = { { 4, 10 }, { 16, 11 }, { 64, 13 } };

uint64_t sequence_block_max(const struct sequence *s)
{
	return (uint64_t)page_sizes[s->page].kib * 1024 << page_sizes[s->page].max_order;
}

/* What was made, so that calls meet it more often than by chance. */
enum made_kind { MADE_KMALLOC, MADE_PAGES, MADE_PERCPU, MADE_LOOSE, MADE_RES, MADE_ACTION,
		 MADE_GROUP, MADE_KINDS };

struct made {
	int dev, fn;
	struct ref p;
};

enum { REMEMBERED = 8 };

struct source {
	uint64_t state;
	struct sequence *s;
	int recent[32];   /* variables that hold pointers, a ring */
	int recents;
	struct made made[MADE_KINDS][REMEMBERED];
	int mades[MADE_KINDS];
	unsigned devices, drivers; /* bits of those that are likely to be there */
	unsigned held;             /* ... that somebody has a reference to */
	bool leaf;        /* inside of a function: no call that runs another one */
	int below;        /* ... but those below it */
};

static uint64_t next(struct source *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static unsigned below(struct source *r, unsigned n)
{
	return (unsigned)(next(r) % n);
}

static bool one_in(struct source *r, unsigned n)
{
	return !below(r, n);
}

static uint64_t pick_size(struct source *r)
{
	static const uint64_t sizes[] = {
		0, 1, 8, 16, 24, 40, 64, 88, 96, 100, 152, 200, 256, 500, 1000, 2000, 4056, 8136,
		8152, 9000, 20000,
	};
	static const uint64_t big[] = {
		4194304 - 24, 4194304 - 56, 4194304 - 128, 4194304, 5000000,
		UINT32_MAX - 20, UINT32_MAX,
	};
	/* what does not fit is not always big */
	if (r->s->mem < 64 && one_in(r, 4))
		return 60000 + below(r, 900000);
	/* what fits is too much for the machine */
	if (r->s->page && one_in(r, 80))
		return sequence_block_max(r->s) + below(r, 1000);
	if (one_in(r, 40))
		return r->s->arch == 2 || one_in(r, 2) ? big[below(r, 7)] : UINT64_MAX - below(r, 60);
	if (one_in(r, 3))
		return below(r, 3000);
	return sizes[below(r, sizeof(sizes) / sizeof(sizes[0]))];
}

static int new_var(struct source *r)
{
	int var = r->s->vars < VARS_MAX ? r->s->vars++ : -1;

	if (var >= 0)
		r->recent[r->recents++ % 32] = var;
	return var;
}

static struct ref number(uint64_t n)
{
	return (struct ref){ -1, n };
}

static struct ref pick_var(struct source *r)
{
	int known = r->recents < 32 ? r->recents : 32;

	if (!known)
		return number(0);
	/* the newest ones more often */
	if (known > 8 && one_in(r, 2))
		return (struct ref){ r->recent[(r->recents - 1 - (int)below(r, 8)) % 32], 0 };
	return (struct ref){ r->recent[below(r, (unsigned)known)], 0 };
}

/* Mostly a pointer that somebody got, and now and then what nobody did. */
static struct ref pick_pointer(struct source *r)
{
	static const uint64_t wild[] = { 0, 0, 16, 1, 0x1000, 0xdead0000 };
	struct ref p;

	if (one_in(r, 12))
		return number(wild[below(r, 6)]);
	p = pick_var(r);
	if (p.var >= 0 && !r->leaf && one_in(r, 25))
		p.plus = 8u << below(r, 4);
	return p;
}

static struct ref pick_id(struct source *r)
{
	if (one_in(r, 4))
		return number(0);
	if (one_in(r, 6))
		return pick_var(r);
	return number(0x100 * (1 + below(r, 3)));
}

/* What a function or a probe does with its device, or with another one. */
static enum op_kind pick_inner(struct source *r, bool probe)
{
	/* of drivers; to bind is a probe's only */
	static const enum op_kind core[] = { K_UNBIND, K_DEVICE_UNREGISTER, K_BIND };
	static const enum op_kind kinds[] = {
		K_KMALLOC, K_KMALLOC, K_KZALLOC, K_KFREE, K_ADD_ACTION, K_REMOVE_ACTION,
		K_RELEASE_ACTION, K_FIND, K_DESTROY, K_RELEASE, K_OPEN_GROUP, K_CLOSE_GROUP,
		K_REMOVE_GROUP, K_ADD_ACTION_OR_RESET, K_GET_PAGES, K_ALLOC_PERCPU, K_FREE_PAGES,
		/* a probe only */
		K_RELEASE_GROUP, K_ADD_ACTION, K_ALLOC, K_ALLOC, K_KMALLOC, K_ADD_ACTION,
		K_OPEN_GROUP, K_KMALLOC,
	};

	if (r->below == FUNCTIONS && one_in(r, 12))
		return core[below(r, probe ? 3 : 2)];
	return kinds[below(r, probe ? 25 : 17)];
}

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

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		sum += table[i].weight;
	at = below(r, sum);
	for (size_t i = 0; ; i++) {
		if (at < table[i].weight)
			return table[i].kind;
		at -= table[i].weight;
	}
}

static void fill(struct source *r, struct op *op);

static struct body *new_body(void)
{
	struct body *b = calloc(1, sizeof(*b));

	if (!b)
		abort();
	return b;
}

/* One op, or two: a resource is added where it was made. */
static void add_inner(struct source *r, struct body *b, enum op_kind kind)
{
	struct op *op = &b->op[b->count++];

	*op = (struct op){ .kind = kind };
	fill(r, op);
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
	/* it could bind and defer for ever */
	for (int i = 0; i < b->count; i++)
		if (b->op[i].kind == K_BIND)
			b->ret = 0;
	return b;
}

/* Under the device's lock: looking at another list is fine, at this one is none. */
static struct body *pick_locked_body(struct source *r)
{
	static const enum op_kind kinds[] = { K_KFREE, K_FIND, K_REMOVE_ACTION };
	struct body *b = new_body();

	if (one_in(r, 3))
		add_inner(r, b, kinds[below(r, 3)]);
	return b;
}

static void fill_function(struct source *r, struct op *op)
{
	struct source inside = *r;

	inside.leaf = true;
	inside.below = op->fn;
	op->body = pick_body(&inside, false);
	inside.leaf = false;
	inside.below = 0;
	*r = inside;
}

static void fill_driver(struct source *r, struct op *op)
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

static bool makes_pointer(enum op_kind kind)
{
	return kind == K_KMALLOC || kind == K_KZALLOC || kind == K_KREALLOC || kind == K_ALLOC ||
	       kind == K_GET_PAGES || kind == K_ALLOC_PERCPU || kind == K_REMOVE ||
	       kind == K_OPEN_GROUP;
}

/* --- one operation --------------------------------------------------------------- */

static void remember(struct source *r, enum made_kind kind, const struct op *op, struct ref p)
{
	if (!r->leaf)
		r->made[kind][r->mades[kind]++ % REMEMBERED] = (struct made){ op->dev, op->fn, p };
}

/* One of the newest: NULL when there is none, and now and then. */
static const struct made *recall(struct source *r, enum made_kind kind)
{
	int n = r->mades[kind] < REMEMBERED ? r->mades[kind] : REMEMBERED;

	if (r->leaf || !n || one_in(r, 5))
		return NULL;
	return &r->made[kind][(r->mades[kind] - 1 - (int)below(r, (unsigned)n)) % REMEMBERED];
}

/* d0 to d2 get resources by hand, the others get them from drivers. */
static int pick_device(struct source *r, enum op_kind kind)
{
	bool core = kind == K_BIND || kind == K_UNBIND || kind == K_DEVICE;
	int dev;

	for (int tries = 0; ; tries++) {
		dev = (int)below(r, DEVICES);
		if (!core && dev > 2 && !one_in(r, 8))
			continue;
		if (core && kind != K_DEVICE && dev < 2 && !one_in(r, 6))
			continue;
		if (kind == K_PUT_DEVICE && r->held && !(r->held >> dev & 1) && tries < 20)
			continue;
		if (tries > 3 || (kind == K_DEVICE) != (r->devices >> dev & 1))
			return dev;
	}
}

static int pick_driver(struct source *r, enum op_kind kind)
{
	int drv = (int)below(r, DRIVERS);

	for (int tries = 0; tries < 3; tries++) {
		if ((kind == K_DRIVER) != (r->drivers >> drv & 1))
			break;
		drv = (int)below(r, DRIVERS);
	}
	return drv;
}

/* The device, function and pointer of something that was made. */
static void aim(struct source *r, struct op *op, enum made_kind kind)
{
	const struct made *m = recall(r, kind);

	if (!m)
		return;
	op->dev = one_in(r, 10) ? op->dev : m->dev;
	op->fn = m->fn;
	op->p = m->p;
	if (m->p.var >= 0 && one_in(r, 30))
		op->p.plus = 8u << below(r, 4);
}

static void fill_action(struct source *r, struct op *op)
{
	op->fn %= 4; /* the same ones, so that they meet */
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
	/* NULL: the newest that is open */
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
	/* what a callback does may never be done */
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
	case K_GET_PAGES: op->size = one_in(r, 20) ? page_sizes[r->s->page].max_order + 1
							 : below(r, 4); break;
	case K_ALLOC_PERCPU: op->size = one_in(r, 10) ? pick_size(r) : 8 * (1 + below(r, 16)); break;
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

/* The new variable, and what it is worth remembering as. */
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

static void fill(struct source *r, struct op *op)
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
	/* a function runs none but those below it: that ends */
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
		/* what was made is mostly put somewhere */
		if (op[-(s->count > 1)].kind == K_ALLOC && !one_in(&r, 4))
			op->kind = one_in(&r, 4) ? K_GET : K_ADD;
		fill(&r, op);
	}
}

static struct body *body_copy(const struct body *from)
{
	struct body *b = from ? new_body() : NULL;

	if (b)
		*b = *from; /* ops of a body have no body */
	return b;
}

void sequence_copy(struct sequence *to, const struct sequence *from)
{
	*to = *from;
	to->op = calloc((size_t)from->count + 1, sizeof(*to->op));
	if (!to->op)
		abort();
	for (int i = 0; i < from->count; i++) {
		to->op[i] = from->op[i];
		to->op[i].body = body_copy(from->op[i].body);
		to->op[i].body2 = body_copy(from->op[i].body2);
	}
}

void op_free(struct op *op)
{
	free(op->body);
	free(op->body2);
}

void sequence_free(struct sequence *s)
{
	for (int i = 0; i < s->count; i++)
		op_free(&s->op[i]);
	free(s->op);
	s->op = NULL;
	s->count = 0;
}
