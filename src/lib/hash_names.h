/* SPDX-License-Identifier: MIT */
/*
 * Hash tables of objects by name: uthash, set up to report that the host has no memory
 * instead of ending the program. If adding an object failed, removing it does nothing.
 */
#ifndef DEVSH_LIB_HASH_NAMES_H
#define DEVSH_LIB_HASH_NAMES_H

#include "lib/host_memory.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) host_malloc(size)
#define uthash_nonfatal_oom(object) do { } while (0)

#include <uthash.h>

/* 0 or -ENOMEM. */
#define hash_add(hh, head, key, len, object)                       \
	({                                                         \
		HASH_ADD_KEYPTR(hh, head, key, len, object);       \
		(object)->hh.tbl ? 0 : -ENOMEM;                    \
	})

#define hash_remove(hh, head, object)                              \
	do {                                                       \
		if ((object)->hh.tbl)                              \
			HASH_DELETE(hh, head, object);             \
		(object)->hh.tbl = NULL;                           \
	} while (0)

#endif
