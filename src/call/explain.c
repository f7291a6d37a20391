/* SPDX-License-Identifier: MIT */
/*
 * What the kernel cannot say: whose memory a wrong pointer was, and why an
 * allocation gave NULL. A plain paragraph beside the result.
 */
#include "call/whose.h"

#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3)))
static void note(struct call_ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->result->note, sizeof(c->result->note), fmt, ap);
	va_end(ap);
}

/* A sentence and its repair become the note. */
static void tell(struct call_ctx *c, struct buf *out, enum wrong w)
{
	note(c, "%s.%s%s", buf_str(out), *usual_repair(w) ? "\n" : "", usual_repair(w));
	buf_finish(out);
}

static void note_free_object(struct call_ctx *c, uint64_t addr, const struct machine_place *p)
{
	const struct slub_report *damage = &c->machine->mm.damage;
	struct buf out = BUF_INIT;

	/* CONFIG_SLAB frees what is damaged, too */
	if (damage->reports != damage->told &&
	    explain_report(c->machine, c->result->note, sizeof(c->result->note)))
		return;
	if (p->track && p->track->free_by)
		explain_second_free(c->machine, addr, p, &out);
	else
		buf_puts(&out, "nothing is allocated there");
	note(c, "%s", buf_str(&out));
	buf_finish(&out);
}

/* True: the address is none that either kind of free could take. */
static bool note_nowhere(struct call_ctx *c, uint64_t addr, struct machine_place *p)
{
	struct buf out = BUF_INIT;

	if (addr <= 16) {
		note(c, "%s is no resource; releases since 5.10 are silent about it",
		     addr == 16 ? "ZERO_SIZE_PTR" : "NULL");
	} else if (!machine_place(c->machine, addr, p)) {
		enum wrong w = what_else(c->machine, addr, &out);
		bool poison = w == THROUGH_POISON || w == THROUGH_RED_ZONE ||
			      w == THROUGH_LIST_POISON || w == THROUGH_ERROR;

		/* the ways to use such an address are none to free it */
		tell(c, &out, poison ? w : INTERIOR);
	} else if (!p->has_object) {
		note(c, "no object lies there: free or reserved pages, or the rest of a slab");
	} else if (p->allocated && (addr < p->start || addr >= p->start + p->size)) {
		buf_puts(&out, "in the red zone of ");
		whose_memory(c->machine, p, &out);
		tell(c, &out, INTERIOR);
	} else if (!p->allocated) {
		note_free_object(c, addr, p);
	} else {
		return false;
	}
	return true;
}

/* Bytes were overwritten, and the report of that is the better explanation. */
static void note_damage(struct call_ctx *c)
{
	if (!explain_report(c->machine, c->result->note, sizeof(c->result->note)))
		note(c, "bytes around it were overwritten, so it stays.\n%s",
		     who_wrote(c->machine));
}

void explain_devm_kfree(struct call_ctx *c, struct device *dev, uint64_t addr)
{
	struct machine *m = c->machine;
	struct buf out = BUF_INIT;
	struct machine_place p;
	enum wrong w = ON_NO_LIST;

	if (note_nowhere(c, addr, &p))
		return;
	if (p.node && !p.owner && p.info.release == m->core.release_kmalloc) {
		note_damage(c);
		return;
	}
	if (!p.node) {
		w = strcmp(p.kind, "object") ? DEVM_KFREE_OF_PAGES : DEVM_KFREE_OF_PLAIN;
	} else if (p.info.kind >= NODE_GROUP_OPEN) {
		w = OF_GROUP;
	} else if (addr != p.start + p.header) {
		w = INTERIOR;
		buf_printf(&out, "%lld bytes from the begin of ",
			   (long long)(addr - p.start - p.header));
	} else if (p.owner == dev) {
		w = OTHER_RELEASE;
	} else if (p.owner) {
		w = OTHER_DEVICE;
	}
	whose_memory(m, &p, &out);
	if (w == OTHER_DEVICE)
		buf_printf(&out, ", not of %.60s", dev->name);
	else if (w == OTHER_RELEASE)
		buf_printf(&out, ", with release %.60s", p.info.release_name);
	else if (w == DEVM_KFREE_OF_PLAIN)
		buf_puts(&out, ", on no device's list");
	tell(c, &out, w);
}

void explain_kfree(struct call_ctx *c, uint64_t addr)
{
	struct buf out = BUF_INIT;
	struct machine_place p;

	if (note_nowhere(c, addr, &p))
		return;
	if (addr == p.start && !p.owner && object_tag(&c->machine->mm, &p.object) != TAG_PERCPU) {
		note_damage(c);
		return;
	}
	if (addr != p.start)
		buf_printf(&out, "%llu bytes into ", (unsigned long long)(addr - p.start));
	whose_memory(c->machine, &p, &out);
	tell(c, &out, p.node ? KFREE_OF_NODE : addr == p.start ? DEVM_KFREE_OF_PAGES : INTERIOR);
}

void explain_gone(struct call_ctx *c, const struct device *dev)
{
	bool put = !strcmp(c->call->name, "put_device");

	note(c, "%.60s is gone: its last reference was put, and release() %s.\n%s", dev->name,
	     !dev->gone ? "runs" : dev->grave ? "freed the memory that it was in"
					      : "left the memory that it is in alone",
	     put ? usual_repair(PUT_TOO_MANY)
		 : "Who keeps a pointer to a device keeps a reference: get_device().");
}

static uint64_t argument(const struct call_ctx *c, const char *name, uint64_t other)
{
	int i = call_param(c->call, name);

	return i >= 0 && c->arg[i].type == V_UINT ? c->arg[i].u : other;
}

static void note_order(struct call_ctx *c, uint64_t order)
{
	const struct profile *p = ctx_kernel(c)->profile;
	const struct mm *mm = &c->machine->mm;

	note(c, "order %llu is %s %s %u: %zu MiB at most", (unsigned long long)order,
	     p->limit_exclusive ? "not below" : "above", p->limit_name,
	     mm->max_order + p->limit_exclusive, (page_size(mm) << mm->max_order) >> 20);
}

void explain_null(struct call_ctx *c)
{
	const struct mm *mm = &c->machine->mm;
	uint64_t size = argument(c, "size", 0), order = argument(c, "order", 0), bytes;
	bool managed = call_param(c->call, "dev") >= 0;

	if (call_param(c->call, "size") < 0 && call_param(c->call, "order") < 0)
		return;
	if (order > mm->max_order)
		note_order(c, order);
	else if (__builtin_mul_overflow(size, argument(c, "n", 1), &bytes))
		note(c, "n * size overflows");
	else if (bytes > kmalloc_max_size(mm) - (managed ? c->machine->core.header : 0))
		note(c, "more than the largest allocation, %zu MiB%s", kmalloc_max_size(mm) >> 20,
		     managed ? " with its header" : "");
	else if (fault_was_injected(mm))
		note(c, "made to fail: a failure was injected");
	else if (argument(c, "gfp", 0) & __GFP_THISNODE && mm->nodes > 1)
		note(c, "none left on the node, and __GFP_THISNODE allows no other");
	else if (report_complaints(c->machine) != c->complaints)
		note(c, "the kernel's message says why");
	else
		note(c, "no memory is left for it");
}
