/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C as a flag. The handler that the shell installs sets it; whoever runs
 * long looks at it between steps; the prompt takes it down.
 */
#ifndef DEVSH_LIB_INTERRUPT_H
#define DEVSH_LIB_INTERRUPT_H

#include <signal.h>

extern volatile sig_atomic_t interrupted;

#endif
