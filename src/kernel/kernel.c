/* SPDX-License-Identifier: MIT */
/* Boot and shutdown of the lowest layer. Corresponds to no single kernel file. */
#include "kernel/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/event.h"
#include "kernel/fail.h"
#include "kernel/log.h"
#include "kernel/module.h"
#include "kernel/panic.h"
#include "kernel/symbol.h"

void kernel_init(struct kernel *k, const struct params *params)
{
	*k = (struct kernel){
		.profile = params->profile, .arch = params->arch,
		.params = *params,
		.comm = "devsh", .pid = 1,
		.context = { "devsh", "" },
		.rng = params->seed,
		.text.base = params->arch->text_base, .rodata.base = params->arch->rodata_base,
	};
	k->text.max = k->rodata.max =
		(uint32_t)((k->rodata.base - k->text.base) / SYMBOL_STRIDE);
	snprintf(k->uname, sizeof(k->uname), "%s-%s", k->profile->point, k->arch->flavour);
	list_init(&k->modules);
	panic_init(k);
	kernel_watch_again(k);
}

void kernel_finish(struct kernel *k)
{
	modules_finish(k);
	fail_finish(k);
	log_clear(&k->log);
	free(k->log.line);
	symbols_finish(&k->text);
	symbols_finish(&k->rodata);
	memset(k, 0, sizeof(*k));
}
