/* SPDX-License-Identifier: MIT */
/*
 * Classes: devices with the same purpose, on whatever bus they are. Corresponds to Linux'
 * drivers/base/class.c. Differs: no interfaces.
 */
#include "base/bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/core_alloc.h"
#include "base/driver_core.h"
#include "base/kobject.h"
#include "base/registry.h"
#include "kernel/code.h"
#include "kernel/symbol.h"
#include "lib/host_memory.h"

/* The functions that create a class' directory, for the report that the name exists. */
static const char *const kset_way[] = {
	"sysfs_create_dir_ns", "kobject_add_internal", "kset_register", "class_register", NULL,
};

struct class *class_by_name(struct driver_core *core, const char *name)
{
	struct class *class;

	list_each(class, &core->classes, struct class, all)
		if (!strcmp(class->name, name))
			return class;
	return NULL;
}

void class_get(struct class *class)
{
	if (class)
		class->refs++;
}

void class_put(struct class *class)
{
	if (!class || --class->refs)
		return;
	list_remove(&class->all);
	if (class->destroy)
		class->destroy(class);
	code_put(&class->code);
	free(class->name);
	free(class);
}

int class_register(struct driver_core *core, const struct class *proto, struct class **out)
{
	struct class *class = host_malloc(sizeof(*class)), lost = *proto;
	char release[NAME_MAX_BYTES + 24];
	int rc = -ENOMEM;

	if (!class)
		goto fail;
	*class = *proto;
	rc = -EINVAL;
	if (check_name(proto->name))
		goto fail;
	rc = -EEXIST;
	if (class_by_name(core, proto->name)) {
		sysfs_warn_dup(core, "/class", proto->name, kset_way);
		goto fail;
	}
	rc = -ENOMEM;
	if (core_alloc_fails(core, ALLOC_CLASS_PRIVATE, 0) ||
	    core_alloc_fails(core, ALLOC_NAME, strlen(proto->name) + 1))
		goto fail;
	class->name = host_strdup(proto->name);
	if (!class->name)
		goto fail;
	snprintf(release, sizeof(release), "%s_dev_release", class->name);
	class->release_name = rodata_lookup(core->kernel, rodata_string(core->kernel, release));
	if (!class->release_name) {
		free(class->name);
		goto fail;
	}
	class->core = core;
	class->code = code_here(core->kernel, 1);
	class->refs = 1;
	class->registered = true;
	list_init(&class->devices);
	list_append(&core->classes, &class->all);
	*out = class;
	return 0;
fail:
	free(class);
	if (lost.destroy)
		lost.destroy(&lost);
	return rc;
}

int class_unregister(struct class *class)
{
	if (!class->registered)
		return -ENODEV;
	class->registered = false;
	list_remove(&class->all);
	list_append(&class->core->gone_classes, &class->all);
	class_put(class);
	return 0;
}
