/* SPDX-License-Identifier: MIT */
/*
 * Which device and driver owned memory, by name, so that this outlives both. No
 * counterpart in Linux. Only if tracks are kept.
 */
#include "base/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/driver_core.h"
#include "base/owner.h"
#include "lib/array.h"
#include "lib/host_memory.h"

/* device and driver point into key */
struct owner_entry {
	struct owner owner;
	uint32_t mark;
	UT_hash_handle by_name;
	char key[];     /* "device\0driver\0", then 'r' if a remove() will be called */
};

static struct owner_entry *entry_new(struct driver_core *core, const char *key, size_t len,
				     size_t device_len)
{
	struct owner_entry *e;

	if (!array_room(core->owners, core->owners_used, core->owners_cap, 64))
		return NULL;
	e = host_calloc(1, sizeof(*e) + len);
	if (!e)
		return NULL;
	memcpy(e->key, key, len);
	e->owner = (struct owner){ e->key, e->key + device_len + 1, e->key[len - 1] != 'r' };
	if (hash_add(by_name, core->owner_hash, e->key, len, e)) {
		free(e);
		return NULL;
	}
	e->mark = ++core->owners_used;
	core->owners[e->mark - 1] = e;
	return e;
}

uint32_t owner_mark_new(struct device *dev)
{
	struct driver_core *core = dev->core;
	uint32_t driver = dev->driver ? dev->driver->id : 0;
	size_t device_len = strlen(dev->name), len;
	bool removes = dev->driver && (dev->driver->remove || dev->driver->bus->remove);
	char key[2 * (NAME_MAX_BYTES + 1) + 1];
	struct owner_entry *e;

	if (!core->mm->tracks)
		return 0;
	len = device_len + 1 + (dev->driver ? strlen(dev->driver->name) : 0) + 2;
	if (len > sizeof(key))
		return 0;
	memcpy(key, dev->name, device_len + 1);
	snprintf(key + device_len + 1, sizeof(key) - device_len - 1, "%s",
		 dev->driver ? dev->driver->name : "");
	key[len - 1] = removes ? 'r' : '-';
	HASH_FIND(by_name, core->owner_hash, key, len, e);
	if (!e)
		e = entry_new(core, key, len, device_len);
	dev->owner_mark = e ? e->mark : 0;
	dev->owner_driver = driver;
	return dev->owner_mark;
}

const struct owner *owner_of(const struct driver_core *core, uint32_t mark)
{
	return mark && mark <= core->owners_used ? &core->owners[mark - 1]->owner : NULL;
}

void owners_finish(struct driver_core *core)
{
	HASH_CLEAR(by_name, core->owner_hash);
	for (uint32_t i = 0; i < core->owners_used; i++)
		free(core->owners[i]);
	free(core->owners);
	core->owners = NULL;
	core->owners_used = core->owners_cap = 0;
}
