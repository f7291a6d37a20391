/* SPDX-License-Identifier: MIT */
/* Arrays of the host: their length, and room for one more. */
#ifndef DEVSH_LIB_ARRAY_H
#define DEVSH_LIB_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "lib/host_memory.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * array_room(at, count, room, first) - room for element `count` of a growing array
 *
 * at is a pointer to the elements, room an integer of any size: both are changed when
 * the array doubles, from `first` elements on. False: no memory, and nothing changed.
 */
#define array_room(at, count, room, first)                                           \
	((count) < (room) || ({                                                      \
		size_t more_ = (room) ? 2 * (size_t)(room) : (first);                \
		void *grown_ = host_realloc((at), more_ * sizeof(*(at)));                 \
									             \
		if (grown_) {                                                        \
			(at) = grown_;                                               \
			(room) = (__typeof__(room))more_;                            \
		}                                                                    \
		grown_ != NULL;                                                      \
	}))

#endif
