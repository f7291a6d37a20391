/* SPDX-License-Identifier: MIT */
/* Corresponds to Linux' kernel/params.c and its early parameters. */
#include "kernel/params_panic.h"
#include "kernel/params_slub.h"
#include "lib/size.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

#define MIB (1ull << 20)
#define MEM_MIN (4 * MIB)
#define MEM_MAX (16384 * MIB)

struct param {
	const char *name, *help;
	int (*set)(struct params *p, const char *value, char *why, size_t n);
	/*
	 * The values that it may have, where they can be listed: a function that returns
	 * the n-th one, or a list that ends with NULL. After a choice that ends with '='
	 * a value follows.
	 */
	const char *(*choice)(size_t n);
	const char *const *choices;
};

#define CHOICES(...) .choices = (const char *const[]){ __VA_ARGS__, NULL }
#define ON_OFF CHOICES("on", "off")

void params_default(struct params *p)
{
	*p = (struct params){
		.profile = profile_find("6.12"), .arch = arch_find("x86_64"),
		.nodes = 1, .mem = 256 * MIB, .page_size = 4096, .seed = 1,
		.slub_debug = "FZPU", .poison = true, .track = true,
		.kasan = -1, .kmemleak = -1, .kasan_quarantine = UINT64_MAX,
		.deferred_timeout = -1, .slub_max_order = 3, .nr_cpus = 1,
		.failslab = { 1, 0, 0, 1 }, .fail_page_alloc = { 1, 0, 0, 1 },
	};
}

static int set_release(struct params *p, const char *value, char *why, size_t n)
{
	const struct profile *found = profile_find(value);
	size_t len;

	if (found) {
		p->profile = found;
		return 0;
	}
	len = (size_t)snprintf(why, n, "release=%.20s: no such profile; there are", value);
	for (size_t i = 0; profile_at(i) && len < n; i++) {
		const struct profile *is = profile_at(i);
		bool both = strcmp(is->release, is->point) != 0;

		len += (size_t)snprintf(why + len, n - len, both ? " %s (%s)" : " %s", is->release,
					is->point);
	}
	return -EINVAL;
}

static int set_arch(struct params *p, const char *value, char *why, size_t n)
{
	const struct arch *found = arch_find(value);
	size_t len;

	if (found) {
		p->arch = found;
		return 0;
	}
	len = (size_t)snprintf(why, n, "arch=%.20s: no such architecture; there are", value);
	for (size_t i = 0; arch_at(i) && len < n; i++)
		len += (size_t)snprintf(why + len, n - len, " %s", arch_at(i)->name);
	return -EINVAL;
}

static int set_numa(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t nodes;

	if (strncmp(value, "fake=", 5) || parse_size(value + 5, &nodes) ||
	    nodes < 1 || nodes > NODES_MAX) {
		snprintf(why, n, "numa=%.40s: wants fake=N with N from 1 to %d", value, NODES_MAX);
		return -EINVAL;
	}
	p->nodes = (int)nodes;
	return 0;
}

static int set_memoryless(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t nodes;

	if (parse_size(value, &nodes) || nodes >= NODES_MAX) {
		snprintf(why, n, "memoryless_nodes=%.40s: wants a number below %d", value, NODES_MAX);
		return -EINVAL;
	}
	p->memoryless_nodes = (int)nodes;
	return 0;
}

static int set_mem(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t mem;

	if (parse_size(value, &mem) || mem < MEM_MIN || mem > MEM_MAX) {
		snprintf(why, n, "mem=%.40s: wants a size from 4M to 16G", value);
		return -EINVAL;
	}
	p->mem = mem / MIB * MIB;
	return 0;
}

static int set_page_size(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t size;

	if (parse_size(value, &size) || (size != 4096 && size != 16384 && size != 65536)) {
		snprintf(why, n, "page_size=%.40s: wants 4k, 16k or 64k", value);
		return -EINVAL;
	}
	p->page_size = (uint32_t)size;
	return 0;
}

static int set_seed(struct params *p, const char *value, char *why, size_t n)
{
	if (parse_size(value, &p->seed)) {
		snprintf(why, n, "seed=%.40s: wants a number", value);
		return -EINVAL;
	}
	return 0;
}

static int set_devres_log(struct params *p, const char *value, char *why, size_t n)
{
	if (strcmp(value, "0") && strcmp(value, "1")) {
		snprintf(why, n, "devres.log=%.40s: wants 0 or 1", value);
		return -EINVAL;
	}
	p->devres_log = value[0] == '1';
	return 0;
}

bool params_kasan(const struct params *p)
{
	if (p->arch->word != 8)
		return false;
	return p->kasan >= 0 ? p->kasan : strcmp(p->slub_debug, "-") != 0;
}

static int set_switch(const char *name, const char *value, bool *on, char *why, size_t n)
{
	*on = !strcmp(value, "on") || !strcmp(value, "1");
	if (*on || !strcmp(value, "off") || !strcmp(value, "0"))
		return 0;
	snprintf(why, n, "%s=%.40s: wants on or off", name, value);
	return -EINVAL;
}

static int set_kasan(struct params *p, const char *value, char *why, size_t n)
{
	bool on;
	int rc = set_switch("kasan", value, &on, why, n);

	if (!rc)
		p->kasan = on;
	return rc;
}

static int set_kmemleak(struct params *p, const char *value, char *why, size_t n)
{
	bool on;
	int rc = set_switch("kmemleak", value, &on, why, n);

	if (!rc)
		p->kmemleak = on;
	return rc;
}

static int set_multi_shot(struct params *p, const char *value, char *why, size_t n)
{
	return set_switch("kasan_multi_shot", value, &p->kasan_multi_shot, why, n);
}

static int set_init_on_alloc(struct params *p, const char *value, char *why, size_t n)
{
	return set_switch("init_on_alloc", value, &p->init_on_alloc, why, n);
}

static int set_init_on_free(struct params *p, const char *value, char *why, size_t n)
{
	return set_switch("init_on_free", value, &p->init_on_free, why, n);
}

static int set_freelist_random(struct params *p, const char *value, char *why, size_t n)
{
	return set_switch("freelist_random", value, &p->freelist_random, why, n);
}

static int set_quarantine(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t size;

	if (parse_size(value, &size) || size > MEM_MAX) {
		snprintf(why, n, "kasan.quarantine=%.40s: wants a size, 0 for none", value);
		return -EINVAL;
	}
	p->kasan_quarantine = size;
	return 0;
}

static int set_async_probe(struct params *p, const char *value, char *why, size_t n)
{
	if (strlen(value) >= sizeof(p->async_probe)) {
		snprintf(why, n, "driver_async_probe=%.20s...: longer than %zu bytes", value,
			 sizeof(p->async_probe) - 1);
		return -EINVAL;
	}
	strcpy(p->async_probe, value);
	return 0;
}

static int set_deferred_timeout(struct params *p, const char *value, char *why, size_t n)
{
	uint64_t s;

	if (parse_size(value, &s) || s > 1000000) {
		snprintf(why, n, "deferred_probe_timeout=%.40s: wants seconds", value);
		return -EINVAL;
	}
	p->deferred_timeout = (int)s;
	return 0;
}

static int set_fault(struct fault_param *f, const char *name, const char *value, char *why,
		     size_t n)
{
	struct fault_param next;
	int used = 0;

	if (strlen(value) > 60 || strspn(value, "-0123456789,") != strlen(value) ||
	    sscanf(value, "%9u,%9u,%9d,%9d%n", &next.interval, &next.probability, &next.space,
		   &next.times, &used) != 4 || value[used]) {
		snprintf(why, n, "%s=%.40s: wants INTERVAL,PROBABILITY,SPACE,TIMES as in 1,100,0,-1",
			 name, value);
		return -EINVAL;
	}
	*f = next;
	return 0;
}

static int set_failslab(struct params *p, const char *value, char *why, size_t n)
{
	return set_fault(&p->failslab, "failslab", value, why, n);
}

static int set_fail_page_alloc(struct params *p, const char *value, char *why, size_t n)
{
	return set_fault(&p->fail_page_alloc, "fail_page_alloc", value, why, n);
}

static const char *release_name(size_t n)
{
	return profile_at(n) ? profile_at(n)->release : NULL;
}

static const char *arch_name(size_t n)
{
	return arch_at(n) ? arch_at(n)->name : NULL;
}

static const struct param table[] = {
	{ "release", "kernel release whose behaviour to show", .set = set_release, .choice = release_name },
	{ "arch", "architecture: alignment and size classes", .set = set_arch, .choice = arch_name },
	{ "numa", "numa=fake=N: split memory into N nodes", .set = set_numa, CHOICES("fake=") },
	{ "memoryless_nodes", "additional nodes without memory", .set = set_memoryless },
	{ "mem", "memory of the machine, all nodes together", .set = set_mem },
	{ "page_size", "bytes of a page, on arm64", .set = set_page_size, CHOICES("4k", "16k", "64k") },
	{ "seed", "seed of all random choices", .set = set_seed },
	{ "devres.log", "log every devres operation", .set = set_devres_log, CHOICES("0", "1") },
	{ "driver_async_probe", "drivers probed in the background, a,b; *: all others", .set = set_async_probe },
	{ "deferred_probe_timeout", "seconds until deferred probes are reported", .set = set_deferred_timeout },
	{ "failslab", "interval,probability,space,times: kmalloc fails", .set = set_failslab },
	{ "fail_page_alloc", "the same for pages", .set = set_fail_page_alloc },
	{ "slub_debug", "FZPU[,cache*][;...]: F checks, Z red zones, P poison, U user tracking, T "
	  "trace, A failslab, O keep the order; - for none", .set = set_slub_debug },
	{ "slub_min_order", "a slab is at least 2^N pages", .set = set_min_order },
	{ "slub_max_order", "a slab is at most 2^N pages, if an object fits", .set = set_max_order },
	{ "slub_min_objects", "minimum objects in a slab; 0: by nr_cpus", .set = set_min_objects },
	{ "nr_cpus", "CPUs to assume for slab orders", .set = set_nr_cpus },
	{ "kasan", "check every access; off where slub_debug=-", .set = set_kasan, ON_OFF },
	{ "kasan_multi_shot", "print every report of KASAN, not only the first", .set = set_multi_shot, ON_OFF },
	{ "kasan.fault", "what KASAN does after a report", .set = set_kasan_fault,
	  CHOICES("report", "panic", "panic_on_write") },
	{ "kasan.quarantine", "freed bytes to keep from reuse", .set = set_quarantine },
	{ "init_on_alloc", "zero allocated memory, as Debian does; not if poisoned",
	  .set = set_init_on_alloc, CHOICES("0", "1") },
	{ "init_on_free", "zero freed memory; not if poisoned", .set = set_init_on_free,
	  CHOICES("0", "1") },
	{ "freelist_random", "objects of a new slab are in random order",
	  .set = set_freelist_random, ON_OFF },
	{ "panic_on_warn", "a WARN, or a report of KASAN, ends the machine", .set = set_panic_on_warn,
	  CHOICES("0", "1") },
	{ "oops", "a BUG or an Oops ends the machine", .set = set_oops, CHOICES("panic") },
	{ "panic", "seconds until a machine that panicked reboots; 0: never", .set = set_panic },
	{ "kmemleak", "find unreferenced memory", .set = set_kmemleak, ON_OFF },
};

const char *params_name(size_t i)
{
	return i < COUNT(table) ? table[i].name : NULL;
}

const char *params_help(size_t i)
{
	return i < COUNT(table) ? table[i].help : NULL;
}

const char *params_choice(size_t i, size_t n)
{
	const struct param *p = i < COUNT(table) ? &table[i] : NULL;

	if (p && p->choice)
		return p->choice(n);
	for (size_t at = 0; p && p->choices && p->choices[at]; at++)
		if (at == n)
			return p->choices[at];
	return NULL;
}

static int set_word(struct params *p, char *word, char *why, size_t n)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	/*
	 * new names of old parameters; without a value slub_debug means the default flags
	 */
	if (!strncmp(word, "slab_", 5)) {
		word[2] = 'u';
		p->slab_names = true;
	}
	if (!value && !strcmp(word, "slub_debug"))
		value = word + strlen(word);
	for (size_t i = 0; i < COUNT(table); i++) {
		if (strcmp(table[i].name, word))
			continue;
		p->given |= 1ull << i;
		if (value)
			return table[i].set(p, value, why, n);
		snprintf(why, n, "%s: wants a value, as in %s=...", word, word);
		return -EINVAL;
	}
	snprintf(why, n, "%.40s: no such boot parameter; see 'help boot'", word);
	return -EINVAL;
}

/* Parameters that older releases do not have; devsh's own work on all. */
static const struct { const char *name; int since; } newer[] = {
	{ "kasan_multi_shot", RELEASE(4, 10) },
	{ "init_on_alloc", RELEASE(5, 3) },
	{ "init_on_free", RELEASE(5, 3) },
};

static bool was_given(const struct params *p, const char *name)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (!strcmp(table[i].name, name))
			return p->given & 1ull << i;
	return false;
}

/* Checks for what the release is too old for; `why` names the first. */
static int too_young(const struct params *p, char *why, size_t n)
{
	const struct profile *is = p->profile;

	for (size_t i = 0; i < COUNT(newer); i++)
		if (was_given(p, newer[i].name) && is->version < newer[i].since) {
			snprintf(why, n, "%s=: exists since %d.%d; release %s has no such parameter",
				 newer[i].name, newer[i].since / 1000, newer[i].since % 1000, is->release);
			return -EINVAL;
		}
	if (is->version < p->arch->since) {
		snprintf(why, n, "arch=%s: exists since %d.%d; release %s runs on others only",
			 p->arch->name, p->arch->since / 1000, p->arch->since % 1000, is->release);
		return -EINVAL;
	}
	return 0;
}

int params_parse(struct params *p, const char *cmdline, char *why, size_t whysize)
{
	struct params next = *p;
	char words[sizeof(next.cmdline)];
	char *save, *word;
	int rc;

	next.given = 0;

	if (strlen(cmdline) >= sizeof(words)) {
		snprintf(why, whysize, "command line: longer than %zu bytes", sizeof(words) - 1);
		return -EINVAL;
	}
	strcpy(words, cmdline);
	strcpy(next.cmdline, cmdline);
	for (word = strtok_r(words, " \t\n", &save); word;
	     word = strtok_r(NULL, " \t\n", &save)) {
		rc = set_word(&next, word, why, whysize);
		if (rc)
			return rc;
	}
	rc = too_young(&next, why, whysize);
	if (rc)
		return rc;
	if (next.slab_names && !next.profile->slab_names) {
		snprintf(why, whysize, "slab_...=: release %s calls it slub_...=",
			 next.profile->release);
		return -EINVAL;
	}
	if (!next.profile->numa && next.nodes > 1) {
		snprintf(why, whysize, "numa=fake=%d: release %s is built without CONFIG_NUMA",
			 next.nodes, next.profile->release);
		return -EINVAL;
	}
	if (!next.profile->numa && next.memoryless_nodes) {
		snprintf(why, whysize, "memoryless_nodes=%d: release %s is built without CONFIG_NUMA",
			 next.memoryless_nodes, next.profile->release);
		return -EINVAL;
	}
	if (next.nodes + next.memoryless_nodes > NODES_MAX) {
		snprintf(why, whysize, "memoryless_nodes=%d: with those of numa=fake=%d more than %d",
			 next.memoryless_nodes, next.nodes, NODES_MAX);
		return -EINVAL;
	}
	if (check_kasan_fault(&next, why, whysize))
		return -EINVAL;
	if (!arch_page_size(next.arch, next.page_size)) {
		snprintf(why, whysize,
			 "page_size=%uk: %s has pages of 4k only; arm64 has others, too",
			 next.page_size / 1024, next.arch->name);
		return -EINVAL;
	}
	if (next.kmemleak > 0 && !next.track && !params_kasan(&next)) {
		snprintf(why, whysize, "kmemleak=on: needs slub_debug=U or kasan=on, which keep who allocated");
		return -EINVAL;
	}
	if (next.mem > next.arch->mem_max) {
		snprintf(why, whysize, "mem=: %s has room for at most %lluM", next.arch->name,
			 (unsigned long long)(next.arch->mem_max / MIB));
		return -EINVAL;
	}
	if (next.mem / (uint64_t)next.nodes < MEM_MIN) {
		snprintf(why, whysize, "mem= is too small for %d nodes: wants at least 4M each",
			 next.nodes);
		return -EINVAL;
	}
	*p = next;
	return 0;
}
