/* SPDX-License-Identifier: MIT */
/* Recovers when Lua code of the user does not return: Ctrl-C by force. */
#ifndef DEVSH_SHELL_RESCUE_H
#define DEVSH_SHELL_RESCUE_H

#include "shell/shell.h"

/*
 * Runs fn(sh, ctx) at the shell's top level. True: a jump left it (see lib/interrupt.h),
 * a line was shown, and sh->status is EXIT_INTERRUPTED. At the prompt, the session is
 * then back where it was, or at an earlier step; elsewhere it is a new one.
 */
bool shell_guard(struct shell *sh, void (*fn)(struct shell *sh, void *ctx), void *ctx);

#endif
