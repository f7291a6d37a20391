/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_RENDER_H
#define DEVSH_SHELL_RENDER_H

#include "lib/buf.h"
#include "shell/parse.h"

/* Appends the Lua equivalent of the statement, with '\n'. */
void render_lua(const struct statement *s, struct buf *out);

#endif
