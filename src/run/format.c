/* SPDX-License-Identifier: MIT */
/* The list of report formats. */
#include "run/formats.h"

const struct report_format *const report_formats[REPORT_FORMATS_MAX + 1] = {
	&format_pretty, &format_tap, &format_tap14, &format_ktap, &format_junit, &format_json,
	&format_github, NULL,
};
