/* SPDX-License-Identifier: MIT */
/* Whether the host had all the memory that the answer to a statement needs. */
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
