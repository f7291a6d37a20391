/* SPDX-License-Identifier: MIT */
/*
 * Random accesses, valid and invalid, against a second set of rules for what KASAN, red
 * zones, poison and injected failures report about each. Usage: random-memory [--seed N]
 * [--sequences N] [--ops N]; prints TAP. After every operation the bytes, the reports and
 * machine_fsck() must agree.
 */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "lib/array.h"
#include "mm/kmem_cache.h"

/* --- machines ---------------------------------------------------------------- */

static const struct setup setups[] = {
	{ 6012, false, true, "FZPU" }, { 6012, false, false, "FZPU" }, { 6001, false, true, "FZPU" },
	{ 6001, false, false, "FZPU" }, { 7002, false, true, "FZPU" }, { 7002, true, false, "FZPU" },
	{ 4019, false, false, "FZPU" }, { 4019, false, true, "FPU" }, { 6012, true, true, "-" },
	{ 6012, false, false, "FZ" }, { 6012, false, false, "FP" }, { 6012, false, false, "-" },
	{ 6001, true, true, "FZPU" }, { 4009, false, false, "FZPU" }, { 4009, true, false, "FZPU" },
};

#define SETUPS COUNT(setups)

/* --- sequences ------------------------------------------------------------------ */

static const char *const kind_name[KINDS] = {
	"kmalloc", "devm_kmalloc", "kmem_cache_alloc", "vmalloc", "free", "write", "read", "free again", "free inside", "validate",
	"failslab", "fail-nth",
};

static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static unsigned below(uint64_t *state, unsigned n)
{
	return (unsigned)(next(state) % n);
}

static struct op make_op(uint64_t *r)
{
	static const unsigned char often[] = {
		KMALLOC, KMALLOC, KMALLOC, DEVM, DEVM, CACHE, CACHE, AREA, FREE, FREE, FREE, FREE, WRITE, WRITE, WRITE, WRITE,
		WRITE, READ, READ, FREE_TWICE, FREE_INSIDE, VALIDATE, FAILSLAB, FAIL_NTH,
	};
	static const unsigned sizes[] = { 1, 7, 8, 9, 16, 24, 40, 64, 88, 96, 100, 128, 152, 192, 200 };
	struct op op = {
		.kind = often[below(r, sizeof(often))], .pick = below(r, 1u << 30),
		.value = below(r, 256), .zero = below(r, 4) == 0,
	};

	op.size = below(r, 3) ? sizes[below(r, COUNT(sizes))]
			      : below(r, 30) ? 1 + below(r, 2000) : 1 + below(r, 20000);
	op.off = (int)below(r, 1u << 30);
	return op;
}

static void sequence_make(struct sequence *s, uint64_t seed, int ops)
{
	uint64_t state = seed * 0x2545f4914f6cdd1dull + 1;

	*s = (struct sequence){
		.seed = seed, .setup = &setups[seed % SETUPS], .count = ops,
		.op = malloc((size_t)ops * sizeof(*s->op)),
	};
	if (!s->op)
		abort();
	for (int i = 0; i < ops; i++)
		s->op[i] = make_op(&state);
}

/* Multiples of a word, so that a red zone of 8 bytes follows. */
static const size_t own_size[OWN] = { 24, 72, 200, 1000 };

/* --- runs -------------------------------------------------------------------------------- */

/* The index of the first operation that differs, or -1. */
static int sequence_run(const struct sequence *s, char *why, size_t size)
{
	const struct setup *setup = s->setup;
	const struct device_config config = { .name = "d0", .numa_node = NUMA_NO_NODE };
	struct run r = { .s = s, .setup = setup };
	char cmdline[160], text[200];
	int i;

	snprintf(cmdline, sizeof(cmdline), "mem=16M release=%d.%d arch=%s kasan=%s slub_debug=%s",
		 setup->release / 1000, setup->release % 1000, setup->arm64 ? "arm64" : "x86_64",
		 setup->kasan ? "on" : "off", setup->letters);
	r.m = machine_create(cmdline, text, sizeof(text));
	if (!r.m || device_register(&r.m->core, &config, &r.dev))
		abort();
	for (unsigned n = 0; n < OWN; n++) {
		snprintf(text, sizeof(text), "own-%u", n);
		r.own[n] = kmem_cache_create(&r.m->mm, text, own_size[n], 0, 0);
		if (!r.own[n])
			abort();
	}
	for (i = 0; i < s->count; i++)
		if (!do_op[s->op[i].kind](&r, &s->op[i]) || !as_expected(&r))
			break;
	while (r.things)
		forget(&r, 0);
	machine_destroy(r.m);
	snprintf(why, size, "%s", r.why);
	return i < s->count ? i : -1;
}

/* Drops halves, quarters and single operations that are not needed. */
static void sequence_shrink(struct sequence *s)
{
	char why[400];

	for (int n = s->count / 2; n; n = n > 1 ? n / 2 : 0)
		for (int at = 0; at + n <= s->count;) {
			struct sequence less = *s;
			int failed;

			less.op = malloc((size_t)s->count * sizeof(*less.op));
			if (!less.op)
				abort();
			memcpy(less.op, s->op, (size_t)at * sizeof(*s->op));
			memcpy(less.op + at, s->op + at + n, (size_t)(s->count - at - n) * sizeof(*s->op));
			less.count = s->count - n;
			failed = sequence_run(&less, why, sizeof(why));
			if (failed < 0) {
				free(less.op);
				at += n;
				continue;
			}
			less.count = failed + 1;
			free(s->op);
			*s = less;
		}
}

static void print_sequence(const struct sequence *s, const char *why)
{
	printf("# release %d, %s, kasan %s, slub_debug=%s; the shortest sequence:\n",
	       s->setup->release, s->setup->arm64 ? "arm64" : "x86_64",
	       s->setup->kasan ? "on" : "off", s->setup->letters);
	for (int i = 0; i < s->count; i++) {
		const struct op *op = &s->op[i];

		printf("#   %s pick=%u size=%u off=%d value=%02x%s\n", kind_name[op->kind], op->pick,
		       op->size, op->off, op->value, op->zero ? " zero" : "");
	}
	printf("# %s\n", why);
}

int main(int argc, char **argv)
{
	long long seed = 1, sequences = 1300, ops = 400;
	int failed = 0;

	for (int i = 1; i + 1 < argc; i += 2) {
		long long n = strtoll(argv[i + 1], NULL, 0);

		if (!strcmp(argv[i], "--seed"))
			seed = n;
		else if (!strcmp(argv[i], "--sequences"))
			sequences = n;
		else if (!strcmp(argv[i], "--ops"))
			ops = n;
	}
	printf("1..1\n");
	for (long long i = 0; i < sequences && !failed; i++) {
		struct sequence s;
		char why[400];
		int at;

		sequence_make(&s, (uint64_t)(seed + i), (int)ops);
		at = sequence_run(&s, why, sizeof(why));
		if (at >= 0) {
			failed = 1;
			printf("# seed %lld, operation %d: %s\n", seed + i, at + 1, why);
			s.count = at + 1;
			sequence_shrink(&s);
			sequence_run(&s, why, sizeof(why));
			print_sequence(&s, why);
		}
		free(s.op);
	}
	printf("%sok 1 - %lld sequences of %lld operations on memory\n", failed ? "not " : "", sequences,
	       ops);
	return failed;
}
