/* SPDX-License-Identifier: MIT */
/*
 * WARN, BUG, Oops and taint. Corresponds to Linux' lib/bug.c and
 * kernel/panic.c. Differs: nothing ever stops the machine; a BUG or an Oops
 * marks the task as dead and control goes back to the caller. Offsets behind
 * function names are made from the name, so that a line looks as it should;
 * line numbers are printed only where somebody verified them.
 */
#include "kernel/kernel.h"

#include <stdio.h>
#include <string.h>

#define CUT_HERE "------------[ cut here ]------------"

const char *print_tainted(const struct kernel *k, char out[32])
{
	static const char letters[] = "GFSRMBUDAWCIOELKXTNJ";
	size_t i;

	if (!k->taint)
		return strcpy(out, "Not tainted");
	strcpy(out, "Tainted: G");
	for (i = 1; i < 18; i++)
		out[9 + i] = k->taint & (1u << i) ? letters[i] : ' ';
	out[9 + i] = '\0';
	return out;
}

const char *symbolic(const char *function, char out[96])
{
	uint32_t h = 2166136261u;

	for (const char *c = function; *c; c++)
		h = (h ^ (unsigned char)*c) * 16777619u;
	snprintf(out, 96, "%.64s+0x%x/0x%x", function, 0x10 + (h & 0x3f),
		 0x60 + (h >> 8 & 0xf) * 0x10);
	return out;
}

static const struct source_line *verified_line(struct kernel *k, const char *function)
{
	const struct source_line *l;

	for (l = k->profile->lines; l->function; l++)
		if (!strcmp(l->function, function))
			return l;
	return NULL;
}

static void print_cpu_line(struct kernel *k, enum log_level level)
{
	char taint[32];

	printk(k, level, "CPU: 0 %sPID: %d Comm: %.20s %s %s #1",
	       k->profile->cpu_line_uid ? "UID: 0 " : "", k->pid, k->comm,
	       print_tainted(k, taint), k->uname);
}

/* The formats are the architecture's own: see the table of arches. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void print_pc(struct kernel *k, const char *sym)
{
	printk(k, KERN_WARNING, k->arch->say_pc, sym);
}

static void print_fault(struct kernel *k, unsigned long long addr)
{
	const struct arch *a = k->arch;
	bool null = addr < k->params.page_size, old = !k->profile->fault_wording;

	if (null)
		printk(k, KERN_ALERT, old && a->say_null_old ? a->say_null_old : a->say_null, addr);
	else
		printk(k, KERN_ALERT, old && a->say_fault_old ? a->say_fault_old : a->say_fault, addr);
}

static void print_die(struct kernel *k, bool bug)
{
	char text[96];

	snprintf(text, sizeof(text), bug ? k->arch->say_bug : k->arch->say_oops,
		 k->reports[REPORT_BUG] + k->reports[REPORT_OOPS] + 1);
	printk(k, KERN_WARNING, "%s%s", bug && k->profile->oops_prefix && text[0] == 'i' ? "Oops: " : "",
	       text);
}

#pragma GCC diagnostic pop

/* The upper bits of an address are all as bit 47; others the CPU does not look up. */
static bool is_wild(const struct kernel *k, uint64_t addr)
{
	return k->arch->say_wild && (uint64_t)((int64_t)(addr << 16) >> 16) != addr;
}

static void print_wild(struct kernel *k, unsigned long long addr)
{
	char where[64] = "";

	if (k->profile->fault_wording)
		snprintf(where, sizeof(where), ", probably for non-canonical address 0x%llx", addr);
	printk(k, KERN_WARNING, "%s%s%s: 0000 [#%u] PREEMPT SMP NOPTI",
	       k->profile->oops_prefix ? "Oops: " : "", k->arch->say_wild, where,
	       k->reports[REPORT_BUG] + k->reports[REPORT_OOPS] + 1);
}

static void print_trace_above(struct kernel *k, enum log_level level, const char *const *above)
{
	int top = k->depth < STACK_MAX ? k->depth : STACK_MAX;
	bool marks = k->profile->task_marks && k->arch->task_marks;
	char sym[96];

	printk(k, level, "Call Trace:");
	if (marks)
		printk(k, level, " <TASK>");
	for (; *above; above++)
		if (above[1] || !top || strcmp(k->stack[top - 1], *above))
			printk(k, level, " %s", symbolic(*above, sym));
	while (top-- > 0)
		printk(k, level, " %s", symbolic(k->stack[top], sym));
	if (marks)
		printk(k, level, " </TASK>");
}

static void print_trace(struct kernel *k, enum log_level level, const char *function)
{
	print_trace_above(k, level, (const char *const[]){ function, NULL });
}

void dump_stack_above(struct kernel *k, enum log_level level, const char *const *above)
{
	print_cpu_line(k, level);
	print_trace_above(k, level, above);
}

void dump_stack(struct kernel *k, enum log_level level, const char *function)
{
	dump_stack_above(k, level, (const char *const[]){ function, NULL });
}

void kernel_taint(struct kernel *k, uint32_t bit)
{
	if (!k->lock_debug_off)
		printk(k, KERN_WARNING, "Disabling lock debugging due to kernel taint");
	k->lock_debug_off = true;
	k->taint |= bit;
}

void kernel_complain(struct kernel *k, enum report kind, const char *function, uint64_t addr)
{
	k->reports[kind]++;
	EVENT(k, EV_REPORT, .what = function, .value = kind, .addr = addr);
}

static void end_trace(struct kernel *k)
{
	unsigned long long id = k->profile->zero_trace_id ? 0 : kernel_random(k);

	printk(k, KERN_WARNING, "---[ end trace %016llx ]---", id);
}

/* "Modules linked in: demo(O) [last unloaded: other(O)]" */
static void print_modules(struct kernel *k)
{
	char text[256];
	size_t n = (size_t)snprintf(text, sizeof(text), "Modules linked in:");
	struct module *m;

	/* the newest first, as many as a line holds */
	for (struct list *l = k->modules.prev; l != &k->modules && n < 200; l = l->prev) {
		m = list_entry(l, struct module, all);
		n += (size_t)snprintf(text + n, sizeof(text) - n, " %.40s(O%s)", m->name,
				      m->state == MODULE_COMING ? "+" :
				      m->state == MODULE_GOING ? "-" : "");
	}
	if (k->last_unloaded)
		printk(k, KERN_WARNING, "%s [last unloaded: %.40s(O)]", text, k->last_unloaded);
	else
		printk(k, KERN_WARNING, "%s", text);
}

static void print_warn(struct kernel *k, const char *function, const char *fmt, va_list *ap)
{
	const struct source_line *l = verified_line(k, function);
	char sym[96], at[160] = "";

	if (l)
		snprintf(at, sizeof(at), "%s:%d ", l->file, l->line);
	printk(k, KERN_WARNING, CUT_HERE);
	if (fmt)
		vprintk(k, KERN_WARNING, fmt, *ap);
	symbolic(function, sym);
	if (k->profile->warn_style == WARN_FILE_FIRST)
		printk(k, KERN_WARNING, "WARNING: %sat %s, CPU#0: %s/%d", at, sym,
		       k->comm, k->pid);
	else
		printk(k, KERN_WARNING, "WARNING: CPU: 0 PID: %d at %s%s", k->pid, at, sym);
	print_modules(k);
	print_cpu_line(k, KERN_WARNING);
	print_pc(k, sym);
	print_trace(k, KERN_WARNING, function);
	end_trace(k);
}

static void vwarn(struct kernel *k, const char *function, const char *fmt, va_list *ap)
{
	if (ratelimit(k, function, "WARN"))
		print_warn(k, function, fmt, ap);
	k->taint |= TAINT_WARN;
	kernel_complain(k, REPORT_WARN, function, 0);
}

void kernel_warn_end(struct kernel *k, const char *function)
{
	print_warn(k, function, NULL, NULL);
	k->taint |= TAINT_WARN;
}

void kernel_warn(struct kernel *k, const char *function, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(k, function, fmt, &ap);
	va_end(ap);
}

void kernel_warn_once(struct kernel *k, enum once site, const char *function,
		      const char *fmt, ...)
{
	va_list ap;

	if (k->warned_once[site])
		return;
	k->warned_once[site] = true;
	va_start(ap, fmt);
	vwarn(k, function, fmt, &ap);
	va_end(ap);
}

static void print_dead(struct kernel *k, const char *function)
{
	char sym[96];

	if (!list_empty(&k->modules) || k->last_unloaded)
		print_modules(k);
	print_cpu_line(k, KERN_WARNING);
	print_pc(k, symbolic(function, sym));
	print_trace(k, KERN_WARNING, function);
	end_trace(k);
}

static void die(struct kernel *k, enum report kind, const char *function, uint64_t addr)
{
	k->taint |= TAINT_DIE;
	k->task_died = true;
	kernel_complain(k, kind, function, addr);
}

static void print_bug(struct kernel *k, const char *function)
{
	const struct source_line *l = verified_line(k, function);
	char sym[96];

	printk(k, KERN_WARNING, CUT_HERE);
	if (l)
		printk(k, KERN_CRIT, "kernel BUG at %s:%d!", l->file, l->line);
	else
		printk(k, KERN_CRIT, "kernel BUG at %s!", symbolic(function, sym));
	print_die(k, true);
	print_dead(k, function);
}

void kernel_bug(struct kernel *k, const char *function)
{
	if (ratelimit(k, function, "BUG"))
		print_bug(k, function);
	die(k, REPORT_BUG, function, 0);
}

void kernel_oops(struct kernel *k, const char *function, uint64_t addr)
{
	if (ratelimit(k, function, "Oops")) {
		if (is_wild(k, addr)) {
			print_wild(k, addr);
		} else {
			print_fault(k, addr);
			print_die(k, false);
		}
		print_dead(k, function);
	}
	die(k, REPORT_OOPS, function, addr);
}

uint32_t kernel_reports(const struct kernel *k)
{
	uint32_t n = 0;

	for (int i = 0; i < REPORT_KINDS; i++)
		n += k->reports[i];
	return n;
}
