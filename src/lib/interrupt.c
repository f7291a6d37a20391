/* SPDX-License-Identifier: MIT */
#include "lib/interrupt.h"

volatile sig_atomic_t interrupted;
