/* SPDX-License-Identifier: MIT */
/*
 * The kinds of reports that count as complaints. A row is all that there is to a
 * kind but the code that prints it:
 *
 *   X(KIND, what a person reads in front of the function, the task is dead, explain)
 *
 * explain(machine, buf) of src/explain/reports.c puts the last report of the kind
 * in other words; NULL: it says all. Of several new ones the last row is explained.
 */
#ifndef DEVSH_KERNEL_REPORT_KINDS_H
#define DEVSH_KERNEL_REPORT_KINDS_H

#include <stdbool.h>

#define REPORT_ROWS(X)                                                                      \
	X(WARN, "WARNING in", false, NULL)                                                  \
	X(BUG, "BUG in", true, NULL)                                                        \
	X(OOPS, "Oops in", true, NULL)                                                      \
	X(SLEEP, "sleeps where nobody may:", false, explain_sleep)                          \
	X(SLAB, "the allocator complains about", false, explain_damage)                     \
	X(KASAN, "KASAN complains in", false, explain_access)

#define REPORT_NUMBER(kind, words, kills, explain) REPORT_##kind,
enum report { REPORT_ROWS(REPORT_NUMBER) REPORT_KINDS };
#undef REPORT_NUMBER

struct report_kind {
	const char *words;  /* "WARNING in" */
	bool kills;         /* the task that ran is dead */
};

extern const struct report_kind report_kinds[REPORT_KINDS];

#endif
