/* SPDX-License-Identifier: MIT */
/*
 * Boot and shutdown: brings up the layers from the bottom, and takes them down in
 * reverse.
 */
#include "machine/machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/driver_core.h"
#include "kernel/clock.h"
#include "kernel/log.h"
#include "kernel/ratelimit.h"
#include "kernel/report.h"
#include "lib/host_memory.h"

static void power_off(struct machine *m)
{
	driver_core_finish(&m->core);
	mm_finish(&m->mm);
	kernel_finish(&m->kernel);
}

void machine_version(const struct machine *m, char *out, size_t size)
{
	snprintf(out, size, "Linux version %s (%s) devsh", m->kernel.uname,
		 m->kernel.arch->name);
}

static void print_banner(struct machine *m)
{
	struct kernel *k = &m->kernel;
	unsigned debug = devres_layout(k->profile, k->arch, true).node;
	unsigned plain = devres_layout(k->profile, k->arch, false).node;
	char version[128];

	machine_version(m, version, sizeof(version));
	printk(k, KERN_NOTICE, "%s", version);
	printk(k, KERN_NOTICE, "Command line: %s", k->params.cmdline);
	if (k->params.devres_log && debug != plain)
		printk(k, KERN_NOTICE, "devres: log needs CONFIG_DEBUG_DEVRES: the node is %u bytes, not %u",
		       debug, plain);
}

static int power_on(struct machine *m, const struct params *params)
{
	uint32_t first_id = m->core.next_id ? m->core.next_id : 1;
	int rc;

	kernel_init(&m->kernel, params);
	rc = mm_init(&m->mm, &m->kernel);
	if (rc)
		goto stop_kernel;
	rc = driver_core_init(&m->core, &m->kernel, &m->mm, first_id);
	if (rc)
		goto stop_mm;
	m->boot_number++;
	m->incomplete = false;
	m->functions = 0;
	m->explained = (struct explained){ 0 };
	print_banner(m);
	return 0;
stop_mm:
	mm_finish(&m->mm);
stop_kernel:
	kernel_finish(&m->kernel);
	return rc;
}

/* An empty machine on which no call runs; it can be inspected, and booted again. */
static void stay_off(struct machine *m, const struct params *params)
{
	kernel_init(&m->kernel, params);
	mm_off(&m->mm, &m->kernel);
	driver_core_off(&m->core, &m->kernel, &m->mm, m->core.next_id);
	m->incomplete = true;
}

struct machine *machine_create(const char *cmdline, char *why, size_t whysize)
{
	struct machine *m = host_calloc(1, sizeof(*m));
	struct params params;

	params_default(&params);
	if (m && params_parse(&params, cmdline, why, whysize)) {
		free(m);
		errno = EINVAL;
		return NULL;
	}
	if (!m || power_on(m, &params)) {
		snprintf(why, whysize, "the host has no room for a machine with mem=%lluM",
			 (unsigned long long)params.mem >> 20);
		if (m)
			mm_drop(&m->mm);
		free(m);
		errno = ENOMEM;
		return NULL;
	}
	return m;
}

int machine_reboot(struct machine *m, const char *cmdline, char *why, size_t whysize)
{
	struct params params, old = m->kernel.params;
	int rc;

	if (m->kernel.nesting) {
		snprintf(why, whysize, "cannot boot while a driver's callback runs");
		return -EBUSY;
	}
	params_default(&params);
	rc = params_parse(&params, cmdline, why, whysize);
	if (rc)
		return rc;
	m->unexpected = report_unexpected(m);
	m->expected = 0;
	power_off(m);
	rc = power_on(m, &params);
	if (rc) {
		snprintf(why, whysize, "the host has no memory for mem=%llu",
			 (unsigned long long)params.mem);
		/* the previous configuration has fitted before */
		if (power_on(m, &old))
			stay_off(m, &old);
	}
	return rc;
}

void machine_destroy(struct machine *m)
{
	if (!m)
		return;
	power_off(m);
	mm_drop(&m->mm);
	free(m);
}

void machine_set_roots(struct machine *m, struct machine_roots *r)
{
	m->roots = r;
}

uint32_t machine_boot_number(const struct machine *m)
{
	return m->boot_number;
}

const char *machine_cmdline(const struct machine *m)
{
	return m->kernel.params.cmdline;
}

int report_line(const struct machine *m, uint64_t seq, struct report_line *line)
{
	const struct log *l = &m->kernel.log;
	const struct log_line *at = log_at(l, 0);
	uint64_t i;

	/* numbers are consecutive, except for lines that the host had no memory for */
	i = at && seq > at->seq ? seq - at->seq : 0;
	if (i > l->count)
		i = l->count;
	while (i > 0 && log_at(l, (uint32_t)i - 1)->seq >= seq)
		i--;
	at = log_at(l, (uint32_t)i);
	if (!at)
		return 0;
	*line = (struct report_line){ at->seq, at->now, (int)at->level, at->text };
	return 1;
}

uint64_t report_next(const struct machine *m)
{
	return m->kernel.log.next_seq;
}

void report_format(const struct report_line *line, char *out, size_t size)
{
	snprintf(out, size, "[%5llu.%06llu] %s",
		 (unsigned long long)(line->now / NS_PER_SECOND),
		 (unsigned long long)(line->now / 1000u % 1000000u), line->text);
}

void report_begin(struct machine *m)
{
	ratelimit_begin(&m->kernel);
}

uint32_t report_complaints(const struct machine *m)
{
	return kernel_reports(&m->kernel);
}

uint32_t report_withheld(const struct machine *m)
{
	return m->mm.kasan.withheld;
}

void report_expect(struct machine *m, uint32_t complaints)
{
	m->expected += complaints;
}

uint32_t report_expected(const struct machine *m)
{
	return m->expected;
}

void report_elsewhere(struct machine *m)
{
	m->unexpected++;
}

uint32_t report_unexpected(const struct machine *m)
{
	uint32_t n = kernel_reports(&m->kernel);

	return m->unexpected + (n > m->expected ? n - m->expected : 0);
}
