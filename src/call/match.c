/* SPDX-License-Identifier: MIT */
/* Match functions as arguments, and the note if nothing matched. */
#include "call/match.h"

#include <stdio.h>
#include <string.h>

#include "base/device.h"
#include "base/devres.h"
#include "base/devres_walk.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "kernel/upcall.h"
#include "mm/address.h"

int run_on(struct code *code, const char *name, struct device *dev, void *res,
	   uint64_t match_data, struct value *ret)
{
	struct value arg[3] = {
		v_device(dev->id), v_addr(mm_addr(dev->core->mm, res)), v_addr(match_data),
	};
	struct kernel *k = dev->core->kernel;
	struct context saved;
	int rc;

	if (!upcall_begin(k, context_of(k, name, &k->context.code), &saved))
		return -EFAULT;
	rc = code->run(code, arg, 3, ret);
	upcall_end(k, saved);
	return rc;
}

bool match_wanted(struct device *dev, void *res, void *match_data)
{
	const struct wanted *w = match_data;
	struct kernel *k = dev->core->kernel;
	struct value ret = { 0 };
	bool hit;

	if (w->res && res != w->res)
		return false;
	if (w->kernel) {
		fn_enter(k, w->kernel->name);
		hit = w->kernel->match(dev, res, w->data);
		fn_exit(k);
		return hit;
	}
	if (!w->code)
		return true;
	w->code->answer = ANSWER_MATCH;
	if (run_on(w->code, "match", dev, res, w->data, &ret))
		return false;
	return (ret.type == V_INT && ret.i) || (ret.type == V_BOOL && ret.b);
}

/* An address is that of a function, or else the resource that is wanted. */
static int by_address(struct call_ctx *c, uint64_t addr, struct wanted *w)
{
	struct symbol *s = text_lookup(ctx_kernel(c), addr);

	if (!addr)
		return 0;
	if (!s) {
		w->res = mm_wild_ptr(&c->machine->mm, addr);
		return 0;
	}
	w->kernel = kernel_match(ctx_kernel(c), s->name);
	w->code = w->kernel ? NULL : symbol_code(s);
	if (!w->kernel && !w->code)
		return result_error(c->result, -EINVAL, "match: %.60s has no body: 'define %.60s "
				    "{ return 1 }' gives it one", s->name, s->name);
	return 0;
}

static int by_name(struct call_ctx *c, const char *name, struct wanted *w)
{
	struct kernel *k = ctx_kernel(c);
	uint64_t addr = text_known(k, name);

	w->kernel = kernel_match(k, name);
	if (w->kernel)
		return 0;
	if (addr)
		return by_address(c, addr, w);
	return result_error(c->result, -EINVAL, "match '%.60s': no such function; 'define %.60s { "
			    "return 1 }' makes it", name, name);
}

int arg_wanted(struct call_ctx *c, struct wanted *w)
{
	int i = call_param(c->call, "match"), release = call_param(c->call, "release");
	const struct value *match = &c->arg[i];
	int rc = 0;

	*w = (struct wanted){ .data = c->arg[i + 1].u };
	if (match->type == V_CODE)
		w->code = match->code;
	else if (match->type == V_STR)
		rc = by_name(c, match->s, w);
	else if (match->type == V_ADDR)
		rc = by_address(c, match->u, w);
	if (!rc && c->arg[i + 2].u)
		w->res = arg_ptr(c, i + 2);
	if (!rc && release >= 0 && !(w->release = arg_function(c, release)))
		rc = result_error(c->result, -ENOMEM, "the host has no memory");
	return rc;
}

void explain_not_found(struct call_ctx *c, struct device *dev, const struct wanted *w)
{
	const struct symbol *asked = text_lookup(ctx_kernel(c), w->release), *is;
	struct devres_info info;
	uint64_t at = 0;

	if (!asked || !dev || ctx_kernel(c)->task_died)
		return;
	while (devres_walk(dev, &at, &info)) {
		if (info.release == w->release || strcmp(info.release_name, asked->name))
			continue;
		is = text_lookup(ctx_kernel(c), info.release);
		if (is)
			note(c, "%.60s is the name that a node of %.40s has; its release function, by "
			     "which devres_find() and the others search, is %.60s", asked->name,
			     dev->name, is->name);
		return;
	}
}
