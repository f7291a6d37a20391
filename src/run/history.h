/* SPDX-License-Identifier: MIT */
/*
 * What failed in the last run, for --last-failed: a file below $XDG_STATE_HOME with a
 * line "KEY<tab>FILE" for each scenario.
 */
#ifndef DEVSH_RUN_HISTORY_H
#define DEVSH_RUN_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

struct history;
struct outcome;
struct scenario;

/* Empty if there is no such file. NULL only if there is no memory. */
struct history *history_read(void);
void history_destroy(struct history *h);

/* True: something in this file failed. */
bool history_has_file(const struct history *h, const char *path);
/* True: this scenario or the file itself failed. */
bool history_has(const struct history *h, const char *path, uint64_t key);

/* Records a result, which replaces an earlier one. */
void history_add(struct history *h, const struct scenario *s, const struct outcome *o);
/* Writes the file if possible; errors are ignored. */
void history_write(struct history *h);

#endif
