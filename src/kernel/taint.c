/* SPDX-License-Identifier: MIT */
/*
 * Taint, and the lines of a report about who ran what and where. Corresponds to the taint
 * of Linux' kernel/panic.c, to dump_stack_print_info() and to print_modules(). Differs:
 * there is no hardware, so no line names it.
 */
#include "kernel/bug.h"

#include <stdio.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/module.h"
#include "kernel/report.h"
#include "lib/array.h"

static const struct { char letter; const char *name; } flags[] = {
	{ 'P', "PROPRIETARY_MODULE" }, { 'F', "FORCED_MODULE" }, { 'S', "CPU_OUT_OF_SPEC" },
	{ 'R', "FORCED_RMMOD" }, { 'M', "MACHINE_CHECK" }, { 'B', "BAD_PAGE" }, { 'U', "USER" },
	{ 'D', "DIE" }, { 'A', "OVERRIDDEN_ACPI_TABLE" }, { 'W', "WARN" }, { 'C', "CRAP" },
	{ 'I', "FIRMWARE_WORKAROUND" }, { 'O', "OOT_MODULE" }, { 'E', "UNSIGNED_MODULE" },
	{ 'L', "SOFTLOCKUP" }, { 'K', "LIVEPATCH" }, { 'X', "AUX" }, { 'T', "RANDSTRUCT" },
	{ 'N', "TEST" }, { 'J', "FWCTL" },
};

/* How many flags a release has: the line has a column for each. */
static unsigned columns(const struct profile *p)
{
	return p->version >= RELEASE(7, 2) ? 20 : p->version >= RELEASE(6, 1) ? 19 :
	       p->version >= RELEASE(4, 19) ? 18 : 16;
}

const char *print_tainted(const struct kernel *k, char out[32])
{
	unsigned n = columns(k->profile), i;

	if (!k->taint)
		return strcpy(out, "Not tainted");
	strcpy(out, "Tainted: G");
	for (i = 1; i < n; i++)
		out[9 + i] = k->taint & (1u << i) ? flags[i].letter : ' ';
	out[9 + i] = '\0';
	return out;
}

/* "Tainted: [D]=DIE, [W]=WARN" */
static void print_taint_names(struct kernel *k, enum log_level level)
{
	char text[512] = "";
	size_t n = 0;

	for (unsigned i = 0; i < COUNT(flags); i++)
		if (k->taint & (1u << i))
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s[%c]=%s", n ? ", " : "",
					      flags[i].letter, flags[i].name);
	if (n)
		printk(k, level, "Tainted: %s", text);
}

void print_cpu_line(struct kernel *k, enum log_level level)
{
	const char *preempt = report_style(k)->preempt;
	bool names = k->profile->cpu_line_uid;
	char taint[32];

	/* distributions choose at boot; a kernel with KASAN is one's own, which does not */
	if (preempt && params_kasan(&k->params))
		preempt = " PREEMPTLAZY";
	printk(k, level, "CPU: 0 %sPID: %d Comm: %.20s %s %s #1%s", names ? "UID: 0 " : "", k->pid,
	       k->comm, print_tainted(k, taint), k->uname, preempt ? preempt : "");
	if (names)
		print_taint_names(k, level);
}

void kernel_taint(struct kernel *k, uint32_t bit)
{
	if (!k->lock_debug_off)
		printk(k, KERN_WARNING, "Disabling lock debugging due to kernel taint");
	k->lock_debug_off = true;
	k->taint |= bit;
}

/* "Modules linked in: demo(O) [last unloaded: other(O)]" */
void print_modules(struct kernel *k)
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
