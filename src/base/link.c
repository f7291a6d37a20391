/* SPDX-License-Identifier: MIT */
/*
 * Device links: a consumer is not probed before its supplier is bound, and is unbound
 * before it. Corresponds to the device links in Linux' drivers/base/core.c. Differs: a
 * link is not a device itself, and there is no suspend order.
 *
 *   supplier->more->consumers ── link ── consumer->more->suppliers
 *
 * The state of a device follows from the device; that of a link is stored.
 */
#include "base/link.h"

#include <errno.h>
#include <stdlib.h>

#include "base/core_alloc.h"
#include "base/device.h"
#include "base/probe.h"
#include "kernel/clock.h"
#include "kernel/errors.h"
#include "kernel/event.h"
#include "kernel/report.h"
#include "lib/host_memory.h"

#define MANAGED_FLAGS (DL_FLAG_AUTOREMOVE_CONSUMER | DL_FLAG_AUTOREMOVE_SUPPLIER | \
		       DL_FLAG_AUTOPROBE_CONSUMER | DL_FLAG_SYNC_STATE_ONLY)
#define ADD_FLAGS (MANAGED_FLAGS | DL_FLAG_STATELESS | DL_FLAG_PM_RUNTIME | \
		   DL_FLAG_RPM_ACTIVE | DL_FLAG_INFERRED | DL_FLAG_CYCLE)

static bool probing(const struct device *dev)
{
	return dev->driver && !device_is_bound(dev);
}

static bool bound(const struct device *dev)
{
	return device_is_bound(dev) && !dev->unbinding;
}

static void set_state(struct device_link *link, enum device_link_state state)
{
	link->status = state;
}

/* Available or dormant, depending on the supplier. */
static void set_idle(struct device_link *link)
{
	set_state(link, bound(link->supplier) ? DL_STATE_AVAILABLE : DL_STATE_DORMANT);
}

static void init_state(struct device_link *link)
{
	struct device *consumer = link->consumer, *supplier = link->supplier;

	if (!(link->flags & DL_FLAG_MANAGED))
		set_state(link, DL_STATE_NONE);
	else if (supplier->unbinding)
		set_state(link, DL_STATE_SUPPLIER_UNBIND);
	else if (bound(supplier))
		set_state(link, probing(consumer) ? DL_STATE_CONSUMER_PROBE :
			  bound(consumer) ? DL_STATE_ACTIVE : DL_STATE_AVAILABLE);
	else if (probing(supplier) && probing(consumer))
		set_state(link, DL_STATE_CONSUMER_PROBE);
	else
		set_state(link, DL_STATE_DORMANT);
}

/* --- adding and removing ---------------------------------------------------- */

static const char *refuse(struct device *consumer, struct device *supplier, uint32_t flags)
{
	uint32_t only = DL_FLAG_SYNC_STATE_ONLY | DL_FLAG_INFERRED | DL_FLAG_CYCLE;

	if (consumer == supplier)
		return "a device cannot supply itself";
	if (flags & ~(uint32_t)ADD_FLAGS)
		return "flags that are not a caller's to set";
	if (flags & DL_FLAG_STATELESS && flags & MANAGED_FLAGS)
		return "STATELESS goes with no flag of managed links";
	if (flags & DL_FLAG_SYNC_STATE_ONLY && flags & ~only)
		return "SYNC_STATE_ONLY goes with no other flag";
	if (flags & DL_FLAG_AUTOPROBE_CONSUMER &&
	    flags & (DL_FLAG_AUTOREMOVE_CONSUMER | DL_FLAG_AUTOREMOVE_SUPPLIER))
		return "AUTOPROBE_CONSUMER does not go with AUTOREMOVE";
	if (!supplier->registered || consumer->releasing)
		return "the supplier is not registered";
	if (!(flags & DL_FLAG_SYNC_STATE_ONLY) && device_links_depend_on(supplier, consumer))
		return "the supplier depends on the consumer: a cycle";
	if (flags & DL_FLAG_SYNC_STATE_ONLY && bound(consumer))
		return "SYNC_STATE_ONLY comes too late: the consumer is bound";
	return NULL;
}

/* The link exists already: the stronger request wins, and stateless ones are counted. */
static void add_again(struct device_link *link, uint32_t flags)
{
	if (!(flags & DL_FLAG_INFERRED))
		link->flags &= ~(uint32_t)DL_FLAG_INFERRED;
	if (flags & DL_FLAG_PM_RUNTIME)
		link->flags |= DL_FLAG_PM_RUNTIME;
	if (flags & DL_FLAG_STATELESS) {
		link->refs++;
		link->flags |= DL_FLAG_STATELESS;
		return;
	}
	if (flags & DL_FLAG_AUTOREMOVE_SUPPLIER)
		link->flags = (link->flags & ~(uint32_t)DL_FLAG_AUTOREMOVE_CONSUMER) |
			      DL_FLAG_AUTOREMOVE_SUPPLIER;
	else if (!(flags & DL_FLAG_AUTOREMOVE_CONSUMER))
		link->flags &= ~(uint32_t)(DL_FLAG_AUTOREMOVE_CONSUMER |
					   DL_FLAG_AUTOREMOVE_SUPPLIER);
	if (!(link->flags & DL_FLAG_MANAGED)) {
		link->refs++;
		link->flags |= DL_FLAG_MANAGED;
		init_state(link);
	}
	if (!(flags & DL_FLAG_SYNC_STATE_ONLY))
		link->flags &= ~(uint32_t)DL_FLAG_SYNC_STATE_ONLY;
}

struct device_link *device_link_add(struct device *consumer, struct device *supplier,
				    uint32_t flags, const char **why)
{
	struct kernel *k = consumer->core->kernel;
	struct device_link *link;

	*why = refuse(consumer, supplier, flags);
	if (*why)
		return NULL;
	if (flags & DL_FLAG_AUTOREMOVE_SUPPLIER)
		flags &= ~(uint32_t)DL_FLAG_AUTOREMOVE_CONSUMER;
	link = device_link_find(consumer, supplier);
	if (link) {
		add_again(link, flags);
		return link;
	}
	if (core_alloc_fails(consumer->core, ALLOC_LINK, 0))
		return NULL;
	link = host_calloc(1, sizeof(*link));
	if (!link || !device_more(consumer) || !device_more(supplier)) {
		free(link);
		return NULL;
	}
	link->consumer = get_device(consumer);
	link->supplier = get_device(supplier);
	link->refs = 1;
	link->flags = flags & DL_FLAG_STATELESS ? flags : flags | DL_FLAG_MANAGED;
	init_state(link);
	list_append(&supplier->more->consumers, &link->by_supplier);
	list_append(&consumer->more->suppliers, &link->by_consumer);
	tick(k, NS_PER_STEP);
	EVENT(k, EV_DEVICE, .what = "link", .name = consumer->name, .value = consumer->id);
	return link;
}

static void drop(struct device_link *link)
{
	list_remove(&link->by_supplier);
	list_remove(&link->by_consumer);
	put_device(link->consumer);
	put_device(link->supplier);
	free(link);
}

void device_link_del(struct device_link *link)
{
	if (link->flags & DL_FLAG_STATELESS) {
		if (--link->refs == 0)
			drop(link);
		else if (link->refs == 1 && link->flags & DL_FLAG_MANAGED)
			link->flags &= ~(uint32_t)DL_FLAG_STATELESS;
	} else if (!link->consumer->registered) {
		drop(link);
	} else {
		kernel_warn(link->consumer->core->kernel, "device_link_put_kref",
			    "Unable to drop a managed device link reference");
	}
}

/* Drops the managed half; callers that requested a stateless link keep theirs. */
static void drop_managed(struct device_link *link)
{
	link->flags &= ~(uint32_t)(DL_FLAG_MANAGED | DL_FLAG_AUTOREMOVE_CONSUMER |
				   DL_FLAG_AUTOREMOVE_SUPPLIER);
	set_state(link, DL_STATE_NONE);
	if (--link->refs == 0)
		drop(link);
}

/* --- what probe and unbind use ---------------------------------------------- */

int device_links_check_suppliers(struct device *dev)
{
	struct device_link *link;
	struct device *missing = NULL;

	if (!dev->more)
		return 0;
	list_each(link, &dev->more->suppliers, struct device_link, by_consumer) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->status != DL_STATE_AVAILABLE &&
		    !(link->flags & DL_FLAG_SYNC_STATE_ONLY)) {
			missing = link->supplier;
			break;
		}
		set_state(link, DL_STATE_CONSUMER_PROBE);
	}
	if (!missing)
		return 0;
	list_each(link, &dev->more->suppliers, struct device_link, by_consumer)
		if (link->status == DL_STATE_CONSUMER_PROBE)
			set_idle(link);
	if (dev->core->kernel->profile->link_reason)
		device_set_deferred_probe_reason(dev, "supplier %.200s not ready", missing->name);
	return -EPROBE_DEFER;
}

void device_links_driver_bound(struct device *dev)
{
	struct device_link *link;

	if (!dev->more)
		return;
	list_each(link, &dev->more->consumers, struct device_link, by_supplier) {
		if (!(link->flags & DL_FLAG_MANAGED) || link->status == DL_STATE_CONSUMER_PROBE ||
		    link->status == DL_STATE_ACTIVE)
			continue;
		set_state(link, DL_STATE_AVAILABLE);
		if (link->flags & DL_FLAG_AUTOPROBE_CONSUMER && !link->consumer->driver)
			driver_deferred_probe_add(link->consumer);
	}
	list_each(link, &dev->more->suppliers, struct device_link, by_consumer) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->flags & DL_FLAG_SYNC_STATE_ONLY) {
			drop_managed(link);
			continue;
		}
		/* created during the probe, with a supplier that is not bound */
		if (link->status != DL_STATE_CONSUMER_PROBE)
			kernel_warn(dev->core->kernel, "device_links_driver_bound", NULL);
		set_state(link, DL_STATE_ACTIVE);
	}
}

/* Updates the links to its suppliers when a consumer lost its driver. */
static void suppliers_no_driver(struct device *dev)
{
	struct device_link *link;

	list_each(link, &dev->more->suppliers, struct device_link, by_consumer) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->flags & DL_FLAG_AUTOREMOVE_CONSUMER)
			drop_managed(link);
		else if (link->status == DL_STATE_CONSUMER_PROBE || link->status == DL_STATE_ACTIVE)
			set_idle(link);
	}
}

void device_links_no_driver(struct device *dev)
{
	struct device_link *link;

	if (!dev->more)
		return;
	list_each(link, &dev->more->consumers, struct device_link, by_supplier)
		if (link->flags & DL_FLAG_MANAGED && (link->status == DL_STATE_CONSUMER_PROBE ||
						      link->status == DL_STATE_ACTIVE))
			set_state(link, DL_STATE_DORMANT);
	suppliers_no_driver(dev);
}

void device_links_driver_cleanup(struct device *dev)
{
	struct device_link *link;

	if (!dev->more)
		return;
again:
	list_each(link, &dev->more->consumers, struct device_link, by_supplier) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->status == DL_STATE_SUPPLIER_UNBIND &&
		    link->flags & DL_FLAG_AUTOREMOVE_SUPPLIER) {
			drop_managed(link);
			goto again; /* a consumer's release() may have changed the list */
		}
		set_state(link, DL_STATE_DORMANT);
	}
	suppliers_no_driver(dev);
}

struct device *device_links_busy(struct device *dev, bool unbinding)
{
	struct device_link *link;

	if (!dev->more)
		return NULL;
	list_each(link, &dev->more->consumers, struct device_link, by_supplier) {
		if (!(link->flags & DL_FLAG_MANAGED))
			continue;
		if (link->status == DL_STATE_CONSUMER_PROBE || link->status == DL_STATE_ACTIVE)
			return link->consumer;
		if (unbinding)
			set_state(link, DL_STATE_SUPPLIER_UNBIND);
	}
	return NULL;
}

void device_links_purge(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	struct device_link *link;

	if (!dev->more)
		return;
	/*
	 * dropping a link may free the other device, whose release() may change the lists
	 */
	while (!list_empty(&dev->more->suppliers)) {
		link = list_entry(dev->more->suppliers.next, struct device_link, by_consumer);
		if (link->status == DL_STATE_ACTIVE)
			kernel_warn(k, "device_links_purge", NULL);
		drop(link);
	}
	while (!list_empty(&dev->more->consumers)) {
		link = list_entry(dev->more->consumers.next, struct device_link, by_supplier);
		if (link->status != DL_STATE_DORMANT && link->status != DL_STATE_NONE)
			kernel_warn(k, "device_links_purge", NULL);
		drop(link);
	}
}
