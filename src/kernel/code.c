/* SPDX-License-Identifier: MIT */
/*
 * Where code is: in the kernel, or in a module, which stays allocated while something
 * refers to it. Corresponds to the reference counts of Linux' kernel/module/main.c.
 * Differs: references to an unloaded module find it dead, not overwritten.
 */
#include "kernel/code.h"

#include <stdlib.h>

#include "kernel/module.h"

#define MODULE_FUNCTIONS 127 /* functions with an address of their own; they fit into 16 KiB */

void module_put(struct module *m)
{
	if (--m->refs)
		return;
	list_remove(&m->all);
	free(m->name);
	free(m);
}

struct code_home code_here(struct kernel *k, unsigned functions)
{
	struct module *m = k->context.code.module;
	struct code_home home = { m, 0 };

	if (!m)
		return home;
	m->refs++;
	if (m->functions + functions <= MODULE_FUNCTIONS) {
		home.addr = m->base + 0x10 + m->functions * CODE_STRIDE;
		m->functions += functions;
	}
	return home;
}

const struct module *code_is_gone(const struct code_home *home)
{
	return home->module && home->module->state == MODULE_GONE ? home->module : NULL;
}

void code_put(struct code_home *home)
{
	if (home->module)
		module_put(home->module);
	*home = (struct code_home){ 0 };
}
