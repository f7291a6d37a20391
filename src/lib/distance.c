/* SPDX-License-Identifier: MIT */
#include "lib/distance.h"

#include <string.h>

enum { LONGEST = 63 };

static int min3(int a, int b, int c)
{
	int m = a < b ? a : b;

	return m < c ? m : c;
}

int distance(const char *a, const char *b)
{
	int row[3][LONGEST + 1];
	int *before = row[0], *prev = row[1], *cur = row[2];
	size_t la = strlen(a), lb = strlen(b);

	if (la > LONGEST || lb > LONGEST)
		return LONGEST + 1;
	for (size_t j = 0; j <= lb; j++)
		prev[j] = (int)j;
	for (size_t i = 1; i <= la; i++) {
		int *spare = before;

		cur[0] = (int)i;
		for (size_t j = 1; j <= lb; j++) {
			int cost = a[i - 1] != b[j - 1];

			cur[j] = min3(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < cur[j])
				cur[j] = before[j - 2] + 1;
		}
		before = prev;
		prev = cur;
		cur = spare;
	}
	return prev[lb];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
	size_t len = strlen(n->word);
	int most = len <= 2 ? 0 : len <= 4 ? 1 : 2;
	int d = distance(n->word, candidate);

	if (d > most || (n->best && d >= n->off))
		return;
	n->best = candidate;
	n->off = d;
}
