/* SPDX-License-Identifier: MIT */
/*
 * Boot parameters: either refused with a reason and no change, or accepted; then a
 * machine that is small enough is booted with them and used a little.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <devsh/call.h>

#include "kernel/params.h"
#include "lib/array.h"
#include "machine/machine.h"

#define BOOT_MAX (64ull << 20)

static const char *const seeds[] = {
	"release=6.12 arch=x86_64 numa=fake=2 mem=256M", "release=4.9 arch=arm64 seed=7",
	"devres.log=1 slub_debug=-", "slub_debug=FZPU driver_async_probe=*,a,b",
	"deferred_probe_timeout=-1 mem=0x1000000", "mem=18446744073709551615", "numa=fake=9",
	"slub_debug=P;T,kmalloc-*,*-c*g-*;-,a;fzAO slub_max_order=1", "slub_debug nr_cpus=64",
	"slab_min_order=3 slab_min_objects=9 slab_max_order=0", "mem=16M release=4.9",
	"mem=32M slub_debug=FZPUTA slub_min_order=2 nr_cpus=4096", "mem=32M slub_debug=O,kmalloc-*",
	"mem=64M arch=arm64 page_size=16k", "mem=64M arch=arm64 page_size=64k slub_debug=-",
	"mem=16M numa=fake=2 memoryless_nodes=6", "mem=8M kasan=off kmemleak=on",
	"mem=32M failslab=1,100,0,-1", "mem=16M fail_page_alloc=1,50,0,9 seed=3",
	"mem=16M kasan.quarantine=0 slub_debug=-;FZ,kmalloc-64", "mem=16M release=7.2 nr_cpus=8",
	"mem=16M release=6.1 kasan=on kasan_multi_shot=0 kmemleak=off",
	"mem=16M release=6.12 slub_min_objects=1 slub_max_order=10 devres.log=1",
};

size_t fuzz_seed(size_t i, const char **text)
{
	static char line[200];
	size_t n = COUNT(seeds);

	if (i < n) {
		*text = seeds[i];
		return strlen(seeds[i]);
	}
	if (!params_name(i - n))
		return 0;
	snprintf(line, sizeof(line), "%s=1 %s=x %s", params_name(i - n), params_name(i - n),
		 params_name(i - n));
	*text = line;
	return strlen(line);
}

static void make(struct machine *m, const char *name, const char *first, const char *second)
{
	const struct call *c = call_find(name);
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	char why[256];

	if (call_value(m, c, &c->param[0], first, &arg[0], why, sizeof(why)) ||
	    (second && call_value(m, c, &c->param[1], second, &arg[1], why, sizeof(why))) ||
	    call_defaults(m, c, arg, why, sizeof(why)))
		return;
	if (call_run(m, c, arg, &r) && !*r.why)
		abort();
	result_finish(&r);
}

/* The kernel accepts what the parser accepted, or gives a reason. */
static void boot(const char *cmdline)
{
	static const char *const size[] = { "8", "65", "192", "1000", "8k", "70000" };
	char why[256] = "";
	struct machine *m = machine_create(cmdline, why, sizeof(why));

	if (!m && !*why)
		abort();
	if (!m)
		return;
	fuzz_check(m);
	make(m, "device", "eth0", NULL);
	for (size_t i = 0; i < COUNT(size); i++) {
		make(m, "kmalloc", size[i], NULL);
		make(m, "devm_kmalloc", "eth0", size[i]);
	}
	make(m, "device_unregister", "eth0", NULL);
	fuzz_check(m);
	machine_destroy(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), why[256] = "";
	struct params p, before, again;
	int rc;

	if (!text)
		return 0;
	memset(&p, 0, sizeof(p));
	params_default(&p);
	before = p;
	rc = params_parse(&p, text, why, sizeof(why));
	if (rc && (!*why || strchr(why, '\n') || memcmp(&p, &before, sizeof(p))))
		abort();
	if (!rc) {
		if (p.nodes < 1 || p.nodes > NODES_MAX || !p.mem || !p.profile || !p.arch)
			abort();
		if (p.slub_min_order > p.slub_max_order || !p.nr_cpus ||
		    params_slub_debug(&p, "kmalloc-cg-64") >= 2 * SLUB_A)
			abort();
		/* the recorded command line parses to the same values */
		params_default(&again);
		if (params_parse(&again, p.cmdline, why, sizeof(why)) || again.mem != p.mem ||
		    again.nodes != p.nodes || again.profile != p.profile || again.seed != p.seed)
			abort();
		if (p.mem <= BOOT_MAX)
			boot(p.cmdline);
	}
	free(text);
	return 0;
}
