/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_XDG_H
#define DEVSH_SHELL_XDG_H

/*
 * devsh's file of this name in a directory of the XDG base directory specification:
 * that of the environment variable, or if it is not set or empty, one in the home
 * directory. The caller frees it; NULL: there is no home, or no memory.
 */
char *xdg_file(const char *variable, const char *in_home, const char *name);

#endif
