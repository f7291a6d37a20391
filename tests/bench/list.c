/* SPDX-License-Identifier: MIT */
/* A node is two links and the data in one malloc(); release walks the list backwards. */
#include <stdlib.h>

#include "bench.h"
#include "lib/list.h"

struct node {
	struct list link;
	char data[];
};

static struct list list;

static void *list_alloc(size_t size, int zero)
{
	struct node *node = zero ? calloc(1, sizeof(*node) + size)
				 : malloc(sizeof(*node) + size);

	if (!node)
		die("out of memory");
	list_append(&list, &node->link);
	return node->data;
}

static void list_free(void *data)
{
	struct node *node = list_entry(data, struct node, data);

	node->link.prev->next = node->link.next;
	node->link.next->prev = node->link.prev;
	free(node);
}

static void list_release(void)
{
	for (struct list *l = list.prev, *prev; l != &list; l = prev) {
		prev = l->prev;
		free(list_entry(l, struct node, link));
	}
	list_init(&list);
}

double list_pairs(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++)
		list_free(use(list_alloc(SIZE, 0)));
	return now() - start;
}

void list_fill(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(list_alloc(SIZE, 0));
}

double list_allocs(uint32_t n)
{
	double start = now();

	list_fill(n);
	start = now() - start;
	list_release();
	return start;
}

double list_releases(uint32_t n)
{
	double start;

	list_fill(n);
	start = now();
	list_release();
	return now() - start;
}

double list_frees(uint32_t n)
{
	/* for all the compiler knows, free() could change globals */
	const uint32_t *order = free_order;
	void **at = nodes;
	double start;

	list_fill(n);
	start = now();
	for (uint32_t i = 0; i < n; i++)
		list_free(at[order[i]]);
	return now() - start;
}

double list_binds(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		for (int j = 0; j < PER_BIND; j++)
			use(list_alloc(SIZE, 1));
		list_release();
	}
	return now() - start;
}

void list_set_up(void)
{
	list_init(&list);
}
