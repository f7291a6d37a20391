/* SPDX-License-Identifier: MIT */
/* Messages of drivers about a device: dev_emerg() to dev_info(), and dev_err_probe(). */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/dev_printk.h"
#include "base/probe.h"
#include "kernel/log.h"

/* The table has the calls in the order of their levels. */
static enum log_level level_of(const struct call *c)
{
	for (const struct call *m = message_calls; m->name; m++)
		if (!strcmp(m->name, c->name))
			return (enum log_level)(m - message_calls);
	return KERN_INFO;
}

static int run_dev_message(struct call_ctx *c)
{
	dev_printk(level_of(c->call), arg_device(c, 0), "%s", c->arg[1].s);
	return 0;
}

static int run_dev_err_probe(struct call_ctx *c)
{
	int err = (int)c->arg[1].i;
	const char *known = err > -4096 ? errno_name(-err) : NULL;
	char name[40];

	if (known)
		snprintf(name, sizeof(name), "-%.30s", known);
	else
		snprintf(name, sizeof(name), "%d", err);
	return result_int(c->result, dev_err_probe(arg_device(c, 0), err, name, c->arg[2].s));
}

#define SUBJECT .subject = "Devices and drivers"
#define MESSAGE(call, what, line)                                              \
	{                                                                      \
		.name = call, SUBJECT, .summary = "log " what " of a device",  \
		.param = { DEV_PARAM, { "text", P_WORDS, NULL, false, "the message" } }, \
		.returns = "nothing",                                          \
		.detail = "dmesg shows it; the console shows warnings and worse.", \
		.example = "device eth0\n" call " eth0 " line "\ndmesg",       \
		.run = run_dev_message,                                        \
	}

const struct call message_calls[] = {
	MESSAGE("dev_emerg", "an emergency", "no way out"),
	MESSAGE("dev_alert", "an alert", "too hot"),
	MESSAGE("dev_crit", "a critical error", "firmware is lost"),
	MESSAGE("dev_err", "an error", "no link"),
	MESSAGE("dev_warn", "a warning", "link is slow"),
	MESSAGE("dev_notice", "a notice", "link is down"),
	MESSAGE("dev_info", "a message", "link is up"),
	{
		.name = "dev_err_probe", SUBJECT,
		.summary = "log why a probe fails, or keep why it defers",
		.param = {
			DEV_PARAM, { "err", P_INT, NULL, false, "the errno" },
			{ "text", P_WORDS, NULL, false, "the message" },
		},
		.returns = "the errno",
		.detail = "-EPROBE_DEFER is not logged: devices_deferred shows the text. -ENOMEM is "
			  "not logged since 6.1. The probe goes on: it has to return the "
			  "errno, as in 'probe={ dev_err_probe $dev -ENOENT no clock; return "
			  "-ENOENT }', or it succeeds.",
		.example = "device eth0\ndriver demo probe={\n"
			   "  rc = dev_err_probe $dev -EPROBE_DEFER no clock yet\n  return $rc\n}\n"
			   "device demo.0\ndevices_deferred",
		.since = RELEASE(5, 9), .run = run_dev_err_probe,
	},
	{ 0 },
};
