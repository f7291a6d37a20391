/* SPDX-License-Identifier: MIT */
/* What happened to a device or its driver. False: there is nothing to explain. */
#ifndef DEVSH_EXPLAIN_DEVICES_H
#define DEVSH_EXPLAIN_DEVICES_H

#include "lib/buf.h"
#include "machine/machine.h"

/* `function` was called with a device that is released. */
void explain_gone(const struct device *dev, const char *function, struct buf *out);
/* Deferred probes that trigger each other were stopped. Once. */
bool explain_endless(struct machine *m, struct buf *out);
/* A probe that failed or was undone left memory behind. Once. */
bool explain_left(struct machine *m, struct buf *out);

#endif
