/* SPDX-License-Identifier: MIT */
/* The table of calls: all entries, and lookup by name. */
#include "call/entry.h"

#include <string.h>

#include "base/device.h"
#include "base/registry.h"
#include "base/work.h"
#include "kernel/compiler.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "lib/distance.h"

enum { CALLS_MAX = 320, OTHERS_MAX = 16, SLOTS = 1024 }; /* slots: a power of two */

/* All entries in order, and hashed by name; filled once, before the first lookup. */
static const struct call *all[CALLS_MAX + 1], *by_name[SLOTS];
/* Entries with aliases. */
static const struct call *other[OTHERS_MAX];
static size_t with_others;

static size_t slot_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = 33 * hash + (unsigned char)*name++;
	return (hash ^ hash >> 15) % SLOTS;
}

static const struct call *(*more_calls)(size_t i);

static size_t enter(const struct call *c, size_t n)
{
	size_t at = slot_of(c->name);

	if (n == CALLS_MAX)
		return n;
	while (by_name[at])
		at = (at + 1) % SLOTS;
	by_name[at] = c;
	all[n] = c;
	if (c->others && with_others < OTHERS_MAX)
		other[with_others++] = c;
	return n + 1;
}

static void fill(void)
{
#define ENTRIES(name) name##_calls,
	static const struct call *const files[] = { CALL_FILES(ENTRIES) };
#undef ENTRIES
	const struct call *c;
	size_t n = 0;

	for (size_t f = 0; f < COUNT(files); f++)
		for (c = files[f]; c->name; c++)
			n = enter(c, n);
	for (size_t i = 0; more_calls && (c = more_calls(i)); i++)
		n = enter(c, n);
}

void call_add(const struct call *(*at)(size_t i))
{
	more_calls = at;
	memset(all, 0, sizeof(all));
	memset(by_name, 0, sizeof(by_name));
	with_others = 0;
}

const struct call *call_at(size_t i)
{
	if (!all[0])
		fill();
	return i < CALLS_MAX ? all[i] : NULL;
}

const struct call *call_find(const char *name)
{
	size_t at = slot_of(name);

	if (!all[0])
		fill();
	while (by_name[at] && strcmp(by_name[at]->name, name))
		at = (at + 1) % SLOTS;
	return by_name[at];
}

static bool has_word(const struct call *c, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = c->others; at && len && (at = strstr(at, word)); at += len)
		if ((at == c->others || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

const struct call *call_find_word(const char *word)
{
	const struct call *c = call_find(word);

	for (size_t i = 0; !c && i < with_others; i++)
		if (has_word(other[i], word))
			c = other[i];
	return c;
}

const char *call_suggest(const char *name)
{
	struct nearest n = { .word = name };
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		nearest_offer(&n, c->name);
	return n.best;
}
