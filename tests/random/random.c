/* SPDX-License-Identifier: MIT */
/*
 * Random sequences of calls against a second, naive implementation of the rules. Usage:
 * random [--seed N] [--sequences N] [--ops N] [--break NAME] [--within N]; prints TAP.
 *
 * Sequence i is made from seed + i: to repeat a failing one alone, use its own seed and
 * --sequences 1. With --break, in a build with faults that can be switched on, a
 * difference must be found, in at most `within` lines.
 */
#include "random.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/mutants.h"

struct options {
	uint64_t seed;
	int sequences, ops, within;
	const char *breakage;
};

/* Lines of a text as TAP comments. */
static void comment(const char *text)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		printf("# %.*s\n", (int)strcspn(text, "\n"), text);
}

/* Returns the number of operations that remain. */
static int report(struct sequence *s, const struct options *o)
{
	struct difference d;

	sequence_run(s, &d);
	printf("# seed %llu, operation %d of %d (again: --seed %llu --sequences 1 --ops %d)\n",
	       (unsigned long long)s->seed, d.op + 1, s->count, (unsigned long long)s->seed, o->ops);
	comment(d.what);
	fflush(stdout);
	sequence_shrink(s);
	if (sequence_run(s, &d)) {
		printf("# it went away while it was made shorter: a run depends on the one before\n");
		return s->count;
	}
	printf("#\n# the shortest sequence%s:\n", s->watch ? " (events are watched)" : "");
	sequence_print(stdout, s, "#   ");
	printf("# and there, at its operation %d:\n", d.op + 1);
	comment(d.what);
	fflush(stdout);
	return s->count;
}

/* The length of the shortest sequence for the first difference; 0: none found. */
static int run_all(const struct options *o, int *failed)
{
	int shortest = 0;

	*failed = -1;
	for (int i = 0; i < o->sequences && *failed < 0; i++) {
		struct sequence s;

		sequence_make(&s, o->seed + (uint64_t)i, o->ops);
		if (!sequence_run(&s, NULL)) {
			*failed = i;
			shortest = report(&s, o);
		}
		sequence_free(&s);
	}
	return shortest;
}

static bool number(const char *text, long long *out)
{
	char *end;

	*out = strtoll(text, &end, 0);
	return *text && !*end && *out >= 0;
}

static bool parse(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i += 2) {
		long long n = 0;

		if (i + 1 == argc)
			return false;
		if (!strcmp(argv[i], "--break")) {
			o->breakage = argv[i + 1];
			continue;
		}
		if (!number(argv[i + 1], &n))
			return false;
		if (!strcmp(argv[i], "--seed"))
			o->seed = (uint64_t)n;
		else if (!strcmp(argv[i], "--sequences"))
			o->sequences = (int)n;
		else if (!strcmp(argv[i], "--ops") && n > 0 && n < VARS_MAX)
			o->ops = (int)n;
		else if (!strcmp(argv[i], "--within"))
			o->within = (int)n;
		else
			return false;
	}
	return true;
}

static bool break_it(const char *name)
{
#ifdef DEVSH_BREAKABLE
	mutant = mutant_find(name);
	return mutant != MUTANT_KINDS;
#else
	(void)name;
	return false;
#endif
}

int main(int argc, char **argv)
{
	struct options o = { .seed = 1, .sequences = 2000, .ops = 200, .within = 10 };
	int failed, lines;
	bool ok;

	if (!parse(argc, argv, &o)) {
		fprintf(stderr, "Usage: random [--seed N] [--sequences N] [--ops N] "
			"[--break NAME] [--within N]\n");
		return 2;
	}
	if (o.breakage && !break_it(o.breakage)) {
		fprintf(stderr, "random: --break %s: not in this build\n", o.breakage);
		return 2;
	}
	printf("1..1\n");
	lines = run_all(&o, &failed);
	ok = o.breakage ? failed >= 0 && lines <= o.within : failed < 0;
	if (o.breakage && failed >= 0)
		printf("# found in sequence %d, %d operations are left\n", failed + 1, lines);
	printf("%sok 1 - %s%d sequences of %d operations, seed %llu\n", ok ? "" : "not ",
	       o.breakage ? "found: " : "", o.sequences, o.ops, (unsigned long long)o.seed);
	return !ok;
}
