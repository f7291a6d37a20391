/* SPDX-License-Identifier: MIT */
/*
 * BUG(), and how a task dies. Corresponds to Linux' lib/bug.c and to each architecture's
 * die(). Differs: a BUG or an Oops marks the task as dead and control returns to the
 * caller; registers are not printed.
 */
#include "kernel/bug.h"

#include <stdio.h>
#include <string.h>

#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/random.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"

/* The formats depend on the architecture: see the table of styles. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

void print_pc(struct kernel *k, const char *function)
{
	const struct report_style *s = report_style(k);
	char sym[96];

	symbolic(function, sym);
	if (s->pc_apart && s->addresses)
		printk(k, KERN_WARNING, s->pc, code_address(k, function), sym);
	else
		printk(k, KERN_WARNING, s->pc, sym);
}

#pragma GCC diagnostic pop

void print_end_trace(struct kernel *k)
{
	if (!k->profile->zero_trace_id)
		k->trace_id = k->trace_id ? k->trace_id + 1 : kernel_random(k);
	printk(k, KERN_WARNING, "---[ end trace %016llx ]---", (unsigned long long)k->trace_id);
}

void print_die(struct kernel *k, const char *what)
{
	const struct report_style *s = report_style(k);
	bool kasan = s->words_end && params_kasan(&k->params);

	printk(k, KERN_WARNING, "%s%s [#%u]%s%s%s", s->die ? s->die : "", what,
	       kernel_deaths(k) + 1, s->words,
	       kasan ? " KASAN" : "", s->words_end ? s->words_end : "");
}

void print_dead(struct kernel *k, const char *pc, const struct call_path *p, bool page_fault,
		uint64_t addr)
{
	const struct report_style *s = report_style(k);
	char sym[96];

	if (!s->modules_last)
		print_modules(k);
	print_cpu_line(k, KERN_WARNING);
	print_pc(k, pc);
	print_call_path(k, KERN_WARNING, p, s->pc_apart, true);
	if (s->modules_last)
		print_modules(k);
	else if (s->pc_apart)
		printk(k, KERN_ALERT, "RIP  [<%016llx>] %s", code_address(k, pc),
		       symbolic(pc, sym));
	if (s->pc_apart && page_fault)
		printk(k, KERN_ALERT, "CR2: %016llx", (unsigned long long)addr);
	print_end_trace(k);
	if (s->modules_last)
		print_pc(k, pc);
}

void kernel_count_report(struct kernel *k, enum report_kind kind, const char *function, uint64_t addr)
{
	k->reports[kind]++;
	EVENT(k, EV_REPORT, .what = function, .value = kind, .addr = addr);
}

void kernel_die(struct kernel *k, enum report_kind kind, const char *function, uint64_t addr)
{
	k->taint |= TAINT_DIE;
	k->task_died = true;
	panic_on_oops(k, kind);
	kernel_count_report(k, kind, function, addr);
}

static void print_bug(struct kernel *k, const char *function, const char *site)
{
	struct source_line l = { 0 };
	struct call_path p;
	char sym[96];

	call_path(k, (const char *const[]){ function, NULL }, &p);
	printk(k, KERN_WARNING, "------------[ cut here ]------------");
	if (source_line(k, function, site, &l) && l.line > 0)
		printk(k, KERN_CRIT, "kernel BUG at %s:%d!", l.file, l.line);
	else if (l.file)
		printk(k, KERN_CRIT, "kernel BUG at %s!", l.file);
	else
		printk(k, KERN_CRIT, "kernel BUG at %s!", symbolic(function, sym));
	print_die(k, report_style(k)->bug);
	print_dead(k, p.frame[0], &p, false, 0);
}

void kernel_bug_at(struct kernel *k, const char *function, const char *site)
{
	if (ratelimit(k, function, "BUG"))
		print_bug(k, function, site);
	kernel_die(k, REPORT_BUG, function, 0);
}

void kernel_bug(struct kernel *k, const char *function)
{
	kernel_bug_at(k, function, NULL);
}
