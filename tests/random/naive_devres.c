/* SPDX-License-Identifier: MIT */
/* Resources with their own release: devres_alloc(), devres_find() ... See naive.h. */
#include "naive_list.h"

#include <errno.h>

uint64_t naive_devres_alloc(struct naive *n, unsigned fn, uint64_t size, bool nowarn)
{
	struct naive_node *node = naive_alloc_dr(n, NAIVE_RES, size, nowarn);

	if (!node)
		return 0;
	node->fn = fn;
	naive_push(&n->loose, node);
	return node->addr;
}

static struct naive_node *loose_at(struct naive *n, uint64_t res)
{
	for (size_t i = 0; i < n->loose.count; i++)
		if (n->loose.at[i]->addr == res)
			return n->loose.at[i];
	return NULL;
}

/* The node with this data, on a list or not; otherwise it is a bad access. */
static struct naive_node *node_at(struct naive *n, uint64_t res)
{
	for (size_t i = 0; res && i < n->all.count; i++)
		if (n->all.at[i]->addr == res)
			return n->all.at[i];
	naive_bug(n);
	return NULL;
}

void naive_devres_free(struct naive *n, uint64_t res)
{
	struct naive_node *node;

	if (!res || !node_at(n, res))
		return;
	node = loose_at(n, res);
	if (!node) {
		naive_bug(n);
		return;
	}
	naive_cut(&n->loose, node);
	naive_free_node(n, node);
}

void naive_devres_add(struct naive *n, struct naive_device *d, uint64_t res)
{
	struct naive_node *node = node_at(n, res);

	if (!node || !naive_lock(n, d))
		return;
	if (!loose_at(n, res)) {
		naive_told(n, "ADD", d, node);
		naive_bug(n);
		return;
	}
	naive_cut(&n->loose, node);
	naive_add(n, d, node);
}

static bool matches(struct naive *n, struct naive_device *d, const struct naive_node *node,
		    enum naive_kind kind, unsigned fn, const struct naive_match *m)
{
	bool hit = true;

	if (node->kind != kind || node->fn != fn || (m->res && node->addr != m->res))
		return false;
	if (m->match) {
		d->locked = true;
		hit = m->match(m->ctx, d, node->addr);
		d->locked = false;
	}
	return hit && !n->died;
}

static struct naive_node *search(struct naive *n, struct naive_device *d, enum naive_kind kind,
				 unsigned fn, const struct naive_match *m)
{
	if (!naive_lock(n, d))
		return NULL;
	for (size_t i = d->list.count; i-- > 0 && !n->died;)
		if (matches(n, d, d->list.at[i], kind, fn, m))
			return d->list.at[i];
	return NULL;
}

uint64_t naive_devres_find(struct naive *n, struct naive_device *d, unsigned fn,
			   const struct naive_match *m)
{
	struct naive_node *node = search(n, d, NAIVE_RES, fn, m);

	return node ? node->addr : 0;
}

uint64_t naive_devres_get(struct naive *n, struct naive_device *d, uint64_t res,
			  const struct naive_match *m)
{
	struct naive_node *fresh = node_at(n, res), *old;

	if (!fresh)
		return 0;
	old = search(n, d, fresh->kind, fresh->fn, m);
	if (n->died)
		return 0;
	if (!old) {
		naive_devres_add(n, d, res);
		return res;
	}
	naive_devres_free(n, res);
	return old->addr;
}

static struct naive_node *take(struct naive *n, struct naive_device *d, unsigned fn,
			       const struct naive_match *m)
{
	struct naive_node *node = search(n, d, NAIVE_RES, fn, m);

	if (node) {
		naive_unlink_node(n, d, node);
		naive_push(&n->loose, node);
	}
	return node;
}

uint64_t naive_devres_remove(struct naive *n, struct naive_device *d, unsigned fn,
			     const struct naive_match *m)
{
	struct naive_node *node = take(n, d, fn, m);

	return node ? node->addr : 0;
}

int naive_devres_destroy(struct naive *n, struct naive_device *d, unsigned fn,
			 const struct naive_match *m)
{
	struct naive_node *node = take(n, d, fn, m);

	if (!node)
		return -ENOENT;
	naive_devres_free(n, node->addr);
	return 0;
}

int naive_devres_release(struct naive *n, struct naive_device *d, unsigned fn,
			 const struct naive_match *m)
{
	struct naive_node *node = take(n, d, fn, m);

	if (!node)
		return -ENOENT;
	naive_run_release(n, d, node);
	if (!n->died)
		naive_devres_free(n, node->addr);
	return 0;
}

void naive_devres_for_each_res(struct naive *n, struct naive_device *d, unsigned fn,
			       const struct naive_match *m,
			       void (*each)(void *ctx, struct naive_device *d, uint64_t data))
{
	if (!naive_lock(n, d))
		return;
	for (size_t i = d->list.count; i-- > 0 && !n->died;) {
		if (!matches(n, d, d->list.at[i], NAIVE_RES, fn, m))
			continue;
		d->locked = true;
		each(m->ctx, d, d->list.at[i]->addr);
		d->locked = false;
	}
}
