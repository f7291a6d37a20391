/* SPDX-License-Identifier: MIT */
/* Releasing a range of a list, and groups, which are ranges. See naive.h. */
#include "naive_list.h"

#include <stdlib.h>

/* --- releasing a range ------------------------------------------------------------------- */

/*
 * If both markers are in the range, the group is removed, with its opening marker as a
 * node.
 */
static void color_markers(struct naive_device *d, struct naive_node **marker, size_t markers,
			  struct naive_list *todo)
{
	for (size_t i = 0; i < markers; i++)
		marker[i]->group->color = 0;
	for (size_t i = 0; i < markers; i++) {
		struct naive_group *g = marker[i]->group;

		g->color += g->closed ? 1 : 2;
		if (g->color < 2)
			continue;
		for (size_t j = d->list.count; j-- > 0;) {
			struct naive_node *node = d->list.at[j];

			if (node->group != g)
				continue;
			naive_cut(&d->list, node);
			if (node->kind == NAIVE_OPEN)
				naive_push(todo, node);
			else
				free(node);
		}
	}
}

/* The nodes from first up to end leave the list at once; the newest is released first. */
static int release_range(struct naive *n, struct naive_device *d, size_t first, size_t end)
{
	struct naive_node **marker = calloc(end - first + 1, sizeof(struct naive_node *));
	struct naive_list todo = { 0 };
	size_t markers = 0;
	int count = 0;

	if (!marker)
		abort();
	for (size_t i = first; i < end; i++) {
		if (d->list.at[i]->kind >= NAIVE_OPEN)
			marker[markers++] = d->list.at[i];
		else
			naive_push(&todo, d->list.at[i]);
	}
	count = (int)todo.count;
	for (size_t i = 0; i < todo.count; i++)
		naive_cut(&d->list, todo.at[i]);
	/* markers of one group: freed memory is not read again */
	color_markers(d, marker, markers, &todo);
	while (todo.count && !n->died) {
		struct naive_node *node = todo.at[todo.count - 1];

		naive_told(n, "REL", d, node);
		naive_run_release(n, d, node);
		if (n->died)
			break;
		todo.count--;
		if (node->kind == NAIVE_OPEN)
			free(node->group);
		naive_free_node(n, node);
	}
	for (size_t i = 0; i < todo.count; i++)
		if (todo.at[i]->kind == NAIVE_OPEN) {
			free(todo.at[i]->group);
			free(todo.at[i]);
		}
	free(todo.at);
	free(marker);
	return count;
}

int naive_devres_release_all(struct naive *n, struct naive_device *d)
{
	if (!d->list.count || !naive_lock(n, d))
		return 0;
	return release_range(n, d, 0, d->list.count);
}

/* --- groups -------------------------------------------------------------------------------- */

uint64_t naive_devres_open_group(struct naive *n, struct naive_device *d, uint64_t id)
{
	struct naive_group *g;
	struct naive_node *node;
	uint64_t given;

	if (!naive_lock(n, d))
		return 0;
	given = n->world.memory(n->world.ctx);
	if (!given)
		return 0;
	g = calloc(1, sizeof(*g));
	node = naive_new_node(n, NAIVE_OPEN, 0);
	if (!g)
		abort();
	g->id = id ? id : given;
	node->group = g;
	naive_add(n, d, node);
	return g->id;
}

/* Index of the newest opening marker; -1: none. */
static long find_group(struct naive_device *d, uint64_t id)
{
	for (size_t i = d->list.count; i-- > 0;) {
		const struct naive_node *node = d->list.at[i];

		if (node->kind == NAIVE_OPEN &&
		    (id ? node->group->id == id : !node->group->closed))
			return (long)i;
	}
	return -1;
}

void naive_devres_close_group(struct naive *n, struct naive_device *d, uint64_t id)
{
	struct naive_node *node;
	struct naive_group *g;
	long i;

	if (!naive_lock(n, d))
		return;
	i = find_group(d, id);
	if (i < 0) {
		naive_warn(n);
		return;
	}
	g = d->list.at[i]->group;
	node = naive_new_node(n, NAIVE_CLOSE, 0);
	node->group = g;
	if (g->closed) {
		naive_told(n, "ADD", d, node);
		free(node);
		naive_bug(n);
		return;
	}
	g->closed = true;
	naive_add(n, d, node);
}

void naive_devres_remove_group(struct naive *n, struct naive_device *d, uint64_t id)
{
	struct naive_group *g;
	long i;

	if (!naive_lock(n, d))
		return;
	i = find_group(d, id);
	if (i < 0) {
		naive_warn(n);
		return;
	}
	g = d->list.at[i]->group;
	naive_told(n, "REM", d, d->list.at[i]);
	for (size_t j = d->list.count; j-- > 0;) {
		struct naive_node *node = d->list.at[j];

		if (node->group == g) {
			naive_cut(&d->list, node);
			free(node);
		}
	}
	free(g);
}

int naive_devres_release_group(struct naive *n, struct naive_device *d, uint64_t id)
{
	size_t end;
	long i;

	if (!naive_lock(n, d))
		return 0;
	i = find_group(d, id);
	if (i < 0) {
		if (d->list.count || !naive_since(n, 5, 11))
			naive_warn(n);
		return 0;
	}
	end = d->list.count;
	for (size_t j = (size_t)i + 1; j < d->list.count; j++)
		if (d->list.at[j]->kind == NAIVE_CLOSE &&
		    d->list.at[j]->group == d->list.at[i]->group)
			end = j + 1;
	return release_range(n, d, (size_t)i, end);
}
