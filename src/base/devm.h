/* SPDX-License-Identifier: MIT */
/* Memory, pages and actions that are released when their device is unbound. */
#ifndef DEVSH_BASE_DEVM_H
#define DEVSH_BASE_DEVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm/gfp.h"

struct device;
struct driver_core;

/* --- devm.c, devm_string.c ------------------------------------------------- */

/*
 * devm_kmalloc - managed kmalloc
 *
 * size is in bytes. Returns NULL if memory runs out or size + header overflows; size 0
 * gives ZERO_SIZE_PTR, or before 5.10 a pointer to 0 bytes. Freed after remove() of the
 * bound driver, or by devm_kfree().
 */
void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp);
void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp);
void *devm_kmalloc_array(struct device *dev, size_t n, size_t size, gfp_t gfp);
void *devm_kcalloc(struct device *dev, size_t n, size_t size, gfp_t gfp);
/*
 * In place if the bucket is big enough, even if another device owns it; else a new node
 * replaces the old one on the list. NULL after a WARN: memory of another device; NULL
 * without a WARN: no memory. p is then unchanged.
 */
void *devm_krealloc(struct device *dev, void *p, size_t size, gfp_t gfp);
void *devm_krealloc_array(struct device *dev, void *p, size_t n, size_t size, gfp_t gfp);
/* WARNs if p does not belong to this device; p is never dereferenced. */
void devm_kfree(struct device *dev, const void *p);

char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp);
void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp);

/* --- action.c -------------------------------------------------------------- */

/* 0 or -ENOMEM. */
int devm_add_action(struct device *dev, uint64_t action, uint64_t data);
/* On error the action runs at once. */
int devm_add_action_or_reset(struct device *dev, uint64_t action, uint64_t data);
/* Does not run the action. WARNs if there is none. */
void devm_remove_action(struct device *dev, uint64_t action, uint64_t data);
/* The same without a WARN: 0 or -ENOENT. */
int devm_remove_action_nowarn(struct device *dev, uint64_t action, uint64_t data);
/* Runs the action now. WARNs if there is none. */
void devm_release_action(struct device *dev, uint64_t action, uint64_t data);
bool devm_is_action_added(struct device *dev, uint64_t action, uint64_t data);
/* private to base/ */
void devm_action_init(struct driver_core *core);

/* --- devm_pages.c ---------------------------------------------------------- */

/* 2^order pages; NULL: no memory. The node is allocated with GFP_KERNEL. */
void *devm_get_free_pages(struct device *dev, gfp_t gfp, unsigned order);
/* WARNs if the pages do not belong to this device. */
void devm_free_pages(struct device *dev, const void *p);
/* Zeroed memory for each CPU. */
void *devm_alloc_percpu(struct device *dev, size_t size, size_t align);
void devm_free_percpu(struct device *dev, const void *p);
/* private to base/ */
void devm_pages_init(struct driver_core *core);

#endif
