/* SPDX-License-Identifier: MIT */
/*
 * Makes a sequence with a difference shorter: drops half of it, quarters, ... single
 * operations, then what callbacks do and what was booted, as long as there is a
 * difference. Each try starts with a fresh boot.
 */
#include "random.h"

#include <stdlib.h>
#include <string.h>

static bool differs(const struct sequence *s)
{
	return !sequence_run(s, NULL);
}

/* Operations after the first difference are irrelevant. */
static void cut_end(struct sequence *s)
{
	struct difference d;

	if (sequence_run(s, &d))
		return;
	while (s->count > d.op + 1)
		op_free(&s->op[--s->count]);
}

/* Tries the sequence without n ops from `at` on; keeps that if the sides still differ. */
static bool drop_ops(struct sequence *s, int at, int n)
{
	struct sequence less = *s;
	bool gone;

	less.op = malloc(((size_t)s->count + 1) * sizeof(*s->op));
	if (!less.op)
		abort();
	memcpy(less.op, s->op, (size_t)at * sizeof(*s->op));
	memcpy(less.op + at, s->op + at + n, (size_t)(s->count - at - n) * sizeof(*s->op));
	less.count = s->count - n;
	gone = differs(&less);
	if (gone) {
		for (int i = at; i < at + n; i++)
			op_free(&s->op[i]);
		memcpy(s->op, less.op, (size_t)less.count * sizeof(*s->op));
		s->count = less.count;
	}
	free(less.op);
	return gone;
}

static bool drop_chunks(struct sequence *s)
{
	bool any = false;

	for (int n = s->count / 2; n >= 1; n /= 2)
		for (int at = s->count - n; at >= 0; at -= n)
			if (at + n <= s->count && drop_ops(s, at, n))
				any = true;
	return any;
}

static bool drop_calls(struct sequence *s, struct body *b)
{
	bool any = false;

	for (int i = b ? b->count - 1 : -1; i >= 0; i--) {
		struct body was = *b;

		memmove(&b->op[i], &b->op[i + 1], (size_t)(b->count - i - 1) * sizeof(b->op[0]));
		b->count--;
		if (differs(s))
			any = true;
		else
			*b = was;
	}
	return any;
}

/* Tries no callback instead of one. */
static bool drop_body(struct sequence *s, struct op *op, struct body **b)
{
	struct body *was = *b;

	if (!was || op->kind != K_DRIVER)
		return false;
	*b = NULL;
	if (differs(s)) {
		free(was);
		return true;
	}
	*b = was;
	return false;
}

static bool drop_bodies(struct sequence *s)
{
	bool any = false;

	for (int i = 0; i < s->count; i++) {
		any |= drop_body(s, &s->op[i], &s->op[i].body);
		any |= drop_body(s, &s->op[i], &s->op[i].body2);
		any |= drop_calls(s, s->op[i].body);
		any |= drop_calls(s, s->op[i].body2);
	}
	return any;
}

/* Tries the most common machine. */
static void plain_machine(struct sequence *s)
{
	struct sequence was = *s;

	s->page = 0;
	if (!differs(s))
		*s = was;
	was = *s;
	s->release = 3;
	s->arch = s->page = 0;
	if (!differs(s))
		*s = was;
	was = *s;
	s->mem = 256;
	if (!differs(s))
		*s = was;
	was = *s;
	s->bare = s->watch = false;
	if (!differs(s))
		*s = was;
}

static void plain_sizes(struct sequence *s)
{
	for (int i = 0; i < s->count; i++) {
		struct op was = s->op[i];

		s->op[i].match = M_NONE;
		s->op[i].res = (struct ref){ -1, 0 };
		s->op[i].gfp = G_KERNEL;
		if (!differs(s))
			s->op[i] = was;
	}
}

void sequence_shrink(struct sequence *s)
{
	bool again = true;

	cut_end(s);
	for (int rounds = 0; again && rounds < 8; rounds++) {
		again = drop_chunks(s);
		again |= drop_bodies(s);
	}
	plain_machine(s);
	plain_sizes(s);
}
