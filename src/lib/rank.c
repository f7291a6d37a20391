/* SPDX-License-Identifier: MIT */
#include "lib/rank.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/host_memory.h"

#define RANK_MIN 16

void rank_finish(struct rank *r)
{
	free(r->tree);
	*r = (struct rank){ 0 };
}

static void tree_add(struct rank *r, uint32_t number, uint32_t delta)
{
	for (uint32_t i = number + 1; i <= r->cap; i += i & -i)
		r->tree[i] += delta;
}

/* The newest entries are not added to the tree before a query needs it. */
static void tree_catch_up(struct rank *r)
{
	while (r->counted < r->used)
		tree_add(r, r->counted++, 1);
}

int rank_restart(struct rank *r)
{
	uint32_t cap = RANK_MIN;
	uint32_t *tree;

	while (cap < 2 * r->live + 2)
		cap *= 2;
	tree = host_calloc(cap + 1, sizeof(*tree));
	if (!tree)
		return -ENOMEM;
	free(r->tree);
	*r = (struct rank){ .tree = tree, .cap = cap };
	return 0;
}

void rank_remove_counted(struct rank *r, uint32_t number)
{
	if (number >= r->used)
		return;
	r->live--;
	tree_catch_up(r);
	tree_add(r, number, UINT32_MAX); /* minus one, modulo 2^32 */
}

uint32_t rank_counted(const struct rank *r, uint32_t number)
{
	uint32_t before = 0;

	if (number >= r->used)
		return r->live;
	for (uint32_t i = number; i; i -= i & -i)
		before += r->tree[i];
	return r->live - before;
}
