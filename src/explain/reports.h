/* SPDX-License-Identifier: MIT */
/*
 * Explains the last report of KASAN, of SLUB, or of sleeping in atomic context: whose
 * memory it was, who freed it, what would have been right. Each report is explained once.
 * Text is appended to `out`; false: there is nothing to explain.
 */
#ifndef DEVSH_EXPLAIN_REPORTS_H
#define DEVSH_EXPLAIN_REPORTS_H

#include "explain/repairs.h"
#include "machine/machine.h"

bool explain_report(struct machine *m, struct buf *out);

/*
 * Reports to explain: for KASAN, also those without memory; for SLUB, only damage, as the
 * others need no explanation.
 */
static inline uint32_t reports_of(const struct machine *m, enum report_kind kind)
{
	return kind == REPORT_KASAN ? m->mm.kasan.reports
	     : kind == REPORT_SLAB ? m->mm.damage.reports : m->kernel.reports[kind];
}

/* Whether a report was printed that has not been explained. */
static inline bool report_is_new(const struct machine *m, enum report_kind kind)
{
	return reports_of(m, kind) != m->explained.kind[kind] &&
	       !(kind == REPORT_KASAN && m->mm.kasan.kept_back) &&
	       !(kind == REPORT_SLAB && m->mm.damage.kept_back);
}

/*
 * A call explains what happened during it, not what its caller did before: begin() saves
 * the caller's state, end() restores it. What has not been explained by then never will
 * be.
 */
struct explain_mark {
	struct explained outer, begun;
	uint32_t boot;
};
struct explain_mark explain_begin(struct machine *m);
void explain_end(struct machine *m, const struct explain_mark *mark);

/* A sleep that was not reported because the last report was too recent: once per report. */
bool explain_silence(struct machine *m, struct buf *out);

/*
 * A write of len bytes that KASAN is enabled for but does not notice on this release. @p:
 * the object that it went to
 */
bool explain_unseen(struct machine *m, uint64_t addr, uint64_t len, struct machine_place *p,
		    struct buf *out);

/* For a free object: whose it was, who freed it, and the fix. */
void explain_freed(struct machine *m, const struct machine_place *p, enum wrong w, struct buf *out);
/*
 * For a free at `addr`, in or near that object: it is free already, or addr is not its
 * start.
 */
void explain_second_free(struct machine *m, uint64_t addr, const struct machine_place *p,
			 struct buf *out);
/* How to find out who overwrote bytes that SLUB checks. */
const char *who_wrote(const struct machine *m);

#endif
