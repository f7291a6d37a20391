/* SPDX-License-Identifier: MIT */
/* Device links: known to both devices, and in a state that agrees with theirs. */
#include "machine/fsck.h"

#include "base/device.h"
#include "base/link.h"

static bool is_on(const struct list *head, const struct list *link)
{
	for (const struct list *at = head->next; at != head; at = at->next)
		if (at == link)
			return true;
	return false;
}

static bool state_fits(const struct device_link *l)
{
	bool supplier = device_is_bound(l->supplier), consumer = device_is_bound(l->consumer);

	if (!(l->flags & DL_FLAG_MANAGED))
		return l->status == DL_STATE_NONE;
	switch (l->status) {
	case DL_STATE_DORMANT: return true; /* the supplier may have been bound since */
	case DL_STATE_AVAILABLE: return supplier;
	case DL_STATE_ACTIVE: return consumer;
	default: return false; /* states during a probe or an unbind */
	}
}

static void check_link(struct fsck *f, const struct device_link *l)
{
	if (!is_on(&l->supplier->more->consumers, &l->by_supplier))
		fsck_report(f, FSCK_UNSOUND, l->consumer->name, "its link is not known to its supplier");
	if (l->refs < 1)
		fsck_report(f, FSCK_UNSOUND, l->consumer->name, "its link has %d references", l->refs);
	if (f->calm && !state_fits(l))
		fsck_report(f, FSCK_UNSOUND, l->consumer->name, "link to %.40s: state %d, supplier %s, "
			    "consumer %s", l->supplier->name, l->status,
			    device_is_bound(l->supplier) ? "bound" : "not bound",
			    device_is_bound(l->consumer) ? "bound" : "not bound");
}

/* Counts each link as a reference to both of its devices. */
void fsck_links(struct fsck *f, struct device *dev)
{
	uint32_t first = dev->core->first_id;
	struct device_link *l;

	if (!dev->more ||
	    fsck_ring(f, &dev->more->suppliers, dev->name, "links to suppliers") < 0 ||
	    fsck_ring(f, &dev->more->consumers, dev->name, "links to consumers") < 0)
		return;
	list_each(l, &dev->more->suppliers, struct device_link, by_consumer) {
		f->refs[dev->id - first]++;
		if (l->consumer != dev || !l->supplier->more)
			fsck_report(f, FSCK_UNSOUND, dev->name, "has another device's link to a supplier");
		else
			check_link(f, l);
	}
	list_each(l, &dev->more->consumers, struct device_link, by_supplier) {
		f->refs[dev->id - first]++;
		if (l->supplier != dev)
			fsck_report(f, FSCK_UNSOUND, dev->name, "has another device's link to a consumer");
	}
}
