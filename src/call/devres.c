/* SPDX-License-Identifier: MIT */
/* Managed resources: devm_kmalloc and its family, actions, the raw interface. */
#include "call/entry.h"

#include <stdlib.h>
#include <string.h>

static int run_devm_kmalloc(struct call_ctx *c);
static int run_devm_kzalloc(struct call_ctx *c);
static int run_devm_kmalloc_array(struct call_ctx *c);
static int run_devm_kcalloc(struct call_ctx *c);
static int run_devm_kstrdup(struct call_ctx *c);
static int run_devm_kmemdup(struct call_ctx *c);
static int run_devm_kfree(struct call_ctx *c);
static int run_devm_add_action(struct call_ctx *c);
static int run_devm_add_action_or_reset(struct call_ctx *c);
static int run_devm_remove_action(struct call_ctx *c);
static int run_devm_release_action(struct call_ctx *c);
static int run_devres_alloc(struct call_ctx *c);
static int run_devres_add(struct call_ctx *c);
static int run_devres_find(struct call_ctx *c);
static int run_devres_remove(struct call_ctx *c);
static int run_devres_free(struct call_ctx *c);
static int run_devres_destroy(struct call_ctx *c);
static int run_devres_release(struct call_ctx *c);
static int run_devres_release_all(struct call_ctx *c);

#define DEV_PARAM { "dev", P_DEVICE, NULL, false, "device that owns it" }
#define GFP_PARAM { "gfp", P_GFP, "GFP_KERNEL", false, "allocation flags" }
#define ACTION_PARAMS                                                          \
	{ "action", P_FN, NULL, false, "function's name, or { calls }" },      \
	{ "data", P_ADDR, "0", false, "its argument" }
#define RES_PARAM { "res", P_ADDR, NULL, false, "what devres_alloc returned" }
#define RELEASE_PARAM { "release", P_FN, NULL, false, "release function" }
#define MATCH_PARAM { "res", P_ADDR, "NULL", false, "only this one; NULL takes the newest" }
#define SUBJECT .subject = "Managed resources"

const struct call devres_calls[] = {
	{
		.name = "devm_kmalloc", SUBJECT,
		.summary = "allocate memory that is freed when the driver is unbound",
		.param = { DEV_PARAM, { "size", P_SIZE, NULL, false, "bytes" }, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out, ZERO_SIZE_PTR for size 0",
		.detail = "Not zeroed. The memory lies behind a header in one object, so the "
			  "pointer is aligned like unsigned long long, no better, and a power of "
			  "two takes the next bucket.",
		.example = "device eth0\np = devm_kmalloc eth0 100 GFP_KERNEL\ndevm_kfree eth0 $p",
		.flags = CALL_POINTER, .run = run_devm_kmalloc,
	},
	{
		.name = "devm_kzalloc", SUBJECT,
		.summary = "devm_kmalloc, zeroed",
		.param = { DEV_PARAM, { "size", P_SIZE, NULL, false, "bytes" }, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\np = devm_kzalloc eth0 64\nx $p",
		.flags = CALL_POINTER, .run = run_devm_kzalloc,
	},
	{
		.name = "devm_kmalloc_array", SUBJECT,
		.summary = "devm_kmalloc of n * size bytes, checked for overflow",
		.param = {
			DEV_PARAM, { "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "device eth0\np = devm_kmalloc_array eth0 8 16\n"
			   "! devm_kmalloc_array eth0 SIZE_MAX 2",
		.flags = CALL_POINTER, .run = run_devm_kmalloc_array,
	},
	{
		.name = "devm_kcalloc", SUBJECT,
		.summary = "devm_kmalloc_array, zeroed",
		.param = {
			DEV_PARAM, { "n", P_SIZE, NULL, false, "elements" },
			{ "size", P_SIZE, NULL, false, "bytes of one" }, GFP_PARAM,
		},
		.returns = "pointer, NULL on overflow or when memory runs out",
		.example = "device eth0\np = devm_kcalloc eth0 8 16",
		.flags = CALL_POINTER, .run = run_devm_kcalloc,
	},
	{
		.name = "devm_kstrdup", SUBJECT,
		.summary = "managed copy of a string",
		.param = { DEV_PARAM, { "s", P_STR, NULL, false, "the string" }, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\np = devm_kstrdup eth0 \"eth0-rx\"\nx $p",
		.flags = CALL_POINTER, .run = run_devm_kstrdup,
	},
	{
		.name = "devm_kmemdup", SUBJECT,
		.summary = "managed copy of memory",
		.param = {
			DEV_PARAM, { "src", P_ADDR, NULL, false, "first byte to copy" },
			{ "len", P_SIZE, NULL, false, "bytes" }, GFP_PARAM,
		},
		.returns = "pointer, NULL when memory runs out",
		.example = "device eth0\nq = kstrdup \"settings\"\np = devm_kmemdup eth0 $q 9\nkfree $q",
		.flags = CALL_POINTER, .run = run_devm_kmemdup,
	},
	{
		.name = "devm_kfree", SUBJECT,
		.summary = "free memory from devm_kmalloc before its time",
		.param = { DEV_PARAM, { "p", P_ADDR, NULL, false, "what devm_kmalloc returned" } },
		.returns = "nothing; WARNs when p is not on the device's list",
		.example = "device eth0\np = devm_kmalloc eth0 100\ndevm_kfree eth0 $p",
		.run = run_devm_kfree,
	},
	{
		.name = "devm_add_action", SUBJECT,
		.summary = "call a function when the driver is unbound",
		.param = { DEV_PARAM, ACTION_PARAMS },
		.returns = "0, or -ENOMEM: the action is not run then",
		.example = "device eth0\ndefine disable_clk { echo clock off }\n"
			   "devm_add_action eth0 disable_clk\ndevice_unregister eth0",
		.run = run_devm_add_action,
	},
	{
		.name = "devm_add_action_or_reset", SUBJECT,
		.summary = "devm_add_action that runs the action when it fails",
		.param = { DEV_PARAM, ACTION_PARAMS },
		.returns = "0, or -ENOMEM after the action ran",
		.example = "device eth0\ndevm_add_action_or_reset eth0 disable_clk",
		.since = RELEASE(4, 7), .run = run_devm_add_action_or_reset,
	},
	{
		.name = "devm_remove_action", SUBJECT,
		.summary = "forget an action without running it",
		.param = { DEV_PARAM, ACTION_PARAMS },
		.returns = "nothing; WARNs when there is none with this data",
		.example = "device eth0\ndevm_add_action eth0 disable_clk\ndevm_remove_action eth0 disable_clk",
		.run = run_devm_remove_action,
	},
	{
		.name = "devm_release_action", SUBJECT,
		.summary = "run an action now and forget it",
		.param = { DEV_PARAM, ACTION_PARAMS },
		.returns = "nothing; WARNs when there is none with this data",
		.example = "device eth0\ndevm_add_action eth0 disable_clk\ndevm_release_action eth0 disable_clk",
		.since = RELEASE(5, 3), .run = run_devm_release_action,
	},
	{
		.name = "devres_alloc", SUBJECT,
		.summary = "allocate a resource with a release function of its own",
		.param = { RELEASE_PARAM, { "size", P_SIZE, NULL, false, "bytes of data" }, GFP_PARAM },
		.returns = "pointer to zeroed data that is on no list yet; NULL when memory runs out",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r",
		.flags = CALL_POINTER, .run = run_devres_alloc,
	},
	{
		.name = "devres_add", SUBJECT,
		.summary = "put a resource on a device's list",
		.param = { DEV_PARAM, RES_PARAM },
		.returns = "nothing; BUG when it is on a list already",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r",
		.run = run_devres_add,
	},
	{
		.name = "devres_find", SUBJECT,
		.summary = "find the newest resource with this release function",
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAM },
		.returns = "pointer to its data, NULL: none",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\ndevres_find eth0 put_clk",
		.run = run_devres_find,
	},
	{
		.name = "devres_remove", SUBJECT,
		.summary = "take a resource off the list; the caller owns it then",
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAM },
		.returns = "pointer to its data, NULL: none",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\n"
			   "r = devres_remove eth0 put_clk\ndevres_free $r",
		.run = run_devres_remove,
	},
	{
		.name = "devres_free", SUBJECT,
		.summary = "free a resource that is on no list, without its release",
		.param = { RES_PARAM },
		.returns = "nothing; BUG when it is on a list",
		.example = "r = devres_alloc put_clk 16\ndevres_free $r",
		.run = run_devres_free,
	},
	{
		.name = "devres_destroy", SUBJECT,
		.summary = "remove and free a resource, without its release",
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAM },
		.returns = "0, or -ENOENT",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\ndevres_destroy eth0 put_clk",
		.run = run_devres_destroy,
	},
	{
		.name = "devres_release", SUBJECT,
		.summary = "remove a resource, run its release, free it",
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAM },
		.returns = "0, or -ENOENT",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\ndevres_release eth0 put_clk",
		.run = run_devres_release,
	},
	{
		.name = "devres_release_all", SUBJECT,
		.summary = "release all resources of a device, newest first",
		.param = { DEV_PARAM },
		.returns = "the number of resources",
		.detail = "The driver core does this after remove(), when a probe failed and "
			  "when a device goes away. Drivers never call it.",
		.example = "device eth0\ndevm_kmalloc eth0 64\ndevres_release_all eth0",
		.run = run_devres_release_all,
	},
	{ 0 },
};

static int run_devm_kmalloc(struct call_ctx *c)
{
	return result_pointer(c, devm_kmalloc(arg_device(c, 0), c->arg[1].u, (gfp_t)c->arg[2].u));
}

static int run_devm_kzalloc(struct call_ctx *c)
{
	return result_pointer(c, devm_kzalloc(arg_device(c, 0), c->arg[1].u, (gfp_t)c->arg[2].u));
}

static int run_devm_kmalloc_array(struct call_ctx *c)
{
	return result_pointer(c, devm_kmalloc_array(arg_device(c, 0), c->arg[1].u, c->arg[2].u,
						    (gfp_t)c->arg[3].u));
}

static int run_devm_kcalloc(struct call_ctx *c)
{
	return result_pointer(c, devm_kcalloc(arg_device(c, 0), c->arg[1].u, c->arg[2].u,
					      (gfp_t)c->arg[3].u));
}

static int run_devm_kstrdup(struct call_ctx *c)
{
	return result_pointer(c, devm_kstrdup(arg_device(c, 0), c->arg[1].s, (gfp_t)c->arg[2].u));
}

static int run_devm_kmemdup(struct call_ctx *c)
{
	struct machine *m = c->machine;
	const void *src = mm_ptr(&m->mm, c->arg[1].u, c->arg[2].u);

	if (!src && c->arg[2].u) {
		kernel_oops(&m->kernel, "devm_kmemdup", c->arg[1].u);
		return -EFAULT;
	}
	return result_pointer(c, devm_kmemdup(arg_device(c, 0), src, c->arg[2].u,
					      (gfp_t)c->arg[3].u));
}

static int run_devm_kfree(struct call_ctx *c)
{
	uint32_t before = report_complaints(c->machine);

	devm_kfree(arg_device(c, 0), arg_ptr(c, 1));
	if (report_complaints(c->machine) != before)
		explain_devm_kfree(c, arg_device(c, 0), c->arg[1].u);
	return 0;
}

/* The function's address and the device, or -ENOMEM. */
static int action_args(struct call_ctx *c, uint64_t *action)
{
	*action = arg_function(c, 1);
	return *action ? 0 : result_error(c->result, -ENOMEM, "the host has no memory");
}

static int run_devm_add_action(struct call_ctx *c)
{
	uint64_t action;

	if (action_args(c, &action))
		return -ENOMEM;
	return result_errno(c->result, devm_add_action(arg_device(c, 0), action, c->arg[2].u));
}

static int run_devm_add_action_or_reset(struct call_ctx *c)
{
	uint64_t action;

	if (action_args(c, &action))
		return -ENOMEM;
	return result_errno(c->result,
			    devm_add_action_or_reset(arg_device(c, 0), action, c->arg[2].u));
}

static int run_devm_remove_action(struct call_ctx *c)
{
	uint64_t action;

	if (action_args(c, &action))
		return -ENOMEM;
	devm_remove_action(arg_device(c, 0), action, c->arg[2].u);
	return 0;
}

static int run_devm_release_action(struct call_ctx *c)
{
	uint64_t action;

	if (action_args(c, &action))
		return -ENOMEM;
	devm_release_action(arg_device(c, 0), action, c->arg[2].u);
	return 0;
}

static int run_devres_alloc(struct call_ctx *c)
{
	uint64_t release = arg_function(c, 0);

	if (!release)
		return result_error(c->result, -ENOMEM, "the host has no memory");
	return result_pointer(c, devres_alloc_node(&c->machine->core, release, c->arg[1].u,
						   (gfp_t)c->arg[2].u, NUMA_NO_NODE));
}

static int run_devres_add(struct call_ctx *c)
{
	devres_add(arg_device(c, 0), arg_ptr(c, 1));
	return 0;
}

static int run_devres_free(struct call_ctx *c)
{
	devres_free(&c->machine->core, arg_ptr(c, 0));
	return 0;
}

static bool match_res(struct device *dev, void *res, void *match_data)
{
	(void)dev;
	return res == match_data;
}

/* NULL takes the newest one with this release function. */
static dr_match_t arg_match(const struct call_ctx *c)
{
	return c->arg[2].u ? match_res : NULL;
}

static int run_devres_find(struct call_ctx *c)
{
	return result_pointer(c, devres_find(arg_device(c, 0), arg_function(c, 1), arg_match(c),
					     arg_ptr(c, 2)));
}

static int run_devres_remove(struct call_ctx *c)
{
	return result_pointer(c, devres_remove(arg_device(c, 0), arg_function(c, 1),
					       arg_match(c), arg_ptr(c, 2)));
}

static int run_devres_destroy(struct call_ctx *c)
{
	return result_errno(c->result, devres_destroy(arg_device(c, 0), arg_function(c, 1),
						      arg_match(c), arg_ptr(c, 2)));
}

static int run_devres_release(struct call_ctx *c)
{
	return result_errno(c->result, devres_release(arg_device(c, 0), arg_function(c, 1),
						      arg_match(c), arg_ptr(c, 2)));
}

static int run_devres_release_all(struct call_ctx *c)
{
	return result_int(c->result, devres_release_all(arg_device(c, 0)));
}
