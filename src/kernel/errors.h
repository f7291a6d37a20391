/* SPDX-License-Identifier: MIT */
/* Error numbers that only the kernel has. */
#ifndef DEVSH_KERNEL_ERRORS_H
#define DEVSH_KERNEL_ERRORS_H

#define EPROBE_DEFER 517 /* not in the host's errno.h */

#endif
