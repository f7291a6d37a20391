/* SPDX-License-Identifier: MIT */
/* Waiting for files to change. */
#ifndef DEVSH_RUN_WATCH_H
#define DEVSH_RUN_WATCH_H

/* Each path: a file, FILE:LINE, or a directory. A descriptor, or -errno. */
int watch_open(char *const *path);
/* Until something changed, and then until nothing has for a moment. 0, or -EINTR. */
int watch_wait(int fd);

#endif
