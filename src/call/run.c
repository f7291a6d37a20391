/* SPDX-License-Identifier: MIT */
/* Making a call: checks before it runs, and what follows it. */
#include "call/entry.h"

#include "base/device.h"
#include "base/registry.h"
#include "base/work.h"
#include "explain/reports.h"
#include "kernel/compiler.h"
#include "kernel/report.h"
#include "lib/host_memory.h"
#include "machine/leaks.h"

/* Checks that the release has the call and all given arguments; else -ENOSYS. */
static int too_young_or_old(struct machine *m, const struct call *c, const struct value *arg,
			    struct result *r)
{
	const struct profile *k = m->kernel.profile;
	char why[160];

	if (!call_exists(m, c, why, sizeof(why)))
		return result_error(r, -ENOSYS, "%s", why);
	for (int i = 0; c->param[i].type; i++)
		if (c->param[i].since > k->version && arg[i].type != V_NONE)
			return result_error(r, -ENOSYS, "%s: exists since %d.%d; this machine runs %s",
					    c->param[i].name, c->param[i].since / 1000,
					    c->param[i].since % 1000, k->release);
	return 0;
}

/* Caps sizes at SIZE_MAX of a 32-bit host, which no allocation can satisfy anyway. */
static void cap_sizes(struct call_ctx *c)
{
	for (int i = 0; c->call->param[i].type; i++)
		if (c->arg[i].type == V_UINT && c->call->param[i].type == P_SIZE &&
		    c->arg[i].u > SIZE_MAX)
			c->arg[i].u = SIZE_MAX;
}

/*
 * 0 if the call can go on: devsh's own tools look devices up, but functions of Linux do
 * not.
 */
static int stale_device(struct call_ctx *c, int i)
{
	struct device *dev = device_ghost(&c->machine->core, c->arg[i].id);
	const char *name = c->call->param[i].name;

	if (!dev)
		return result_error(c->result, -ENODEV, "%s: this device is gone", name);
	if (c->call->flags & CALL_LIVE)
		return result_error(c->result, -ENODEV, "%s: '%.60s' is gone: its last reference was "
				    "put", name, dev->name);
	if (ghost_touch(dev, c->call->name)) {
		c->stale = c->arg[i].id;
		return 0;
	}
	note_gone(c, dev);
	return -EFAULT;
}

/* Ensures that run functions get live drivers, and devices that are alive or ghosts. */
static int check_handles(struct call_ctx *c)
{
	int rc;

	for (int i = 0; c->call->param[i].type; i++) {
		const struct param *p = &c->call->param[i];

		if (c->arg[i].type == V_DEVICE && !c->arg[i].id) {
			kernel_oops(ctx_kernel(c), c->call->name, 0);
			return -EFAULT;
		}
		if (c->arg[i].type == V_DEVICE && unlikely(!device_by_id(&c->machine->core,
									 c->arg[i].id))) {
			rc = stale_device(c, i);
			if (rc)
				return rc;
		}
		if (c->arg[i].type == V_CODE && !c->arg[i].code)
			return result_error(c->result, -ENOMEM, "the host has no memory");
		if (c->arg[i].type == V_DRIVER && !arg_driver(c, i) &&
		    !(c->call->flags & CALL_STALE))
			return result_error(c->result, -ENODEV, "%s: this driver is gone", p->name);
	}
	return 0;
}

static void drop_code_args(const struct call *c, struct value *arg)
{
	for (int i = 0; c->param[i].type; i++)
		if (arg[i].type == V_CODE && arg[i].code)
			arg[i].code->drop(arg[i].code);
}

/* Whether the call changes nothing, and so is not a step. */
static bool looks(const struct call *c, const struct value *arg)
{
	return c->flags & CALL_LOOKS || (c->flags & CALL_LOOKS_BARE && arg[0].type == V_NONE);
}

/* After a panic only inspection works, as of a crash dump. */
static void panicked(const struct kernel *k, struct result *r)
{
	result_error(r, -EFAULT, "Kernel panic - not syncing: %s: nothing runs until 'boot' or 'undo'",
		     k->panic.text);
}

/* Discards the result, because part of it may be missing. */
static int out_of_memory(struct result *r)
{
	result_reset(r);
	return result_error(r, -ENOMEM, "the host is out of memory: nothing runs until 'boot' or 'undo'");
}

/* Runs the call, and sets its result unless the task died. */
static void answer(struct call_ctx *c)
{
	const struct call *call = c->call;
	struct kernel *k = ctx_kernel(c);
	const struct called here = { call->name, k->depth, k->called };
	bool dead = k->task_died;

	if (k->panic.panicked && !(call->flags & CALL_BOOT) && !looks(call, c->arg)) {
		panicked(k, c->result);
	} else if (dead) {
		result_error(c->result, -EFAULT, "the task is dead after a BUG; it makes no more calls");
	} else if (!too_young_or_old(c->machine, call, c->arg, c->result)) {
		cap_sizes(c);
		k->called = &here;
		if (!check_handles(c))
			call->run(c);
		k->called = here.outer;
	}
	if (dead || !k->task_died)
		return;
	c->result->value = (struct value){ 0 };
	if (k->panic.panicked)
		panicked(k, c->result);
	else
		result_error(c->result, -EFAULT, "the kernel killed the task; see dmesg");
}

int call_run(struct machine *m, const struct call *c, struct value *arg, struct result *r)
{
	struct call_ctx ctx = {
		.machine = m, .call = c, .arg = arg, .result = r,
		.complaints = report_complaints(m),
	};
	struct kernel *k = &m->kernel;
	unsigned long failures = host_memory_failures;
	uint64_t now = k->now, seq = k->log.next_seq, kept_back = k->kept_back;
	struct explain_mark mark = explain_begin(m);
	bool outermost = !k->nesting, step = outermost && !looks(c, arg);

	result_reset(r);
	if (m->incomplete && !(c->flags & CALL_BOOT)) {
		drop_code_args(c, arg);
		return out_of_memory(r);
	}
	if (step)
		k->step++;
	answer(&ctx);
	ctx.kept_back = k->kept_back != kept_back;
	drop_code_args(c, arg);
	if (outermost)
		k->task_died = false;
	if (step) {
		run_work(&m->core);
		machine_kmemleak_poll(m);
	}
	note_what_happened(&ctx);
	explain_end(m, &mark);
	if (host_memory_failures != failures) {
		m->incomplete = true;
		return out_of_memory(r);
	}
	/*
	 * a call that failed before anything happened is not a step: there is nothing to
	 * undo
	 */
	if (step && r->err && k->now == now && k->log.next_seq == seq && m->boot_number == mark.boot)
		k->step--;
	return r->err;
}
