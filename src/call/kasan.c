/* SPDX-License-Identifier: MIT */
/*
 * What KASAN cannot say: whose memory the wrong access was about, who freed it
 * in which step, and what would have been right. One plain line.
 */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "lib/buf.h"

/* "the 64 bytes of node 2 of eth0", "the 100 bytes of demo_probe" */
static void name_object(struct machine *m, const struct machine_place *p, struct buf *out)
{
	struct devres_info info;
	uint32_t walk = 0;
	uint64_t at = 0;

	if (!p->owner || !p->node) {
		buf_printf(out, "the %zu bytes", p->asked);
		if (p->track && p->track->alloc_by)
			buf_printf(out, " of %.40s", p->track->alloc_by);
		return;
	}
	while (walk < p->owner->devres.count && devres_walk(p->owner, &at, &info)) {
		walk++;
		if (mm_addr(&m->mm, info.object.start) == p->start)
			break;
	}
	buf_printf(out, "the %zu bytes of node %u of %.40s", p->asked,
		   p->owner->devres.count - walk + 1, p->owner->name);
}

static void explain_bounds(struct machine *m, const struct kasan_report *r,
			   const struct machine_place *p, struct buf *out)
{
	uint64_t end = p->start + p->header + p->asked;

	if (r->bad < p->start) {
		buf_printf(out, "%llu byte%s in front of ", (unsigned long long)(p->start - r->bad),
			   p->start - r->bad == 1 ? "" : "s");
		name_object(m, p, out);
		buf_puts(out, ": an index below 0?");
		return;
	}
	if (r->bad == end)
		buf_puts(out, "right behind ");
	else
		buf_printf(out, "%llu byte%s behind ", (unsigned long long)(r->bad - end),
			   r->bad - end == 1 ? "" : "s");
	name_object(m, p, out);
	buf_puts(out, ": ask for all bytes that you use");
}

/* Which way of freeing it was: its call stack knows. */
static bool freed_through(const struct mm *mm, const struct track *t, const char *function)
{
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, t->free_stack, &n);

	for (uint32_t i = 0; i < n; i++)
		if (!strcmp(frame[i], function))
			return true;
	return false;
}

static void explain_freed(struct machine *m, const struct machine_place *p, struct buf *out)
{
	const struct track *t = p->track;

	if (!t || !t->free_by) {
		buf_puts(out, "freed already: use it only until it is freed");
		return;
	}
	if (freed_through(&m->mm, t, "devres_release_all"))
		buf_printf(out, "devres_release_all freed it in step %u: stop in remove() what uses it",
			   t->free_step);
	else
		buf_printf(out, "%.40s freed it%s%s in step %u: use it only until then", t->free_by,
			   *t->free_phase ? " in " : "", t->free_phase, t->free_step);
}

static void explain_wild(const struct kasan_report *r, struct buf *out)
{
	static const uint64_t poison = 0x6b6b6b6b6b6b6b6bull;

	if (r->addr >= 16 && r->addr < 32)
		buf_puts(out, "ZERO_SIZE_PTR: an allocation of 0 bytes has none to use");
	else if (r->addr < PAGE_SIZE)
		buf_puts(out, "NULL, or a member of what it points to: check what came back");
	else if (r->addr - poison < 65536 || poison - r->addr < 65536)
		buf_puts(out, "6b is the poison of freed memory: the pointer was read from there");
	else if (r->addr < 1ull << 47)
		buf_puts(out, "an address of user space: copy_from_user() is the way there");
	else
		buf_puts(out, "no address at all: was the pointer overwritten?");
}

static void explain(struct machine *m, const struct kasan_report *r, struct buf *out)
{
	struct machine_place p;

	if (!machine_place(m, r->addr, &p))
		explain_wild(r, out);
	else if (!p.has_object)
		buf_puts(out, "free pages: nobody owns this memory any more");
	else if (r->free && p.allocated)
		buf_printf(out, "the object begins at %016llx", (unsigned long long)p.start);
	else if (!p.allocated)
		explain_freed(m, &p, out);
	else
		explain_bounds(m, r, &p, out);
}

bool explain_kasan(struct machine *m, char *out, size_t size)
{
	struct kasan *kasan = &m->mm.kasan;
	struct buf text = BUF_INIT;

	if (kasan->reports == kasan->told)
		return false;
	kasan->told = kasan->reports;
	explain(m, &kasan->last, &text);
	snprintf(out, size, "%s", buf_str(&text));
	buf_finish(&text);
	return true;
}

void explain_slack(struct call_ctx *c, uint64_t addr, uint64_t len)
{
	struct machine *m = c->machine;
	struct machine_place p;
	uint64_t data, end;

	if (!m->mm.kasan.shadow || !len || *c->result->note ||
	    !machine_place(m, addr, &p) || !p.allocated || !p.node)
		return;
	data = p.start + p.header;
	end = data + p.asked;
	if (addr < data)
		snprintf(c->result->note, sizeof(c->result->note),
			 "this is the node's header, not its data: no checker sees that");
	else if (addr + len > end && addr + len <= p.start + p.size && m->core.whole_bucket)
		snprintf(c->result->note, sizeof(c->result->note),
			 "byte %llu of %zu is slack of the bucket: %s does not see it, 6.1 does",
			 (unsigned long long)((addr > end ? addr : end) - data), p.asked,
			 m->kernel.profile->release);
}
