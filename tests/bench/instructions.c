/* SPDX-License-Identifier: MIT */
/*
 * instructions ROW TIMES: does one thing TIMES times; instructions.py counts the
 * instructions of two such runs and subtracts. Without arguments it lists its rows.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "lib/array.h"

#define AT_ONCE 1000

static const struct {
	const char *name;
	measure_fn run;
	void (*order)(uint32_t n); /* order in which nodes are freed; then there are AT_ONCE at a
				    * time */
} rows[] = {
	{ "pair", devsh_pairs, NULL },
	{ "pair, malloc and list", list_pairs, NULL },
	{ "pair, checked", devsh_checked_pairs, NULL },
	{ "node, allocated and released", devsh_release, in_order },
	{ "node, malloc and list, released", list_releases, in_order },
	{ "node, freed oldest first", devsh_free, in_order },
	{ "node, malloc and list, freed oldest first", list_frees, in_order },
	{ "node, freed in random order", devsh_free, shuffled },
	{ "node, malloc and list, freed in random order", list_frees, shuffled },
	{ "bind and unbind, 10 allocations", devsh_binds, NULL },
	{ "ten nodes and a call, malloc and list", list_binds, NULL },
};

int main(int argc, char **argv)
{
	uint32_t row = argc == 3 ? (uint32_t)atoi(argv[1]) : 0;
	uint32_t times = argc == 3 ? (uint32_t)atoi(argv[2]) : 0;

	if (argc != 3 || row >= COUNT(rows)) {
		for (size_t i = 0; i < COUNT(rows); i++)
			puts(rows[i].name);
		return argc != 1;
	}
	devsh_set_up();
	nodes = calloc(AT_ONCE, sizeof(*nodes));
	free_order = calloc(AT_ONCE, sizeof(*free_order));
	if (!nodes || !free_order)
		die("out of memory");
	list_set_up();
	if (!rows[row].order) {
		rows[row].run(times);
	} else {
		rows[row].order(AT_ONCE);
		for (uint32_t i = 0; i < times; i += AT_ONCE)
			rows[row].run(AT_ONCE);
	}
	free(nodes);
	free(free_order);
	devsh_tear_down();
	return 0;
}
