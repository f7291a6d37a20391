/* SPDX-License-Identifier: MIT */
/*
 * faults: does code handle each allocation that can fail? In Linux this takes
 * /proc/self/fail-nth and a person who checks what is left behind; here it is automatic.
 */
#include "call/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "kernel/event.h"
#include "kernel/module.h"
#include "lib/array.h"
#include "lib/buf.h"
#include "lib/interrupt.h"
#include "mm/failslab.h"

/* --- a snapshot of the machine ----------------------------------------------- */

struct held {
	uint64_t addr;
	size_t size;
	const char *by;
};

struct snapshot {
	struct held *object;  /* sorted by address */
	size_t objects, room;
	struct buf things;    /* a line for each device, driver and module */
};

static bool hold(struct snapshot *s, const struct machine_object *o)
{
	if (!array_room(s->object, s->objects, s->room, 256))
		return false;
	s->object[s->objects++] = (struct held){
		o->addr, o->track && o->track->size ? o->track->size : o->object.size,
		o->track ? o->track->alloc_by : NULL,
	};
	return true;
}

static void list_things(const struct machine *m, struct buf *out)
{
	const struct device *dev;
	const struct bus_type *bus;
	const struct device_driver *drv;
	const struct module *mod;

	list_each(dev, &m->core.devices, struct device, all) {
		/* a child keeps its parent, and has a line of its own */
		int refs = dev->refcount - (int)dev->children;

		buf_printf(out, "device %s, %s%s, %d reference%s\n", dev->name,
			   dev->driver ? "bound to " : dev->registered ? "unbound" : "removed",
			   dev->driver ? dev->driver->name : "", refs, plural(refs));
	}
	list_each(bus, &m->core.buses, struct bus_type, all)
		list_each(drv, &bus->drivers, struct device_driver, on_bus)
			buf_printf(out, "driver %s\n", drv->name);
	list_each(mod, &m->kernel.modules, struct module, all)
		buf_printf(out, "module %s\n", mod->name);
}

static bool snapshot_take(const struct machine *m, struct snapshot *s)
{
	struct machine_object o;
	uint64_t at = 0;

	*s = (struct snapshot){ 0 };
	while (machine_objects(m, &at, &o))
		if (!hold(s, &o))
			return false;
	list_things(m, &s->things);
	return !s->things.cut;
}

static void snapshot_drop(struct snapshot *s)
{
	free(s->object);
	buf_finish(&s->things);
}

/* --- differences --------------------------------------------------------------- */

static void find_leaks(const struct snapshot *then, const struct snapshot *now,
		       struct fault_run *run, const struct held **first)
{
	size_t old = 0;

	for (size_t i = 0; i < now->objects; i++) {
		const struct held *o = &now->object[i];

		while (old < then->objects && then->object[old].addr < o->addr)
			old++;
		if (old < then->objects && then->object[old].addr == o->addr &&
		    then->object[old].size == o->size && then->object[old].by == o->by)
			continue;
		if (!run->leaks++)
			*first = o;
		run->leaked += o->size;
	}
}

static bool has_line(const char *text, const char *line, size_t len)
{
	for (; *text; text += strcspn(text, "\n") + 1)
		if (!strncmp(text, line, len) && text[len] == '\n')
			return true;
	return false;
}

/* The first line of a that is not in b: its length; 0: there is none. */
static int only_in(const struct buf *a, const struct buf *b, const char **line)
{
	for (const char *at = buf_str(a); *at; at += strcspn(at, "\n") + 1) {
		size_t len = strcspn(at, "\n");

		if (has_line(buf_str(b), at, len))
			continue;
		*line = at;
		return (int)len;
	}
	return 0;
}

/* --- one run -------------------------------------------------------------------- */

struct complaint {
	struct watcher watcher;
	uint32_t count;
	char first[96];
	bool died;
};

static void see_report(struct watcher *w, const struct event *e)
{
	struct complaint *c = (struct complaint *)w;

	c->died |= report_kinds[e->value].kills;
	if (!c->count++)
		snprintf(c->first, sizeof(c->first), "%s %.60s", report_kinds[e->value].words, e->what);
}

/* Makes all allocations candidates, without messages in the log. */
static void attr_for_run(struct fault_attr *a)
{
	a->probability = 0;
	a->verbose = 0;
	a->times = -1;
	a->ignore_gfp_wait = a->cache_filter = a->ignore_gfp_highmem = false;
	a->min_order = 0;
}

static void judge(struct fault_run *run, const struct complaint *c, const struct held *leak,
		  const struct snapshot *then, const struct snapshot *now, bool undone)
{
	bool as_before = undone || run->err;
	const char *line;
	int len;

	/* an error of the script, unless it comes from the task's death */
	if (*run->verdict && !c->died)
		return;
	if (c->count)
		snprintf(run->verdict, sizeof(run->verdict), "%s", c->first);
	else if (as_before && run->leaks == 1)
		snprintf(run->verdict, sizeof(run->verdict), "leaks %zu bytes of %.60s",
			 leak->size, leak->by ? leak->by : "an unknown caller");
	else if (as_before && run->leaks)
		snprintf(run->verdict, sizeof(run->verdict), "leaks %u objects, %llu bytes; %zu of %.60s",
			 run->leaks, (unsigned long long)run->leaked, leak->size,
			 leak->by ? leak->by : "an unknown caller");
	else if (as_before && (len = only_in(&now->things, &then->things, &line)))
		snprintf(run->verdict, sizeof(run->verdict), "left behind: %.*s", len, line);
	else if (as_before && (len = only_in(&then->things, &now->things, &line)))
		snprintf(run->verdict, sizeof(run->verdict), "is gone: %.*s", len, line);
	else if (!run->injected && run->err)
		snprintf(run->verdict, sizeof(run->verdict), "fails although no allocation did");
	else
		run->ok = true;
	if (run->ok)
		snprintf(run->verdict, sizeof(run->verdict), "%s", !run->injected ? "succeeds" :
			 run->err ? "handled" : "goes on without it");
}

static int answer_of(int rc, const struct value *ret)
{
	return rc ? rc : ret->type == V_INT && ret->i < 0 ? (int)ret->i : 0;
}

int faults_run(struct machine *m, struct code *code, uint32_t n, bool undone,
	       struct fault_run *run, struct result *r)
{
	struct complaint complaint = { .watcher = { .mask = EV_BIT(EV_REPORT), .see = see_report } };
	struct snapshot then, now = { 0 };
	const struct faults before = m->mm.faults;
	uint32_t boot = m->boot_number;
	const struct held *leak = NULL;
	struct value ret = { 0 };
	int rc;

	*run = (struct fault_run){ .n = n };
	if (before.trying)
		return result_error(r, -EBUSY, "faults cannot run inside faults");
	if (!snapshot_take(m, &then))
		goto no_memory;
	attr_for_run(&m->mm.faults.slab);
	attr_for_run(&m->mm.faults.pages);
	m->mm.faults.fail_nth = n;
	m->mm.faults.trying = true;
	faults_changed(&m->mm);
	kernel_watch(&m->kernel, &complaint.watcher);
	code->answer = ANSWER_FAULTS;
	rc = code->run(code, NULL, 0, &ret);
	if (m->boot_number != boot) {
		snapshot_drop(&then);
		return result_error(r, -EINVAL, "the calls boot the machine: nothing is left to check");
	}
	kernel_unwatch(&m->kernel, &complaint.watcher);
	m->kernel.task_died = false;
	run->fault = m->mm.faults.last;
	run->injected = run->fault.hits > before.last.hits;
	m->mm.faults = before;
	m->mm.faults.last = run->fault;
	faults_changed(&m->mm);
	run->err = answer_of(rc, &ret);
	run->complaints = complaint.count;
	if (code->take_error)
		code->take_error(code, run->verdict, sizeof(run->verdict));
	if (!snapshot_take(m, &now))
		goto no_memory;
	find_leaks(&then, &now, run, &leak);
	judge(run, &complaint, leak, &then, &now, undone);
	if (!undone && !run->err)
		run->leaks = run->leaked = 0; /* a success may leave memory allocated */
	snapshot_drop(&then);
	snapshot_drop(&now);
	return 0;
no_memory:
	snapshot_drop(&then);
	snapshot_drop(&now);
	return result_error(r, -ENOMEM, "the host has no memory");
}

/* --- rows --------------------------------------------------------------------- */

void faults_columns(struct result *r)
{
	RESULT_COLUMNS(r, FAULTS);
}

bool faults_add(struct result *r, const struct fault_run *run)
{
	struct value *row = result_row(r);

	if (!row)
		return false;
	row[FAULTS_n] = v_uint(run->n);
	if (run->injected) {
		row[FAULTS_cache] = v_str(r, run->fault.what);
		row[FAULTS_size] = v_uint(run->fault.size);
		row[FAULTS_function] = v_str(r, run->fault.function);
		row[FAULTS_caller] = v_str(r, run->fault.caller);
	}
	row[FAULTS_error] = v_int(run->err);
	row[FAULTS_leaked] = v_uint(run->leaked);
	row[FAULTS_complaints] = v_uint(run->complaints);
	row[FAULTS_ok] = v_bool(run->ok);
	row[FAULTS_verdict] = v_str(r, run->verdict);
	return run->injected && run->n < FAULTS_RUNS_MAX;
}

static int run_faults(struct call_ctx *c)
{
	struct code *code = c->arg[0].code;
	struct fault_run run;
	uint32_t n = 0;

	faults_columns(c->result);
	do {
		if (faults_run(c->machine, code, ++n, true, &run, c->result))
			return c->result->err;
		if (interrupted)
			return result_error(c->result, -EINTR, "interrupted");
	} while (faults_add(c->result, &run));
	return c->result->err;
}

const struct call faults_calls[] = {
	{
		.name = "faults", .subject = "Fault injection",
		.summary = "run a call repeatedly, each time failing another allocation",
		.param = { { "calls", P_CALLS, NULL, false, "a call, or { calls }" } },
		.returns = "a row for each run",
		.detail = "After each run: did anything leak, did the kernel complain, are the devices as "
			  "before? At the prompt each run has a copy of the machine, which stays as it "
			  "is. In Lua and inside blocks all runs are on the machine itself: the "
			  "function has to undo what it does, also when nothing fails.",
		.example = "driver demo probe={ devm_kzalloc $dev 64; devm_kzalloc $dev 200 }\n"
			   "device eth0\nfaults bind eth0 demo",
		.view = "faults", .flags = CALL_LOOKS | CALL_COPIES, .run = run_faults,
	},
	{ 0 },
};
