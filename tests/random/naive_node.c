/* SPDX-License-Identifier: MIT */
/*
 * A node: its sizes, its memory, its place on a list, and what is shown of it. See
 * naive.h.
 */
#include "naive_list.h"

#include <stdlib.h>
#include <string.h>

/* --- arrays ------------------------------------------------------------------ */

void naive_push(struct naive_list *l, struct naive_node *node)
{
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 16;
		l->at = realloc(l->at, l->room * sizeof(*l->at));
		if (!l->at)
			abort();
	}
	l->at[l->count++] = node;
}

size_t naive_where(const struct naive_list *l, const struct naive_node *node)
{
	size_t i = 0;

	while (i < l->count && l->at[i] != node)
		i++;
	return i;
}

void naive_cut(struct naive_list *l, struct naive_node *node)
{
	size_t i = naive_where(l, node);

	if (i == l->count)
		return;
	memmove(&l->at[i], &l->at[i + 1], (l->count - i - 1) * sizeof(*l->at));
	l->count--;
}

/* --- sizes ------------------------------------------------------------------- */

unsigned naive_word(const struct naive_config *c)
{
	return c->arch == NAIVE_ARM ? 4 : 8;
}

bool naive_since(const struct naive *n, int major, int minor)
{
	return n->config.release >= NAIVE_RELEASE(major, minor);
}

bool naive_repaired(const struct naive *n)
{
	return n->config.repaired || naive_since(n, 5, 11);
}

/* Bytes of struct devres_node: links and release; name and size; free. */
static unsigned node_size(const struct naive *n)
{
	return naive_word(&n->config) * (naive_since(n, 7, 1) ? 6 : naive_since(n, 5, 14) ? 5 : 3);
}

unsigned naive_header_size(const struct naive *n)
{
	static const unsigned dma[] = { 8, 128, 64 };
	unsigned front = node_size(n) + (naive_since(n, 7, 1) ? naive_word(&n->config) : 0);
	unsigned align = naive_since(n, 5, 0) ? dma[n->config.arch] : 8;

	return (front + align - 1) / align * align;
}

uint64_t naive_size_max(const struct naive *n)
{
	return naive_word(&n->config) == 8 ? UINT64_MAX : UINT32_MAX;
}

/* The size of the kmalloc object for so many bytes. */
static uint64_t bucket_of(const struct naive *n, uint64_t bytes)
{
	uint64_t min = 8, size;

	if (n->config.arch == NAIVE_ARM64 && !naive_since(n, 6, 5))
		min = 128;
	if (n->config.arch == NAIVE_ARM)
		min = 64;
	if (bytes > 64 && bytes <= 96 && min <= 32)
		return 96;
	if (bytes > 128 && bytes <= 192 && min <= 64)
		return 192;
	for (size = bytes > 2 * n->config.page ? n->config.page : min; size < bytes;)
		size *= 2;
	return size;
}

/* --- memory ------------------------------------------------------------------- */

static void new_object(struct naive *n, struct naive_node *node)
{
	uint64_t start = node->addr - naive_header_size(n);

	for (size_t i = 0; i < n->all.count; i++) {
		const struct naive_node *other = n->all.at[i];
		uint64_t other_start = other->addr - naive_header_size(n);

		if (other->addr && node->addr && start < other_start + other->bucket &&
		    other_start < start + node->bucket)
			n->wrong = "two objects overlap";
	}
	naive_push(&n->all, node);
}

struct naive_node *naive_new_node(struct naive *n, enum naive_kind kind, uint64_t size)
{
	struct naive_node *node = calloc(1, sizeof(*node));

	if (!node)
		abort();
	node->kind = kind;
	node->size = size;
	node->bucket = bucket_of(n, naive_header_size(n) + size);
	return node;
}

void naive_free_node(struct naive *n, struct naive_node *node)
{
	naive_cut(&n->all, node);
	free(node);
}

/* Larger than any kmalloc; the first one WARNs. */
static bool too_big(struct naive *n, uint64_t size, bool nowarn)
{
	if (size > naive_size_max(n) - naive_header_size(n))
		return true;
	if (size + naive_header_size(n) <= (uint64_t)n->config.page << n->config.max_order)
		return false;
	if (!nowarn && !n->warned_too_big) {
		n->warned_too_big = true;
		n->complaints++;
	}
	return true;
}

/* A struct devres for size bytes of data; NULL: no memory. */
struct naive_node *naive_alloc_dr(struct naive *n, enum naive_kind kind, uint64_t size,
				  bool nowarn)
{
	struct naive_node *node;
	uint64_t addr;

	if (too_big(n, size, nowarn))
		return NULL;
	addr = n->world.memory(n->world.ctx);
	if (!addr)
		return NULL;
	node = naive_new_node(n, kind, size);
	node->addr = addr;
	new_object(n, node);
	return node;
}

bool naive_knows(const struct naive *n, uint64_t addr)
{
	for (size_t i = 0; i < n->all.count; i++)
		if (n->all.at[i]->addr == addr)
			return true;
	return false;
}

/* --- complaints ----------------------------------------------------------------- */

void naive_warn(struct naive *n)
{
	if (!n->died)
		n->complaints++;
}

void naive_bug(struct naive *n)
{
	n->complaints++;
	n->died = true;
}

/* A callback under the device's lock must not take it again. */
bool naive_lock(struct naive *n, struct naive_device *d)
{
	if (d->locked)
		naive_bug(n);
	return !d->locked;
}

/* --- what is shown ---------------------------------------------------------------- */

uint64_t naive_shown_size(const struct naive *n, const struct naive_node *node, bool in_log)
{
	if (node->kind >= NAIVE_OPEN)
		return 0;
	if (!naive_since(n, 5, 14)) {
		if (!n->config.tracks)
			return node->bucket - naive_header_size(n);
		/* 5.10 counted the header twice at first */
		return node->size + (node->reallocated && !naive_repaired(n) ? naive_header_size(n) : 0);
	}
	if (node->kind == NAIVE_ACTION && naive_since(n, 7, 1) && in_log)
		return node_size(n) + node->size;
	return node->size;
}

const char *naive_shown_name(const struct naive *n, const struct naive_node *node)
{
	static const char *const functions[] = { "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7" };

	switch (node->kind) {
	case NAIVE_KMALLOC:
		if (!naive_since(n, 5, 14))
			return "devm_kmalloc_release"; /* no name is kept: the function's */
		return node->reallocated ? "devm_krealloc_release" : "devm_kzalloc_release";
	case NAIVE_ACTION:
		return naive_since(n, 6, 2) ? functions[node->fn] : "devm_action_release";
	case NAIVE_PAGES: return "devm_pages_release";
	case NAIVE_PERCPU: return "devm_percpu_release";
	case NAIVE_OPEN: return "grp<";
	case NAIVE_CLOSE: return "grp>";
	default: return functions[node->fn];
	}
}

void naive_told(struct naive *n, const char *op, struct naive_device *d,
		const struct naive_node *node)
{
	n->world.log(n->world.ctx, op, d, node);
}

/* --- one node -------------------------------------------------------------------- */

void naive_add(struct naive *n, struct naive_device *d, struct naive_node *node)
{
	naive_told(n, "ADD", d, node);
	naive_push(&d->list, node);
}

void naive_unlink_node(struct naive *n, struct naive_device *d, struct naive_node *node)
{
	naive_told(n, "REM", d, node);
	naive_cut(&d->list, node);
}

void naive_run_release(struct naive *n, struct naive_device *d, struct naive_node *node)
{
	if (node->kind == NAIVE_RES)
		n->world.callback(n->world.ctx, NAIVE_CALL_RELEASE, node->fn, d, node->addr);
	else if (node->kind == NAIVE_ACTION)
		n->world.callback(n->world.ctx, NAIVE_CALL_ACTION, node->fn, d, node->data);
}

/* The newest of this kind with this address, function and data. */
struct naive_node *naive_find(struct naive_device *d, enum naive_kind kind, uint64_t addr,
			      unsigned fn, uint64_t data)
{
	for (size_t i = d->list.count; i-- > 0;) {
		struct naive_node *node = d->list.at[i];

		if (node->kind == kind && node->addr == addr && node->fn == fn &&
		    node->data == data)
			return node;
	}
	return NULL;
}
