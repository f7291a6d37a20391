/* SPDX-License-Identifier: MIT */
/*
 * Shared by the list rules; naive_node.c has the code. The rest of the test only needs
 * naive.h.
 */
#ifndef DEVSH_TESTS_NAIVE_LIST_H
#define DEVSH_TESTS_NAIVE_LIST_H

#include "naive.h"

/* Arrays of nodes. */
void naive_push(struct naive_list *l, struct naive_node *node);
size_t naive_where(const struct naive_list *l, const struct naive_node *node); /* count: not in it */
void naive_cut(struct naive_list *l, struct naive_node *node);

bool naive_since(const struct naive *n, int major, int minor);
/*
 * device_del() releases, krealloc counts the header once: 5.11, and later versions of
 * 5.10.
 */
bool naive_repaired(const struct naive *n);

/* The header before the data, in bytes; the largest size. */
unsigned naive_header_size(const struct naive *n);
uint64_t naive_size_max(const struct naive *n);

struct naive_node *naive_new_node(struct naive *n, enum naive_kind kind, uint64_t size);
void naive_free_node(struct naive *n, struct naive_node *node);
/* A struct devres for size bytes of data; NULL: no memory. */
struct naive_node *naive_alloc_dr(struct naive *n, enum naive_kind kind, uint64_t size,
				  bool nowarn);

void naive_warn(struct naive *n);
void naive_bug(struct naive *n);
/* False, and the task is dead: a callback under the lock tried to take it again. */
bool naive_lock(struct naive *n, struct naive_device *d);

/* Adds a line to the log. */
void naive_told(struct naive *n, const char *op, struct naive_device *d,
		const struct naive_node *node);
void naive_add(struct naive *n, struct naive_device *d, struct naive_node *node);
void naive_unlink_node(struct naive *n, struct naive_device *d, struct naive_node *node);
void naive_run_release(struct naive *n, struct naive_device *d, struct naive_node *node);
/* The newest of this kind with this address, function and data. */
struct naive_node *naive_find(struct naive_device *d, enum naive_kind kind, uint64_t addr,
			      unsigned fn, uint64_t data);

#endif
