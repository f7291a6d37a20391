/* SPDX-License-Identifier: MIT */
#include "shell/xdg.h"

#include <stdlib.h>

#include "lib/buf.h"

char *xdg_file(const char *variable, const char *in_home, const char *name)
{
	const char *dir = getenv(variable), *home = getenv("HOME");
	struct buf path = BUF_INIT;

	if (dir && *dir)
		buf_printf(&path, "%s/devsh/%s", dir, name);
	else if (home && *home)
		buf_printf(&path, "%s/%s/devsh/%s", home, in_home, name);
	else
		return NULL;
	return buf_steal(&path);
}
