/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_DIFF_H
#define DEVSH_SHELL_DIFF_H

#include "shell/session.h"

/* Adds a row for each thing that is only there ('-') or only here ('+'). */
void diff_sessions(const struct session *then, const struct session *now, struct result *r);

#endif
