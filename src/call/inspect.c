/* SPDX-License-Identifier: MIT */
/*
 * The log, caches, objects and the function graph as rows. A traced call may change the
 * machine.
 */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/device.h"
#include "base/devres_walk.h"
#include "kernel/event.h"
#include "lib/array.h"
#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"

static const char *const slabinfo_columns[] = {
	"name", "active_objs", "num_objs", "objsize", "objperslab", "pagesperslab", "slabs",
};

static int run_slabinfo(struct call_ctx *c)
{
	struct mm *mm = &c->machine->mm;
	struct value *row;

	result_columns(c->result, slabinfo_columns,
		       COUNT(slabinfo_columns));
	for (int i = 0; i < CACHES; i++) {
		struct kmem_cache *cache = &mm->caches[i];
		struct machine_cache held;

		machine_cache(c->machine, cache, -1, &held);
		row = held.slabs && !cache->lost ? result_row(c->result) : NULL;
		if (!row)
			continue;
		*row++ = v_str(c->result, cache->name);
		*row++ = v_uint(held.inuse);
		*row++ = v_uint(held.objects);
		*row++ = v_uint(cache->stride);
		*row++ = v_uint(cache->objects);
		*row++ = v_uint(1u << cache->order);
		*row++ = v_uint(held.slabs);
	}
	return c->result->err;
}

static const char *owner_name(const struct machine *m, uint32_t tag)
{
	struct device *dev = devres_owner(&m->core, tag);

	return dev ? dev->name : tag == TAG_KMALLOC ? NULL : tag == TAG_PAGES ? "(pages)" :
	       tag == TAG_PERCPU ? "(percpu)" : tag == TAG_CACHE ? "(cache)" : tag == TAG_VMALLOC ? "(vmalloc)" : "(no list)";
}

static int run_objects(struct call_ctx *c)
{
	struct machine *m = c->machine;
	struct machine_object o;
	uint64_t at = 0;
	struct value *row;

	RESULT_COLUMNS(c->result, OBJECTS);
	while (machine_objects(m, &at, &o)) {
		struct machine_place place;

		machine_place(m, o.addr, &place);
		row = result_row(c->result);
		if (!row)
			break;
		row[OBJECTS_addr] = v_addr(o.addr + place.header);
		row[OBJECTS_size] = v_uint(place.asked);
		row[OBJECTS_cache] = v_str(c->result, object_cache_name(&o.object));
		row[OBJECTS_node] = v_int(pfn_node(&m->mm, o.object.page->head));
		row[OBJECTS_owner] = v_str(c->result, owner_name(m, o.tag));
		row[OBJECTS_by] = v_str(c->result, o.track ? o.track->alloc_by : NULL);
		row[OBJECTS_phase] = v_str(c->result, o.track ? o.track->alloc_phase : NULL);
		row[OBJECTS_step] = o.track ? v_uint(o.track->alloc_step) : (struct value){ 0 };
	}
	return c->result->err;
}

/* --- log ----------------------------------------------------------------- */

static int run_dmesg(struct call_ctx *c)
{
	uint64_t next = report_next(c->machine), last = c->arg[0].u;
	struct report_line line = { .seq = last && last < next ? next - last : 0 };
	struct value *row;

	RESULT_COLUMNS(c->result, LOG);
	for (uint64_t seq = line.seq; report_line(c->machine, seq, &line); seq = line.seq + 1) {
		row = result_row(c->result);
		if (!row)
			break;
		row[LOG_seq] = v_uint(line.seq);
		row[LOG_time] = v_uint(line.now);
		row[LOG_level] = v_int(line.level);
		row[LOG_text] = v_str(c->result, line.text);
	}
	return c->result->err;
}

/* --- function graph -------------------------------------------------------- */

enum { TRACE_ROWS_MAX = 100000 };

struct tracer {
	struct watcher watcher;
	struct result *r;
	int base;
};

static void see_event(struct watcher *w, const struct event *e)
{
	static const char *const word[] = {
		[EV_ENTER] = "enter", [EV_EXIT] = "exit", [EV_ALLOC] = "alloc",
		[EV_FREE] = "free", [EV_NOMEM] = "nomem", [EV_DEVRES] = "devres",
	};
	struct tracer *t = (struct tracer *)w;
	struct value *row = t->r->rows < TRACE_ROWS_MAX ? result_row(t->r) : NULL;

	if (!row)
		return;
	row[TRACE_event] = v_str(t->r, word[e->type]);
	row[TRACE_depth] = v_int(e->depth - t->base);
	row[TRACE_function] = v_str(t->r, e->what);
	row[TRACE_ns] = e->type == EV_EXIT ? v_int(e->value) : (struct value){ 0 };
	row[TRACE_name] = v_str(t->r, e->name);
	row[TRACE_addr] = e->addr ? v_addr(e->addr) : (struct value){ 0 };
	row[TRACE_size] = e->size ? v_uint(e->size) : (struct value){ 0 };
	row[TRACE_asked] = e->type == EV_ALLOC ? v_int(e->value) : (struct value){ 0 };
	row[TRACE_returned] = e->returned ? v_int(*e->returned) : (struct value){ 0 };
}

static int run_trace(struct call_ctx *c)
{
	struct tracer t = {
		.watcher = {
			.mask = EV_BIT(EV_ENTER) | EV_BIT(EV_EXIT) | EV_BIT(EV_ALLOC) |
				EV_BIT(EV_FREE) | EV_BIT(EV_NOMEM) | EV_BIT(EV_DEVRES),
			.see = see_event,
		},
		.r = c->result, .base = ctx_kernel(c)->depth,
	};
	struct code *code = c->arg[0].code;
	struct value ret = { 0 };
	int rc;

	RESULT_COLUMNS(c->result, TRACE);
	kernel_watch(ctx_kernel(c), &t.watcher);
	rc = code->run(code, NULL, 0, &ret);
	kernel_unwatch(ctx_kernel(c), &t.watcher);
	if (rc && !c->result->err)
		result_error(c->result, rc, "the traced call failed");
	if (ret.type != V_STR)
		c->result->value = ret;
	return c->result->err;
}

#define SUBJECT .subject = "Looking"

const struct call inspect_calls[] = {
	{
		.name = "dmesg", SUBJECT,
		.summary = "show the kernel log",
		.param = { { "last", P_SIZE, "0", false, "only the last lines; 0: all" } },
		.returns = "a row for each line",
		.example = "device eth0\ndev_info eth0 link is up\ndmesg",
		.view = "dmesg", .flags = CALL_LOOKS, .run = run_dmesg,
	},
	{
		.name = "slabinfo", SUBJECT,
		.summary = "show the caches that hold objects",
		.returns = "a row for each cache, as /proc/slabinfo counts",
		.example = "q = kmalloc 100\nslabinfo",
		.flags = CALL_LOOKS, .run = run_slabinfo,
	},
	{
		.name = "objects", SUBJECT,
		.summary = "show all memory that is in use",
		.returns = "a row for each object, by address",
		.detail = "What is left here after an unbind, and no device owns, has leaked: "
			  "leaks shows only that.",
		.example = "q = kmalloc 100\nobjects",
		.flags = CALL_LOOKS, .run = run_objects,
	},
	{
		.name = "trace", SUBJECT,
		.summary = "show the functions that a call goes through",
		.param = { { "calls", P_CALLS, NULL, false, "the call" } },
		.returns = "a row for each function entered or left",
		.example = "device eth0\ntrace devm_kmalloc eth0 64",
		.view = "trace", .flags = CALL_LOOKS, .run = run_trace,
	},
	{ 0 },
};
