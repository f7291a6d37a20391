/* SPDX-License-Identifier: MIT */
/*
 * Calls with a released device. The rules cannot predict the result, but these must hold:
 * an error, the log or devsh's own note reports it; what is alive does not change; and
 * the machine is sound.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "base/registry.h"
#include "machine/machine.h"

enum { CALLS_MAX = 6 };

static bool is_gone(const struct side *side, int dev)
{
	struct driver_core *core = &side->machine->core;

	return side->dev[dev] && !device_by_id(core, side->dev[dev]) &&
	       device_ghost(core, side->dev[dev]);
}

/* Unregisters every other device, unless it has other references. */
static void unregister_some(struct side *side)
{
	static const struct op op = { .kind = K_DEVICE_UNREGISTER, .var = -1 };

	for (int i = (int)(side->s->seed % 2); i < DEVICES; i += 2) {
		struct answer a = { 0 };

		if (side->dev[i] && !is_gone(side, i) && !side->machine->kernel.task_died)
			side->run(side, &op, side->dev[i], &a);
	}
}

/* The records of the state, without those that a call may add to. */
static size_t look(struct side *side, struct record **out)
{
	size_t n = 0;

	side->records = 0;
	side->states = 3; /* so that fsck runs, too */
	model_state(side);
	*out = malloc((side->records + 1) * sizeof(**out));
	if (!*out)
		abort();
	for (size_t i = 0; i < side->records; i++)
		if (side->record[i].type != R_COMPLAINTS)
			(*out)[n++] = side->record[i];
	return n;
}

static bool same_state(const struct record *before, size_t n, const struct record *after, size_t m,
		       char *what, size_t size)
{
	size_t i = 0;

	while (i < n && i < m && records_equal(&before[i], &after[i]))
		i++;
	if (i == n && i == m)
		return true;
	snprintf(what, size, "%.60s %.60s was not there before, or is not any more; fsck: %.120s",
		 i < m ? after[i].what : before[i].what, i < m ? after[i].name : before[i].name,
		 i < m ? after[i].text : "");
	return false;
}

/* Whether a callback of the sequence ran, which may change what is alive. */
static bool ran_code(const struct side *side)
{
	for (size_t i = 0; i < side->records; i++)
		if (side->record[i].type == R_CALLBACK)
			return true;
	return false;
}

static bool is_sound(const struct record *at, size_t n, char *what, size_t size)
{
	for (size_t i = 0; i < n; i++)
		if (at[i].type == R_UNSOUND) {
			snprintf(what, size, "fsck: %.60s: %.120s", at[i].what, at[i].text);
			return false;
		}
	return true;
}

static bool one_call(struct side *side, const struct op *op, struct difference *d)
{
	uint32_t complaints = report_complaints(side->machine);
	struct record *before, *after;
	size_t n = look(side, &before), m;
	struct answer a = { 0 };
	char what[300] = "";
	bool ran, ok;

	side->records = 0;
	side->run(side, op, side->dev[op->dev], &a);
	ran = ran_code(side);
	m = look(side, &after);
	ok = ran ? is_sound(after, m, what, sizeof(what))
		 : same_state(before, n, after, m, what, sizeof(what));
	if (ok && !a.err && !a.noted && report_complaints(side->machine) == complaints) {
		snprintf(what, sizeof(what), "nobody says so");
		ok = false;
	}
	free(before);
	free(after);
	if (!ok && d) {
		d->op = side->s->count - 1;
		snprintf(d->what, sizeof(d->what), "after it, %s with d%d, which is gone: %s",
			 kind_name[op->kind], op->dev, what);
	}
	return ok;
}

bool stale_calls(struct side *side, struct difference *d)
{
	const struct sequence *s = side->s;
	int calls = 0;
	bool ok = true;

	side->runs_stale = true;
	unregister_some(side);
	for (int i = 0; i < s->count && calls < CALLS_MAX && ok; i++) {
		const struct op *op = &s->op[(s->seed + (uint64_t)i) % (uint64_t)s->count];

		if (side->machine->kernel.task_died)
			break;
		if (op->dev < 0 || !wants_device(op->kind) || !is_gone(side, op->dev) ||
		    (wants_driver(op->kind) && !side->drv[op->drv]))
			continue;
		ok = one_call(side, op, d);
		calls++;
	}
	return ok;
}
