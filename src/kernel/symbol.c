/* SPDX-License-Identifier: MIT */
/*
 * Addresses for functions and constant strings. Corresponds to Linux' kernel/kallsyms.c.
 * Each symbol takes SYMBOL_STRIDE bytes, in the order in which symbols were first used.
 */
#include "kernel/symbol.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/code.h"
#include "kernel/module.h"
#include "lib/array.h"
#include "lib/hash.h"
#include "lib/host_memory.h"

/*
 * The table has the numbers of symbols, plus 1; 0: empty. Symbols of the same name are
 * found in the order in which they were added. None is ever removed.
 */
static uint32_t next_place(const struct symbols *s, uint32_t place)
{
	return (place + 1) & (s->places - 1);
}

/*
 * The first symbol of this name at or after `place`; NULL: there is none, and `place` is
 * empty.
 */
static struct symbol *named(const struct symbols *s, const char *name, uint32_t *place)
{
	uint32_t number;

	for (; s->places && (number = s->table[*place]); *place = next_place(s, *place))
		if (!strcmp(s->at[number - 1].name, name))
			return &s->at[number - 1];
	return NULL;
}

static uint32_t first_place(const struct symbols *s, const char *name)
{
	return s->places ? text_hash(name) & (s->places - 1) : 0;
}

static void enter(struct symbols *s, uint32_t number)
{
	uint32_t place = first_place(s, s->at[number].name);

	while (s->table[place])
		place = next_place(s, place);
	s->table[place] = number + 1;
}

/* At least half of the table is always empty. */
static bool table_room(struct symbols *s)
{
	uint32_t places = s->places ? 2 * s->places : 64, *table;

	if (2 * s->count < s->places)
		return true;
	table = host_calloc(places, sizeof(*table));
	if (!table)
		return false;
	free(s->table);
	s->table = table;
	s->places = places;
	for (uint32_t i = 0; i < s->count; i++)
		enter(s, i);
	return true;
}

static struct symbol *symbol_add(struct symbols *s, const char *name)
{
	struct symbol *at;

	if (s->count == s->max || !table_room(s) || !array_room(s->at, s->count, s->cap, 16))
		return NULL;
	at = &s->at[s->count];
	*at = (struct symbol){ .name = host_strdup(name) };
	if (!at->name)
		return NULL;
	enter(s, s->count++);
	return at;
}

static struct symbol *symbol_find(const struct symbols *s, const char *name)
{
	uint32_t place = first_place(s, name);

	return named(s, name, &place);
}

static uint64_t symbol_address(const struct symbols *s, const struct symbol *at)
{
	return at ? s->base + (uint64_t)(at - s->at) * SYMBOL_STRIDE : 0;
}

static uint64_t text_address(const struct kernel *k, const struct symbol *at)
{
	return at && at->home.addr ? at->home.addr : symbol_address(&k->text, at);
}

/* A function of the running module, else of the kernel, else of another module. */
static struct symbol *text_find(struct kernel *k, const char *name)
{
	const struct module *here = k->context.code.module;
	uint32_t place = first_place(&k->text, name);
	struct symbol *best = NULL, *s;

	for (; (s = named(&k->text, name, &place)); place = next_place(&k->text, place)) {
		if (code_is_gone(&s->home))
			continue;
		if (s->home.module == here)
			return s;
		if (!best || !s->home.module)
			best = s;
	}
	return best;
}

/* Adds a function to the module whose code uses the name. */
static struct symbol *text_add(struct kernel *k, const char *name)
{
	struct symbol *at = symbol_add(&k->text, name);

	if (at)
		at->home = code_here(k, 1);
	return at;
}

uint64_t text_symbol(struct kernel *k, const char *name)
{
	struct symbol *at = text_find(k, name);

	return text_address(k, at ? at : text_add(k, name));
}

uint64_t text_function(struct kernel *k, const char *name)
{
	struct symbol *at = text_find(k, name);

	/* a symbol without a body has only been mentioned so far */
	if (!at || (at->fn && at->home.module != k->context.code.module))
		at = text_add(k, name);
	return text_address(k, at);
}

uint64_t text_known(struct kernel *k, const char *name)
{
	return text_address(k, text_find(k, name));
}

void text_define(struct symbol *s, void (*fn)(void), void *ctx, void (*drop)(void *ctx))
{
	void (*old_drop)(void *) = s->drop;
	void *old = s->ctx;

	s->fn = fn;
	s->ctx = ctx;
	s->drop = drop;
	if (old_drop)
		old_drop(old);
}

static struct symbol *lookup(const struct symbols *s, uint64_t addr)
{
	uint64_t i = (addr - s->base) / SYMBOL_STRIDE;

	if (addr < s->base || i >= s->count || (addr - s->base) % SYMBOL_STRIDE)
		return NULL;
	return &s->at[i];
}

struct symbol *text_lookup(struct kernel *k, uint64_t addr)
{
	struct symbol *at = lookup(&k->text, addr);

	if (at && text_address(k, at) == addr)
		return at;
	for (uint32_t i = 0; k->modules_loaded && i < k->text.count; i++)
		if (k->text.at[i].home.addr == addr && addr)
			return &k->text.at[i];
	return NULL;
}

uint64_t rodata_string(struct kernel *k, const char *text)
{
	struct symbol *at = symbol_find(&k->rodata, text);

	if (!at)
		at = symbol_add(&k->rodata, text);
	return symbol_address(&k->rodata, at);
}

const char *rodata_lookup(const struct kernel *k, uint64_t addr)
{
	struct symbol *at = lookup(&k->rodata, addr);

	return at ? at->name : NULL;
}

void symbols_finish(struct symbols *s)
{
	for (uint32_t i = 0; i < s->count; i++) {
		if (s->at[i].drop)
			s->at[i].drop(s->at[i].ctx);
		code_put(&s->at[i].home);
		free(s->at[i].name);
	}
	free(s->at);
	free(s->table);
}
