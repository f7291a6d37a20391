/* SPDX-License-Identifier: MIT */
/*
 * Functions that fail on demand. Corresponds to Linux' kernel/fail_function.c: a function
 * on the list returns the error instead of doing its work. Differs: no probability and no
 * interval, and no stack after the two lines that report it.
 */
#include "kernel/fail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/log.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "lib/host_memory.h"

/* The places where the model calls kernel_step() or kernel_fail(). */
static const char *const injectable[] = {
	"bus_add_device", "dev_set_name", "device_add_attrs", "device_add_class_symlinks",
	"device_add_groups", "device_create_file", "device_links_check_suppliers",
	"device_private_init", "dpm_sysfs_add", "driver_add_groups", "driver_sysfs_add",
	"kobject_add", "pinctrl_bind_pins", "platform_dma_configure", "platform_probe", NULL,
};

const char *fail_function_at(size_t i)
{
	return i < COUNT(injectable) ? injectable[i] : NULL;
}

static struct fail_function *find(struct kernel *k, const char *function)
{
	struct fail_function *f = k->fails;

	while (f && strcmp(f->function, function))
		f = f->next;
	return f;
}

static void forget(struct kernel *k, const char *function)
{
	struct fail_function **at = &k->fails;

	while (*at && strcmp((*at)->function, function))
		at = &(*at)->next;
	if (*at) {
		struct fail_function *f = *at;

		*at = f->next;
		free(f);
	}
}

int fail_function(struct kernel *k, const char *function, int retval, int64_t times)
{
	struct fail_function *f;
	size_t i = 0;

	while (injectable[i] && strcmp(injectable[i], function))
		i++;
	if (!injectable[i] || retval >= 0)
		return -EINVAL;
	if (!times) {
		forget(k, function);
		return 0;
	}
	f = find(k, function);
	if (!f) {
		f = host_calloc(1, sizeof(*f));
		if (!f)
			return -ENOMEM;
		f->next = k->fails;
		k->fails = f;
	}
	f->function = injectable[i];
	f->retval = retval;
	f->times = times;
	return 0;
}

int kernel_fail(struct kernel *k, const char *function)
{
	struct fail_function *f = find(k, function);

	if (!f || !f->times)
		return 0;
	if (f->times > 0)
		f->times--;
	f->hits++;
	printk(k, KERN_NOTICE, "FAULT_INJECTION: forcing a failure.");
	printk(k, KERN_NOTICE, "name fail_function, interval 1, probability 100, space 0, times %lld",
	       (long long)f->times);
	return f->retval;
}

int kernel_step_slow(struct kernel *k, const char *function)
{
	int rc;

	graph_enter(k, function);
	rc = k->fails ? kernel_fail(k, function) : 0;
	graph_exit(k);
	return rc;
}

void fail_finish(struct kernel *k)
{
	while (k->fails)
		forget(k, k->fails->function);
}
