/* SPDX-License-Identifier: MIT */
/*
 * Paths of the machine. Each line of the input is one call: 'l' ls, 'c' cat,
 * 'r' readlink, 'w' write with the text behind the last blank.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <devsh/call.h>

#include "machine/machine.h"

static const char *const seeds[] = {
	"l/\nl/sys\nl/sys/bus/platform/devices/eth0\nr/sys/devices/platform/eth0/driver",
	"c/proc/slabinfo\nc/proc/meminfo\nc/proc/modules\nl/proc\nc/proc/cmdline\nc/proc/iomem",
	"w/sys/bus/platform/drivers/eth0/unbind eth0\nw/sys/bus/platform/drivers/eth0/bind eth0",
	"w/sys/bus/platform/drivers_probe eth0\nw/sys/bus/platform/drivers_autoprobe 0",
	"w/sys/devices/platform/eth0/driver_override x\nc/sys/devices/platform/eth0/driver_override",
	"l/sys/class/devlink\nl/sys/kernel/debug\nc/sys/kernel/debug/devices_deferred\nl/sys/module",
	"l/sys/kernel/slab/kmalloc-64\nc/sys/kernel/slab/kmalloc-64/objects\nl/sys/../proc/./",
	"w/sys/kernel/debug/fail_function/inject device_add\nl/sys/bus/pci\nl/sys/class/net",
};

size_t fuzz_seed(size_t i, const char **text)
{
	if (i >= sizeof(seeds) / sizeof(seeds[0]))
		return 0;
	*text = seeds[i];
	return strlen(seeds[i]);
}

static void make(struct machine *m, const char *name, const char *what)
{
	const struct call *c = call_find(name);
	struct value arg[PARAMS_MAX] = { { .type = V_STR, .s = what } };
	struct result r = RESULT_INIT;
	char why[256];

	if (c && !call_defaults(m, c, arg, why, sizeof(why)))
		call_run(m, c, arg, &r);
	result_finish(&r);
}

static void run(struct machine *m, char op, char *path)
{
	const struct call *c = call_find(op == 'w' ? "write" : op == 'c' ? "cat" :
					 op == 'r' ? "readlink" : "ls");
	struct value arg[PARAMS_MAX] = { { .type = V_STR, .s = path } };
	char *text = op == 'w' ? strrchr(path, ' ') : NULL, why[256];
	struct result r = RESULT_INIT;

	if (text) {
		*text = '\0';
		arg[1] = (struct value){ .type = V_STR, .s = text + 1 };
	}
	if (!call_defaults(m, c, arg, why, sizeof(why)) && call_run(m, c, arg, &r) && !*r.why)
		abort(); /* an error says what */
	result_finish(&r);
	fuzz_check(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *rest = text, *line, why[200];
	struct machine *m = machine_create("mem=32M", why, sizeof(why));

	if (!text || !m)
		abort();
	make(m, "bus_register", "pci");
	make(m, "class_register", "net");
	make(m, "driver", "eth0");
	make(m, "device", "eth0");
	make(m, "device", "eth1");
	while ((line = strsep(&rest, "\n")))
		if (*line)
			run(m, line[0], line + 1);
	machine_destroy(m);
	free(text);
	return 0;
}
