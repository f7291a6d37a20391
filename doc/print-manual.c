/* SPDX-License-Identifier: MIT */
/* Prints the source of devsh-calls(7) while devsh is built. */
#include <stdio.h>

#include "shell/builtin.h"
#include "view/view.h"

int main(void)
{
	struct buf out = BUF_INIT;

	builtins_open();
	view_manual(&out);
	fputs(buf_str(&out), stdout);
	buf_finish(&out);
	return fflush(stdout) ? 1 : 0;
}
