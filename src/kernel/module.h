/* SPDX-License-Identifier: MIT */
/* Loadable modules. */
#ifndef DEVSH_KERNEL_MODULE_H
#define DEVSH_KERNEL_MODULE_H

#include "kernel/kernel.h"

enum module_state { MODULE_COMING, MODULE_LIVE, MODULE_GOING, MODULE_GONE };

struct module {
	char *name;
	int (*init)(struct module *m);
	int (*exit)(struct module *m);
	void (*destroy)(struct module *m); /* cleans up `private` */
	void *private;
	enum module_state state;
	uint32_t refs;       /* one for the list, and one for each object with code in it */
	uint64_t base;       /* simulated address of its code */
	uint32_t functions;  /* functions that have an address there */
	struct list all;     /* kernel->modules */
};

/*
 * Makes a module from a prototype, takes over its `private`, and runs init(). Returns
 * -EEXIST or the error of init() if the module was not loaded.
 */
int module_load(struct kernel *k, const struct module *proto);
/*
 * Runs exit(). -EBUSY: the module is being loaded or unloaded, or has an init() but no
 * exit().
 */
int module_unload(struct kernel *k, struct module *m);
struct module *module_find(struct kernel *k, const char *name);
void modules_finish(struct kernel *k);

#endif
