/* SPDX-License-Identifier: MIT */
/*
 * Copies of memory and strings. Corresponds to that part of Linux'
 * drivers/base/devres.c.
 */
#include "base/node.h"

#include "base/device.h"
#include "base/devm.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"

void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp)
{
	void *p = devm_kmalloc(dev, len, gfp);

	if (!ZERO_OR_NULL_PTR(p) && len)
		memmove(p, src, len); /* a dangling src may overlap p */
	return p;
}

char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp)
{
	return s ? devm_kmemdup(dev, s, strlen(s) + 1, gfp) : NULL;
}
