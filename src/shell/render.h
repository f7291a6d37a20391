/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_RENDER_H
#define DEVSH_SHELL_RENDER_H

#include "lib/buf.h"
#include "shell/parse.h"

/* The Lua that does what the statement does, with '\n'. */
void render_lua(const struct statement *s, struct buf *out);

#endif
