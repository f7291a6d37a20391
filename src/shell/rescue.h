/* SPDX-License-Identifier: MIT */
/* When code of a user's does not come back from Lua: Ctrl-C by force. */
#ifndef DEVSH_SHELL_RESCUE_H
#define DEVSH_SHELL_RESCUE_H

#include "shell/shell.h"

/*
 * Runs fn(sh, ctx) from the shell's top. True: it was left by a jump (see
 * lib/interrupt.h), and a line was shown. sh->status is EXIT_INTERRUPTED then. At the
 * prompt the session is back where it was, or at an earlier step; elsewhere it
 * is a new one.
 */
bool shell_guard(struct shell *sh, void (*fn)(struct shell *sh, void *ctx), void *ctx);

#endif
