/* SPDX-License-Identifier: MIT */
/*
 * Runs a sequence on both sides. Each side records what happens, one record for each
 * externally visible step; the first records that differ are the difference. The machine
 * goes first, and the naive side then uses the addresses of its allocator.
 */
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- records --------------------------------------------------------------------- */

void record(struct side *side, enum record_type type, const char *what, const char *name,
	    int64_t a, uint64_t b, uint64_t c)
{
	struct record *r;

	if (side->records == side->room) {
		side->room = side->room ? 2 * side->room : 256;
		side->record = realloc(side->record, side->room * sizeof(*side->record));
		if (!side->record)
			abort();
	}
	r = &side->record[side->records++];
	*r = (struct record){ .type = type, .a = a, .b = b, .c = c };
	snprintf(r->what, sizeof(r->what), "%s", what);
	snprintf(r->name, sizeof(r->name), "%s", name ? name : "-");
}

static void record_text(const struct record *r, char *out, size_t size)
{
	long long a = r->a;
	unsigned long long b = r->b, c = r->c;

	switch (r->type) {
	case R_CALL: snprintf(out, size, "calls %s", r->what); break;
	case R_RESULT: snprintf(out, size, "%s answers %lld, value %#llx", r->what, a, b); break;
	case R_CALLBACK:
		snprintf(out, size, "%s %lld runs for %s, data %#llx", r->what, a, r->name, b);
		break;
	case R_LOG: snprintf(out, size, "%s %s of d%lld, %llu bytes", r->what, r->name, a, b); break;
	case R_COMPLAINTS: snprintf(out, size, "%lld complaints", a); break;
	case R_DEVICE: snprintf(out, size, "device d%lld is %s, driver %s", a, r->what, r->name); break;
	case R_DRIVER: snprintf(out, size, "driver %s has %s", r->what, r->name); break;
	case R_NODE:
		snprintf(out, size, "list of d%lld: %s, %llu bytes%s%s, group %#llx", a, r->what, b,
			 *r->name ? ", " : "", r->name, c);
		break;
	case R_UNSOUND: snprintf(out, size, "fsck: %s: %s", r->what, r->text); break;
	default: snprintf(out, size, "nothing more"); break;
	}
}

bool records_equal(const struct record *x, const struct record *y)
{
	return x->type == y->type && x->a == y->a && x->b == y->b && x->c == y->c &&
	       !strcmp(x->what, y->what) && !strcmp(x->name, y->name);
}

static bool compare(const struct side *model, const struct side *naive, int op,
		    struct difference *d)
{
	static const struct record end = { .type = R_END };
	size_t i = 0;
	char x[240], y[240];

	for (;; i++) {
		const struct record *m = i < model->records ? &model->record[i] : &end;
		const struct record *n = i < naive->records ? &naive->record[i] : &end;

		if (m->type == R_END && n->type == R_END && !naive->naive->wrong)
			return true;
		if (records_equal(m, n) && m->type != R_END)
			continue;
		if (!d)
			return false;
		record_text(m, x, sizeof(x));
		record_text(n, y, sizeof(y));
		if (records_equal(m, n))
			snprintf(x, sizeof(x), "%s", naive->naive->wrong);
		d->op = op;
		snprintf(d->what, sizeof(d->what), "devsh: %s\nrules: %s", x, y);
		return false;
	}
}

/*
 * --- common to both sides
 * ----------------------------------------------------------------
 */

uint64_t ref_value(const struct side *side, struct ref r)
{
	return r.var < 0 ? r.plus : side->var[r.var] ? side->var[r.var] + r.plus : 0;
}

bool wants_device(enum op_kind kind)
{
	return kind != K_DEVICE && kind != K_DRIVER && kind != K_DRIVER_UNREGISTER &&
	       kind != K_DEFINE && kind != K_ALLOC && kind != K_FREE && kind != K_FAIL_FUNCTION;
}

bool wants_driver(enum op_kind kind)
{
	return kind == K_DRIVER_UNREGISTER || kind == K_BIND;
}

/* 0, or -errno of a failed call, which ends a callback. */
static int exec(struct side *side, const struct op *op, uint32_t self)
{
	struct answer a = { 0 };
	uint32_t dev = op->dev < 0 ? self : side->dev[op->dev];

	record(side, R_CALL, kind_name[op->kind], NULL, 0, 0, 0);
	if ((wants_device(op->kind) && !dev) || (wants_driver(op->kind) && !side->drv[op->drv])) {
		a.err = -ENODEV; /* not created yet */
	} else {
		side->depth++;
		side->run(side, op, dev, &a);
		side->depth--;
	}
	if (a.err)
		a.value = 0;
	record(side, R_RESULT, kind_name[op->kind], NULL, a.err, a.value, 0);
	if (!a.err && op->var >= 0)
		side->var[op->var] = a.value;
	if (!a.err && op->kind == K_DEVICE)
		side->dev[op->dev] = a.handle;
	if (!a.err && op->kind == K_DRIVER)
		side->drv[op->drv] = a.handle;
	if (a.err)
		return a.err;
	return side->calls->call[op->kind]->flags & CALL_POINTER && !a.value ? -ENOMEM : 0;
}

int exec_body(struct side *side, const struct body *b, uint32_t self)
{
	int rc = 0;

	for (int i = 0; i < b->count && !rc; i++)
		rc = exec(side, &b->op[i], self);
	return rc ? rc : b->ret;
}

/* --- the sequence ------------------------------------------------------------------------- */

/*
 * Leaves out operations whose outcome neither side can predict because Linux would follow
 * an invalid pointer.
 */
static bool makes_sense(const struct side *naive, const struct op *op)
{
	const struct naive_device *d = naive_device_at(naive->naive,
						       op->dev < 0 ? 0 : naive->dev[op->dev]);
	uint64_t p = ref_value(naive, op->p);

	switch (op->kind) {
	case K_PUT_DEVICE: return !d || d->user_refs; /* otherwise it would drop the creator's
						       * reference */
	case K_KREALLOC: return !p || p == 16 || naive_knows(naive->naive, p);
	case K_ADD: case K_FREE: case K_GET: return !p || naive_knows(naive->naive, p);
	default: return true;
	}
}

static void find_calls(struct calls *calls)
{
	for (int i = 0; i < KINDS; i++) {
		calls->call[i] = call_find(kind_name[i]);
		if (!calls->call[i]) {
			fprintf(stderr, "random: no call '%s'\n", kind_name[i]);
			exit(2);
		}
	}
	calls->devices = call_find("devices");
	calls->drivers = call_find("drivers");
	calls->devres = call_find("devres");
}

bool sequence_run(const struct sequence *s, struct difference *d)
{
	static struct calls calls;
	struct outcomes outcomes = { 0 };
	struct side model = { .s = s, .calls = &calls, .outcomes = &outcomes };
	struct side naive = { .s = s, .calls = &calls, .outcomes = &outcomes };
	bool agree = true;

	if (!calls.devres)
		find_calls(&calls);
	if (d)
		d->op = -1;
	model.var = calloc((size_t)s->vars + 1, sizeof(*model.var));
	naive.var = calloc((size_t)s->vars + 1, sizeof(*naive.var));
	if (!model.var || !naive.var)
		abort();
	model_begin(&model);
	naive_begin(&naive);
	for (int i = 0; i < s->count && agree; i++) {
		if (!makes_sense(&naive, &s->op[i]))
			continue;
		model.records = naive.records = 0;
		outcomes.count = outcomes.read = 0;
		exec(&model, &s->op[i], 0);
		model_state(&model);
		exec(&naive, &s->op[i], 0);
		naive_state_records(&naive);
		agree = compare(&model, &naive, i, d);
	}
	agree = agree && stale_calls(&model, d);
	model_end(&model);
	naive_power_off(naive.naive);
	free(model.record);
	free(naive.record);
	free(model.var);
	free(naive.var);
	free(outcomes.at);
	return agree;
}
