/* SPDX-License-Identifier: MIT */
/*
 * What terminal.c and its parts, terminal_*.c, share: the only files of devsh
 * that know GNU readline.
 */
#ifndef DEVSH_SHELL_TERMINAL_READLINE_H
#define DEVSH_SHELL_TERMINAL_READLINE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "shell/terminal.h"

/* terminal_signals.c: raised by handlers, lowered by who acts on them */
extern volatile sig_atomic_t hung_up, stopped, resized;
extern sigset_t while_waiting; /* the mask inside pselect() */

/* Those that are watched as long as the terminal is open, or while a line is read. */
void watch_signals(bool while_reading_only);
void unwatch_signals(bool while_reading_only);
/* Returns the mask to go back to. */
sigset_t hold_signals(void);
/* SIGTSTP: returns when the job is continued. */
void stop_here(void);

/* terminal_input.c */
/* Waits for a key; false: the line is to be left, the flags say why. */
bool wait_for_key(void);
/* Discards the keys that nobody has read and resets the state of the exit. */
void forget_keys(void);
/* readline's rl_getc_function and rl_prep_term_function. */
int next_key(FILE *in);
void prepare_terminal(int meta);

/* terminal_keymap.c */
void close_all_dead_ends(void);

/* terminal_complete.c */
void completion_open(const struct terminal *t);

/* terminal_history.c */
void history_open(const struct terminal *t);
/* 0, or -errno of the first write that failed. */
int history_close(void);

#endif
