/* SPDX-License-Identifier: MIT */
/* Device links: which device depends on which. */
#ifndef DEVSH_BASE_LINK_H
#define DEVSH_BASE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/list.h"

struct device;

enum device_link_flag {
	DL_FLAG_STATELESS = 1 << 0,
	DL_FLAG_AUTOREMOVE_CONSUMER = 1 << 1,
	DL_FLAG_PM_RUNTIME = 1 << 2,
	DL_FLAG_RPM_ACTIVE = 1 << 3,
	DL_FLAG_AUTOREMOVE_SUPPLIER = 1 << 4,
	DL_FLAG_AUTOPROBE_CONSUMER = 1 << 5,
	DL_FLAG_MANAGED = 1 << 6,
	DL_FLAG_SYNC_STATE_ONLY = 1 << 7,
	DL_FLAG_INFERRED = 1 << 8,
	DL_FLAG_CYCLE = 1 << 9,
};

enum device_link_state {
	DL_STATE_NONE = -1, DL_STATE_DORMANT, DL_STATE_AVAILABLE, DL_STATE_CONSUMER_PROBE,
	DL_STATE_ACTIVE, DL_STATE_SUPPLIER_UNBIND,
};

/* Holds references to both devices. */
struct device_link {
	struct device *supplier, *consumer;
	struct list by_supplier;  /* supplier->more->consumers */
	struct list by_consumer;  /* consumer->more->suppliers */
	enum device_link_state status;
	uint32_t flags;
	int refs;
};

/* --- link.c: core.c in Linux ------------------------------------------------ */

/* NULL with a reason in *why, where Linux refuses silently; NULL without one: no memory. */
struct device_link *device_link_add(struct device *consumer, struct device *supplier,
				    uint32_t flags, const char **why);
/* WARNs for a managed link, which belongs to the core. */
void device_link_del(struct device_link *link);

/* --- link_list.c ----------------------------------------------------------- */

struct device_link *device_link_find(struct device *consumer, struct device *supplier);
/* "platform:clk.0--platform:uart.0", as /sys/class/devlink names it. */
void device_link_name(const struct device_link *link, char *out, size_t size);
/* "consumer probing", as in the link's status file. */
const char *device_link_state_name(const struct device_link *link);
/* private to base/: whether dev depends on `needed` through parents and suppliers */
bool device_links_depend_on(struct device *dev, struct device *needed);
/* private to base/: takes one of the device's links off the lists; NULL: none is left */
struct device_link *device_link_take(struct device *dev);

/* --- link.c, private to base/ ------------------------------------------------ */

int device_links_check_suppliers(struct device *dev);
void device_links_driver_bound(struct device *dev);
void device_links_no_driver(struct device *dev);
void device_links_driver_cleanup(struct device *dev);
void device_links_purge(struct device *dev);
/*
 * A consumer that is bound or being probed, or NULL. unbinding: also changes the state of
 * the other links.
 */
struct device *device_links_busy(struct device *dev, bool unbinding);

#endif
