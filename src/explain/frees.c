/* SPDX-License-Identifier: MIT */
/* What the kernel cannot say about an invalid free: whose memory the pointer refers to. */
#include "explain/frees.h"

#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/devres_walk.h"
#include "explain/not_memory.h"
#include "explain/owner_words.h"
#include "explain/reports.h"
#include "mm/object.h"

static void free_object(struct machine *m, uint64_t addr, const struct machine_place *p,
			struct buf *out)
{
	/* CONFIG_SLAB frees damaged objects, too */
	if (report_is_new(m, REPORT_SLAB) && explain_report(m, out))
		return;
	if (p->track && p->track->free_by)
		explain_second_free(m, addr, p, out);
	else
		buf_puts(out, "nothing is allocated there");
}

/* True: no free function could have accepted this address. */
static bool no_object(struct machine *m, uint64_t addr, struct machine_place *p, struct buf *out)
{
	if (addr <= 16) {
		buf_printf(out, "%s is not a resource; releases since 5.10 say nothing about it",
			   addr == 16 ? "ZERO_SIZE_PTR" : "NULL");
	} else if (!machine_place(m, addr, p)) {
		enum wrong w = not_memory(m, addr, out);
		bool poison = w == THROUGH_POISON || w == THROUGH_RED_ZONE ||
			      w == THROUGH_LIST_POISON || w == THROUGH_ERROR;

		/* such an address was not meant to be freed: explain what it is */
		end_with_repair(out, poison ? w : INTERIOR);
	} else if (!p->has_object) {
		buf_puts(out, "there is no object: free or reserved pages, or the rest of a slab");
	} else if (p->allocated && (addr < p->start || addr >= p->start + p->size)) {
		buf_puts(out, "in the red zone of ");
		owner_words(m, p, out);
		end_with_repair(out, INTERIOR);
	} else if (!p->allocated) {
		free_object(m, addr, p, out);
	} else {
		return false;
	}
	return true;
}

/* Bytes were overwritten, and the report of that is the better explanation. */
static void damaged(struct machine *m, struct buf *out)
{
	if (!explain_report(m, out))
		buf_printf(out, "bytes around it were overwritten, so it is not freed.\n%s", who_wrote(m));
}

void explain_devm_kfree(struct machine *m, struct device *dev, uint64_t addr, struct buf *out)
{
	struct machine_place p;
	enum wrong w = ON_NO_LIST;
	long long off;

	if (no_object(m, addr, &p, out))
		return;
	off = (long long)(addr - p.start - p.header);
	if (p.node && !p.owner && p.info.release == m->core.release_kmalloc) {
		damaged(m, out);
		return;
	}
	if (!p.node) {
		w = strcmp(p.kind, "object") ? DEVM_KFREE_OF_PAGES : DEVM_KFREE_OF_PLAIN;
	} else if (p.info.kind >= NODE_GROUP_OPEN) {
		w = OF_GROUP;
	} else if (off) {
		w = INTERIOR;
		buf_printf(out, "%lld bytes %s the start of ", llabs(off), off < 0 ? "before" : "after");
	} else if (p.owner == dev) {
		w = OTHER_RELEASE;
	} else if (p.owner) {
		w = OTHER_DEVICE;
	}
	owner_words(m, &p, out);
	if (w == OTHER_DEVICE)
		buf_printf(out, ", not of %.60s", dev->name);
	else if (w == OTHER_RELEASE)
		buf_printf(out, ", with release %.60s", p.info.release_name);
	else if (w == DEVM_KFREE_OF_PLAIN)
		buf_puts(out, ", on no device's list");
	end_with_repair(out, w);
}

void explain_kfree(struct machine *m, uint64_t addr, struct buf *out)
{
	struct machine_place p;

	if (no_object(m, addr, &p, out))
		return;
	if (addr == p.start && !p.owner && object_tag(&m->mm, &p.object) != TAG_PERCPU) {
		damaged(m, out);
		return;
	}
	if (addr != p.start)
		buf_printf(out, "%llu bytes into ", (unsigned long long)(addr - p.start));
	owner_words(m, &p, out);
	end_with_repair(out, p.node ? KFREE_OF_NODE : addr == p.start ? DEVM_KFREE_OF_PAGES : INTERIOR);
}
