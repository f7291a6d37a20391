/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_CALL_WHO_H
#define DEVSH_CALL_WHO_H

#include <devsh/call.h>

/* Adds rows of facts about an address: who.c. */
void who_address(struct call_ctx *c, uint64_t addr);

#endif
