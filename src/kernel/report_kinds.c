/* SPDX-License-Identifier: MIT */
/* The kinds of reports, and how many of each there were. */
#include "kernel/report.h"

const struct report_row report_kinds[REPORT_KINDS] = {
#define REPORT_ROW(kind, words, kills, explain) [REPORT_##kind] = { words, kills },
	REPORT_ROWS(REPORT_ROW)
#undef REPORT_ROW
};

uint32_t kernel_reports(const struct kernel *k)
{
	uint32_t n = 0;

	for (int i = 0; i < REPORT_KINDS; i++)
		n += k->reports[i];
	return n;
}

uint32_t kernel_deaths(const struct kernel *k)
{
	uint32_t n = 0;

	for (int i = 0; i < REPORT_KINDS; i++)
		n += report_kinds[i].kills ? k->reports[i] : 0;
	return n;
}
