/* SPDX-License-Identifier: MIT */
/* Where code is: in the kernel, or in a module. */
#ifndef DEVSH_KERNEL_CODE_H
#define DEVSH_KERNEL_CODE_H

#include <stdint.h>

struct kernel;

struct module;

/*
 * Where the functions of one object (a driver, a bus, a class) are: in the module whose
 * code made the object, and gone when it is unloaded, or in the kernel if there is no
 * module. Holds a reference to the module. The nth function is at addr + nth *
 * CODE_STRIDE; 0: the module has too many functions for each to have an address.
 */
struct code_home {
	struct module *module;
	uint64_t addr;
};

#define CODE_STRIDE 0x80

static inline struct code_home code_at(const struct code_home *home, unsigned nth)
{
	return (struct code_home){ home->module, home->addr ? home->addr + nth * CODE_STRIDE : 0 };
}

/*
 * The home of an object that is being created: the module whose code is running. Call
 * code_put() when the object goes.
 */
struct code_home code_here(struct kernel *k, unsigned functions);
/* The module, if it is unloaded and the functions are gone; else NULL. */
const struct module *code_is_gone(const struct code_home *home);
void code_put(struct code_home *home);
/* Private to code.c and module.c: the last reference frees the module. */
void module_put(struct module *m);

#endif
