/* SPDX-License-Identifier: MIT */
/*
 * WARN(). Corresponds to Linux' kernel/panic.c and lib/bug.c. Differs: of the registers
 * only the program counter is printed, as a function.
 */
#include "kernel/bug.h"

#include <stdio.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"

#define CUT_HERE "------------[ cut here ]------------"
#define ABOVE_MAX 16 /* functions that the model does not enter */

static void print_text(struct kernel *k, const char *text)
{
	if (text)
		printk(k, KERN_WARNING, "%s", text);
}

/* The WARNING line, with file:line where they are known. */
static void print_place(struct kernel *k, const char *function, const char *warner, const char *text)
{
	struct source_line l;
	char sym[96], at[256] = "";

	if (source_line(k, function, text, &l))
		snprintf(at, sizeof(at), "%s:%d ", l.file, l.line);
	symbolic(warner, sym);
	if (k->profile->warn_style == WARN_FILE_FIRST)
		printk(k, KERN_WARNING, "WARNING: %sat %s, CPU#0: %s/%d", at, sym, k->comm, k->pid);
	else
		printk(k, KERN_WARNING, "WARNING: CPU: 0 PID: %d at %s%s", k->pid, at, sym);
}

/* A WARN that is a call, not a trap, adds functions of its own to the trace. */
static void call_way(const struct kernel *k, const char *const *above, const char *text,
		     struct call_path *p)
{
	const char *fmt = text || k->profile->version >= RELEASE(5, 10) ? "warn_slowpath_fmt" :
			  "warn_slowpath_null";
	const char *const *dump = report_style(k)->dump;
	const char *all[ABOVE_MAX + 2] = { fmt };
	struct call_path way;

	for (int i = 0; i < ABOVE_MAX && above[i]; i++)
		all[i + 1] = above[i];
	call_path(k, all, &way);
	p->n = 0;
	for (; *dump; dump++)
		if (**dump != '-')
			p->frame[p->n++] = *dump;
	p->frame[p->n++] = "__warn";
	for (int i = 0; i < way.n && p->n < 2 * STACK_MAX; i++)
		p->frame[p->n++] = way.frame[i];
}

/*
 * The function that the WARN is in, according to the trace: what called
 * warn_slowpath_fmt().
 */
static const char *warner(const struct call_path *p, bool call)
{
	for (int i = 0; call && i + 1 < p->n; i++)
		if (!strncmp(p->frame[i], "warn_slowpath", 13))
			return p->frame[i + 1];
	return p->frame[0];
}

/* A WARN in the first function of `above`. */
static void print_warn(struct kernel *k, const char *const *above, const char *text)
{
	const struct report_style *s = report_style(k);
	struct call_path p;

	if (s->warn_call)
		call_way(k, above, text, &p);
	else
		call_path(k, above, &p);
	if (s->warn_text == TEXT_ABOVE_CUT)
		print_text(k, text);
	if (text || s->warn_text != TEXT_NO_CUT)
		printk(k, KERN_WARNING, CUT_HERE);
	if (s->warn_text == TEXT_FIRST || s->warn_text == TEXT_NO_CUT)
		print_text(k, text);
	print_place(k, above[0], warner(&p, s->warn_call), text);
	if (s->warn_text == TEXT_SECOND)
		print_text(k, text);
	if (panic_warns_early(k))
		panic_on_warn(k, above);
	print_modules(k);
	print_cpu_line(k, KERN_WARNING);
	if (!s->warn_call)
		print_pc(k, p.frame[0]);
	if (!panic_warns_early(k))
		panic_on_warn(k, above);
	if (s->trace_last)
		print_end_trace(k);
	print_call_path(k, KERN_WARNING, &p, s->pc_apart && !s->warn_call, !s->warn_call);
	if (!s->trace_last)
		print_end_trace(k);
}

static void vwarn(struct kernel *k, const char *function, const char *fmt, va_list *ap)
{
	const char *const above[] = { function, NULL };
	char text[512];

	if (ratelimit(k, function, "WARN")) {
		if (fmt)
			vsnprintf(text, sizeof(text), fmt, *ap);
		print_warn(k, above, fmt ? text : NULL);
	} else {
		panic_on_warn(k, above);
	}
	k->taint |= TAINT_WARN;
	kernel_count_report(k, REPORT_WARN, function, 0);
}

void kernel_warn_end(struct kernel *k, const char *const *above)
{
	print_warn(k, above, NULL);
	k->taint |= TAINT_WARN;
}

void kernel_warn(struct kernel *k, const char *function, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(k, function, fmt, &ap);
	va_end(ap);
}

bool kernel_warn_once(struct kernel *k, enum once site, const char *function,
		      const char *fmt, ...)
{
	va_list ap;

	if (k->warned_once[site])
		return false;
	k->warned_once[site] = true;
	va_start(ap, fmt);
	vwarn(k, function, fmt, &ap);
	va_end(ap);
	return true;
}
