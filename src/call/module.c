/* SPDX-License-Identifier: MIT */
/* Modules: loading and unloading code that registers drivers. */
#include "call/entry.h"

#include <stdlib.h>

#include "base/registry.h"
#include "kernel/module.h"
#include "lib/host_memory.h"

struct module_code {
	struct code *init, *exit;
};

static int init_code(struct module *m)
{
	return code_call(((struct module_code *)m->private)->init, NULL, 0);
}

static int exit_code(struct module *m)
{
	code_run(((struct module_code *)m->private)->exit, NULL, 0);
	return 0;
}

static void destroy_module(struct module *m)
{
	struct module_code *code = m->private;

	if (code->init)
		code->init->drop(code->init);
	if (code->exit)
		code->exit->drop(code->exit);
	free(code);
}

static int run_insmod(struct call_ctx *c)
{
	struct module_code *code;
	struct module proto = { .name = (char *)c->arg[0].s, .destroy = destroy_module };
	bool loaded;
	int rc;

	if (check_name(c->arg[0].s))
		return result_error(c->result, -EINVAL, "name '%.40s': wants a word", c->arg[0].s);
	code = host_calloc(1, sizeof(*code));
	if (!code)
		return result_errno(c->result, -ENOMEM);
	code->init = take_code(c, 1);
	code->exit = take_code(c, 2);
	proto.private = code;
	proto.init = code->init ? init_code : NULL;
	proto.exit = code->exit ? exit_code : NULL;
	loaded = module_find(ctx_kernel(c), c->arg[0].s);
	rc = module_load(ctx_kernel(c), &proto);
	result_errno(c->result, rc);
	if (rc == -EEXIST && loaded)
		result_error(c->result, rc, "-EEXIST: module '%.40s' is loaded already", c->arg[0].s);
	return rc;
}

static int run_rmmod(struct call_ctx *c)
{
	struct module *m = module_find(ctx_kernel(c), c->arg[0].s);
	bool permanent = m->init && !m->exit;
	int rc = module_unload(ctx_kernel(c), m);

	result_errno(c->result, rc);
	if (rc == -EBUSY && permanent)
		result_error(c->result, rc, "-EBUSY: '%.40s' has an init and no exit: it stays",
			     c->arg[0].s);
	return rc;
}

static const char *const lsmod_columns[] = { "module", "size", "used by" };

static int run_lsmod(struct call_ctx *c)
{
	struct list *modules = &ctx_kernel(c)->modules;

	result_columns(c->result, lsmod_columns, 3);
	for (struct list *l = modules->prev; l != modules; l = l->prev) {
		struct value *row = result_row(c->result);

		if (!row)
			break;
		row[0] = v_str(c->result, list_entry(l, struct module, all)->name);
		row[1] = v_uint(16384);
		row[2] = v_uint(0);
	}
	return c->result->err;
}

#define SUBJECT .subject = "Modules"

const struct call module_calls[] = {
	{
		.name = "insmod", SUBJECT,
		.summary = "load a module: run its init()",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			{ "init", P_CODE, "", true, "module_init(): -errno unloads it again", .args = "" },
			{ "exit", P_CODE, "", true, "module_exit()", .args = "" },
		},
		.returns = "0, -EEXIST, or what init() returned",
		.detail = "What init() creates belongs to the module: after rmmod the code of its drivers and "
			  "buses is gone, so exit() has to unregister them.",
		.example = "insmod nic init={ driver nic probe={ devm_kzalloc $dev 64 } } \\\n"
			   "  exit={ driver_unregister nic }\ndevice nic.0\nlsmod\nrmmod nic",
		.run = run_insmod,
	},
	{
		.name = "rmmod", SUBJECT,
		.summary = "unload a module: run its exit()",
		.param = { { "name", P_MODULE, NULL, false, "the module" } },
		.returns = "0, -EBUSY when it has an init() and no exit()",
		.example = "insmod nic\nrmmod nic",
		.run = run_rmmod,
	},
	{
		.name = "lsmod", SUBJECT,
		.summary = "the modules that are loaded, newest first",
		.returns = "rows",
		.example = "insmod nic\nlsmod",
		.flags = CALL_LOOKS, .run = run_lsmod,
	},
	{ 0 },
};
