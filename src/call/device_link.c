/* SPDX-License-Identifier: MIT */
/* Device links: which device depends on which. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/device.h"
#include "base/driver_core.h"
#include "base/link.h"
#include "lib/array.h"
#include "lib/distance.h"
#include "lib/size.h"

static const char *const flag_names[] = {
	"STATELESS", "AUTOREMOVE_CONSUMER", "PM_RUNTIME", "RPM_ACTIVE", "AUTOREMOVE_SUPPLIER",
	"AUTOPROBE_CONSUMER", "MANAGED", "SYNC_STATE_ONLY", "INFERRED", "CYCLE",
};

#define FLAGS COUNT(flag_names)

/* A flag by name or number; false: there is no such flag. */
static bool one_flag(const char *name, uint32_t *flag)
{
	uint64_t u;

	if (!strncmp(name, "DL_FLAG_", 8))
		name += 8;
	for (size_t i = 0; i < FLAGS; i++)
		if (!strcmp(name, flag_names[i])) {
			*flag = 1u << i;
			return true;
		}
	if (parse_size(name, &u) || u > UINT32_MAX)
		return false;
	*flag = (uint32_t)u;
	return true;
}

static int parse_flags(struct call_ctx *c, const char *text, uint32_t *flags)
{
	struct nearest n = { 0 };
	uint32_t flag;
	char name[64];

	for (*flags = 0;; text++) {
		size_t len = strcspn(text, "|");

		snprintf(name, sizeof(name), "%.*s", len < 63 ? (int)len : 63, text);
		if (!one_flag(name, &flag)) {
			n.word = name;
			for (size_t i = 0; i < FLAGS; i++)
				nearest_offer(&n, flag_names[i]);
			return n.best ? result_error(c->result, -EINVAL, "flags '%.40s': no such flag; "
						     "did you mean %s?", name, n.best)
				      : result_error(c->result, -EINVAL, "flags '%.40s': wants names as "
						     "AUTOPROBE_CONSUMER|PM_RUNTIME", name);
		}
		*flags |= flag;
		text += len;
		if (!*text)
			return 0;
	}
}

/* Flags that are newer than device_link_add() itself. */
static const struct young_flag {
	uint32_t flag;
	int since;
	const char *name;
} young_flags[] = {
	{ DL_FLAG_AUTOREMOVE_SUPPLIER, RELEASE(4, 20), "AUTOREMOVE_SUPPLIER" },
	{ DL_FLAG_AUTOPROBE_CONSUMER, RELEASE(5, 1), "AUTOPROBE_CONSUMER" },
	{ DL_FLAG_SYNC_STATE_ONLY, RELEASE(5, 5), "SYNC_STATE_ONLY" },
};

static int check_age(struct call_ctx *c, uint32_t flags)
{
	const struct profile *p = ctx_kernel(c)->profile;

	for (size_t i = 0; i < COUNT(young_flags); i++) {
		const struct young_flag *y = &young_flags[i];

		if (flags & y->flag && p->version < y->since)
			return result_error(c->result, -EINVAL, "flags '%s': exists since %d.%d; this "
					    "machine runs %s", y->name, y->since / 1000,
					    y->since % 1000, p->release);
	}
	return 0;
}

static int run_device_link_add(struct call_ctx *c)
{
	struct device_link *link;
	const char *why;
	uint32_t flags;
	char name[1100];

	if (parse_flags(c, c->arg[2].s, &flags) || check_age(c, flags))
		return c->result->err;
	link = device_link_add(arg_device(c, 0), arg_device(c, 1), flags, &why);
	if (!link && !why)
		return result_errno(c->result, -ENOMEM);
	if (!link)
		return result_error(c->result, -EINVAL, "NULL: %s", why);
	device_link_name(link, name, sizeof(name));
	c->result->value = v_str(c->result, name);
	return 0;
}

/* Iterates over the links of all devices: start with *dev and *at NULL. */
static struct device_link *next_link(struct driver_core *core, struct device **dev,
				     struct list **at)
{
	struct list *l = *dev ? (*dev)->all.next : core->devices.next;

	if (*at && (*at)->next != &(*dev)->more->suppliers) {
		*at = (*at)->next;
		return list_entry(*at, struct device_link, by_consumer);
	}
	for (; l != &core->devices; l = l->next) {
		*dev = list_entry(l, struct device, all);
		if (!(*dev)->more || list_empty(&(*dev)->more->suppliers))
			continue;
		*at = (*dev)->more->suppliers.next;
		return list_entry(*at, struct device_link, by_consumer);
	}
	return NULL;
}

static int run_device_link_del(struct call_ctx *c)
{
	struct driver_core *core = &c->machine->core;
	struct device *dev = NULL;
	struct list *at = NULL;
	struct device_link *link;
	char name[1100];

	while ((link = next_link(core, &dev, &at))) {
		device_link_name(link, name, sizeof(name));
		if (!strcmp(name, c->arg[0].s)) {
			device_link_del(link);
			return 0;
		}
	}
	return result_error(c->result, -ENOENT, "link '%.60s': no such link; see 'device_links'",
			    c->arg[0].s);
}

static int run_device_link_remove(struct call_ctx *c)
{
	struct device_link *link = device_link_find(arg_device(c, 0), arg_device(c, 1));

	/* Linux WARNs if a device is gone, and ignores a link that does not exist */
	if (!link)
		return result_error(c->result, -ENOENT, "there is no link between the two");
	device_link_del(link);
	return 0;
}

static const char *flags_text(uint32_t flags, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < FLAGS && n < size; i++)
		if (flags & (1u << i) && (1u << i) != DL_FLAG_MANAGED)
			n += (size_t)snprintf(out + n, size - n, "%s%s", n ? "|" : "", flag_names[i]);
	return out;
}

static const char *const link_columns[] = { "consumer", "supplier", "state", "flags" };

static int run_device_links(struct call_ctx *c)
{
	struct device *only = c->arg[0].type == V_DEVICE ? arg_device(c, 0) : NULL;
	struct device *dev = NULL;
	struct list *at = NULL;
	struct device_link *link;
	char flags[200];

	result_columns(c->result, link_columns, 4);
	while ((link = next_link(&c->machine->core, &dev, &at))) {
		struct value *row;

		if (only && link->consumer != only && link->supplier != only)
			continue;
		row = result_row(c->result);
		if (!row)
			break;
		row[0] = v_str(c->result, link->consumer->name);
		row[1] = v_str(c->result, link->supplier->name);
		row[2] = v_str(c->result, device_link_state_name(link));
		row[3] = v_str(c->result, flags_text(link->flags, flags, sizeof(flags)));
	}
	return c->result->err;
}

#define SUBJECT .subject = "Device links"
#define PAIR_PARAMS \
	{ "consumer", P_DEVICE, NULL, false, "the device that depends on the other" }, \
	{ "supplier", P_DEVICE, NULL, false, "the device that it depends on" }

const struct call device_link_calls[] = {
	{
		.name = "device_link_add", SUBJECT,
		.summary = "make a device depend on another one",
		.param = {
			PAIR_PARAMS,
			{ "flags", P_STR, "0", false, "AUTOPROBE_CONSUMER and others, joined by |" },
		},
		.returns = "the link's name; NULL in Linux where this is an error",
		.detail = "The consumer's probe waits until the supplier is bound, and it is unbound "
			  "before the supplier is. Flags: STATELESS, AUTOREMOVE_CONSUMER, PM_RUNTIME, "
			  "RPM_ACTIVE, AUTOREMOVE_SUPPLIER, AUTOPROBE_CONSUMER, SYNC_STATE_ONLY; "
			  "the prefix DL_FLAG_ is optional.",
		.example = "device clk.0\ndevice uart.0\ndevice_link_add uart.0 clk.0\n"
			   "driver uart\ndevices_deferred\ndriver clk\ndevices",
		.since = RELEASE(4, 10), .run = run_device_link_add,
	},
	{
		.name = "device_link_del", SUBJECT,
		.summary = "drop a stateless link",
		.param = { { "link", P_STR, NULL, false, "its name, as device_link_add gave it" } },
		.returns = "nothing",
		.detail = "Managed links belong to the driver core: it WARNs, and the link stays.",
		.example = "device clk.0\ndevice uart.0\nlink = device_link_add uart.0 clk.0 STATELESS\n"
			   "device_link_del $link",
		.since = RELEASE(4, 10), .run = run_device_link_del,
	},
	{
		.name = "device_link_remove", SUBJECT,
		.summary = "drop the stateless link between two devices",
		.param = { PAIR_PARAMS },
		.returns = "nothing",
		.example = "device clk.0\ndevice uart.0\ndevice_link_add uart.0 clk.0 STATELESS\n"
			   "device_link_remove uart.0 clk.0",
		.since = RELEASE(4, 18), .run = run_device_link_remove,
	},
	{
		.name = "device_links", SUBJECT,
		.summary = "the links between devices, and their states",
		.param = { { "dev", P_DEVICE, "", false, "only links of this device" } },
		.returns = "rows",
		.example = "device clk.0\ndevice uart.0\ndevice_link_add uart.0 clk.0\ndevice_links",
		.flags = CALL_LOOKS | CALL_LIVE, .run = run_device_links,
	},
	{ 0 },
};
