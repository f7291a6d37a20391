/* SPDX-License-Identifier: MIT */
/* Children of one context. */
#include <talloc.h>

#include "bench.h"

static void *context;

double talloc_pairs(uint32_t n)
{
	double start;

	context = talloc_new(NULL);
	start = now();
	for (uint32_t i = 0; i < n; i++)
		talloc_free(use(talloc_size(context, SIZE)));
	start = now() - start;
	talloc_free(context);
	return start;
}

void talloc_fill(uint32_t n)
{
	context = talloc_new(NULL);
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(talloc_size(context, SIZE));
}

double talloc_allocs(uint32_t n)
{
	double start = now();

	talloc_fill(n);
	start = now() - start;
	talloc_free(context);
	return start;
}

double talloc_releases(uint32_t n)
{
	double start;

	talloc_fill(n);
	start = now();
	talloc_free(context);
	return now() - start;
}

double talloc_frees(uint32_t n)
{
	double start;

	talloc_fill(n);
	start = now();
	for (uint32_t i = 0; i < n; i++)
		talloc_free(nodes[free_order[i]]);
	start = now() - start;
	talloc_free(context);
	return start;
}

double talloc_binds(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		context = talloc_new(NULL);
		for (int j = 0; j < PER_BIND; j++)
			use(talloc_zero_size(context, SIZE));
		talloc_free(context);
	}
	return now() - start;
}
