/* SPDX-License-Identifier: MIT */
/* The simulated call stack: functions that a trace should show enter and leave it. */
#ifndef DEVSH_KERNEL_TRACE_H
#define DEVSH_KERNEL_TRACE_H

#include "kernel/compiler.h"
#include "kernel/event.h"
#include "kernel/mutants.h"

void trace_enter(struct kernel *k, const char *function);
void trace_exit(struct kernel *k);

/* Enters a function that call stacks should show. Costs two stores. */
static inline void fn_enter(struct kernel *k, const char *function)
{
	if (likely(k->depth < STACK_MAX))
		k->stack[k->depth] = function;
	k->depth++;
	if (unlikely(k->watching & EV_BIT(EV_ENTER)))
		trace_enter(k, function);
}

/* The innermost running function. */
static inline const char *kernel_function(const struct kernel *k)
{
	return k->depth > 0 && k->depth <= STACK_MAX ? k->stack[k->depth - 1] : k->context.caller;
}

static inline void fn_exit(struct kernel *k)
{
	if (unlikely(k->watching & EV_BIT(EV_EXIT)))
		trace_exit(k);
	k->depth--;
}

/* As fn_exit(); the graph shows the return value. */
static inline void fn_return(struct kernel *k, int rc)
{
	k->returned = &rc;
	fn_exit(k);
	k->returned = NULL;
}

static inline bool fn_traced(const struct kernel *k)
{
	return unlikely(k->watching & EV_BIT(EV_ENTER));
}

/* Nothing watches or checks: a call may take its fast path, which emits no events. */
static inline bool quiet(const struct kernel *k)
{
	return likely(!k->watching) && !MUTANT_ANY;
}

/* Nothing watches, but memory is checked. */
static inline bool only_checked(const struct kernel *k)
{
	return likely(k->watching == EV_CHECKED) && !MUTANT_ANY;
}

/* For functions that only the function graph shows: a no-op unless functions are traced. */
static inline void graph_enter(struct kernel *k, const char *function)
{
	if (fn_traced(k))
		fn_enter(k, function);
}

static inline void graph_exit(struct kernel *k)
{
	if (fn_traced(k))
		fn_exit(k);
}

/*
 * For functions that call traces show and that the function graph has anyway: a no-op
 * while functions are traced. frame_pop() takes what frame_push() returned.
 */
static inline bool frame_push(struct kernel *k, const char *function)
{
	if (fn_traced(k))
		return false;
	if (likely(k->depth < STACK_MAX))
		k->stack[k->depth] = function;
	k->depth++;
	return true;
}

static inline void frame_pop(struct kernel *k, bool pushed)
{
	k->depth -= pushed;
}

#endif
