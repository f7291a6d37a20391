/* SPDX-License-Identifier: MIT */
/* Checks whether the host had enough memory for the result of a statement. */
#include "shell/shell.h"

#include "lib/host_memory.h"
#include "machine/machine.h"

bool shell_ran_out_of_memory(const struct shell *sh)
{
	return host_memory_failures != sh->memory_failures;
}

bool shell_lacks_memory(const struct shell *sh)
{
	const struct machine *m = sh->session->machine;

	return shell_ran_out_of_memory(sh) || (m && m->incomplete);
}
