/* SPDX-License-Identifier: MIT */
/* Devices and drivers by id and by name. */
#ifndef DEVSH_BASE_REGISTRY_H
#define DEVSH_BASE_REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

struct device;
struct device_driver;
struct driver_core;

/* --- registry.c, lookup.c --------------------------------------------------- */

struct device *device_by_id(struct driver_core *core, uint32_t id);
/*
 * A registered device, or else one that only references keep. If a name exists on two
 * buses, the older bus wins; "BUS:NAME" selects one.
 */
struct device *device_by_name(struct driver_core *core, const char *name);
struct device_driver *driver_by_id(struct driver_core *core, uint32_t id);
struct device_driver *driver_by_name(struct driver_core *core, const char *name);

/* 0 if the name is valid for a device or driver, else -EINVAL. */
int check_name(const char *name);

/* --- registry.c, private to base/ ---------------------------------------------- */

char **names_copy(char *const *from);
void names_free(char **names);
int core_id_new(struct driver_core *core, void *object, bool is_driver, uint32_t *id);
void core_id_drop(struct driver_core *core, uint32_t id);

#endif
