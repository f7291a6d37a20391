/* SPDX-License-Identifier: MIT */
/* Messages about a device. */
#ifndef DEVSH_BASE_DEV_PRINTK_H
#define DEVSH_BASE_DEV_PRINTK_H

#include "kernel/log.h"

struct device;

/* The driver's name if bound, else that of the bus or the class, or "". */
const char *dev_driver_string(const struct device *dev);
/* The name of its bus, or else its class; "": it has neither. */
const char *dev_bus_name(const struct device *dev);

/* dev_err() and the like. */
__attribute__((format(printf, 3, 4)))
void dev_printk(enum log_level level, const struct device *dev, const char *fmt, ...);

#endif
