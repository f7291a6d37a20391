/* SPDX-License-Identifier: MIT */
/* Addresses for functions and constant strings. */
#ifndef DEVSH_KERNEL_SYMBOL_H
#define DEVSH_KERNEL_SYMBOL_H

#include "kernel/code.h"
#include "kernel/kernel.h"

#define SYMBOL_STRIDE 64

/*
 * Simulated text and read-only data. A function's address is what dumps show and what
 * release callbacks are compared by; `fn` and `ctx` belong to the layer that added it.
 */
struct symbol {
	char *name;
	struct code_home home; /* where its body is; no module: in the kernel's own text */
	void (*fn)(void);
	void *ctx;
	void (*drop)(void *ctx); /* frees ctx, which the symbol owns */
};

/*
 * The address of a function. There is one function of each name, except that a module has
 * functions of its own, which others find if there is no other of that name. 0: no
 * memory.
 */
uint64_t text_symbol(struct kernel *k, const char *name);
/*
 * The address of a function that the running code is about to define, with text_define().
 */
uint64_t text_function(struct kernel *k, const char *name);
/* The address of a function that exists; 0: there is none of this name. */
uint64_t text_known(struct kernel *k, const char *name);
/* Sets what the function does; replaces an earlier definition. */
void text_define(struct symbol *s, void (*fn)(void), void *ctx, void (*drop)(void *ctx));
/* NULL if there is no function at that address. */
struct symbol *text_lookup(struct kernel *k, uint64_t addr);
/* A constant string in .rodata; the same text has the same address. */
uint64_t rodata_string(struct kernel *k, const char *text);
const char *rodata_lookup(const struct kernel *k, uint64_t addr);
void symbols_finish(struct symbols *s);

static inline bool is_rodata(const struct kernel *k, uint64_t addr)
{
	return addr - k->rodata.base < (uint64_t)k->rodata.count * SYMBOL_STRIDE;
}

#endif
