/* SPDX-License-Identifier: MIT */
/*
 * Paths of the machine. Each line of the input is a call: 'l' ls, 'c' cat, 'r' readlink,
 * 'w' write with the text after the last blank; 'x' any call with text arguments, where $
 * is the last pointer; 'b' another boot.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <devsh/call.h>

#include "call/type.h"
#include "fs/fs.h"
#include "lib/array.h"
#include "machine/machine.h"

#define LINES_MAX 1000

/* --- seeds -------------------------------------------------------------------- */

static const char *const seeds[] = {
	"l/\nl/sys\nl/sys/bus/platform/devices/eth0\nr/sys/devices/platform/eth0/driver",
	"c/proc/slabinfo\nc/proc/meminfo\nc/proc/modules\nl/proc\nc/proc/cmdline\nc/proc/iomem",
	"w/sys/bus/platform/drivers/eth0/unbind eth0\nw/sys/bus/platform/drivers/eth0/bind eth0",
	"w/sys/bus/platform/drivers_probe eth0\nw/sys/bus/platform/drivers_autoprobe 0",
	"w/sys/devices/platform/eth0/driver_override x\nc/sys/devices/platform/eth0/driver_override",
	"l/sys/class/devlink\nl/sys/kernel/debug\nc/sys/kernel/debug/devices_deferred\nl/sys/module",
	"l/sys/kernel/slab/kmalloc-64\nc/sys/kernel/slab/kmalloc-64/objects\nl/sys/../proc/./",
	"w/sys/kernel/debug/fail_function/inject device_add\nl/sys/bus/pci\nl/sys/class/net",
	("xdevice_link_add eth1 eth0\nl/sys/class/devlink\nl/sys/devices/virtual/devlink\n"
	"l/sys/class/devlink/platform:eth0--platform:eth1\nl/sys/devices/platform/eth1"),
	("xkmalloc 100\nxadvance 700s\nw/sys/kernel/debug/kmemleak scan\nxadvance 700s\n"
	"w/sys/kernel/debug/kmemleak scan=5\nc/sys/kernel/debug/kmemleak\n"
	"w/sys/kernel/debug/kmemleak clear\nw/sys/kernel/debug/kmemleak dump=0xffff888001000040\n"
	"w/sys/kernel/debug/kmemleak stack=off\nw/sys/kernel/debug/kmemleak off"),
	("xkmalloc 60\nxmemset $ 65 70\nw/sys/kernel/slab/kmalloc-64/validate 1\nxkfree $\nxkfree $\n"
	"w/sys/kernel/slab/kmalloc-64/shrink 1\nw/sys/kernel/slab/kmalloc-64/min_partial 99\nxwho $"),
	("bslub_debug=TA,kmalloc-64\nw/sys/kernel/slab/kmalloc-64/failslab 1\nxkmalloc 64\nxkfree $\n"
	"w/sys/kernel/debug/failslab/probability 100\nw/sys/kernel/debug/failslab/times -1\n"
	"w/sys/kernel/debug/failslab/cache-filter Y\nw/proc/self/fail-nth 2\nxkmalloc 64"),
	("bnuma=fake=2 memoryless_nodes=1\nxkmalloc_node 64 GFP_KERNEL 2\nc/proc/buddyinfo\n"
	"c/sys/devices/system/node/node2/distance\nc/sys/kernel/slab/kmalloc-64/objects"),
	("barch=arm64 page_size=64k slub_debug=-\nxkmalloc 65537\nxkfree $\nxalloc_pages GFP_KERNEL 2\n"
	"c/proc/buddyinfo\nw/sys/kernel/slab/kmalloc-64/cpu_partial 30\nxkmalloc 64\nxkfree $"),
};

static const char *const boots[] = {
	"", "release=4.9", "release=6.1 slub_debug=FZPUT nr_cpus=8",
	"release=7.2 arch=arm64 page_size=16k", "release=6.12 slub_debug=- memoryless_nodes=1",
	"release=4.19 arch=arm", "release=6.1 numa=fake=2 devres.log=1",
};

static struct machine *boot(const char *cmdline)
{
	char line[200], why[200];
	struct machine *m;

	snprintf(line, sizeof(line), "mem=32M %s", cmdline);
	m = machine_create(line, why, sizeof(why));
	if (!m) {
		fprintf(stderr, "%s: %s\n", line, why);
		abort();
	}
	return m;
}

static void make(struct machine *m, const char *name, const char *what)
{
	const struct call *c = call_find(name);
	struct value arg[PARAMS_MAX] = { { .type = V_STR, .s = what } };
	struct result r = RESULT_INIT;
	char why[256];

	if (!c)
		abort();
	if (!call_defaults(m, c, arg, why, sizeof(why)))
		call_run(m, c, arg, &r);
	result_finish(&r);
}

static void run_call(struct machine *m, char *line, uint64_t *pointer);

static void make_devices(struct machine *m)
{
	static const char *const more[] = {
		"device eth2 class=net", "device eth3 class=net parent=eth0", "device eth4 numa_node=0",
		"device_link_add eth1 eth0", "insmod demo",
	};

	make(m, "bus", "pci");
	make(m, "class", "net");
	make(m, "driver", "eth0");
	make(m, "device", "eth0");
	make(m, "device", "eth1");
	for (size_t i = 0; i < COUNT(more); i++) {
		char line[60];
		uint64_t none = 0;

		snprintf(line, sizeof(line), "%s", more[i]);
		run_call(m, line, &none);
	}
}

/* One seed for each directory and boot: reads and writes everything in it. */
#define SEEDS_MAX 2000

static char *found[SEEDS_MAX];
static size_t founds;

struct dir {
	struct buf text;      /* the seed */
	char *below[200];     /* directories in it */
	size_t dirs;
};

static void add_entry(void *ctx, const char *name, const struct fs_file *entry)
{
	static const char *const texts[] = { "1", "eth0", "0" };
	struct dir *d = ctx;
	const char *path = buf_str(&entry->path);
	struct buf target = BUF_INIT;

	(void)name;
	if (fs_is_directory(entry)) {
		/* all caches are alike, so one is enough */
		if ((!entry->at.cache || strstr(path, "/kmalloc-64")) && d->dirs < 200)
			d->below[d->dirs++] = strdup(path);
		return;
	}
	buf_printf(&d->text, "%c%s\n", fs_readlink(entry, &target) ? 'c' : 'r', path);
	for (size_t i = 0; !fs_writable(entry) && i < COUNT(texts); i++)
		buf_printf(&d->text, "w%s %s\n", path, texts[i]);
	buf_finish(&target);
}

static void walk(struct machine *m, const char *cmdline, const char *path)
{
	struct dir d = { .text = BUF_INIT };
	struct fs_file f;

	buf_printf(&d.text, "b%s\nxkmalloc 100\nxkmalloc 64\nxdevm_kmalloc eth0 60\nxkfree $\n"
		   "l%s\n", cmdline, path);
	if (!fs_find(m, path, false, &f, NULL))
		fs_list(&f, add_entry, &d);
	fs_finish(&f);
	if (founds < SEEDS_MAX)
		found[founds++] = strdup(buf_str(&d.text));
	buf_finish(&d.text);
	while (d.dirs) {
		walk(m, cmdline, d.below[--d.dirs]);
		free(d.below[d.dirs]);
	}
}

static void find_seeds(void)
{
	for (size_t i = 0; i < COUNT(boots); i++) {
		struct machine *m = boot(boots[i]);

		make_devices(m);
		walk(m, boots[i], "/");
		machine_destroy(m);
	}
}

size_t fuzz_seed(size_t i, const char **text)
{
	size_t n = COUNT(seeds);

	if (i >= n && !founds)
		find_seeds();
	if (i >= n + founds)
		return 0;
	*text = i < n ? seeds[i] : found[i - n];
	return *text ? strlen(*text) : 0;
}

/* --- one line ------------------------------------------------------------------- */

static bool begins(const char *word, const char *name, char next)
{
	size_t n = strlen(name);

	return !strncmp(word, name, n) && word[n] == next;
}

/* "memset $ 65 8", "device eth2 class=net": a call with its arguments. */
static void run_call(struct machine *m, char *line, uint64_t *pointer)
{
	const struct call *c = call_find(strsep(&line, " "));
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	char why[256], *word;

	/* code is shell text, and there is no shell here */
	if (!c || !c->run || c->flags & CALL_BOOT)
		return;
	for (int n = 0; (word = strsep(&line, " ")); n++) {
		int i = n;

		for (int k = 0; k < call_params(c); k++)
			if (begins(word, c->param[k].name, '='))
				i = k;
		if (i >= call_params(c) || c->param[i].type == P_CODE || c->param[i].type == P_CALLS)
			return;
		if (begins(word, c->param[i].name, '='))
			word += strlen(c->param[i].name) + 1;
		if (!strcmp(word, "$"))
			arg[i] = (struct value){ .type = V_ADDR, .u = *pointer };
		else if (call_value(m, c, &c->param[i], word, &arg[i], why, sizeof(why)))
			return;
	}
	if (call_defaults(m, c, arg, why, sizeof(why)))
		return;
	if (call_run(m, c, arg, &r) && !*r.why)
		abort();
	if (!r.err && r.value.type == V_ADDR)
		*pointer = r.value.u;
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
		abort(); /* an error has a message */
	result_finish(&r);
}

static struct machine *boot_again(struct machine *m, const char *cmdline)
{
	char line[256], why[200];
	struct machine *next;

	snprintf(line, sizeof(line), "mem=32M %.200s", strstr(cmdline, "mem=") ? "" : cmdline);
	next = machine_create(line, why, sizeof(why));
	if (!next)
		return m;
	machine_destroy(m);
	make_devices(next);
	return next;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *rest = text, *line;
	struct machine *m = boot("");
	uint64_t pointer = 0;
	int boots_left = 4;

	if (!text)
		abort();
	make_devices(m);
	fuzz_time_limit(2000);
	for (int n = 0; n < LINES_MAX && (line = strsep(&rest, "\n")); n++) {
		if (*line == 'b' && boots_left-- > 0)
			m = boot_again(m, line + 1);
		else if (*line == 'x')
			run_call(m, line + 1, &pointer);
		else if (*line)
			run(m, *line, line + 1);
		fuzz_check(m);
	}
	fuzz_time_limit_off();
	machine_destroy(m);
	free(text);
	return 0;
}
