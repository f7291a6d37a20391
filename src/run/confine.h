/* SPDX-License-Identifier: MIT */
/* What a worker may do to the host. */
#ifndef DEVSH_RUN_CONFINE_H
#define DEVSH_RUN_CONFINE_H

#include <stdbool.h>

/* Of this process, once: no new privileges, no core file, no input and no output. */
void confine(void);

/* True: this devsh can, as it was built with libseccomp. */
bool confine_can_distrust(void);
/*
 * From now on no program, process or socket is made, no file written, and 16 GiB of
 * addresses are all there is: what the kernel is asked for beyond that fails with
 * EPERM. 0, or -errno.
 */
int confine_untrusted(void);

/* From now on so many seconds of CPU time, or the kernel ends the process; 0: no limit. */
void confine_cpu(unsigned seconds);

#endif
