/* SPDX-License-Identifier: MIT */
/* The kernel layer: log, symbols, modules. */
#include "machine/fsck.h"

#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "kernel/event.h"
#include "kernel/fail.h"
#include "kernel/log.h"
#include "kernel/module.h"
#include "kernel/symbol.h"
#include "lib/array.h"
#include "lib/interrupt.h"

static void check_log(struct fsck *f)
{
	const struct log *l = &f->m->kernel.log;
	const struct log_line *line, *last = NULL;
	size_t bytes = 0;

	if (l->count > l->cap || (l->cap && l->first >= l->cap)) {
		fsck_report(f, FSCK_UNSOUND, "log", "%u lines from %u in a ring of %u", l->count,
			    l->first, l->cap);
		return;
	}
	for (uint32_t i = 0; (line = log_at(l, i)); i++) {
		bytes += strlen(line->text);
		if (line->seq >= l->next_seq || (last && line->seq <= last->seq))
			fsck_report(f, FSCK_UNSOUND, "log", "line %u has number %llu", i,
				    (unsigned long long)line->seq);
		last = line;
	}
	if (bytes != l->bytes)
		fsck_report(f, FSCK_UNSOUND, "log", "%zu bytes are counted, %zu are there", l->bytes,
			    bytes);
}

static void check_symbols(struct fsck *f, const struct symbols *s, const char *where)
{
	uint32_t entered = 0;

	if (s->count > s->cap || s->count > s->max) {
		fsck_report(f, FSCK_UNSOUND, where, "%u symbols in room for %u", s->count, s->cap);
		return;
	}
	for (uint32_t i = 0; i < s->places; i++)
		entered += s->table[i] != 0;
	if (entered != s->count)
		fsck_report(f, FSCK_UNSOUND, where, "%u symbols, %u are found by name", s->count, entered);
	for (uint32_t i = 0; i < s->count; i++)
		if (!s->at[i].name || (s->at[i].drop && !s->at[i].ctx))
			fsck_report(f, FSCK_UNSOUND, where, "symbol %u %s", i,
				    s->at[i].name ? "owns nothing" : "has no name");
}

static uint32_t classes_of(const struct list *classes, const struct module *m)
{
	const struct class *class;
	uint32_t n = 0;

	list_each(class, classes, struct class, all)
		n += class->code.module == m;
	return n;
}

/* The number of objects that have their code in the module. */
static uint32_t code_in(struct machine *machine, const struct module *m)
{
	struct driver_core *core = &machine->core;
	const struct kernel *k = &machine->kernel;
	uint32_t n = classes_of(&core->classes, m) + classes_of(&core->gone_classes, m);
	struct bus_type *bus;

	for (uint32_t i = 0; i < core->next_id - core->first_id; i++) {
		const struct device_driver *drv = core->ids[i].is_driver ? core->ids[i].object : NULL;
		const struct device *dev = core->ids[i].is_driver ? NULL : core->ids[i].object;

		n += drv && drv->code.module == m;
		n += dev && dev->more && dev->more->code.module == m;
	}
	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		n += bus->code.module == m;
	for (uint32_t i = 0; i < k->text.count && i < k->text.cap; i++)
		n += k->text.at[i].home.module == m;
	return n;
}

static void check_modules(struct fsck *f)
{
	struct kernel *k = &f->m->kernel;
	struct module *m;

	if (fsck_ring(f, &k->modules, "modules", "list") < 0)
		return;
	list_each(m, &k->modules, struct module, all) {
		uint32_t refs = 1 + code_in(f->m, m);

		if (m->refs != refs)
			fsck_report(f, FSCK_UNSOUND, m->name, "module: %u references, %u are known",
				    m->refs, refs);
		if (m->state == MODULE_GONE || (f->calm && m->state != MODULE_LIVE))
			fsck_report(f, FSCK_UNSOUND, m->name, "module: is listed in state %d", m->state);
	}
}

static void check_between_calls(struct fsck *f)
{
	const struct kernel *k = &f->m->kernel;
	const struct driver_core *core = &f->m->core;
	const struct { const char *what; int64_t is; } zero[] = {
		{ "calls out of the model", k->nesting }, { "functions on the stack", k->depth },
		{ "spinlocks held", k->atomic }, { "modules being loaded or unloaded", k->context.code.module != NULL },
		{ "running probes", core->probing }, { "running workers", core->working },
		{ "walks over a bus", core->walks != NULL },
		/* an interrupt leaves work for the next call */
		{ "queued work items", !interrupted && !list_empty(&core->work) },
	};

	for (size_t i = 0; i < COUNT(zero); i++)
		if (zero[i].is)
			fsck_report(f, FSCK_UNSOUND, "kernel", "%s between calls: %lld", zero[i].what,
				    (long long)zero[i].is);
}

void fsck_kernel(struct fsck *f)
{
	struct kernel *k = &f->m->kernel;
	uint32_t watching = k->watching;

	check_log(f);
	check_symbols(f, &k->text, "text");
	check_symbols(f, &k->rodata, "rodata");
	check_modules(f);
	kernel_watch_again(k);
	if (k->watching != watching)
		fsck_report(f, FSCK_UNSOUND, "kernel", "events %#x are watched, not %#x", k->watching,
			    watching);
	k->watching = watching;
	for (const struct fail_function *at = k->fails; at; at = at->next)
		if (at->retval >= 0)
			fsck_report(f, FSCK_UNSOUND, at->function, "fail_function: fails with %d",
				    at->retval);
	if (f->calm)
		check_between_calls(f);
}
