/* SPDX-License-Identifier: MIT */
/* The list rules: allocation, search, release, groups. See naive.h. */
#include "naive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ZERO_SIZE 16

/* --- arrays ------------------------------------------------------------------ */

static void push(struct naive_list *l, struct naive_node *node)
{
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 16;
		l->at = realloc(l->at, l->room * sizeof(*l->at));
		if (!l->at)
			abort();
	}
	l->at[l->count++] = node;
}

static size_t where(const struct naive_list *l, const struct naive_node *node)
{
	size_t i = 0;

	while (i < l->count && l->at[i] != node)
		i++;
	return i;
}

static void cut(struct naive_list *l, struct naive_node *node)
{
	size_t i = where(l, node);

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

static bool since(const struct naive *n, int major, int minor)
{
	return n->config.release >= NAIVE_RELEASE(major, minor);
}

/* Bytes of struct devres_node: links and release; name and size; free. */
static unsigned node_size(const struct naive *n)
{
	return naive_word(&n->config) * (since(n, 7, 1) ? 6 : since(n, 5, 14) ? 5 : 3);
}

static unsigned header_size(const struct naive *n)
{
	static const unsigned dma[] = { 8, 128, 64 };
	unsigned front = node_size(n) + (since(n, 7, 1) ? naive_word(&n->config) : 0);
	unsigned align = since(n, 5, 0) ? dma[n->config.arch] : 8;

	return (front + align - 1) / align * align;
}

static uint64_t size_max(const struct naive *n)
{
	return naive_word(&n->config) == 8 ? UINT64_MAX : UINT32_MAX;
}

/* The kmalloc object that so many bytes get. */
static uint64_t bucket_of(const struct naive *n, uint64_t bytes)
{
	uint64_t min = 8, size;

	if (n->config.arch == NAIVE_ARM64 && !since(n, 6, 5))
		min = 128;
	if (n->config.arch == NAIVE_ARM)
		min = 64;
	if (bytes > 64 && bytes <= 96 && min <= 32)
		return 96;
	if (bytes > 128 && bytes <= 192 && min <= 64)
		return 192;
	for (size = bytes > 2 * n->config.page ? n->config.page : min; size < bytes; )
		size *= 2;
	return size;
}

/* --- memory ------------------------------------------------------------------- */

static void new_object(struct naive *n, struct naive_node *node)
{
	uint64_t start = node->addr - header_size(n);

	for (size_t i = 0; i < n->all.count; i++) {
		const struct naive_node *other = n->all.at[i];
		uint64_t other_start = other->addr - header_size(n);

		if (other->addr && node->addr && start < other_start + other->bucket &&
		    other_start < start + node->bucket)
			n->wrong = "two objects overlap";
	}
	push(&n->all, node);
}

static struct naive_node *new_node(struct naive *n, enum naive_kind kind, uint64_t size)
{
	struct naive_node *node = calloc(1, sizeof(*node));

	if (!node)
		abort();
	node->kind = kind;
	node->size = size;
	node->bucket = bucket_of(n, header_size(n) + size);
	return node;
}

static void free_node(struct naive *n, struct naive_node *node)
{
	cut(&n->all, node);
	free(node);
}

/* More than any kmalloc has; the first one is worth a WARN. */
static bool too_big(struct naive *n, uint64_t size, bool nowarn)
{
	if (size > size_max(n) - header_size(n))
		return true;
	if (size + header_size(n) <= (uint64_t)n->config.page << n->config.max_order)
		return false;
	if (!nowarn && !n->warned_too_big) {
		n->warned_too_big = true;
		n->complaints++;
	}
	return true;
}

/* A struct devres for size bytes of data; NULL: no memory. */
static struct naive_node *alloc_dr(struct naive *n, enum naive_kind kind, uint64_t size,
				   bool nowarn)
{
	struct naive_node *node;
	uint64_t addr;

	if (too_big(n, size, nowarn))
		return NULL;
	addr = n->world.memory(n->world.ctx);
	if (!addr)
		return NULL;
	node = new_node(n, kind, size);
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

static void warn(struct naive *n)
{
	if (!n->died)
		n->complaints++;
}

static void bug(struct naive *n)
{
	n->complaints++;
	n->died = true;
}

/* A callback that runs under the device's lock must not want it again. */
static bool lock(struct naive *n, struct naive_device *d)
{
	if (d->locked)
		bug(n);
	return !d->locked;
}

/* --- what is shown ---------------------------------------------------------------- */

uint64_t naive_shown_size(const struct naive *n, const struct naive_node *node, bool in_log)
{
	if (node->kind >= NAIVE_OPEN)
		return 0;
	if (!since(n, 5, 14)) {
		if (!n->config.tracks)
			return node->bucket - header_size(n);
		/* 5.10 counted the header twice */
		return node->size + (node->reallocated ? header_size(n) : 0);
	}
	if (node->kind == NAIVE_ACTION && since(n, 7, 1) && in_log)
		return node_size(n) + node->size;
	return node->size;
}

const char *naive_shown_name(const struct naive *n, const struct naive_node *node)
{
	static const char *const functions[] = { "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7" };

	switch (node->kind) {
	case NAIVE_KMALLOC:
		if (!since(n, 5, 14))
			return "devm_kmalloc_release"; /* no name is kept: the function's */
		return node->reallocated ? "devm_krealloc_release" : "devm_kzalloc_release";
	case NAIVE_ACTION: return since(n, 6, 2) ? functions[node->fn] : "devm_action_release";
	case NAIVE_PAGES: return "devm_pages_release";
	case NAIVE_PERCPU: return "devm_percpu_release";
	case NAIVE_OPEN: return "grp<";
	case NAIVE_CLOSE: return "grp>";
	default: return functions[node->fn];
	}
}

static void told(struct naive *n, const char *op, struct naive_device *d,
		 const struct naive_node *node)
{
	n->world.log(n->world.ctx, op, d, node);
}

/* --- one node -------------------------------------------------------------------- */

static void add(struct naive *n, struct naive_device *d, struct naive_node *node)
{
	told(n, "ADD", d, node);
	push(&d->list, node);
}

static void unlink_node(struct naive *n, struct naive_device *d, struct naive_node *node)
{
	told(n, "REM", d, node);
	cut(&d->list, node);
}

static void run_release(struct naive *n, struct naive_device *d, struct naive_node *node)
{
	if (node->kind == NAIVE_RES)
		n->world.callback(n->world.ctx, NAIVE_CALL_RELEASE, node->fn, d, node->addr);
	else if (node->kind == NAIVE_ACTION)
		n->world.callback(n->world.ctx, NAIVE_CALL_ACTION, node->fn, d, node->data);
}

/* The newest of this kind with this address, function and data. */
static struct naive_node *find(struct naive_device *d, enum naive_kind kind, uint64_t addr,
			       unsigned fn, uint64_t data)
{
	for (size_t i = d->list.count; i-- > 0; ) {
		struct naive_node *node = d->list.at[i];

		if (node->kind == kind && node->addr == addr && node->fn == fn &&
		    node->data == data)
			return node;
	}
	return NULL;
}

/* --- devm_kmalloc() and its family --------------------------------------------------- */

uint64_t naive_devm_kmalloc(struct naive *n, struct naive_device *d, uint64_t size, bool nowarn)
{
	struct naive_node *node;

	if (!size && since(n, 5, 10))
		return ZERO_SIZE;
	if (!lock(n, d))
		return 0;
	node = alloc_dr(n, NAIVE_KMALLOC, size, nowarn);
	if (!node)
		return 0;
	add(n, d, node);
	return node->addr;
}

void naive_devm_kfree(struct naive *n, struct naive_device *d, uint64_t p)
{
	struct naive_node *node;

	if ((!p || p == ZERO_SIZE) && since(n, 5, 10))
		return;
	if (!lock(n, d))
		return;
	node = find(d, NAIVE_KMALLOC, p, 0, 0);
	if (!node) {
		warn(n);
		return;
	}
	unlink_node(n, d, node);
	free_node(n, node);
}

/* Whoever's it is: its bucket. */
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
	uint64_t extra = since(n, 5, 11) ? 0 : header_size(n);
	struct naive_node *old, *fresh;

	if (!size) {
		naive_devm_kfree(n, d, p);
		return ZERO_SIZE;
	}
	if (p <= ZERO_SIZE)
		return naive_devm_kmalloc(n, d, size, nowarn);
	if (size > size_max(n) - header_size(n))
		return 0;
	if (!bucket_at(n, p)) {
		warn(n);
		return 0;
	}
	if (size + header_size(n) <= bucket_at(n, p))
		return p;
	fresh = alloc_dr(n, NAIVE_KMALLOC, size + extra, nowarn);
	if (!fresh)
		return 0;
	fresh->size = size;
	fresh->reallocated = true;
	if (!lock(n, d))
		return 0;
	old = find(d, NAIVE_KMALLOC, p, 0, 0);
	if (!old) {
		free_node(n, fresh);
		warn(n);
		return 0;
	}
	told(n, "REPLACE", d, old);
	d->list.at[where(&d->list, old)] = fresh;
	free_node(n, old);
	return fresh->addr;
}

/* A node that remembers an address. */
static uint64_t remember(struct naive *n, struct naive_device *d, enum naive_kind kind,
			 uint64_t size)
{
	uint64_t addr = n->world.memory(n->world.ctx);
	struct naive_node *node;

	if (!addr)
		return 0;
	node = new_node(n, kind, size);
	node->data = addr;
	push(&n->all, node);
	add(n, d, node);
	return addr;
}

uint64_t naive_devm_get_free_pages(struct naive *n, struct naive_device *d, unsigned order,
				   bool nowarn)
{
	if (!lock(n, d))
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

	if (!lock(n, d))
		return;
	node = find(d, NAIVE_PAGES, 0, 0, p);
	if (!node) {
		warn(n);
		return;
	}
	unlink_node(n, d, node);
	free_node(n, node);
}

uint64_t naive_devm_alloc_percpu(struct naive *n, struct naive_device *d, uint64_t size)
{
	if (!lock(n, d))
		return 0;
	if (!size || size > (n->config.page > 32768 ? n->config.page : 32768)) {
		warn(n);
		return 0;
	}
	return remember(n, d, NAIVE_PERCPU, naive_word(&n->config));
}

void naive_devm_free_percpu(struct naive *n, struct naive_device *d, uint64_t p)
{
	struct naive_node *node;

	if (!lock(n, d))
		return;
	node = find(d, NAIVE_PERCPU, 0, 0, p);
	if (!node) {
		warn(n);
		return;
	}
	unlink_node(n, d, node);
	free_node(n, node);
}

/* --- actions ------------------------------------------------------------------------- */

int naive_devm_add_action(struct naive *n, struct naive_device *d, unsigned fn, uint64_t data,
			  bool or_reset)
{
	struct naive_node *node;

	if (!lock(n, d))
		return -EDEADLK;
	if (!n->world.memory(n->world.ctx)) {
		if (or_reset)
			n->world.callback(n->world.ctx, NAIVE_CALL_ACTION, fn, d, data);
		return -ENOMEM;
	}
	node = new_node(n, NAIVE_ACTION, 2 * naive_word(&n->config));
	node->fn = fn;
	node->data = data;
	push(&n->all, node);
	add(n, d, node);
	return 0;
}

int naive_devm_remove_action(struct naive *n, struct naive_device *d, unsigned fn,
			     uint64_t data, bool warns)
{
	struct naive_node *node;

	if (!lock(n, d))
		return -ENOENT;
	node = find(d, NAIVE_ACTION, 0, fn, data);
	if (!node) {
		if (warns)
			warn(n);
		return -ENOENT;
	}
	unlink_node(n, d, node);
	free_node(n, node);
	return 0;
}

void naive_devm_release_action(struct naive *n, struct naive_device *d, unsigned fn,
			       uint64_t data)
{
	struct naive_node *node;

	if (!lock(n, d))
		return;
	node = find(d, NAIVE_ACTION, 0, fn, data);
	if (!node) {
		warn(n);
		return;
	}
	unlink_node(n, d, node);
	run_release(n, d, node);
	if (!n->died)
		free_node(n, node);
}

bool naive_devm_is_action_added(struct naive *n, struct naive_device *d, unsigned fn,
				uint64_t data)
{
	return lock(n, d) && find(d, NAIVE_ACTION, 0, fn, data);
}

/* --- resources ------------------------------------------------------------------------ */

uint64_t naive_devres_alloc(struct naive *n, unsigned fn, uint64_t size, bool nowarn)
{
	struct naive_node *node = alloc_dr(n, NAIVE_RES, size, nowarn);

	if (!node)
		return 0;
	node->fn = fn;
	push(&n->loose, node);
	return node->addr;
}

static struct naive_node *loose_at(struct naive *n, uint64_t res)
{
	for (size_t i = 0; i < n->loose.count; i++)
		if (n->loose.at[i]->addr == res)
			return n->loose.at[i];
	return NULL;
}

/* The node with this data, on a list or not; what is none is a bad access. */
static struct naive_node *node_at(struct naive *n, uint64_t res)
{
	for (size_t i = 0; res && i < n->all.count; i++)
		if (n->all.at[i]->addr == res)
			return n->all.at[i];
	bug(n);
	return NULL;
}

void naive_devres_free(struct naive *n, uint64_t res)
{
	struct naive_node *node;

	if (!res || !node_at(n, res))
		return;
	node = loose_at(n, res);
	if (!node) {
		bug(n);
		return;
	}
	cut(&n->loose, node);
	free_node(n, node);
}

void naive_devres_add(struct naive *n, struct naive_device *d, uint64_t res)
{
	struct naive_node *node = node_at(n, res);

	if (!node || !lock(n, d))
		return;
	if (!loose_at(n, res)) {
		told(n, "ADD", d, node);
		bug(n);
		return;
	}
	cut(&n->loose, node);
	add(n, d, node);
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
	if (!lock(n, d))
		return NULL;
	for (size_t i = d->list.count; i-- > 0 && !n->died; )
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
		unlink_node(n, d, node);
		push(&n->loose, node);
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
	run_release(n, d, node);
	if (!n->died)
		naive_devres_free(n, node->addr);
	return 0;
}

void naive_devres_for_each_res(struct naive *n, struct naive_device *d, unsigned fn,
			       const struct naive_match *m,
			       void (*each)(void *ctx, struct naive_device *d, uint64_t data))
{
	if (!lock(n, d))
		return;
	for (size_t i = d->list.count; i-- > 0 && !n->died; ) {
		if (!matches(n, d, d->list.at[i], NAIVE_RES, fn, m))
			continue;
		d->locked = true;
		each(m->ctx, d, d->list.at[i]->addr);
		d->locked = false;
	}
}

/* --- releasing a range ------------------------------------------------------------------- */

/* Both markers are inside: the group goes, its opening one as a node. */
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
		for (size_t j = d->list.count; j-- > 0; ) {
			struct naive_node *node = d->list.at[j];

			if (node->group != g)
				continue;
			cut(&d->list, node);
			if (node->kind == NAIVE_OPEN)
				push(todo, node);
			else
				free(node);
		}
	}
}

/* Nodes first up to end leave the list at once; the newest is released first. */
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
			push(&todo, d->list.at[i]);
	}
	count = (int)todo.count;
	for (size_t i = 0; i < todo.count; i++)
		cut(&d->list, todo.at[i]);
	/* markers of one group: what is freed is not looked at again */
	color_markers(d, marker, markers, &todo);
	while (todo.count && !n->died) {
		struct naive_node *node = todo.at[todo.count - 1];

		told(n, "REL", d, node);
		run_release(n, d, node);
		if (n->died)
			break;
		todo.count--;
		if (node->kind == NAIVE_OPEN)
			free(node->group);
		free_node(n, node);
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
	if (!d->list.count || !lock(n, d))
		return 0;
	return release_range(n, d, 0, d->list.count);
}

/* --- groups -------------------------------------------------------------------------------- */

uint64_t naive_devres_open_group(struct naive *n, struct naive_device *d, uint64_t id)
{
	struct naive_group *g;
	struct naive_node *node;
	uint64_t given;

	if (!lock(n, d))
		return 0;
	given = n->world.memory(n->world.ctx);
	if (!given)
		return 0;
	g = calloc(1, sizeof(*g));
	node = new_node(n, NAIVE_OPEN, 0);
	if (!g)
		abort();
	g->id = id ? id : given;
	node->group = g;
	add(n, d, node);
	return g->id;
}

/* The place of the newest opening marker; -1: none. */
static long find_group(struct naive_device *d, uint64_t id)
{
	for (size_t i = d->list.count; i-- > 0; ) {
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

	if (!lock(n, d))
		return;
	i = find_group(d, id);
	if (i < 0) {
		warn(n);
		return;
	}
	g = d->list.at[i]->group;
	node = new_node(n, NAIVE_CLOSE, 0);
	node->group = g;
	if (g->closed) {
		told(n, "ADD", d, node);
		free(node);
		bug(n);
		return;
	}
	g->closed = true;
	add(n, d, node);
}

void naive_devres_remove_group(struct naive *n, struct naive_device *d, uint64_t id)
{
	struct naive_group *g;
	long i;

	if (!lock(n, d))
		return;
	i = find_group(d, id);
	if (i < 0) {
		warn(n);
		return;
	}
	g = d->list.at[i]->group;
	told(n, "REM", d, d->list.at[i]);
	for (size_t j = d->list.count; j-- > 0; ) {
		struct naive_node *node = d->list.at[j];

		if (node->group == g) {
			cut(&d->list, node);
			free(node);
		}
	}
	free(g);
}

int naive_devres_release_group(struct naive *n, struct naive_device *d, uint64_t id)
{
	size_t end;
	long i;

	if (!lock(n, d))
		return 0;
	i = find_group(d, id);
	if (i < 0) {
		if (d->list.count || !since(n, 5, 11))
			warn(n);
		return 0;
	}
	end = d->list.count;
	for (size_t j = (size_t)i + 1; j < d->list.count; j++)
		if (d->list.at[j]->kind == NAIVE_CLOSE && d->list.at[j]->group == d->list.at[i]->group)
			end = j + 1;
	return release_range(n, d, (size_t)i, end);
}
