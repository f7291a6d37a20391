/* SPDX-License-Identifier: MIT */
/* What cmocka needs to be included before its own header. */
#ifndef DEVSH_TESTS_UNIT_H
#define DEVSH_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lib/array.h"

#endif
