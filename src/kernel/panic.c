/* SPDX-License-Identifier: MIT */
/*
 * What ends the machine. Corresponds to panic() and its policy in Linux' kernel/panic.c,
 * and to oops_end() of the architectures. Differs: the machine stops until it is booted
 * by hand, even if panic= says that it reboots; between panic() and the WARN the trace
 * has only __warn().
 */
#include "kernel/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/report.h"

static bool since(const struct kernel *k, int major, int minor)
{
	return k->profile->version >= RELEASE(major, minor);
}

void panic_init(struct kernel *k)
{
	const struct params *p = &k->params;

	k->panic = (struct panic_policy){
		.on_warn = p->panic_on_warn, .on_oops = p->panic_on_oops, .timeout = p->panic_timeout,
		.oops_limit = 10000,
	};
}

/* Up to 4.19 a text that ends in a newline is printed as it is. */
static void print_end(struct kernel *k, const char *text, bool ends_line)
{
	const char *close = since(k, 4, 19) ? " ]---" : "";

	if (k->panic.timeout > 0)
		printk(k, KERN_EMERG, "Rebooting in %d seconds..", k->panic.timeout);
	if (k->panic.timeout)
		return;
	printk(k, KERN_EMERG, "---[ end Kernel panic - not syncing: %s%s", text, ends_line ? "" : close);
	if (ends_line)
		printk(k, KERN_EMERG, "%s", close);
}

/* above: functions in the trace that the model did not enter, ended by NULL. */
__attribute__((format(printf, 3, 4)))
static void stop(struct kernel *k, const char *const *above, const char *fmt, ...)
{
	char *text = k->panic.text;
	bool ends_line;
	va_list ap;
	size_t len;

	if (k->panic.panicked)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(k->panic.text), fmt, ap);
	va_end(ap);
	len = strlen(text);
	ends_line = len && text[len - 1] == '\n';
	if (ends_line)
		text[len - 1] = '\0';
	ends_line = ends_line && !since(k, 5, 10);
	printk(k, KERN_EMERG, "Kernel panic - not syncing: %s", text);
	if (ends_line)
		printk(k, KERN_EMERG, "%s", "");
	if (!(k->taint & TAINT_DIE))
		dump_stack_above(k, KERN_EMERG, above);
	if (!strcmp(k->arch->name, "x86_64"))
		printk(k, KERN_EMERG, "Kernel Offset: disabled");
	print_end(k, text, ends_line);
	/* the running call unwinds as if its task were dead, and prints nothing more */
	k->task_died = true;
	k->panic.panicked = true;
}

static void warned(struct kernel *k, const char *origin, const char *const *above)
{
	const char *who = since(k, 5, 10) ? origin : "", *colon = *who ? ": " : "";
	uint32_t limit = k->panic.warn_limit;

	if (k->panic.on_warn)
		stop(k, above, "%s%spanic_on_warn set ...\n", who, colon);
	if (++k->panic.warns >= limit && limit)
		stop(k, above, "%s: system warned too often (kernel.warn_limit is %u)", origin, limit);
}

void panic_on_warn(struct kernel *k, const char *const *above)
{
	const char *all[STACK_MAX + 3] = { "panic", "__warn" };

	for (int i = 0; i < STACK_MAX && above[i]; i++)
		all[i + 2] = above[i];
	warned(k, "kernel", all);
}

bool panic_warns_early(const struct kernel *k)
{
	return !since(k, 5, 10);
}

void panic_on_kasan(struct kernel *k, bool write)
{
	static const char *const above[] = { "panic", NULL };
	static const char *const fault[] = {
		[KASAN_FAULT_PANIC] = "panic", [KASAN_FAULT_PANIC_ON_WRITE] = "panic_on_write",
	};
	enum kasan_fault f = k->params.kasan_fault;

	if (since(k, 4, 19) && !(since(k, 5, 10) && k->params.kasan_multi_shot))
		warned(k, "KASAN", above);
	if (f == KASAN_FAULT_PANIC || (f == KASAN_FAULT_PANIC_ON_WRITE && write))
		stop(k, above, "kasan.fault=%s set ...", fault[f]);
}

void panic_on_oops(struct kernel *k, enum report_kind kind)
{
	static const char *const above[] = { "panic", NULL };
	const char *always = kind == REPORT_BUG ? report_style(k)->bug_panics : NULL;
	const char *what = "";

	if (!strcmp(k->arch->name, "arm64") && since(k, 5, 10))
		what = kind == REPORT_BUG ? "Oops - BUG: " : "Oops: ";
	if (always)
		stop(k, above, "%s", always);
	if (k->panic.on_oops)
		stop(k, above, "%sFatal exception", what);
	if (since(k, 5, 10) && ++k->panic.oopses >= k->panic.oops_limit && k->panic.oops_limit)
		stop(k, above, "Oopsed too often (kernel.oops_limit is %u)", k->panic.oops_limit);
}
