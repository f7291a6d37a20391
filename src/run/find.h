/* SPDX-License-Identifier: MIT */
/* Finds the files of a run. */
#ifndef DEVSH_RUN_FIND_H
#define DEVSH_RUN_FIND_H

#include <stdbool.h>

struct file {
	char *path;
	int line;             /* line of the scenario to run; 0: run all */
};

struct files {
	struct file *at;
	int count, room;
};

/*
 * Adds the file, the scenario of FILE:LINE, or all .lua and .dsh files below the
 * directory, in the order of their names. 0, or -errno.
 */
int files_find(struct files *f, const char *path);
void files_finish(struct files *f);

bool ends_with(const char *s, const char *end);

#endif
