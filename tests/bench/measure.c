/* SPDX-License-Identifier: MIT */
/* Time and memory of a row: rounds and their median; memory is measured in children. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

void **nodes;
uint32_t *free_order;

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("bench: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

void in_order(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		free_order[i] = i;
}

void shuffled(uint32_t n)
{
	uint64_t state = 1;

	in_order(n);
	for (uint32_t i = n - 1; i > 0; i--) {
		uint32_t j, swap = free_order[i];

		state = state * 6364136223846793005ull + 1442695040888963407ull;
		j = (uint32_t)((state >> 33) % (i + 1));
		free_order[i] = free_order[j];
		free_order[j] = swap;
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *at, size_t n)
{
	qsort(at, n, sizeof(*at), by_value);
	return n % 2 ? at[n / 2] : (at[n / 2 - 1] + at[n / 2]) / 2;
}

void measure(const struct row *row, double *figure)
{
	double sample[CONTENDERS][ROUNDS];

	for (int round = -1; round < ROUNDS; round++)
		for (int c = 0; c < CONTENDERS; c++) {
			double ns = row->measure[c] ? row->measure[c](row->n) / row->n : 0;

			if (round >= 0) /* the first one warms up */
				sample[c][round] = ns;
		}
	for (int c = 0; c < CONTENDERS; c++)
		figure[c] = median(sample[c], ROUNDS);
}

double resident(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%*u %llu", &pages) != 1)
		die("cannot read /proc/self/statm");
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

double in_child(measure_memory_fn measure_memory, const void *arg)
{
	double bytes = 0;
	int fd[2];
	pid_t pid;

	fflush(stdout);
	if (pipe(fd) || (pid = fork()) < 0)
		die("cannot fork");
	if (!pid) {
		bytes = measure_memory(arg);
		_exit(write(fd[1], &bytes, sizeof(bytes)) != sizeof(bytes));
	}
	close(fd[1]);
	if (read(fd[0], &bytes, sizeof(bytes)) != sizeof(bytes))
		bytes = 0;
	close(fd[0]);
	waitpid(pid, NULL, 0);
	return bytes;
}

struct filler {
	void (*fill)(uint32_t n);
};

static double bytes_of_many(const void *arg)
{
	const struct filler *filler = arg;
	double bytes;

	/* the array of pointers belongs to the benchmark */
	memset(nodes, 1, MANY * sizeof(*nodes));
	bytes = resident();
	filler->fill(MANY);
	return (resident() - bytes) / MANY;
}

double bytes_per_node(void (*fill)(uint32_t n))
{
	struct filler filler = { fill };

	return fill ? in_child(bytes_of_many, &filler) : 0;
}
