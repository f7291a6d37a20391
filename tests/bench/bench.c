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
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "machine/machine.h"

#ifdef HAVE_TALLOC
#include <talloc.h>
#endif
#ifdef HAVE_APR
#include <apr_general.h>
#include <apr_pools.h>
#endif

#define SIZE 64      /* bytes of data in a node */
#define ROUNDS 15
#define PAIRS 200000
#define BINDS 20000
#define PER_BIND 10  /* allocations that a probe makes */
#define MANY 1000000

enum contender { DEVSH, LIST, TALLOC, APR, CONTENDERS };

/* One measurement of n operations: ns for all of them together. */
typedef double (*measure_fn)(uint32_t n);

struct row {
	const char *what;
	const char *aim;
	uint32_t n;
	measure_fn measure[CONTENDERS]; /* NULL: it cannot do that */
};

static struct machine *machine, *checked_machine;
static struct device *dev, *checked_dev;
static struct device_driver *ten_allocations;
static void **nodes;     /* MANY of them */
static uint32_t *order;  /* in which to free */

static void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("bench: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others run, too */
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The data is used: nobody may leave the work out. */
static inline void *use(void *data)
{
	if (!data)
		die("out of memory");
	memset(data, 1, 8);
	return data;
}

static void in_order(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
}

static void shuffled(uint32_t n)
{
	uint64_t state = 1;

	in_order(n);
	for (uint32_t i = n - 1; i > 0; i--) {
		uint32_t j, swap = order[i];

		state = state * 6364136223846793005ull + 1442695040888963407ull;
		j = (uint32_t)((state >> 33) % (i + 1));
		order[i] = order[j];
		order[j] = swap;
	}
}

/* --- devsh --------------------------------------------------------------- */

static double pairs_on(struct device *d, uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++)
		devm_kfree(d, use(devm_kmalloc(d, SIZE, GFP_KERNEL)));
	return now() - start;
}

static double devsh_pairs(uint32_t n)
{
	return pairs_on(dev, n);
}

static double devsh_checked_pairs(uint32_t n)
{
	return pairs_on(checked_dev, n);
}

static void devsh_fill(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(devm_kmalloc(dev, SIZE, GFP_KERNEL));
}

static double devsh_alloc(uint32_t n)
{
	double start = now();

	devsh_fill(n);
	start = now() - start;
	devres_release_all(dev);
	return start;
}

static double devsh_release(uint32_t n)
{
	double start;

	devsh_fill(n);
	start = now();
	devres_release_all(dev);
	return now() - start;
}

static double devsh_free(uint32_t n)
{
	double start;

	devsh_fill(n);
	start = now();
	for (uint32_t i = 0; i < n; i++)
		devm_kfree(dev, nodes[order[i]]);
	return now() - start;
}

static int probe(struct device *d)
{
	for (int i = 0; i < PER_BIND; i++)
		use(devm_kzalloc(d, SIZE, GFP_KERNEL));
	return 0;
}

static double devsh_binds(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		if (device_driver_attach(ten_allocations, dev))
			die("bind failed");
		device_driver_detach(dev);
	}
	return now() - start;
}

/* --- malloc and a list --------------------------------------------------- */

struct node {
	struct list link;
	char data[];
};

static struct list list;

static void *list_alloc(size_t size, int zero)
{
	struct node *node = zero ? calloc(1, sizeof(*node) + size)
				 : malloc(sizeof(*node) + size);

	if (!node)
		die("out of memory");
	list_append(&list, &node->link);
	return node->data;
}

static void list_free(void *data)
{
	struct node *node = list_entry(data, struct node, data);

	node->link.prev->next = node->link.next;
	node->link.next->prev = node->link.prev;
	free(node);
}

static void list_release(void)
{
	for (struct list *l = list.prev, *prev; l != &list; l = prev) {
		prev = l->prev;
		free(list_entry(l, struct node, link));
	}
	list_init(&list);
}

static double list_pairs(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++)
		list_free(use(list_alloc(SIZE, 0)));
	return now() - start;
}

static void list_fill(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(list_alloc(SIZE, 0));
}

static double list_allocs(uint32_t n)
{
	double start = now();

	list_fill(n);
	start = now() - start;
	list_release();
	return start;
}

static double list_releases(uint32_t n)
{
	double start;

	list_fill(n);
	start = now();
	list_release();
	return now() - start;
}

static double list_frees(uint32_t n)
{
	double start;

	list_fill(n);
	start = now();
	for (uint32_t i = 0; i < n; i++)
		list_free(nodes[order[i]]);
	return now() - start;
}

static double list_binds(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		for (int j = 0; j < PER_BIND; j++)
			use(list_alloc(SIZE, 1));
		list_release();
	}
	return now() - start;
}

/* --- talloc -------------------------------------------------------------- */

#ifdef HAVE_TALLOC
static void *context;

static double talloc_pairs(uint32_t n)
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

static void talloc_fill(uint32_t n)
{
	context = talloc_new(NULL);
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(talloc_size(context, SIZE));
}

static double talloc_allocs(uint32_t n)
{
	double start = now();

	talloc_fill(n);
	start = now() - start;
	talloc_free(context);
	return start;
}

static double talloc_releases(uint32_t n)
{
	double start;

	talloc_fill(n);
	start = now();
	talloc_free(context);
	return now() - start;
}

static double talloc_frees(uint32_t n)
{
	double start;

	talloc_fill(n);
	start = now();
	for (uint32_t i = 0; i < n; i++)
		talloc_free(nodes[order[i]]);
	start = now() - start;
	talloc_free(context);
	return start;
}

static double talloc_binds(uint32_t n)
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
#else
enum { talloc_is_missing };
#define talloc_pairs NULL
#define talloc_fill NULL
#define talloc_allocs NULL
#define talloc_releases NULL
#define talloc_frees NULL
#define talloc_binds NULL
#endif

/* --- APR ----------------------------------------------------------------- */

#ifdef HAVE_APR
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

static double apr_pairs(uint32_t n)
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

static void apr_fill(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		nodes[i] = use(pool_alloc(0));
}

static double apr_allocs(uint32_t n)
{
	double start = now();

	apr_fill(n);
	start = now() - start;
	apr_pool_clear(pool);
	return start;
}

static double apr_releases(uint32_t n)
{
	double start;

	apr_fill(n);
	start = now();
	apr_pool_clear(pool);
	return now() - start;
}

static double apr_binds(uint32_t n)
{
	double start = now();

	for (uint32_t i = 0; i < n; i++) {
		for (int j = 0; j < PER_BIND; j++)
			use(pool_alloc(1));
		apr_pool_clear(pool);
	}
	return now() - start;
}
#else
#define apr_pairs NULL
#define apr_fill NULL
#define apr_allocs NULL
#define apr_releases NULL
#define apr_binds NULL
#endif

/* --- the table ------------------------------------------------------------ */

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

/* ns for one operation, 0 where a contender does not take part */
static void measure(const struct row *row, double *figure)
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

	for (size_t i = 0; i < sizeof(frees) / sizeof(frees[0]); i++) {
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
	for (size_t i = 0; i < sizeof(speed) / sizeof(speed[0]); i++) {
		measure(&speed[i], figure);
		print_row(speed[i].what, figure, speed[i].aim);
	}
	print_frees("oldest first", in_order);
	print_frees("in random order", shuffled);
	measure(&binds, figure);
	print_row(binds.what, figure, binds.aim);
}

/* Not beside the others: the default of the same model, poison and tracks. */
static void print_checking(void)
{
	struct row row = { "", "", PAIRS, { devsh_pairs, devsh_checked_pairs, NULL, NULL } };
	double figure[CONTENDERS];

	measure(&row, figure);
	printf("\nallocate + free with checking on: %.1f ns, %.2f times checking off; aim <= 10\n",
	       figure[1], figure[1] / figure[0]);
}

/* --- memory --------------------------------------------------------------- */

static double resident(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%*u %llu", &pages) != 1)
		die("cannot read /proc/self/statm");
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

typedef double (*measure_memory_fn)(const void *arg);

/* In a process of its own, so that nobody finds memory that another one left. */
static double in_child(measure_memory_fn measure_memory, const void *arg)
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

	/* the array of pointers is the benchmark's own */
	memset(nodes, 1, MANY * sizeof(*nodes));
	bytes = resident();
	filler->fill(MANY);
	return (resident() - bytes) / MANY;
}

static double bytes_per_node(void (*fill)(uint32_t n))
{
	struct filler filler = { fill };

	return fill ? in_child(bytes_of_many, &filler) : 0;
}

static void print_memory(void)
{
	size_t bucket = kmalloc_size_roundup(&machine->mm, machine->core.header + SIZE);
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

/* --- set-up ---------------------------------------------------------------- */

static struct machine *boot(const char *cmdline, struct device **device)
{
	struct device_config config = { .name = "bench", .numa_node = NUMA_NO_NODE };
	char why[256];
	struct machine *m = machine_create(cmdline, why, sizeof(why));

	if (!m)
		die("%s", why);
	if (device_register(&m->core, &config, device))
		die("cannot make a device");
	return m;
}

/* Small objects until 1 GiB of simulated memory is full of them. */
static double bytes_when_full(const void *arg)
{
	double bytes = resident();
	uint32_t size = *(const uint32_t *)arg;
	struct device *d;
	struct mm *mm = &boot("mem=1G", &d)->mm;

	while (size < SIZE ? kmalloc(mm, size, GFP_KERNEL | __GFP_NOWARN)
			   : devm_kmalloc(d, size, GFP_KERNEL | __GFP_NOWARN))
		;
	return resident() - bytes;
}

static void print_checked_memory(void)
{
	static const uint32_t size[] = { 8, 64, 100 };

	printf("\n1 GiB of small objects with checking on%29s  aim\n", "resident");
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++)
		printf("%-16s %3u bytes%36.2f GiB  <= 2.50\n",
		       size[i] < SIZE ? "kmalloc" : "devm_kmalloc", size[i],
		       in_child(bytes_when_full, &size[i]) / (1 << 30));
}

static void set_up(void)
{
	struct device_driver proto = { .name = (char *)"bench", .probe = probe };

	machine = boot("mem=512M slub_debug=-", &dev);
	checked_machine = boot("mem=64M", &checked_dev);
	if (driver_register(&machine->core, &proto, &ten_allocations))
		die("cannot make a driver");
	device_driver_detach(dev);
	nodes = malloc(MANY * sizeof(*nodes));
	order = malloc(MANY * sizeof(*order));
	if (!nodes || !order)
		die("out of memory");
	list_init(&list);
#ifdef HAVE_APR
	apr_initialize();
	apr_pool_create(&pool, NULL);
#endif
}

static void tear_down(void)
{
#ifdef HAVE_APR
	apr_pool_destroy(pool);
	apr_terminate();
#endif
	free(nodes);
	free(order);
	machine_destroy(checked_machine);
	machine_destroy(machine);
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
