/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/debug/kmemleak. Corresponds to the file in Linux' mm/kmemleak.c: a command
 * is recognised by its beginning.
 */
#include "fs/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/leaks.h"
#include "mm/kmemleak.h"

static void show_kmemleak(const struct place *at, struct buf *out)
{
	kmemleak_show(&at->m->mm, out);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static int set_interval(struct machine *m, const char *text, size_t len)
{
	uint64_t seconds;

	if (written_number(text, len, &seconds))
		return -EINVAL;
	if (seconds > UINT32_MAX)
		return -ERANGE;
	machine_kmemleak_thread(m, (uint32_t)seconds);
	return 0;
}

static int dump(struct machine *m, const char *text, size_t len)
{
	uint64_t addr;

	return written_number(text, len, &addr) ? -EINVAL : kmemleak_dump(&m->mm, addr);
}

/*
 * Runs a command: 0, or -errno. Anything that begins with "scan" and is nothing else is a
 * scan.
 */
static int run_command(struct machine *m, const char *text, size_t len)
{
	struct kmemleak *k = &m->mm.kmemleak;

	if (begins(text, "off"))
		kmemleak_disable(&m->mm);
	else if (begins(text, "stack=on"))
		k->no_stack = false;
	else if (begins(text, "stack=off"))
		k->no_stack = true;
	else if (begins(text, "scan=on") && k->next == UINT64_MAX)
		machine_kmemleak_thread(m, k->seconds);
	else if (begins(text, "scan=on"))
		return 0;
	else if (begins(text, "scan=off"))
		k->next = UINT64_MAX;
	else if (begins(text, "scan="))
		return set_interval(m, text + 5, len - 5);
	else if (begins(text, "scan"))
		return machine_kmemleak_scan(m) < 0 ? -ENOMEM : 0;
	else if (begins(text, "dump="))
		return dump(m, text + 5, len - 5);
	else
		return -EINVAL;
	return 0;
}

static ssize_t store_kmemleak(const struct place *at, const char *text, size_t len)
{
	struct mm *mm = &at->m->mm;
	int rc;

	if (begins(text, "clear")) {
		kmemleak_clear(mm);
		return (ssize_t)len;
	}
	rc = mm->kmemleak.on ? run_command(at->m, text, len) : -mm->kernel->profile->leak_off;
	return rc ? rc : (ssize_t)len;
}

const struct node kmemleak_nodes[] = {
	{ "/sys/kernel/debug/kmemleak", "unreferenced memory; write scan, clear, off, ...",
	  .mode = 0644, .show = show_kmemleak, .store = store_kmemleak },
	{ 0 },
};
