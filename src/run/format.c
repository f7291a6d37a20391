/* SPDX-License-Identifier: MIT */
/* The formats that a report can have. */
#include "run/reporter.h"

#include <string.h>

const struct report_format *const report_formats[] = {
	&format_pretty, &format_tap, &format_junit, NULL,
};

const struct report_format *report_format_find(const char *name)
{
	for (const struct report_format *const *f = report_formats; *f; f++)
		if (!strcmp((*f)->name, name))
			return *f;
	return NULL;
}
