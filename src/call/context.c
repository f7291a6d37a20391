/* SPDX-License-Identifier: MIT */
/* Calls made with a lock held or interrupts disabled, where sleeping is a bug. */
#include "call/entry.h"

#include "kernel/sleep.h"

static int run_in(struct call_ctx *c, enum section s)
{
	struct kernel *k = ctx_kernel(c);
	uint32_t boot = c->machine->boot_number;
	struct code *code = take_code(c, 0);
	int rc;

	section_begin(k, s);
	rc = code->run(code, NULL, 0, &c->result->value);
	/* a machine that was rebooted meanwhile has left all sections */
	if (c->machine->boot_number == boot)
		section_end(k, s);
	code->drop(code);
	if (rc)
		result_errno(c->result, rc);
	return rc;
}

static int run_spin_lock(struct call_ctx *c)
{
	return run_in(c, SECTION_SPIN_LOCK);
}

static int run_spin_lock_irqsave(struct call_ctx *c)
{
	return run_in(c, SECTION_SPIN_LOCK_IRQSAVE);
}

static int run_local_irq_save(struct call_ctx *c)
{
	return run_in(c, SECTION_LOCAL_IRQ_SAVE);
}

#define SUBJECT .subject = "Context"
#define CALLS .param = { { "calls", P_CALLS, NULL, false, "a call, or { calls }" } }
#define RETURNS .returns = "0 or -errno, or what the call returns"

const struct call context_calls[] = {
	{
		.name = "in_atomic", SUBJECT, CALLS, RETURNS,
		.summary = "run calls with a spinlock held: sleeping is a bug",
		.detail = "What may sleep is reported at most once a second, and done anyway. "
			  "Checked are allocations with GFP_KERNEL (GFP_ATOMIC is "
			  "right), those that device_register and driver_register do, the mutex of "
			  "device_unregister, bind and unbind, and wait_for_device_probe.",
		.example = "device eth0\nin_atomic { devm_kzalloc eth0 64 GFP_ATOMIC }",
		.run = run_spin_lock,
	},
	{
		.name = "spin_lock_irqsave", SUBJECT, CALLS, RETURNS,
		.summary = "run calls with a spinlock held and interrupts off",
		.example = "device eth0\nwarns 'sleeping function' \\\n"
			   "  spin_lock_irqsave { devm_kzalloc eth0 64 GFP_KERNEL }",
		.run = run_spin_lock_irqsave,
	},
	{
		.name = "local_irq_save", SUBJECT, CALLS, RETURNS,
		.summary = "run calls with interrupts off and no lock held",
		.example = "device eth0\nlocal_irq_save { devm_kzalloc eth0 64 GFP_NOWAIT }",
		.run = run_local_irq_save,
	},
	{ 0 },
};
