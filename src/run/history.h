/* SPDX-License-Identifier: MIT */
/*
 * What failed the last time, for --last-failed: a file below $XDG_STATE_HOME with
 * a line for each scenario, "KEY<tab>FILE".
 */
#ifndef DEVSH_RUN_HISTORY_H
#define DEVSH_RUN_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

struct history;
struct outcome;
struct scenario;

/* Never NULL but without memory; empty where there is no such file. */
struct history *history_read(void);
void history_destroy(struct history *h);

/* True: something of this file failed. */
bool history_has_file(const struct history *h, const char *path);
/* True: this scenario failed, or the file itself. */
bool history_has(const struct history *h, const char *path, uint64_t key);

/* A result: it replaces what was known. */
void history_add(struct history *h, const struct scenario *s, const struct outcome *o);
/* Where it can be written; who cannot have a history has none. */
void history_write(struct history *h);

#endif
