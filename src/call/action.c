/* SPDX-License-Identifier: MIT */
/* Actions: functions that are called when a device's resources are released. */
#include "call/entry.h"

#include "base/devm.h"

/* The function's address, or -ENOMEM. */
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

static int run_devm_remove_action_nowarn(struct call_ctx *c)
{
	uint64_t action;

	if (action_args(c, &action))
		return -ENOMEM;
	return result_errno(c->result,
			    devm_remove_action_nowarn(arg_device(c, 0), action, c->arg[2].u));
}

static int run_devm_release_action(struct call_ctx *c)
{
	uint64_t action;

	if (action_args(c, &action))
		return -ENOMEM;
	devm_release_action(arg_device(c, 0), action, c->arg[2].u);
	return 0;
}

static int run_devm_is_action_added(struct call_ctx *c)
{
	uint64_t action;

	if (action_args(c, &action))
		return -ENOMEM;
	c->result->value = v_bool(devm_is_action_added(arg_device(c, 0), action, c->arg[2].u));
	return 0;
}

#define ACTION_PARAMS                                                          \
	{ "action", P_FN, NULL, false, "function's name, or { calls }",         \
	  .args = "data, dev" },                                                \
	{ "data", P_ADDR, "0", false, "its argument" }
#define SUBJECT .subject = "Managed actions"

const struct call action_calls[] = {
	{
		.name = "devm_add_action", SUBJECT,
		.summary = "call a function when the driver is unbound",
		.param = { OWNER_PARAM, ACTION_PARAMS },
		.returns = "0, or -ENOMEM, and then the action is not run",
		.example = "device eth0\ndefine disable_clk { echo clock off }\n"
			   "devm_add_action eth0 disable_clk\ndevice_unregister eth0",
		.run = run_devm_add_action,
	},
	{
		.name = "devm_add_action_or_reset", SUBJECT,
		.summary = "devm_add_action that runs the action when it fails",
		.param = { OWNER_PARAM, ACTION_PARAMS },
		.returns = "0, or -ENOMEM after the action ran",
		.example = "device eth0\ndevm_add_action_or_reset eth0 disable_clk",
		.since = RELEASE(4, 7), .run = run_devm_add_action_or_reset,
	},
	{
		.name = "devm_remove_action", SUBJECT,
		.summary = "remove an action without running it",
		.param = { OWNER_PARAM, ACTION_PARAMS },
		.returns = "nothing; WARNs when there is none with this data",
		.example = "device eth0\ndevm_add_action eth0 disable_clk\ndevm_remove_action eth0 disable_clk",
		.run = run_devm_remove_action,
	},
	{
		.name = "devm_remove_action_nowarn", SUBJECT,
		.summary = "devm_remove_action that may find nothing",
		.param = {
			OWNER_PARAM,
			ACTION_PARAMS,
		},
		.returns = "0, or -ENOENT",
		.example = "boot release=7.2\n"
			   "device eth0\n"
			   "devm_add_action eth0 disable_clk\n"
			   "devm_remove_action_nowarn eth0 disable_clk",
		.since = RELEASE(7, 2), .run = run_devm_remove_action_nowarn,
	},
	{
		.name = "devm_release_action", SUBJECT,
		.summary = "run an action now and remove it",
		.param = { OWNER_PARAM, ACTION_PARAMS },
		.returns = "nothing; WARNs when there is none with this data",
		.example = "device eth0\ndevm_add_action eth0 disable_clk\ndevm_release_action eth0 disable_clk",
		.since = RELEASE(5, 3), .run = run_devm_release_action,
	},
	{
		.name = "devm_is_action_added", SUBJECT,
		.summary = "whether an action with this data is registered",
		.param = {
			OWNER_PARAM,
			ACTION_PARAMS,
		},
		.returns = "yes or no",
		.example = "boot release=7.2\n"
			   "device eth0\n"
			   "devm_add_action eth0 disable_clk\n"
			   "devm_is_action_added eth0 disable_clk",
		.since = RELEASE(6, 16), .run = run_devm_is_action_added,
	},
	{ 0 },
};
