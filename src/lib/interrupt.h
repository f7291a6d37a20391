/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C as a flag. The shell's signal handler sets it, long-running code checks it
 * between steps, and the prompt clears it.
 */
#ifndef DEVSH_LIB_INTERRUPT_H
#define DEVSH_LIB_INTERRUPT_H

#include <signal.h>

extern volatile sig_atomic_t interrupted;

#endif
