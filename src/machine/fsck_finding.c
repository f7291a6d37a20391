/* SPDX-License-Identifier: MIT */
/* What a check found, and the walk that all of them begin with. */
#include "machine/fsck.h"

#include <stdarg.h>
#include <stdio.h>

void fsck_say(struct fsck *f, enum fsck_kind kind, const char *where, const char *fmt, ...)
{
	struct fsck_finding finding = { .kind = kind };
	va_list ap;

	if (f->findings++ >= FSCK_TOLD_MAX)
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

	/* whoever has the right one behind it cannot be met twice before the head */
	do {
		if (!at->next || at->next->prev != at) {
			fsck_say(f, FSCK_UNSOUND, where, "%s: links behind entry %lld do not fit",
				 what, (long long)n);
			return -1;
		}
		at = at->next;
		n++;
	} while (at != head);
	return n;
}
