/* SPDX-License-Identifier: MIT */
/* Errors of the kernel's own. */
#ifndef DEVSH_KERNEL_ERRORS_H
#define DEVSH_KERNEL_ERRORS_H

#define EPROBE_DEFER 517 /* not in the host's errno.h */

#endif
