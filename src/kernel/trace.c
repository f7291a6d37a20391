/* SPDX-License-Identifier: MIT */
/*
 * The event stream and the simulated call stack. Corresponds to Linux' kernel/trace/,
 * which has a buffer per CPU; here each watcher is called directly.
 */
#include "kernel/trace.h"

#include <string.h>

#include "kernel/clock.h"
#include "kernel/event.h"
#include "kernel/sleep.h"

/* Fast paths only handle 64-bit nodes, and neither locks nor injected failures. */
void kernel_watch_again(struct kernel *k)
{
	/* fast paths write nothing beyond what they were asked for */
	bool checked = strcmp(k->params.slub_debug, "-") || params_kasan(&k->params) ||
		       k->params.init_on_alloc || k->params.init_on_free;
	bool steps = in_atomic(k) || k->injecting || k->arch->word != 8;

	k->watching = (checked ? EV_CHECKED : 0) | (steps ? EV_STEPS : 0);
	for (struct watcher *w = k->watchers; w; w = w->next)
		k->watching |= w->mask;
}

void kernel_watch(struct kernel *k, struct watcher *w)
{
	w->next = k->watchers;
	k->watchers = w;
	kernel_watch_again(k);
}

void kernel_unwatch(struct kernel *k, struct watcher *w)
{
	for (struct watcher **at = &k->watchers; *at; at = &(*at)->next) {
		if (*at != w)
			continue;
		*at = w->next;
		break;
	}
	kernel_watch_again(k);
}

void event_emit(struct kernel *k, struct event *e)
{
	struct watcher *next;

	e->seq = ++k->seq;
	e->now = k->now;
	e->depth = k->depth;
	for (struct watcher *w = k->watchers; w; w = next) {
		next = w->next;
		if (w->mask & EV_BIT(e->type))
			w->see(w, e);
	}
}

/* fn_enter() has already counted the depth. */
void trace_enter(struct kernel *k, const char *function)
{
	if (k->depth <= STACK_MAX)
		k->entered[k->depth - 1] = k->now;
	k->depth--;
	event_emit(k, &(struct event){ .type = EV_ENTER, .what = function });
	k->depth++;
	tick(k, NS_PER_STEP);
}

void trace_exit(struct kernel *k)
{
	int top = k->depth - 1;

	tick(k, NS_PER_STEP / 2);
	if (top >= STACK_MAX)
		return;
	k->depth = top;
	event_emit(k, &(struct event){
		.type = EV_EXIT, .what = k->stack[top],
		.value = (int64_t)(k->now - k->entered[top]), .returned = k->returned,
	});
	k->depth = top + 1;
}
