/* SPDX-License-Identifier: MIT */
#include "kernel/breakage.h"

#ifdef DEVSH_BREAKABLE
enum breakage broken;
#else
typedef int breakage_is_off; /* ISO C wants a declaration */
#endif
