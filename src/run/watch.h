/* SPDX-License-Identifier: MIT */
/* Waits for files to change. */
#ifndef DEVSH_RUN_WATCH_H
#define DEVSH_RUN_WATCH_H

/* Each path is a file, FILE:LINE, or a directory. Returns a descriptor, or -errno. */
int watch_open(char *const *path);
/* Waits for a change, and then until there were no more for a moment. 0, or -EINTR. */
int watch_wait(int fd);

#endif
