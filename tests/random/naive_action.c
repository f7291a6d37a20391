/* SPDX-License-Identifier: MIT */
/* Actions. See naive.h. */
#include "naive_list.h"

#include <errno.h>

int naive_devm_add_action(struct naive *n, struct naive_device *d, unsigned fn, uint64_t data,
			  bool or_reset)
{
	struct naive_node *node;

	if (!naive_lock(n, d))
		return -EDEADLK;
	if (!n->world.memory(n->world.ctx)) {
		if (or_reset)
			n->world.callback(n->world.ctx, NAIVE_CALL_ACTION, fn, d, data);
		return -ENOMEM;
	}
	node = naive_new_node(n, NAIVE_ACTION, 2 * naive_word(&n->config));
	node->fn = fn;
	node->data = data;
	naive_push(&n->all, node);
	naive_add(n, d, node);
	return 0;
}

int naive_devm_remove_action(struct naive *n, struct naive_device *d, unsigned fn,
			     uint64_t data, bool warns)
{
	struct naive_node *node;

	if (!naive_lock(n, d))
		return -ENOENT;
	node = naive_find(d, NAIVE_ACTION, 0, fn, data);
	if (!node) {
		if (warns)
			naive_warn(n);
		return -ENOENT;
	}
	naive_unlink_node(n, d, node);
	naive_free_node(n, node);
	return 0;
}

void naive_devm_release_action(struct naive *n, struct naive_device *d, unsigned fn,
			       uint64_t data)
{
	struct naive_node *node;

	if (!naive_lock(n, d))
		return;
	node = naive_find(d, NAIVE_ACTION, 0, fn, data);
	if (!node) {
		naive_warn(n);
		return;
	}
	naive_unlink_node(n, d, node);
	naive_run_release(n, d, node);
	if (!n->died)
		naive_free_node(n, node);
}

bool naive_devm_is_action_added(struct naive *n, struct naive_device *d, unsigned fn,
				uint64_t data)
{
	return naive_lock(n, d) && naive_find(d, NAIVE_ACTION, 0, fn, data);
}
