/* SPDX-License-Identifier: MIT */
/*
 * kmemleak for a machine: its roots, and automatic scans like those of Linux' kmemleak
 * thread: the first after a minute, then every ten minutes.
 */
#include "machine/leaks.h"

#include <stdlib.h>

#include "kernel/clock.h"
#include "mm/kmemleak.h"

/* Scans in one advance; more in a row would not find anything new. */
#define SCANS_MAX 16

static void add_roots(void *ctx, struct leak_scan *s, bool stack)
{
	struct machine *m = ctx;
	struct leak_holding *held;
	size_t n;

	leak_hold_devices(m, s);
	held = leak_holdings(m, &n);
	for (size_t i = 0; i < n; i++)
		if (stack || !held[i].stack)
			leak_scan_addr(s, held[i].addr);
	free(held);
}

int machine_kmemleak_scan(struct machine *m)
{
	return kmemleak_scan(&m->mm, add_roots, m);
}

void machine_kmemleak_thread(struct machine *m, uint32_t seconds)
{
	struct kmemleak *k = &m->mm.kmemleak;

	if (seconds)
		k->seconds = seconds;
	k->next = seconds ? m->kernel.now : UINT64_MAX;
}

void machine_kmemleak_poll(struct machine *m)
{
	struct kmemleak *k = &m->mm.kmemleak;

	if (m->kernel.now < k->next)
		return;
	k->next = m->kernel.now + k->seconds * NS_PER_SECOND;
	machine_kmemleak_scan(m);
}

void machine_advance(struct machine *m, uint64_t ns)
{
	struct kernel *kernel = &m->kernel;
	const struct kmemleak *k = &m->mm.kmemleak;
	uint64_t end = kernel->now + ns;

	for (int i = 0; i < SCANS_MAX && k->next <= end; i++) {
		if (kernel->now < k->next)
			kernel->now = k->next;
		machine_kmemleak_poll(m);
	}
	if (kernel->now < end)
		kernel->now = end;
}
