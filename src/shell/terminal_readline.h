/* SPDX-License-Identifier: MIT */
/*
 * Shared by terminal.c and its parts, terminal_*.c, the only files that use GNU readline.
 */
#ifndef DEVSH_SHELL_TERMINAL_READLINE_H
#define DEVSH_SHELL_TERMINAL_READLINE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "shell/terminal.h"

/* terminal_signals.c: set by signal handlers, cleared by the code that acts on them */
extern volatile sig_atomic_t hung_up, stopped, resized;
extern sigset_t while_waiting; /* the mask inside pselect() */

/* Signals watched while the terminal is open, or only while a line is read. */
void watch_signals(bool while_reading_only);
void unwatch_signals(bool while_reading_only);
/* Returns the old mask, to be restored. */
sigset_t hold_signals(void);
/* For SIGTSTP: stops the process, and returns when it is continued. */
void stop_here(void);

/* terminal_input.c */
/* Waits for a key; false: the line is to be abandoned, and the flags have the reason. */
bool wait_for_key(void);
/* Discards unread keys, and ends the state in which the line is abandoned. */
void forget_keys(void);
/* For rl_getc_function and rl_prep_term_function. */
int next_key(FILE *in);
void prepare_terminal(int meta);

/* terminal_keymap.c */
void close_all_dead_ends(void);

/* terminal_complete.c */
void completion_open(const struct terminal *t);

/* terminal_hint.c */
void hint_open(const struct terminal *t, bool wanted);
/* Before anything else is written. */
void hint_erase(void);

/* terminal_history.c */
void history_open(const struct terminal *t);
/* 0, or -errno of the first write that failed. */
int history_close(void);

#endif
