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
	struct code_home home; /* of what it does; no module: the kernel's own text */
	void (*fn)(void);
	void *ctx;
	void (*drop)(void *ctx); /* the symbol owns ctx, and lets go of it so */
};

/*
 * The address of a function; the same name is the same function, but a module has
 * functions of its own, and where nobody else has one others find them. 0: no memory.
 */
uint64_t text_symbol(struct kernel *k, const char *name);
/* Of a function that gets a body from the code that runs now: text_define() it. */
uint64_t text_function(struct kernel *k, const char *name);
/* The same; 0: no function has this name so far. */
uint64_t text_known(struct kernel *k, const char *name);
/* What the function does; takes the place of what it did before. */
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
