/* SPDX-License-Identifier: MIT */
/* Addresses for functions and constant strings. */
#ifndef DEVSH_KERNEL_SYMBOL_H
#define DEVSH_KERNEL_SYMBOL_H

#include "kernel/code.h"
#include "kernel/kernel.h"

#define SYMBOL_STRIDE 64

/*
 * Simulated text and read-only data. A function has an address that a dump
 * shows and a release callback is compared by; `fn` and `ctx` are what the
 * layer that added it wants to find again.
 */
struct symbol {
	char *name;
	struct code_home home; /* of its body; no module: the kernel's own text */
	void (*fn)(void);
	void *ctx;
	void (*drop)(void *ctx); /* the symbol owns ctx, and drops it with this */
};

/*
 * The address of a function. One name is one function, except that a module has functions
 * of its own, which others find if there is no other of that name. 0: no memory.
 */
uint64_t text_symbol(struct kernel *k, const char *name);
/* The address of a function that the running code gives a body to, with text_define(). */
uint64_t text_function(struct kernel *k, const char *name);
/* The same; 0: no function has this name. */
uint64_t text_known(struct kernel *k, const char *name);
/* Sets what the function does, in place of what it did before. */
void text_define(struct symbol *s, void (*fn)(void), void *ctx, void (*drop)(void *ctx));
/* NULL when nothing is there. */
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
