/* SPDX-License-Identifier: MIT */
/* Boot parameters: refused with a line that says why and nothing changed, or taken. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/params.h"

static const char *const seeds[] = {
	"release=6.12 arch=x86_64 numa=fake=2 mem=256M", "release=4.9 arch=arm64 seed=7",
	"devres.log=1 slub_debug=-", "slub_debug=FZPU driver_async_probe=*,a,b",
	"deferred_probe_timeout=-1 mem=0x1000000", "mem=18446744073709551615", "numa=fake=9",
	"slub_debug=P;T,kmalloc-*,*-c*g-*;-,a;fzAO slub_max_order=1", "slub_debug nr_cpus=64",
	"slab_min_order=3 slab_min_objects=9 slab_max_order=0",
};

size_t fuzz_seed(size_t i, const char **text)
{
	static char line[200];
	size_t n = sizeof(seeds) / sizeof(seeds[0]);

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
		/* what it keeps of the line says the same again */
		params_default(&again);
		if (params_parse(&again, p.cmdline, why, sizeof(why)) || again.mem != p.mem ||
		    again.nodes != p.nodes || again.profile != p.profile || again.seed != p.seed)
			abort();
	}
	free(text);
	return 0;
}
