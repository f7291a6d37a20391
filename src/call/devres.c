/* SPDX-License-Identifier: MIT */
/* The list itself: resources with a release of their own, and groups. */
#include "call/entry.h"


static int run_devres_alloc(struct call_ctx *c);
static int run_devres_alloc_node(struct call_ctx *c);
static int run_devres_add(struct call_ctx *c);
static int run_devres_find(struct call_ctx *c);
static int run_devres_get(struct call_ctx *c);
static int run_devres_remove(struct call_ctx *c);
static int run_devres_for_each_res(struct call_ctx *c);
static int run_devres_free(struct call_ctx *c);
static int run_devres_destroy(struct call_ctx *c);
static int run_devres_release(struct call_ctx *c);
static int run_devres_release_all(struct call_ctx *c);
static int run_devres_open_group(struct call_ctx *c);
static int run_devres_close_group(struct call_ctx *c);
static int run_devres_remove_group(struct call_ctx *c);
static int run_devres_release_group(struct call_ctx *c);

#define DEV_PARAM { "dev", P_DEVICE, NULL, false, "device that owns it" }
#define GFP_PARAM { "gfp", P_GFP, "GFP_KERNEL", false, "allocation flags" }
#define RES_PARAM { "res", P_ADDR, NULL, false, "what devres_alloc returned" }
#define RELEASE_PARAM { "release", P_FN, NULL, false, "release function" }
#define MATCH_PARAMS                                                           \
	{ "res", P_ADDR, "NULL", false, "only this one; NULL takes the newest" }, \
	{ "match", P_CODE, "", true, "called with $data; 'return 1' takes it" }
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
		.param = { DEV_PARAM, RES_PARAM },
		.returns = "nothing; BUG when it is on a list already",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r",
		.run = run_devres_add,
	},
	{
		.name = "devres_find", SUBJECT,
		.summary = "find the newest resource with this release function",
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAMS },
		.returns = "pointer to its data, NULL: none",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\ndevres_find eth0 put_clk",
		.run = run_devres_find,
	},
	{
		.name = "devres_get", SUBJECT,
		.summary = "find a resource, or else add this one",
		.param = {
			DEV_PARAM,
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
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAMS },
		.returns = "pointer to its data, NULL: none",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\n"
			   "r = devres_remove eth0 put_clk\ndevres_free $r",
		.run = run_devres_remove,
	},
	{
		.name = "devres_for_each_res", SUBJECT,
		.summary = "call a function for each resource, newest first",
		.param = {
			DEV_PARAM,
			RELEASE_PARAM,
			{ "fn", P_CODE, NULL, true, "what to do with $data" },
			MATCH_PARAMS,
		},
		.returns = "nothing",
		.detail = "fn and match run with devres_lock held: to call the list of the same device from "
			  "there would wait for ever.",
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
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAMS },
		.returns = "0, or -ENOENT",
		.example = "device eth0\nr = devres_alloc put_clk 16\ndevres_add eth0 $r\ndevres_destroy eth0 put_clk",
		.run = run_devres_destroy,
	},
	{
		.name = "devres_release", SUBJECT,
		.summary = "remove a resource, run its release, free it",
		.param = { DEV_PARAM, RELEASE_PARAM, MATCH_PARAMS },
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
	{
		.name = "devres_open_group", SUBJECT,
		.summary = "open a group: what is added from here on is in it",
		.param = {
			DEV_PARAM,
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
			DEV_PARAM,
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
		.summary = "forget a group; its resources stay",
		.param = {
			DEV_PARAM,
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
			DEV_PARAM,
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

/* What to match with: this resource, or what the front end's code takes. */
struct wanted {
	void *res;
	struct code *match;
};

/* A callback like any other: calls from there are not the outermost ones. */
static int run_on(struct code *code, const char *name, struct device *dev, void *res,
		  struct value *ret)
{
	struct value arg[2] = { v_device(dev->id), v_addr(mm_addr(dev->core->mm, res)) };
	struct kernel *k = dev->core->kernel;
	struct context saved;
	int rc;

	if (!upcall_begin(k, context_of(k, name, &k->context.code), &saved))
		return -EFAULT;
	rc = code->run(code, arg, 2, ret);
	upcall_end(k, saved);
	return rc;
}

static bool match_wanted(struct device *dev, void *res, void *match_data)
{
	const struct wanted *w = match_data;
	struct value ret = { 0 };

	if (w->res && res != w->res)
		return false;
	if (!w->match)
		return true;
	if (run_on(w->match, "match", dev, res, &ret))
		return false;
	return (ret.type == V_INT && ret.i) || (ret.type == V_BOOL && ret.b);
}

/* The parameters `res` and `match`, which stand in a row; the code is the call's to drop. */
static struct wanted arg_wanted(struct call_ctx *c)
{
	int i = call_param(c->call, "match");

	return (struct wanted){
		.res = c->arg[i - 1].u ? arg_ptr(c, i - 1) : NULL,
		.match = c->arg[i].type == V_CODE ? c->arg[i].code : NULL,
	};
}

static int run_devres_find(struct call_ctx *c)
{
	struct wanted w = arg_wanted(c);

	return result_pointer(c, devres_find(arg_device(c, 0), arg_function(c, 1), match_wanted, &w));
}

static int run_devres_get(struct call_ctx *c)
{
	struct wanted w = arg_wanted(c);

	return result_pointer(c, devres_get(arg_device(c, 0), arg_ptr(c, 1), match_wanted, &w));
}

static int run_devres_remove(struct call_ctx *c)
{
	struct wanted w = arg_wanted(c);

	return result_pointer(c, devres_remove(arg_device(c, 0), arg_function(c, 1), match_wanted,
					       &w));
}

static int run_devres_destroy(struct call_ctx *c)
{
	struct wanted w = arg_wanted(c);

	return result_errno(c->result, devres_destroy(arg_device(c, 0), arg_function(c, 1),
						      match_wanted, &w));
}

static int run_devres_release(struct call_ctx *c)
{
	struct wanted w = arg_wanted(c);

	return result_errno(c->result, devres_release(arg_device(c, 0), arg_function(c, 1),
						      match_wanted, &w));
}

static void run_fn(struct device *dev, void *res, void *data)
{
	struct value ret = { 0 };

	run_on(data, "fn", dev, res, &ret);
}

static int run_devres_for_each_res(struct call_ctx *c)
{
	struct wanted w = arg_wanted(c);

	devres_for_each_res(arg_device(c, 0), arg_function(c, 1), match_wanted, &w, run_fn,
			    c->arg[2].code);
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
