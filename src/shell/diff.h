/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_DIFF_H
#define DEVSH_SHELL_DIFF_H

#include "shell/session.h"

/* Rows with what is at the past session ('-') or now ('+') only. */
void diff_sessions(const struct session *then, const struct session *now, struct result *r);

#endif
