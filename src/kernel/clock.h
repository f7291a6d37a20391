/* SPDX-License-Identifier: MIT */
/* Simulated time, which advances with each operation. */
#ifndef DEVSH_KERNEL_CLOCK_H
#define DEVSH_KERNEL_CLOCK_H

#include "kernel/kernel.h"

#define NS_PER_STEP 40
#define NS_PER_SECOND 1000000000ull
#define JIFFY_NS 4000000u /* CONFIG_HZ=250 */

static inline void tick(struct kernel *k, uint32_t ns)
{
	k->now += ns;
}

/* Jiffies since boot. */
static inline uint32_t jiffies(const struct kernel *k)
{
	return (uint32_t)(k->now / JIFFY_NS);
}

#endif
