/* SPDX-License-Identifier: MIT */
/*
 * How fast the bare model is (slub_debug=-), beside three ways to do the same
 * that people know, measured in one run:
 *
 *   malloc+list  a node is two links and the data in one malloc(); release
 *                walks the list backwards
 *   talloc       children of one context
 *   APR          apr_palloc() and a cleanup for each; a pool frees only as a
 *                whole, so a single free is the cleanup alone
 *
 * Each figure is the median of ROUNDS rounds; in a round every contender runs
 * once, so that what the host does meanwhile hits all of them. Everybody
 * writes to the memory that it got. Nothing is asserted.
 *
 * The contenders are files of their own; how they are measured is in measure.c,
 * what is asked of them and printed is here.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "lib/array.h"

/* --- the table ------------------------------------------------------------ */

static void print_head(const char *title, const char *unit)
{
	printf("\n%-34s %10s %12s %10s %10s %8s  %s\n", title, "devsh", "malloc+list", "talloc",
	       "APR", "ratio", "aim");
	printf("%-34s %10s %12s %10s %10s %8s\n", "", unit, unit, unit, unit, "to list");
}

static void print_row(const char *what, const double *figure, const char *aim)
{
	static const int width[CONTENDERS] = { 10, 12, 10, 10 };

	printf("%-34s", what);
	for (int c = 0; c < CONTENDERS; c++)
		if (figure[c] > 0)
			printf(" %*.1f", width[c], figure[c]);
		else
			printf(" %*s", width[c], "-");
	if (figure[DEVSH] > 0 && figure[LIST] > 0)
		printf(" %8.2f", figure[DEVSH] / figure[LIST]);
	else
		printf(" %8s", "-");
	printf("  %s\n", aim);
	fflush(stdout);
}

static const struct row speed[] = {
	{ "allocate + free", "<= 1.00", PAIRS,
	  { devsh_pairs, list_pairs, talloc_pairs, apr_pairs } },
	{ "allocate, 1k nodes", "", 1000,
	  { devsh_alloc, list_allocs, talloc_allocs, apr_allocs } },
	{ "allocate, 100k nodes", "", 100000,
	  { devsh_alloc, list_allocs, talloc_allocs, apr_allocs } },
	{ "release all, 1k nodes", "<= 1.00", 1000,
	  { devsh_release, list_releases, talloc_releases, apr_releases } },
	{ "release all, 100k nodes", "<= 1.00", 100000,
	  { devsh_release, list_releases, talloc_releases, apr_releases } },
	{ "release all, 1M nodes", "<= 1.00, <= 15 ns", MANY,
	  { devsh_release, list_releases, talloc_releases, apr_releases } },
};

static const struct row frees[] = {
	{ "1k nodes", "flat", 1000, { devsh_free, list_frees, talloc_frees, NULL } },
	{ "10k nodes", "flat", 10000, { devsh_free, list_frees, talloc_frees, NULL } },
	{ "100k nodes", "flat", 100000, { devsh_free, list_frees, talloc_frees, NULL } },
};

static const struct row binds = {
	"bind + unbind, 10 allocations", "<= 1500 ns", BINDS,
	{ devsh_binds, list_binds, talloc_binds, apr_binds },
};

static void print_frees(const char *how, void (*arrange)(uint32_t n))
{
	double figure[CONTENDERS];
	char what[64];

	for (size_t i = 0; i < COUNT(frees); i++) {
		arrange(frees[i].n);
		measure(&frees[i], figure);
		snprintf(what, sizeof(what), "free %s, %s", how, frees[i].what);
		print_row(what, figure, frees[i].aim);
	}
}

static void print_speed(void)
{
	double figure[CONTENDERS];

	print_head("ns for one, median", "ns");
	for (size_t i = 0; i < COUNT(speed); i++) {
		measure(&speed[i], figure);
		print_row(speed[i].what, figure, speed[i].aim);
	}
	print_frees("oldest first", in_order);
	print_frees("in random order", shuffled);
	measure(&binds, figure);
	print_row(binds.what, figure, binds.aim);
}

/* Shown separately: the same model with its default checks, poison and tracks. */
static void print_checking(void)
{
	struct row row = { "", "", PAIRS, { devsh_pairs, devsh_checked_pairs, NULL, NULL } };
	double figure[CONTENDERS];

	measure(&row, figure);
	printf("\nallocate + free with checking on: %.1f ns, %.2f times checking off; aim <= 10\n",
	       figure[1], figure[1] / figure[0]);
}

/* --- memory --------------------------------------------------------------- */

static void print_memory(void)
{
	size_t bucket = devsh_bucket();
	double figure[CONTENDERS] = {
		bytes_per_node(devsh_fill), bytes_per_node(list_fill),
		bytes_per_node(talloc_fill), bytes_per_node(apr_fill),
	};
	char aim[64];

	print_head("resident memory, 1M nodes", "bytes");
	snprintf(aim, sizeof(aim), "<= %.1f: bucket + 5 %%", (double)bucket * 1.05);
	print_row("one node of 64 bytes", figure, aim);
	printf("devsh beside its bucket of %zu bytes: %+.1f %%\n", bucket,
	       (figure[DEVSH] / (double)bucket - 1) * 100);
}

static void print_checked_memory(void)
{
	static const uint32_t size[] = { 8, 64, 100 };

	printf("\n1 GiB of small objects with checking on%29s  aim\n", "resident");
	for (size_t i = 0; i < COUNT(size); i++)
		printf("%-16s %3u bytes%36.2f GiB  <= 2.50\n",
		       size[i] < SIZE ? "kmalloc" : "devm_kmalloc", size[i],
		       in_child(devsh_bytes_when_full, &size[i]) / (1 << 30));
}

/* --- set-up ---------------------------------------------------------------- */

static void set_up(void)
{
	devsh_set_up();
	nodes = malloc(MANY * sizeof(*nodes));
	free_order = malloc(MANY * sizeof(*free_order));
	if (!nodes || !free_order)
		die("out of memory");
	list_set_up();
	apr_set_up();
}

static void tear_down(void)
{
	apr_tear_down();
	free(nodes);
	free(free_order);
	devsh_tear_down();
}

int main(void)
{
	set_up();
	print_memory(); /* first: the others leave memory behind */
	print_checked_memory();
	print_speed();
	print_checking();
	tear_down();
	return 0;
}
