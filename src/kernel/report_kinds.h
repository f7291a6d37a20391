/* SPDX-License-Identifier: MIT */
/*
 * The kinds of reports that count as complaints. Apart from the code that prints it, a
 * row is all that a kind needs:
 *
 *   X(KIND, text before the function's name in summaries, the task is dead, explain)
 *
 * explain(machine, buf) of src/explain/reports.c explains the last report of the kind;
 * NULL: it needs no explanation. If several are new, the one of the last row is
 * explained.
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
enum report_kind { REPORT_ROWS(REPORT_NUMBER) REPORT_KINDS };
#undef REPORT_NUMBER

struct report_row {
	const char *words;  /* "WARNING in" */
	bool kills;         /* the running task is dead */
};

extern const struct report_row report_kinds[REPORT_KINDS];

#endif
