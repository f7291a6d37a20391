/* SPDX-License-Identifier: MIT */
/* The length of an array, and room for one more element in one that grows. */
#ifndef DEVSH_LIB_ARRAY_H
#define DEVSH_LIB_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "lib/host_memory.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * array_room(at, count, room, first) - make room for element `count` of a growing array
 *
 * `at` points to the elements and `room` is an integer of any size. Both change when the
 * array doubles, starting with `first` elements. False: no memory, and nothing has
 * changed.
 */
#define array_room(at, count, room, first)                                           \
	((count) < (room) || ({                                                      \
		size_t more_ = (room) ? 2 * (size_t)(room) : (first);                \
		void *grown_ = host_realloc((at), more_ * sizeof(*(at)));            \
									             \
		if (grown_) {                                                        \
			(at) = grown_;                                               \
			(room) = (__typeof__(room))more_;                            \
		}                                                                    \
		grown_ != NULL;                                                      \
	}))

#endif
