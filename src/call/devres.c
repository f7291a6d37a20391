/* SPDX-License-Identifier: MIT */
/* The devres list itself: resources with their own release functions, and groups. */
#include "call/match.h"

#include "base/device.h"
#include "base/devres.h"
#include "base/registry.h"
#include "mm/gfp.h"

static int run_devres_alloc(struct call_ctx *c)
{
	int nid = c->call->param[3].type == P_NODE ? (int)c->arg[3].i : NUMA_NO_NODE;
	uint64_t release = arg_function(c, 0);

	if (!release)
		return result_error(c->result, -ENOMEM, "the host has no memory");
	return result_pointer(c, devres_alloc_node(&c->machine->core, release, c->arg[1].u,
						   (gfp_t)c->arg[2].u, nid));
}

static int run_devres_alloc_node(struct call_ctx *c)
{
	return run_devres_alloc(c);
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

/* --- searching ------------------------------------------------------------- */

static int run_devres_find(struct call_ctx *c)
{
	struct wanted w;
	void *res;

	if (arg_wanted(c, &w))
		return c->result->err;
	res = devres_find(arg_device(c, 0), w.release, match_wanted, &w);
	if (!res)
		explain_not_found(c, arg_device(c, 0), &w);
	return result_pointer(c, res);
}

static int run_devres_get(struct call_ctx *c)
{
	struct wanted w;

	if (arg_wanted(c, &w))
		return c->result->err;
	return result_pointer(c, devres_get(arg_device(c, 0), arg_ptr(c, 1), match_wanted, &w));
}

static int run_devres_remove(struct call_ctx *c)
{
	struct wanted w;
	void *res;

	if (arg_wanted(c, &w))
		return c->result->err;
	res = devres_remove(arg_device(c, 0), w.release, match_wanted, &w);
	if (!res)
		explain_not_found(c, arg_device(c, 0), &w);
	return result_pointer(c, res);
}

static int run_devres_destroy(struct call_ctx *c)
{
	struct wanted w;
	int rc;

	if (arg_wanted(c, &w))
		return c->result->err;
	rc = devres_destroy(arg_device(c, 0), w.release, match_wanted, &w);
	if (rc)
		explain_not_found(c, arg_device(c, 0), &w);
	return result_errno(c->result, rc);
}

static int run_devres_release(struct call_ctx *c)
{
	struct wanted w;
	int rc;

	if (arg_wanted(c, &w))
		return c->result->err;
	rc = devres_release(arg_device(c, 0), w.release, match_wanted, &w);
	if (rc)
		explain_not_found(c, device_by_id(&c->machine->core, c->arg[0].id), &w);
	return result_errno(c->result, rc);
}

static void run_fn(struct device *dev, void *res, void *data)
{
	struct value ret = { 0 };

	((struct code *)data)->answer = ANSWER_ANY;
	run_on(data, "fn", dev, res, 0, &ret);
}

static int run_devres_for_each_res(struct call_ctx *c)
{
	struct wanted w;

	if (arg_wanted(c, &w))
		return c->result->err;
	devres_for_each_res(arg_device(c, 0), w.release, match_wanted, &w, run_fn, c->arg[2].code);
	return 0;
}

static int run_devres_release_all(struct call_ctx *c)
{
	return result_int(c->result, devres_release_all(arg_device(c, 0)));
}

/* --- groups ------------------------------------------------------------------ */

static int run_devres_open_group(struct call_ctx *c)
{
	c->result->value = v_addr(devres_open_group(arg_device(c, 0), c->arg[1].u,
						    (gfp_t)c->arg[2].u));
	return 0;
}

static int run_devres_close_group(struct call_ctx *c)
{
	devres_close_group(arg_device(c, 0), c->arg[1].u);
	return 0;
}

static int run_devres_remove_group(struct call_ctx *c)
{
	devres_remove_group(arg_device(c, 0), c->arg[1].u);
	return 0;
}

static int run_devres_release_group(struct call_ctx *c)
{
	return result_int(c->result, devres_release_group(arg_device(c, 0), c->arg[1].u));
}

#define RES_PARAM { "res", P_ADDR, NULL, false, "what devres_alloc returned" }
#define RELEASE_PARAM { "release", P_FN, NULL, false, "release function" }
#define SUBJECT .subject = "Resources and groups"

const struct call devres_calls[] = {
	{
		.name = "devres_alloc", SUBJECT,
		.summary = "allocate a resource with a release function of its own",
		.param = { RELEASE_PARAM, { "size", P_SIZE, NULL, false, "bytes of data" }, GFP_PARAM },
		.returns = "pointer to zeroed data that is on no list yet; NULL when memory runs out",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r",
		.flags = CALL_POINTER, .run = run_devres_alloc,
	},
	{
		.name = "devres_alloc_node", SUBJECT,
		.summary = "devres_alloc on a NUMA node",
		.param = {
			RELEASE_PARAM,
			{ "size", P_SIZE, NULL, false, "bytes of data" },
			GFP_PARAM,
			{ "nid", P_NODE, "-1", false, "NUMA node that is preferred" },
		},
		.returns = "pointer to zeroed data that is on no list yet; NULL when memory runs out",
		.example = "r = devres_alloc_node put_clk 16 GFP_KERNEL 0\n"
			   "devres_free $r",
		.flags = CALL_POINTER, .run = run_devres_alloc_node,
	},
	{
		.name = "devres_add", SUBJECT,
		.summary = "put a resource on a device's list",
		.param = { OWNER_PARAM, RES_PARAM },
		.returns = "nothing; BUG when it is on a list already",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r",
		.run = run_devres_add,
	},
	{
		.name = "devres_find", SUBJECT,
		.summary = "find the newest resource with this release function",
		.param = { OWNER_PARAM, RELEASE_PARAM, MATCH_PARAMS },
		.returns = "pointer to its data, NULL: none",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\ndevres_find eth0 put_clk",
		.run = run_devres_find,
	},
	{
		.name = "devres_get", SUBJECT,
		.summary = "find a resource, or else add this one",
		.param = {
			OWNER_PARAM,
			{ "new_res", P_ADDR, NULL, false, "what devres_alloc returned; freed when there is one" },
			MATCH_PARAMS,
		},
		.returns = "pointer to the data of the one that is there or was added",
		.example = "device eth0\n"
			   "r = devres_alloc put_clk 16\n"
			   "devres_get eth0 $r\n"
			   "r = devres_alloc put_clk 16\n"
			   "devres_get eth0 $r",
		.flags = CALL_POINTER, .run = run_devres_get,
	},
	{
		.name = "devres_remove", SUBJECT,
		.summary = "take a resource off the list; the caller owns it then",
		.param = { OWNER_PARAM, RELEASE_PARAM, MATCH_PARAMS },
		.returns = "pointer to its data, NULL: none",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\n"
			   "r = devres_remove eth0 put_clk\ndevres_free $r",
		.run = run_devres_remove,
	},
	{
		.name = "devres_for_each_res", SUBJECT,
		.summary = "call a function for each resource, newest first",
		.param = {
			OWNER_PARAM,
			RELEASE_PARAM,
			{ "fn", P_CODE, NULL, true, "what to do with $data", .args = "dev, data" },
			MATCH_PARAMS,
		},
		.returns = "nothing",
		.detail = "fn and match run with devres_lock held: using the list of the same device from "
			  "there would deadlock.",
		.example = "device eth0\n"
			   "r = devres_alloc put_clk 16\n"
			   "devres_add eth0 $r\n"
			   "devres_for_each_res eth0 put_clk fn={ echo $data }",
		.until = RELEASE(6, 12), .run = run_devres_for_each_res,
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
		.param = { OWNER_PARAM, RELEASE_PARAM, MATCH_PARAMS },
		.returns = "0, or -ENOENT",
		.detail = "devm_kfree(dev, p) is devres_destroy(dev, devm_kmalloc_release, "
			  "devm_kmalloc_match, p) in Linux. The match functions of devres.c can be "
			  "named here, too.",
		.example = "device eth0\np = devm_kmalloc eth0 64\n"
			   "devres_destroy eth0 devm_kmalloc_release match=devm_kmalloc_match data=$p",
		.run = run_devres_destroy,
	},
	{
		.name = "devres_release", SUBJECT,
		.summary = "remove a resource, run its release, free it",
		.param = { OWNER_PARAM, RELEASE_PARAM, MATCH_PARAMS },
		.returns = "0, or -ENOENT",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\ndevres_release eth0 put_clk",
		.run = run_devres_release,
	},
	{
		.name = "devres_release_all", SUBJECT,
		.summary = "release all resources of a device, newest first",
		.param = { OWNER_PARAM },
		.returns = "the number of resources",
		.detail = "The driver core does this after remove(), when a probe failed and "
			  "when a device goes away. Drivers never call it.",
		.example = "device eth0\ndevm_kmalloc eth0 64\ndevres_release_all eth0",
		.run = run_devres_release_all,
	},
	{
		.name = "devres_open_group", SUBJECT,
		.summary = "open a group: what is added from here on is in it",
		.param = {
			OWNER_PARAM,
			{ "id", P_GROUP, "NULL", false, "a word or any pointer as its name; NULL: its own address" },
			GFP_PARAM,
		},
		.returns = "the id, NULL when memory runs out",
		.example = "device eth0\n"
			   "g = devres_open_group eth0\n"
			   "devm_kmalloc eth0 64\n"
			   "devres_close_group eth0 $g\n"
			   "devres eth0",
		.flags = CALL_POINTER, .run = run_devres_open_group,
	},
	{
		.name = "devres_close_group", SUBJECT,
		.summary = "close a group: what comes later is not in it",
		.param = {
			OWNER_PARAM,
			{ "id", P_GROUP, "NULL", false, "the group; NULL: the newest that is open" },
		},
		.returns = "nothing; WARNs when there is none, BUG when it is closed already",
		.example = "device eth0\n"
			   "g = devres_open_group eth0\n"
			   "devres_close_group eth0 $g",
		.run = run_devres_close_group,
	},
	{
		.name = "devres_remove_group", SUBJECT,
		.summary = "remove a group; its resources stay",
		.param = {
			OWNER_PARAM,
			{ "id", P_GROUP, "NULL", false, "the group; NULL: the newest that is open" },
		},
		.returns = "nothing; WARNs when there is none",
		.example = "device eth0\n"
			   "g = devres_open_group eth0\n"
			   "devm_kmalloc eth0 64\n"
			   "devres_remove_group eth0 $g",
		.run = run_devres_remove_group,
	},
	{
		.name = "devres_release_group", SUBJECT,
		.summary = "release all resources of a group, newest first",
		.param = {
			OWNER_PARAM,
			{ "id", P_GROUP, "NULL", false, "the group; NULL: the newest that is open" },
		},
		.returns = "the number of resources; WARNs when there is no such group",
		.detail = "A group that is still open goes to the end of the list. One that is only partly in "
			  "the range loses those members and stays.",
		.example = "device eth0\n"
			   "g = devres_open_group eth0\n"
			   "devm_kmalloc eth0 64\n"
			   "devres_release_group eth0 $g",
		.run = run_devres_release_group,
	},
	{ 0 },
};
