/* SPDX-License-Identifier: MIT */
/* The simulated call stack: entered and left by every function that a trace should show. */
#ifndef DEVSH_KERNEL_TRACE_H
#define DEVSH_KERNEL_TRACE_H

#include "kernel/compiler.h"
#include "kernel/event.h"
#include "kernel/mutants.h"

void trace_enter(struct kernel *k, const char *function);
void trace_exit(struct kernel *k);

/* Every function that a call stack should show. Costs two stores. */
static inline void fn_enter(struct kernel *k, const char *function)
{
	if (likely(k->depth < STACK_MAX))
		k->stack[k->depth] = function;
	k->depth++;
	if (unlikely(k->watching & EV_BIT(EV_ENTER)))
		trace_enter(k, function);
}

/* The innermost function that runs now. */
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

/* As fn_exit(), of a function of which the graph shows what it returns. */
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

/* Nothing watches or checks: a call may take its fast path, which sends no events. */
static inline bool quiet(const struct kernel *k)
{
	return likely(!k->watching) && !MUTANT_ANY;
}

/* Nothing watches, but memory is checked. */
static inline bool only_checked(const struct kernel *k)
{
	return likely(k->watching == EV_CHECKED) && !MUTANT_ANY;
}

/* Functions that only the function graph shows: a no-op unless something traces. */
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
 * Functions that call traces show and the function graph has anyway: a no-op if something
 * traces. frame_pop() gets what frame_push() returned.
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
