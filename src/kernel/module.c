/* SPDX-License-Identifier: MIT */
/*
 * Loadable modules: code that arrives with init() and leaves after exit(). Corresponds to
 * Linux' kernel/module/main.c. Differs: modules share no symbols and have no file; all
 * are out of tree; a module's code is only a range of addresses.
 */
#include "kernel/module.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/clock.h"
#include "kernel/code.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "kernel/upcall.h"
#include "lib/host_memory.h"

#define MODULE_STRIDE 0x5000ull

/*
 * On arm, the upper half of the module area: the functions of drivers are in the lower
 * one.
 */
static uint64_t modules_base(const struct arch *a)
{
	return a->word == 8 ? 0xffffffffc0000000ull : 0xbf400000ull;
}

struct module *module_find(struct kernel *k, const char *name)
{
	struct module *m;

	list_each(m, &k->modules, struct module, all)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

/* Removes the code; whatever still points to the module finds it dead. */
static void unload(struct kernel *k, struct module *m)
{
	m->state = MODULE_GONE;
	list_remove(&m->all);
	if (m->destroy)
		m->destroy(m);
	free(k->last_unloaded);
	k->last_unloaded = host_strdup(m->name);
	module_put(m);
}

static int call(struct kernel *k, struct module *m, int (*fn)(struct module *), const char *what)
{
	struct context saved;
	int rc = -ENOMEM;

	if (!fn)
		return 0;
	if (upcall_begin(k, (struct context){ what, "", 0, { m, m->base } }, &saved)) {
		rc = fn(m);
		upcall_end(k, saved);
	}
	return rc;
}

int module_load(struct kernel *k, const struct module *proto)
{
	struct module *m = host_malloc(sizeof(*m)), lost = *proto;
	int rc = -ENOMEM;

	if (m) {
		*m = *proto;
		m->name = host_strdup(proto->name);
	}
	if (m && m->name && module_find(k, m->name))
		rc = -EEXIST;
	if (!m || !m->name || rc == -EEXIST) {
		if (m)
			free(m->name);
		free(m);
		if (lost.destroy)
			lost.destroy(&lost);
		return rc;
	}
	m->refs = 1;
	m->base = modules_base(k->arch) + MODULE_STRIDE * k->modules_loaded++;
	m->functions = 0;
	list_append(&k->modules, &m->all);
	if (!(k->taint & TAINT_OOT_MODULE))
		printk(k, KERN_WARNING, "%s: loading out-of-tree module taints kernel.", m->name);
	k->taint |= TAINT_OOT_MODULE;
	fn_enter(k, "do_init_module");
	tick(k, NS_PER_STEP);
	rc = call(k, m, m->init, "init_module");
	if (!k->task_died && rc > 0) {
		printk(k, KERN_WARNING, "do_init_module: '%s'->init suspiciously returned %d, "
		       "it should follow 0/-E convention", m->name, rc);
		dump_stack(k, KERN_WARNING, "do_init_module");
		rc = 0;
	}
	fn_exit(k);
	if (k->task_died)
		return 0; /* it stays in MODULE_COMING */
	if (rc < 0)
		unload(k, m);
	else
		m->state = MODULE_LIVE;
	return rc;
}

int module_unload(struct kernel *k, struct module *m)
{
	if (m->state != MODULE_LIVE || (m->init && !m->exit))
		return -EBUSY;
	m->state = MODULE_GOING;
	fn_enter(k, "__do_sys_delete_module");
	tick(k, NS_PER_STEP);
	call(k, m, m->exit, "cleanup_module");
	fn_exit(k);
	if (!k->task_died)
		unload(k, m);
	return 0;
}

void modules_finish(struct kernel *k)
{
	struct module *m;

	list_each(m, &k->modules, struct module, all) {
		if (m->destroy)
			m->destroy(m);
		m->destroy = NULL;
		module_put(m);
	}
	free(k->last_unloaded);
}
