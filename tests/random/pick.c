/* SPDX-License-Identifier: MIT */
/* The arguments of operations: sizes, pointers, devices, and things created earlier. */
#include "generate.h"
#include "lib/array.h"

/*
 * On a 32-bit host, sizes that are large for a 64-bit machine cannot be told from ones
 * that wrap.
 */
static uint64_t sayable(const struct source *r, uint64_t size)
{
	return sizeof(size_t) == 8 || r->s->arch == 2 || size < INT32_MAX ? size : INT32_MAX;
}

uint64_t pick_size(struct source *r)
{
	static const uint64_t sizes[] = {
		0, 1, 8, 16, 24, 40, 64, 88, 96, 100, 152, 200, 256, 500, 1000, 2000, 4056, 8136,
		8152, 9000, 20000,
	};
	static const uint64_t big[] = {
		4194304 - 24, 4194304 - 56, 4194304 - 128, 4194304, 5000000,
		UINT32_MAX - 20, UINT32_MAX,
	};
	/* sizes that do not fit need not be huge */
	if (r->s->mem < 64 && one_in(r, 4))
		return 60000 + below(r, 900000);
	/* sizes that fit, but are too much for the machine */
	if (r->s->page && one_in(r, 80))
		return sequence_block_max(r->s) + below(r, 1000);
	if (one_in(r, 40))
		return sayable(r, r->s->arch == 2 || one_in(r, 2) ? big[below(r, 7)]
								  : UINT64_MAX - below(r, 60));
	if (one_in(r, 3))
		return below(r, 3000);
	return sizes[below(r, COUNT(sizes))];
}

int new_var(struct source *r)
{
	int var = r->s->vars < VARS_MAX ? r->s->vars++ : -1;

	if (var >= 0)
		r->recent[r->recents++ % 32] = var;
	return var;
}

static struct ref pick_var(struct source *r)
{
	int known = r->recents < 32 ? r->recents : 32;

	if (!known)
		return number(0);
	/* newer ones more often */
	if (known > 8 && one_in(r, 2))
		return (struct ref){ r->recent[(r->recents - 1 - (int)below(r, 8)) % 32], 0 };
	return (struct ref){ r->recent[below(r, (unsigned)known)], 0 };
}

/* Usually a pointer that some call returned, and sometimes an invalid one. */
struct ref pick_pointer(struct source *r)
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

struct ref pick_id(struct source *r)
{
	if (one_in(r, 4))
		return number(0);
	if (one_in(r, 6))
		return pick_var(r);
	return number(0x100 * (1 + below(r, 3)));
}

void remember(struct source *r, enum made_kind kind, const struct op *op, struct ref p)
{
	if (!r->leaf)
		r->made[kind][r->mades[kind]++ % REMEMBERED] = (struct made){ op->dev, op->fn, p };
}

/* One of the newest; NULL if there is none, and now and then anyway. */
static const struct made *recall(struct source *r, enum made_kind kind)
{
	int n = r->mades[kind] < REMEMBERED ? r->mades[kind] : REMEMBERED;

	if (r->leaf || !n || one_in(r, 5))
		return NULL;
	return &r->made[kind][(r->mades[kind] - 1 - (int)below(r, (unsigned)n)) % REMEMBERED];
}

/* d0 to d2 get resources by hand, the others from drivers. */
int pick_device(struct source *r, enum op_kind kind)
{
	bool core = kind == K_BIND || kind == K_UNBIND || kind == K_DEVICE;
	int dev;

	for (int tries = 0;; tries++) {
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

int pick_driver(struct source *r, enum op_kind kind)
{
	int drv = (int)below(r, DRIVERS);

	for (int tries = 0; tries < 3; tries++) {
		if ((kind == K_DRIVER) != (r->drivers >> drv & 1))
			break;
		drv = (int)below(r, DRIVERS);
	}
	return drv;
}

/* Uses the device, function and pointer of something created earlier. */
void aim(struct source *r, struct op *op, enum made_kind kind)
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
