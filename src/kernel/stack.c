/* SPDX-License-Identifier: MIT */
/*
 * Call traces. Corresponds to each architecture's show_stack() and to Linux'
 * lib/dump_stack.c. The model enters the functions that it needs; what else a trace has
 * between them is in frames.c. Differs: the offsets after names are derived from the
 * names, so that a line looks right and is always the same; the trace ends with the
 * task's name, where Linux would continue to the system call.
 */
#include "kernel/bug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "lib/hash.h"

/*
 * Functions that a call may stand for and that the model does not enter: they appear in
 * the traces of what they call. Inline functions are not among them.
 */
static const char *const callers[] = {
	"devm_kasprintf", "devm_kmemdup", "devm_kstrdup", "devm_kvasprintf", "devres_add",
	"devres_destroy", "devres_find", "devres_for_each_res", "devres_free", "devres_get",
	"devres_release", "devres_remove", "device_unregister", "put_device",
};

/* What calls the work of a kernel thread. */
static const char *const worker[] = {
	"process_one_work", "worker_thread", "kthread", "ret_from_fork",
};

static bool is_number(const char *function)
{
	return !strncmp(function, "0x", 2);
}

const char *symbolic(const char *function, char out[96])
{
	uint32_t h = text_hash(function);

	if (is_number(function))
		snprintf(out, 96, "%.64s", function);
	else
		snprintf(out, 96, "%.64s+0x%x/0x%x", function, 0x10 + (h & 0x3f),
			 0x60 + (h >> 8 & 0xf) * 0x10);
	return out;
}

/* Return address of the call in a function. */
unsigned long long code_address(const struct kernel *k, const char *function)
{
	uint32_t h = text_hash(function);
	uint64_t base = k->arch->word == 8 ? k->arch->text_base : 0xc0300000ull;

	if (is_number(function))
		return strtoull(function, NULL, 16);
	return base + (h >> 8 & 0x7fff) * 0x100 + 0x10 + (h & 0x3f);
}

/* --- the path ------------------------------------------------------------- */

static bool keeps_frames(const struct kernel *k)
{
	return report_style(k)->frame_pointers || params_kasan(&k->params);
}

static void push(struct call_path *p, const char *function)
{
	if (p->n < (int)COUNT(p->frame))
		p->frame[p->n++] = function;
}

static void push_step(const struct kernel *k, struct call_path *p, const char *function)
{
	if (*function != '-')
		push(p, function);
	else if (keeps_frames(k))
		push(p, function + 1);
}

static const char *caller_named(const struct called *c)
{
	for (size_t i = 0; i < COUNT(callers); i++)
		if (!strcmp(callers[i], c->name))
			return callers[i];
	return NULL;
}

/* All calls that the model knows of, newest first. */
static void known_calls(const struct kernel *k, const char *const *above, struct call_path *p)
{
	int depth = k->depth < STACK_MAX ? k->depth : STACK_MAX;
	const struct called *c = k->called;

	p->n = 0;
	for (; *above; above++)
		push(p, *above);
	for (;;) {
		/*
		 * a call from outside belongs between the functions below and above its
		 * depth
		 */
		for (; c && c->depth >= depth; c = c->outer) {
			const char *name = caller_named(c);

			if (name && (!p->n || strcmp(p->frame[p->n - 1], name)))
				push(p, name);
		}
		if (depth <= k->base)
			break;
		depth--;
		if (!p->n || strcmp(p->frame[p->n - 1], k->stack[depth]))
			push(p, k->stack[depth]);
	}
	for (size_t i = 0; k->kthread && i < COUNT(worker); i++)
		push(p, worker[i]);
	if (!k->kthread && (!p->n || strcmp(p->frame[p->n - 1], "devsh")))
		push(p, "devsh");
}

void call_path_of(const struct kernel *k, const struct call_path *all, bool shown,
		  struct call_path *p)
{
	p->n = 0;
	for (int i = 0; i < all->n; i++) {
		const char *caller = i + 1 < all->n ? all->frame[i + 1] : NULL;
		const struct frame_step *s = caller ? frame_step(k, all->frame[i], caller) : NULL;

		if (shown && !(s && s->inlined))
			push(p, s && s->shown ? s->shown : all->frame[i]);
		for (size_t b = 0; s && b < COUNT(s->between) && s->between[b]; b++)
			push_step(k, p, s->between[b]);
		shown = !(s && s->jumps) || keeps_frames(k);
	}
}

void call_path(const struct kernel *k, const char *const *above, struct call_path *p)
{
	struct call_path all;

	known_calls(k, above, &all);
	call_path_of(k, &all, true, p);
}

/* --- print ---------------------------------------------------------------- */

static void print_pair(struct kernel *k, enum log_level level, const char *function,
		       const char *caller)
{
	char sym[96];

	if (!report_style(k)->addresses) {
		printk(k, level, " %.64s from %s", function, symbolic(caller, sym));
		return;
	}
	printk(k, level, "[<%08llx>] (%.64s) from [<%08llx>] (%s)",
	       code_address(k, function) & ~0xfull, function, code_address(k, caller),
	       symbolic(caller, sym));
}

static void print_frame(struct kernel *k, enum log_level level, const char *function,
			const char *origin)
{
	const struct report_style *s = report_style(k);
	const char *indent = s->bare ? "" : " ";
	char sym[96];

	symbolic(function, sym);
	if (s->addresses)
		printk(k, level, "%s[<%016llx>] %s", indent, code_address(k, function), sym);
	else
		printk(k, level, "%s%s%s", indent, sym, origin);
}

void print_call_path(struct kernel *k, enum log_level level, const struct call_path *p,
		     int from, bool trap)
{
	const struct report_style *s = report_style(k);
	const char *origin = !s->origin ? "" : trap ? " (P)" : " (C)";

	if (!(trap && s->bare))
		printk(k, level, "%s", s->header);
	if (s->task_marks)
		printk(k, level, " <TASK>");
	for (int i = from; i < p->n; i++) {
		if (!s->pairs)
			print_frame(k, level, p->frame[i], i ? "" : origin);
		else if (i + 1 < p->n)
			print_pair(k, level, p->frame[i], p->frame[i + 1]);
	}
	if (s->task_marks)
		printk(k, level, " </TASK>");
}

/* The functions of dump_stack(), followed by those that called it. */
static void dump_path(struct kernel *k, const char *const *above, bool lvl, struct call_path *p)
{
	const struct report_style *s = report_style(k);
	struct call_path rest;

	call_path(k, above, &rest);
	p->n = 0;
	for (const char *const *d = s->dump; *d; d++)
		if (!lvl || d == s->dump || !strstr(*d, "dump_stack") || !strstr(d[-1], "dump_stack"))
			push_step(k, p, *d);
	for (int i = 0; i < rest.n; i++)
		push(p, rest.frame[i]);
}

void dump_stack_above(struct kernel *k, enum log_level level, const char *const *above)
{
	struct call_path p;

	print_cpu_line(k, level);
	dump_path(k, above, false, &p);
	print_call_path(k, level, &p, 0, false);
}

void dump_stack_lvl_above(struct kernel *k, enum log_level level, const char *const *above)
{
	struct call_path p;

	print_cpu_line(k, level);
	dump_path(k, above, true, &p);
	print_call_path(k, level, &p, 0, false);
}

void dump_stack(struct kernel *k, enum log_level level, const char *function)
{
	dump_stack_above(k, level, (const char *const[]){ function, NULL });
}
