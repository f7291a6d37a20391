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
	void (*destroy)(struct module *m); /* the owner of `private` cleans up */
	void *private;
	enum module_state state;
	uint32_t refs;       /* the list's one, and one for each object with code in it */
	uint64_t base;       /* simulated address of its code */
	uint32_t functions;  /* that were given an address there */
	struct list all;     /* kernel->modules */
};

/*
 * Makes a module from a prototype, whose `private` the kernel owns from then on, and runs
 * init(). -EEXIST, or the error that init() returned: it is not loaded.
 */
int module_load(struct kernel *k, const struct module *proto);
/* Runs exit(). -EBUSY: it is coming or going, or has an init() and no exit(). */
int module_unload(struct kernel *k, struct module *m);
struct module *module_find(struct kernel *k, const char *name);
void modules_finish(struct kernel *k);

#endif
