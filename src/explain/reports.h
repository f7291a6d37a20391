/* SPDX-License-Identifier: MIT */
/*
 * The last report of KASAN, of SLUB, or of a sleep in the wrong place, in
 * other words: whose memory it was about, who freed it, what would have been
 * right. Each report is explained once. Text is appended to `out`;
 * false: there is nothing to explain.
 */
#ifndef DEVSH_EXPLAIN_REPORTS_H
#define DEVSH_EXPLAIN_REPORTS_H

#include "explain/repairs.h"
#include "machine/machine.h"

bool explain_report(struct machine *m, struct buf *out);

/* Of KASAN also those where no memory is; of SLUB only damage, the others say all. */
static inline uint32_t reports_of(const struct machine *m, enum report_kind kind)
{
	return kind == REPORT_KASAN ? m->mm.kasan.reports
	     : kind == REPORT_SLAB ? m->mm.damage.reports : m->kernel.reports[kind];
}

/* Something was printed that is not explained yet. */
static inline bool report_is_new(const struct machine *m, enum report_kind kind)
{
	return reports_of(m, kind) != m->explained.kind[kind] &&
	       !(kind == REPORT_KASAN && m->mm.kasan.kept_back) &&
	       !(kind == REPORT_SLAB && m->mm.damage.kept_back);
}

/*
 * A call explains what happened in it, not what its caller did before: begin()
 * keeps that for the caller, end() gives it back. What is not explained by then
 * never will be.
 */
struct explain_mark {
	struct explained outer, begun;
	uint32_t boot;
};
struct explain_mark explain_begin(struct machine *m);
void explain_end(struct machine *m, const struct explain_mark *mark);

/* A sleep that was not reported because the last report was a moment ago: once for each report. */
bool explain_silence(struct machine *m, struct buf *out);

/*
 * A write of len bytes that no checker of this release sees, while KASAN looks.
 * @p: the object that it went to
 */
bool explain_unseen(struct machine *m, uint64_t addr, uint64_t len, struct machine_place *p,
		    struct buf *out);

/* Of an object that is free: whose it was, who freed it, and the repair. */
void explain_freed(struct machine *m, const struct machine_place *p, enum wrong w, struct buf *out);
/* Of a free at `addr`, which is in or beside that object: it is free already, or not its start. */
void explain_second_free(struct machine *m, uint64_t addr, const struct machine_place *p,
			 struct buf *out);
/* How to learn who wrote over bytes that SLUB watches. */
const char *who_wrote(const struct machine *m);

#endif
