/* SPDX-License-Identifier: MIT */
/* Lines of the shell, in a confined session that goes on after errors. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "shell/shell.h"

size_t fuzz_seed(size_t i, const char **text)
{
	return fuzz_example(i, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct shell_config config = { .boot = "mem=32M", .confined = true, .keep_going = true };
	struct shell sh;
	char why[256], *text = calloc(1, size + 1); /* a NUL stands behind all texts */

	if (!text || shell_init(&sh, &config, why, sizeof(why)))
		abort();
	memcpy(text, data, size);
	fuzz_time_limit(300);
	shell_text(&sh, "fuzz", text, size);
	fuzz_time_limit_off();
	fuzz_check(sh.machine);
	free(text);
	shell_finish(&sh);
	return 0;
}
