/* SPDX-License-Identifier: MIT */
/* The table of calls: all subjects in the order in which help shows them. */
#include "call/entry.h"

#include <string.h>

#include "lib/distance.h"

static const struct call *const subjects[] = {
	device_calls, dev_name_calls, message_calls, driver_calls, bus_calls, link_calls, module_calls, fail_calls,
	faults_calls, context_calls, devm_calls, copy_calls, action_calls, devres_calls,
	memory_calls, krealloc_calls, plain_copy_calls, pages_calls,
	kvmalloc_calls, kmemleak_calls, kmem_cache_calls, list_calls, dump_calls, inspect_calls, leaks_calls, fsck_calls,
	who_calls, why_calls, file_calls, machine_calls,
};

static const struct call *(*more_calls)(size_t i);

void call_add(const struct call *(*at)(size_t i))
{
	more_calls = at;
}

const struct call *call_at(size_t i)
{
	for (size_t s = 0; s < sizeof(subjects) / sizeof(subjects[0]); s++)
		for (const struct call *c = subjects[s]; c->name; c++)
			if (!i--)
				return c;
	return more_calls ? more_calls(i) : NULL;
}

const struct call *call_find(const char *name)
{
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

const char *call_suggest(const char *name)
{
	struct nearest n = { .word = name };
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		nearest_offer(&n, c->name);
	return n.best;
}
