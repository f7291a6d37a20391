/* SPDX-License-Identifier: MIT */
/* The table of calls: all subjects in the order in which help shows them. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "lib/distance.h"
#include "machine/leaks.h"

static const struct call *const subjects[] = {
	device_calls, dev_name_calls, message_calls, driver_calls, bus_calls, link_calls, module_calls, fail_calls,
	faults_calls, context_calls, devm_calls, copy_calls, action_calls, devres_calls,
	memory_calls, krealloc_calls, plain_copy_calls, pages_calls,
	kvmalloc_calls, kmemleak_calls, kmem_cache_calls, list_calls, dump_calls, inspect_calls, leaks_calls, fsck_calls,
	who_calls, why_calls, file_calls, machine_calls,
};

static const struct call *(*more_calls)(size_t i);

void call_add(const struct call *(*at)(size_t i))
{
	more_calls = at;
}

const struct call *call_at(size_t i)
{
	for (size_t s = 0; s < sizeof(subjects) / sizeof(subjects[0]); s++)
		for (const struct call *c = subjects[s]; c->name; c++)
			if (!i--)
				return c;
	return more_calls ? more_calls(i) : NULL;
}

const struct call *call_find(const char *name)
{
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

const char *call_suggest(const char *name)
{
	struct nearest n = { .word = name };
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		nearest_offer(&n, c->name);
	return n.best;
}

int call_params(const struct call *c)
{
	int n = 0;

	while (c->param[n].type != P_NONE)
		n++;
	return n;
}

int call_param(const struct call *c, const char *name)
{
	for (int i = 0; c->param[i].type != P_NONE; i++)
		if (!strcmp(c->param[i].name, name))
			return i;
	return -1;
}

void call_usage(const struct call *c, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "%s", c->name);

	for (const struct param *p = c->param; p->type != P_NONE && len < size; p++) {
		const char *open = p->def ? "[" : "", *close = p->def ? "]" : "";
		const char *braces = p->type == P_CODE ? "{...}" : "";
		char upper[32];
		size_t n = 0;

		for (; p->name[n] && n < sizeof(upper) - 1; n++)
			upper[n] = (char)(p->name[n] >= 'a' && p->name[n] <= 'z'
					  ? p->name[n] - 32 : p->name[n]);
		upper[n] = '\0';
		len += p->named
			? (size_t)snprintf(out + len, size - len, " %s%s=%s%s", open, p->name,
					   *braces ? braces : upper, close)
			: (size_t)snprintf(out + len, size - len, " %s%s%s", open,
					   *braces ? braces : upper, close);
	}
}

/* "since 6.15, and in the stable releases of 6.12" */
static size_t since_text(const struct call *c, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "since %d.%d", c->since / 1000, c->since % 1000);

	if (c->backport && n < size)
		n += (size_t)snprintf(out + n, size - n, ", and in the stable releases of %d.%d",
				      c->backport / 1000, c->backport % 1000);
	return n < size ? n : size - 1;
}

void call_versions(const struct call *c, char *out, size_t size)
{
	size_t n = 0;

	*out = '\0';
	if (c->since)
		n = since_text(c, out, size);
	if (c->until)
		snprintf(out + n, size - n, "%suntil %d.%d", n ? "; " : "", c->until / 1000,
			 c->until % 1000);
}

bool call_exists(const struct machine *m, const struct call *c, char *why, size_t size)
{
	const struct profile *p = m->kernel.profile;
	char since[80];

	since_text(c, since, sizeof(since));
	if (p->version < (c->backport ? c->backport : c->since))
		snprintf(why, size, "exists %s; this machine runs %s", since, p->release);
	else if (c->until && p->version > c->until)
		snprintf(why, size, "is gone after %d.%d; this machine runs %s", c->until / 1000,
			 c->until % 1000, p->release);
	else
		return true;
	return false;
}

/* The release has the call, and all the arguments that are given; else -ENOSYS. */
static int too_young_or_old(struct machine *m, const struct call *c, const struct value *arg,
			    struct result *r)
{
	const struct profile *k = m->kernel.profile;
	char why[160];

	if (!call_exists(m, c, why, sizeof(why)))
		return result_error(r, -ENOSYS, "%s", why);
	for (int i = 0; c->param[i].type != P_NONE; i++)
		if (c->param[i].since > k->version && arg[i].type != V_NONE)
			return result_error(r, -ENOSYS, "%s: exists since %d.%d; this machine runs %s",
					    c->param[i].name, c->param[i].since / 1000,
					    c->param[i].since % 1000, k->release);
	return 0;
}

/* More than a host of 32 bits can name is as much as it can: no memory has it. */
static void cap_sizes(struct call_ctx *c)
{
	for (int i = 0; c->call->param[i].type != P_NONE; i++)
		if (c->arg[i].type == V_UINT && c->call->param[i].type == P_SIZE &&
		    c->arg[i].u > SIZE_MAX)
			c->arg[i].u = SIZE_MAX;
}

/* 0 where the call goes on. A tool of devsh's looks devices up, a function of Linux' does not. */
static int stale_device(struct call_ctx *c, int i)
{
	struct device *dev = device_ghost(&c->machine->core, c->arg[i].id);
	const char *name = c->call->param[i].name;

	if (!dev)
		return result_error(c->result, -ENODEV, "%s: this device is gone", name);
	if (c->call->flags & CALL_LIVE)
		return result_error(c->result, -ENODEV, "%s: '%.60s' is gone: its last reference was "
				    "put", name, dev->name);
	if (ghost_touch(dev, c->call->name))
		return 0;
	explain_gone(c, dev);
	return -EFAULT;
}

/* Run functions get drivers that are alive, and devices that are or were. */
static int check_handles(struct call_ctx *c)
{
	int rc;

	for (int i = 0; c->call->param[i].type != P_NONE; i++) {
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
	for (int i = 0; c->param[i].type != P_NONE; i++)
		if (arg[i].type == V_CODE && arg[i].code)
			arg[i].code->drop(arg[i].code);
}

/* Changes nothing, and is no step. */
static bool looks(const struct call *c, const struct value *arg)
{
	return c->flags & CALL_LOOKS || (c->flags & CALL_LOOKS_BARE && arg[0].type == V_NONE);
}

/* Only what looks at the machine goes on, as one looks at a dump of it. */
static void panicked(const struct kernel *k, struct result *r)
{
	result_error(r, -EFAULT, "Kernel panic - not syncing: %s: nothing runs until 'boot' or 'undo'",
		     k->panic.text);
}

int call_run(struct machine *m, const struct call *c, struct value *arg, struct result *r)
{
	struct call_ctx ctx = {
		.machine = m, .call = c, .arg = arg, .result = r,
		.complaints = report_complaints(m),
	};
	struct kernel *k = &m->kernel;
	uint64_t now = k->now, seq = k->log.next_seq, kept_back = k->kept_back;
	uint32_t boot = m->boot_number;
	uint32_t slept = k->reports[REPORT_SLEEP], slept_told = k->slept.told;
	bool outermost = !k->nesting, step = outermost && !looks(c, arg), dead = k->task_died;
	const struct called here = { c->name, k->depth, k->called };

	result_reset(r);
	/* what a call around this one did is its own to explain */
	k->slept.told = slept;
	if (step)
		k->step++;
	if (k->panic.panicked && !(c->flags & CALL_BOOT) && !looks(c, arg)) {
		panicked(k, r);
	} else if (dead) {
		result_error(r, -EFAULT, "the task is dead after a BUG; it makes no more calls");
	} else if (!too_young_or_old(m, c, arg, r)) {
		cap_sizes(&ctx);
		k->called = &here;
		if (!check_handles(&ctx))
			c->run(&ctx);
		k->called = here.outer;
	}
	if (k->task_died && !dead) {
		/* whatever the call would have answered: nobody is left who got it */
		r->value = (struct value){ 0 };
		if (k->panic.panicked)
			panicked(k, r);
		else
			result_error(r, -EFAULT, "the kernel killed the task; see dmesg");
	}
	/* flags that the call chooses are none that could be others */
	if (k->slept.what == SLEEP_FOR_MEMORY && call_param(c, "gfp") < 0)
		k->slept.what = SLEEP_FOR_OWN_MEMORY;
	if (!*r->note || k->reports[REPORT_SLEEP] != slept)
		explain_report(m, r->note, sizeof(r->note));
	reports_told(m);
	if (m->boot_number == boot && k->reports[REPORT_SLEEP] == slept)
		k->slept.told = slept_told;
	explain_silence(&ctx);
	if (!r->err && call_failed(c, r) && !*r->note)
		explain_null(&ctx);
	/* what is said about a report goes with it */
	if (k->kept_back != kept_back)
		*r->note = '\0';
	drop_code_args(c, arg);
	if (outermost)
		k->task_died = false;
	if (step) {
		run_work(&m->core);
		machine_kmemleak_poll(m);
	}
	if (unlikely(m->core.endless))
		explain_endless(&ctx);
	if (unlikely(m->core.undone.by != NULL))
		explain_left(&ctx);
	/* what failed before anything happened is no step: to undo it is to do nothing */
	if (step && r->err && k->now == now && k->log.next_seq == seq && m->boot_number == boot)
		k->step--;
	return r->err;
}

bool call_failed(const struct call *c, const struct result *r)
{
	return r->err || (c->flags & CALL_POINTER && r->value.type == V_ADDR && !r->value.u);
}
