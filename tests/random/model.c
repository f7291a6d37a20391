/* SPDX-License-Identifier: MIT */
/* The machine's side: operations as calls, and callbacks that the test runs. */
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/registry.h"
#include "kernel/event.h"
#include "lib/array.h"
#include "mm/kmalloc.h"

enum code_kind { CODE_FUNCTION, CODE_PROBE, CODE_REMOVE, CODE_MATCH, CODE_EACH };

struct test_code {
	struct code code;
	struct side *side;
	enum code_kind kind;
	int number;
	const struct body *body;
};

static int device_number(const struct side *side, uint32_t id)
{
	const struct device *dev = device_by_id(&side->machine->core, id);

	return dev ? dev->name[1] - '0' : -1;
}

static int run_code(struct code *code, const struct value *arg, int args, struct value *ret)
{
	static const char *const name[] = { "release", "probe", "remove", "match", "each" };
	struct test_code *c = (struct test_code *)code;
	bool action = c->kind == CODE_FUNCTION && arg[0].type == V_ADDR;
	uint32_t dev = arg[action ? 1 : 0].id;
	uint64_t data = args < 2 ? 0 : arg[action ? 0 : 1].u;
	int rc;

	record(c->side, R_CALLBACK, action ? "action" : name[c->kind],
	       device_word(device_number(c->side, dev)), c->number, data, 0);
	if (c->kind == CODE_MATCH) {
		*ret = (struct value){ .type = V_INT, .i = c->number };
		return 0;
	}
	rc = exec_body(c->side, c->body, dev);
	if (c->kind == CODE_PROBE)
		*ret = (struct value){ .type = V_INT, .i = rc };
	return 0;
}

static void drop_code(struct code *code)
{
	free(code);
}

static struct value make_code(struct side *side, enum code_kind kind, int number,
			      const struct body *body)
{
	struct test_code *c = malloc(sizeof(*c));

	if (!c)
		abort();
	*c = (struct test_code){ { .run = run_code, .drop = drop_code }, side, kind, number, body };
	return (struct value){ .type = V_CODE, .code = &c->code };
}

/* --- arguments --------------------------------------------------------------------- */

struct arguments {
	const struct call *call;
	struct value value[PARAMS_MAX];
};

static void set(struct arguments *a, const char *name, struct value v)
{
	int i = call_param(a->call, name);

	if (i >= 0)
		a->value[i] = v;
	else if (v.type == V_CODE)
		v.code->drop(v.code);
}

static struct value addr(uint64_t u)
{
	return (struct value){ .type = V_ADDR, .u = u };
}

static struct value text(const char *s)
{
	return (struct value){ .type = V_STR, .s = s };
}

static void set_search(struct side *side, struct arguments *a, const struct op *op)
{
	set(a, "res", addr(ref_value(side, op->res)));
	if (op->match != M_NONE)
		set(a, "match", make_code(side, CODE_MATCH, op->match == M_YES, NULL));
}

static void set_driver(struct side *side, struct arguments *a, const struct op *op, char *table)
{
	set(a, "name", text(driver_word(op->drv)));
	if (op->body)
		set(a, "probe", make_code(side, CODE_PROBE, op->drv, op->body));
	if (op->body2)
		set(a, "remove", make_code(side, CODE_REMOVE, op->drv, op->body2));
	for (int i = 0; i < DEVICES; i++)
		if (op->table >> i & 1) {
			if (*table)
				strcat(table, ",");
			strcat(table, device_word(i));
		}
	if (*table)
		set(a, "id_table", text(table));
}

/*
 * Sets arguments by the names of the parameters; those that a call does not have are
 * skipped.
 */
static void set_all(struct side *side, struct arguments *a, const struct op *op, uint32_t dev,
		    char *table)
{
	static const char *const functions[] = { "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7" };
	static const char *const pointers[] = { "p", "addr", "pdata", "new_res", "id", "data" };
	struct value p = addr(ref_value(side, op->p));

	set(a, "dev", (struct value){ .type = V_DEVICE, .id = dev });
	set(a, "size", (struct value){ .type = V_UINT, .u = op->size });
	set(a, "new_size", (struct value){ .type = V_UINT, .u = op->size });
	set(a, "order", (struct value){ .type = V_UINT, .u = op->size });
	set(a, "gfp", (struct value){ .type = V_UINT, .u = side->gfp[op->gfp] });
	set(a, "release", text(functions[op->fn]));
	set(a, "action", text(functions[op->fn]));
	set(a, "drv", (struct value){ .type = V_DRIVER, .id = side->drv[op->drv] });
	for (size_t i = 0; i < COUNT(pointers); i++)
		set(a, pointers[i], p);
	switch (op->kind) {
	case K_DEVICE:
		set(a, "name", text(device_word(op->dev)));
		break;
	case K_FAIL_FUNCTION:
		set(a, "function", text(failing_name[op->fn]));
		set(a, "retval", (struct value){ .type = V_INT, .i = -(int64_t)op->size });
		break;
	case K_DRIVER:
		set_driver(side, a, op, table);
		break;
	case K_DEFINE:
		set(a, "name", text(functions[op->fn]));
		set(a, "body", make_code(side, CODE_FUNCTION, op->fn, op->body));
		break;
	case K_ADD: case K_FREE:
		set(a, "res", p);
		break;
	case K_FOR_EACH:
		set(a, "fn", make_code(side, CODE_EACH, op->fn, op->body));
		set_search(side, a, op);
		break;
	case K_FIND: case K_GET: case K_REMOVE: case K_DESTROY: case K_RELEASE:
		set_search(side, a, op);
		break;
	default:
		break;
	}
}

/* --- calls --------------------------------------------------------------------------- */

/* Outcomes are numbered in the order in which calls begin. */
static size_t new_outcome(struct outcomes *o, const struct op *op)
{
	if (o->count == o->room) {
		o->room = o->room ? 2 * o->room : 64;
		o->at = realloc(o->at, o->room * sizeof(*o->at));
		if (!o->at)
			abort();
	}
	o->at[o->count] = (struct outcome){ .op = op };
	return o->count++;
}

static uint64_t number(const struct value *v)
{
	switch (v->type) {
	case V_INT: return (uint64_t)v->i;
	case V_UINT: case V_ADDR: return v->u;
	case V_BOOL: return v->b;
	default: return 0;
	}
}

/* Whether a device was released; the rules do not predict such calls. */
static bool is_stale(const struct side *side, const struct call *c, const struct op *op, uint32_t dev)
{
	const struct kernel *k = &side->machine->kernel;
	int release = k->profile->version;

	return !k->task_died && release >= c->since && (!c->until || release <= c->until) &&
	       wants_device(op->kind) && device_ghost(&side->machine->core, dev);
}

static void run_call(struct side *side, const struct op *op, uint32_t dev, struct answer *answer)
{
	struct arguments a = { .call = side->calls->call[op->kind] };
	uint32_t before = report_complaints(side->machine);
	size_t i = new_outcome(side->outcomes, op);
	struct result r = RESULT_INIT;
	char table[64] = "", why[256];

	set_all(side, &a, op, dev, table);
	if (call_defaults(side->machine, a.call, a.value, why, sizeof(why))) {
		fprintf(stderr, "random: %s: %s\n", a.call->name, why);
		exit(2);
	}
	if (!side->runs_stale && is_stale(side, a.call, op, dev)) {
		answer->err = -ENODEV;
		for (int arg = 0; arg < PARAMS_MAX; arg++)
			if (a.value[arg].type == V_CODE && a.value[arg].code)
				a.value[arg].code->drop(a.value[arg].code);
	} else {
		answer->err = call_run(side->machine, a.call, a.value, &r);
	}
	/* a dead task does not return a value */
	answer->value = side->machine->kernel.task_died ? 0 : number(&r.value);
	if (r.value.type == V_DEVICE || r.value.type == V_DRIVER)
		answer->handle = r.value.id;
	answer->noted = *r.note;
	side->outcomes->at[i].err = answer->err;
	side->outcomes->at[i].value = answer->value;
	side->outcomes->at[i].complained = report_complaints(side->machine) != before;
	result_finish(&r);
}

/* --- the stream of events --------------------------------------------------------------- */

static void see(struct watcher *w, const struct event *e)
{
	struct side *side = list_entry(w, struct side, watcher);

	record(side, R_LOG, e->what, e->name, device_number(side, (uint32_t)e->value), e->size, 0);
}

void model_begin(struct side *side)
{
	const struct call *kmalloc = side->calls->call[K_KMALLOC];
	const struct param *gfp = &kmalloc->param[call_param(kmalloc, "gfp")];
	const struct sequence *s = side->s;
	char cmdline[128], why[256];

	sequence_cmdline(s, cmdline, sizeof(cmdline));
	side->run = run_call;
	side->machine = machine_create(cmdline, why, sizeof(why));
	if (!side->machine) {
		fprintf(stderr, "random: %s: %s\n", cmdline, why);
		exit(2);
	}
	for (int i = 0; i < GFPS; i++) {
		struct value v;

		if (call_value(side->machine, kmalloc, gfp, gfp_name_of[i], &v, why, sizeof(why)))
			exit(2);
		side->gfp[i] = v.u;
	}
	if (s->watch) {
		side->watcher = (struct watcher){ .mask = EV_BIT(EV_DEVRES), .see = see };
		kernel_watch(&side->machine->kernel, &side->watcher);
	}
}

void model_end(struct side *side)
{
	if (side->s->watch)
		kernel_unwatch(&side->machine->kernel, &side->watcher);
	machine_destroy(side->machine);
	result_finish(&side->rows);
}

/*
 * --- the visible state after a call
 * ---------------------------------------------------------
 */

static const struct value *cell(const struct result *r, size_t row, const char *column)
{
	static const struct value none;
	int i = result_column(r, column);

	return i < 0 ? &none : result_cell(r, row, (unsigned)i);
}

static const char *word(const struct value *v)
{
	return v->type == V_STR ? v->s : NULL;
}

static size_t look(struct side *side, const struct call *c)
{
	struct value arg[PARAMS_MAX] = { { 0 } };
	char why[256];

	if (call_defaults(side->machine, c, arg, why, sizeof(why)) ||
	    call_run(side->machine, c, arg, &side->rows))
		exit(2);
	return side->rows.rows;
}

static int number_of(const struct value *device)
{
	return word(device) ? word(device)[1] - '0' : -1;
}

/* Any finding is a difference: the rules have no such record. */
static void unsound(void *ctx, const struct fsck_finding *f)
{
	struct record *r;

	record(ctx, R_UNSOUND, f->where, NULL, 0, 0, 0);
	r = &((struct side *)ctx)->record[((struct side *)ctx)->records - 1];
	snprintf(r->text, sizeof(r->text), "%.90s", f->text);
}

void model_state(struct side *side)
{
	const struct result *r = &side->rows;
	size_t n;

	record(side, R_COMPLAINTS, "", NULL, report_complaints(side->machine), 0, 0);
	/* damage persists: long sequences need not check each time */
	if (side->s->count <= 50 || side->states++ % 4 == 3)
		machine_fsck(side->machine, unsound, side);
	n = look(side, side->calls->devices);
	for (size_t i = 0; i < n; i++)
		if (strcmp(word(cell(r, i, "state")), "root"))
			record(side, R_DEVICE, word(cell(r, i, "state")), word(cell(r, i, "driver")),
			       number_of(cell(r, i, "device")), 0, 0);
	n = look(side, side->calls->drivers);
	for (size_t i = 0; i < n; i++)
		record(side, R_DRIVER, word(cell(r, i, "driver")), word(cell(r, i, "device")), 0, 0, 0);
	n = look(side, side->calls->devres);
	for (size_t i = 0; i < n; i++) {
		bool marker = cell(r, i, "group")->type == V_ADDR;

		record(side, R_NODE, word(cell(r, i, "release")),
		       !marker ? "" : cell(r, i, "closed")->b ? "closed" : "open",
		       number_of(cell(r, i, "device")), cell(r, i, "size")->u,
		       marker ? cell(r, i, "group")->u : 0);
	}
}
