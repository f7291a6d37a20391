/* SPDX-License-Identifier: MIT */
/* apr_palloc() and a cleanup for each; a pool frees only as a whole. */
#include <apr_general.h>
#include <apr_pools.h>

#include "bench.h"

static apr_pool_t *pool;

static apr_status_t cleanup(void *data)
{
	return APR_SUCCESS;
}

static void *pool_alloc(int zero)
{
	void *data = zero ? apr_pcalloc(pool, SIZE) : apr_palloc(pool, SIZE);

	apr_pool_cleanup_register(pool, data, cleanup, apr_pool_cleanup_null);
	return data;
}

double apr_pairs(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		apr_pool_cleanup_run(pool, use(pool_alloc(0)), cleanup);
		if (i % 1024 == 1023)
			apr_pool_clear(pool);
	}
	apr_pool_clear(pool);
	return now() - start;
}

void apr_fill(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(pool_alloc(0));
}

double apr_allocs(uint32_t n)
{
	double start = now();

	apr_fill(n);
	start = now() - start;
	apr_pool_clear(pool);
	return start;
}

double apr_releases(uint32_t n)
{
	double start;

	apr_fill(n);
	start = now();
	apr_pool_clear(pool);
	return now() - start;
}

double apr_binds(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		for (int j = 0; j < PER_BIND; j++)
			use(pool_alloc(1));
		apr_pool_clear(pool);
	}
	return now() - start;
}

void apr_set_up(void)
{
	apr_initialize();
	apr_pool_create(&pool, NULL);
}

void apr_tear_down(void)
{
	apr_pool_destroy(pool);
	apr_terminate();
}
