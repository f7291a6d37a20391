/* SPDX-License-Identifier: MIT */
/* Reporting findings, and the walk that all checks start with. */
#include "machine/fsck.h"

#include <stdarg.h>
#include <stdio.h>

void fsck_report(struct fsck *f, enum fsck_kind kind, const char *where, const char *fmt, ...)
{
	struct fsck_finding finding = { .kind = kind };
	va_list ap;

	if (f->findings++ >= FSCK_REPORTED_MAX)
		return;
	snprintf(finding.where, sizeof(finding.where), "%.60s", where);
	va_start(ap, fmt);
	vsnprintf(finding.text, sizeof(finding.text), fmt, ap);
	va_end(ap);
	f->found(f->ctx, &finding);
}

int64_t fsck_ring(struct fsck *f, const struct list *head, const char *where, const char *what)
{
	const struct list *at = head;
	int64_t n = -1;

	/* an entry whose successor points back to it cannot be met twice before the head */
	do {
		if (!at->next || at->next->prev != at) {
			fsck_report(f, FSCK_UNSOUND, where, "%s: the links after entry %lld are inconsistent",
				    what, (long long)n);
			return -1;
		}
		at = at->next;
		n++;
	} while (at != head);
	return n;
}
