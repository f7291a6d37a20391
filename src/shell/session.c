/* SPDX-License-Identifier: MIT */
#include "shell/session.h"

#include <errno.h>
#include <stdio.h>

#include <devsh/report.h>

#include "kernel/report.h"
#include "machine/machine.h"

static bool set_args(struct session *s, const struct session_setup *setup, char *why, size_t size)
{
	struct buf error = BUF_INIT;
	bool ok = script_set_args(s->script, setup->script_name, setup->args, &error);

	snprintf(why, size, "%s", buf_str(&error));
	buf_finish(&error);
	return ok;
}

int session_start(struct session *s, const struct session_setup *setup,
		  const struct script_host *host, char *why, size_t whysize)
{
	*s = (struct session){ 0 };
	s->machine = machine_create(setup->boot ? setup->boot : "", why, whysize);
	if (!s->machine)
		return -errno;
	s->script = script_create(s->machine, host);
	if (!s->script) {
		machine_destroy(s->machine);
		snprintf(why, whysize, "the host has no memory");
		return -ENOMEM;
	}
	if (setup->script_name && !set_args(s, setup, why, whysize)) {
		session_end(s);
		return -ENOMEM;
	}
	if (setup->prepare) {
		int rc = setup->prepare(setup->ctx, s, why, whysize);

		if (rc) {
			session_end(s);
			return rc;
		}
	}
	return 0;
}

void session_end(struct session *s)
{
	/* the machine first: it drops the functions of drivers, which are the script's */
	machine_destroy(s->machine);
	script_destroy(s->script);
}

void session_skip_log(struct session *s)
{
	s->log_boot = machine_boot_number(s->machine);
	s->log_seen = report_next(s->machine);
}

uint32_t session_deaths(const struct session *s)
{
	const struct kernel *k = &s->machine->kernel;

	return kernel_deaths(k) + k->panic.panicked;
}
