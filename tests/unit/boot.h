/* SPDX-License-Identifier: MIT */
/* The lower layers set up by hand, separately for each test. */
#ifndef DEVSH_TESTS_BOOT_H
#define DEVSH_TESTS_BOOT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/driver_core.h"
#include "kernel/log.h"

/* A test that needs more address space than a 32-bit host has. */
#define large_unit_test(f) { sizeof(void *) > 4 ? #f : NULL, f, NULL, NULL, NULL }

struct boot {
	struct kernel kernel;
	struct mm mm;
	struct driver_core core;
};

static inline struct boot *boot_mm(const char *cmdline)
{
	struct boot *b = calloc(1, sizeof(*b));
	struct params p;
	char why[200] = "";

	assert_non_null(b);
	params_default(&p);
	if (params_parse(&p, cmdline, why, sizeof(why)))
		fail_msg("%s: %s", cmdline, why);
	kernel_init(&b->kernel, &p);
	assert_int_equal(mm_init(&b->mm, &b->kernel), 0);
	return b;
}

static inline void off_mm(struct boot *b)
{
	mm_finish(&b->mm);
	mm_drop(&b->mm);
	kernel_finish(&b->kernel);
	free(b);
}

static inline struct boot *boot_all(const char *cmdline)
{
	struct boot *b = boot_mm(cmdline);

	assert_int_equal(driver_core_init(&b->core, &b->kernel, &b->mm, 1), 0);
	return b;
}

static inline void off_all(struct boot *b)
{
	driver_core_finish(&b->core);
	off_mm(b);
}

/* Whether the log has a line with this text. */
static inline bool logged(const struct kernel *k, const char *text)
{
	for (uint32_t i = 0; i < k->log.count; i++)
		if (strstr(log_at(&k->log, i)->text, text))
			return true;
	return false;
}

#endif
