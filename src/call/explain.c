/* SPDX-License-Identifier: MIT */
/*
 * What the kernel cannot say: whose memory a wrong pointer was, and why an
 * allocation gave NULL. One plain line beside the result.
 */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3)))
static void note(struct call_ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->result->note, sizeof(c->result->note), fmt, ap);
	va_end(ap);
}

#define OVERWRITTEN "bytes around it were overwritten, so it stays; KASAN shows by whom"

static void note_freed(struct call_ctx *c, const struct machine_place *p)
{
	if (p->track && p->track->free_by)
		note(c, "freed already, by %.60s%s%s at step %u: free it once", p->track->free_by,
		     *p->track->free_phase ? " in " : "", p->track->free_phase,
		     p->track->free_step);
	else
		note(c, "nothing is allocated there");
}

/* True: the address is none that either kind of free could take. */
static bool note_nowhere(struct call_ctx *c, uint64_t addr, struct machine_place *p)
{
	if (addr <= 16)
		note(c, "%s is no resource; releases since 5.10 are silent about it",
		     addr == 16 ? "ZERO_SIZE_PTR" : "NULL");
	else if (!machine_place(c->machine, addr, p))
		note(c, "the machine has no memory there");
	else if (!p->has_object)
		note(c, "no object lies there");
	else if (addr < p->start || addr >= p->start + p->size)
		note(c, "the red zone of an object that begins at %0*llx",
		     addr_digits(ctx_kernel(c)->arch), (unsigned long long)p->start);
	else if (!p->allocated)
		note_freed(c, p);
	else
		return false;
	return true;
}

void explain_devm_kfree(struct call_ctx *c, struct device *dev, uint64_t addr)
{
	struct machine_place p;

	if (note_nowhere(c, addr, &p))
		return;
	if (!p.node)
		note(c, strcmp(p.kind, "object") ? "%s, and no memory of devm_kmalloc()"
		     : "plain kmalloc memory: kfree() frees it", p.kind);
	else if (p.info.kind >= NODE_GROUP_OPEN)
		note(c, "a group of resources: devres_remove_group() forgets it");
	else if (addr != p.start + p.header)
		note(c, "inside of a node whose data begins at %0*llx",
		     addr_digits(ctx_kernel(c)->arch), (unsigned long long)(p.start + p.header));
	else if (p.owner == dev)
		note(c, "a resource of %.60s with another release function", dev->name);
	else if (!p.owner && p.info.release == c->machine->core.release_kmalloc)
		note(c, OVERWRITTEN);
	else if (p.owner)
		note(c, "belongs to %.60s, not to %.60s", p.owner->name, dev->name);
	else
		note(c, "a resource that is on no device's list");
}

void explain_kfree(struct call_ctx *c, uint64_t addr)
{
	struct machine_place p;

	if (note_nowhere(c, addr, &p))
		return;
	if (p.node)
		note(c, "%llu bytes into a devres node%s%.60s: devm_kfree() frees it",
		     (unsigned long long)(addr - p.start), p.owner ? " of " : "",
		     p.owner ? p.owner->name : "");
	else if (addr == p.start)
		note(c, OVERWRITTEN);
	else
		note(c, "inside of an object that begins at %0*llx",
		     addr_digits(ctx_kernel(c)->arch), (unsigned long long)p.start);
}

static uint64_t argument(const struct call_ctx *c, const char *name, uint64_t other)
{
	int i = call_param(c->call, name);

	return i >= 0 && c->arg[i].type == V_UINT ? c->arg[i].u : other;
}

void explain_null(struct call_ctx *c)
{
	uint64_t size = argument(c, "size", 0), bytes;
	bool managed = call_param(c->call, "dev") >= 0;

	if (call_param(c->call, "size") < 0)
		return;
	if (__builtin_mul_overflow(size, argument(c, "n", 1), &bytes))
		note(c, "n * size overflows");
	else if (bytes > KMALLOC_MAX_SIZE - (managed ? c->machine->core.header : 0))
		note(c, "more than the largest allocation, 4 MiB%s",
		     managed ? " with its header" : "");
	else if (fault_was_injected(&c->machine->mm))
		note(c, "made to fail: a failure was injected");
	else
		note(c, "no memory is left for it");
}
