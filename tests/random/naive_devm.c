/* SPDX-License-Identifier: MIT */
/* devm_kmalloc() and its family, pages and per-CPU memory. See naive.h. */
#include "naive_list.h"

#define ZERO_SIZE 16

uint64_t naive_devm_kmalloc(struct naive *n, struct naive_device *d, uint64_t size, bool nowarn)
{
	struct naive_node *node;

	if (!size && naive_since(n, 5, 10))
		return ZERO_SIZE;
	if (!naive_lock(n, d))
		return 0;
	node = naive_alloc_dr(n, NAIVE_KMALLOC, size, nowarn);
	if (!node)
		return 0;
	naive_add(n, d, node);
	return node->addr;
}

void naive_devm_kfree(struct naive *n, struct naive_device *d, uint64_t p)
{
	struct naive_node *node;

	if ((!p || p == ZERO_SIZE) && naive_since(n, 5, 10))
		return;
	if (!naive_lock(n, d))
		return;
	node = naive_find(d, NAIVE_KMALLOC, p, 0, 0);
	if (!node) {
		naive_warn(n);
		return;
	}
	naive_unlink_node(n, d, node);
	naive_free_node(n, node);
}

/* The bucket of this object, whoever owns it. */
static uint64_t bucket_at(const struct naive *n, uint64_t p)
{
	for (size_t i = 0; i < n->all.count; i++)
		if (n->all.at[i]->addr == p && n->all.at[i]->kind <= NAIVE_RES)
			return n->all.at[i]->bucket;
	return 0;
}

uint64_t naive_devm_krealloc(struct naive *n, struct naive_device *d, uint64_t p, uint64_t size,
			     bool nowarn)
{
	uint64_t extra = naive_repaired(n) ? 0 : naive_header_size(n);
	struct naive_node *old, *fresh;

	if (!size) {
		naive_devm_kfree(n, d, p);
		return ZERO_SIZE;
	}
	if (p <= ZERO_SIZE)
		return naive_devm_kmalloc(n, d, size, nowarn);
	if (size > naive_size_max(n) - naive_header_size(n))
		return 0;
	if (!bucket_at(n, p)) {
		naive_warn(n);
		return 0;
	}
	if (size + naive_header_size(n) <= bucket_at(n, p))
		return p;
	fresh = naive_alloc_dr(n, NAIVE_KMALLOC, size + extra, nowarn);
	if (!fresh)
		return 0;
	fresh->size = size;
	fresh->reallocated = true;
	if (!naive_lock(n, d))
		return 0;
	old = naive_find(d, NAIVE_KMALLOC, p, 0, 0);
	if (!old) {
		naive_free_node(n, fresh);
		naive_warn(n);
		return 0;
	}
	naive_told(n, "REPLACE", d, old);
	d->list.at[naive_where(&d->list, old)] = fresh;
	naive_free_node(n, old);
	return fresh->addr;
}

/* A node that refers to an address. */
static uint64_t remember(struct naive *n, struct naive_device *d, enum naive_kind kind,
			 uint64_t size)
{
	uint64_t addr = n->world.memory(n->world.ctx);
	struct naive_node *node;

	if (!addr)
		return 0;
	node = naive_new_node(n, kind, size);
	node->data = addr;
	naive_push(&n->all, node);
	naive_add(n, d, node);
	return addr;
}

uint64_t naive_devm_get_free_pages(struct naive *n, struct naive_device *d, unsigned order,
				   bool nowarn)
{
	if (!naive_lock(n, d))
		return 0;
	if (order > n->config.max_order) {
		if (!nowarn && !n->warned_too_big) {
			n->warned_too_big = true;
			n->complaints++;
		}
		return 0;
	}
	return remember(n, d, NAIVE_PAGES, 2 * naive_word(&n->config));
}

void naive_devm_free_pages(struct naive *n, struct naive_device *d, uint64_t p)
{
	struct naive_node *node;

	if (!naive_lock(n, d))
		return;
	node = naive_find(d, NAIVE_PAGES, 0, 0, p);
	if (!node) {
		naive_warn(n);
		return;
	}
	naive_unlink_node(n, d, node);
	naive_free_node(n, node);
}

uint64_t naive_devm_alloc_percpu(struct naive *n, struct naive_device *d, uint64_t size)
{
	if (!naive_lock(n, d))
		return 0;
	if (!size || size > (n->config.page > 32768 ? n->config.page : 32768)) {
		naive_warn(n);
		return 0;
	}
	return remember(n, d, NAIVE_PERCPU, naive_word(&n->config));
}

void naive_devm_free_percpu(struct naive *n, struct naive_device *d, uint64_t p)
{
	struct naive_node *node;

	if (!naive_lock(n, d))
		return;
	node = naive_find(d, NAIVE_PERCPU, 0, 0, p);
	if (!node) {
		naive_warn(n);
		return;
	}
	naive_unlink_node(n, d, node);
	naive_free_node(n, node);
}
