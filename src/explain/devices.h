/* SPDX-License-Identifier: MIT */
/*
 * Explanations of what happened to a device or its driver. False: there is nothing to
 * explain.
 */
#ifndef DEVSH_EXPLAIN_DEVICES_H
#define DEVSH_EXPLAIN_DEVICES_H

#include "lib/buf.h"
#include "machine/machine.h"

/* `function` was called with a device that has been released. */
void explain_gone(const struct device *dev, const char *function, struct buf *out);
/* Deferred probes that triggered each other were stopped. Reported once. */
bool explain_endless(struct machine *m, struct buf *out);
/* A probe that failed or was undone left memory behind. Reported once. */
bool explain_left(struct machine *m, struct buf *out);

#endif
