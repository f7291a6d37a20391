/* SPDX-License-Identifier: MIT */
/* Functions that record their calls: in which order they ran, and with what. */
#ifndef DEVSH_TESTS_NOTE_H
#define DEVSH_TESTS_NOTE_H

#include <string.h>

#include "base/devres.h"
#include "boot.h"
#include "kernel/symbol.h"

static char order[64];

/* Appends the function's letter, and a digit that is its data. */
static inline void note(void *ctx, struct device *dev, uint64_t data,
			enum symbol_use use)
{
	size_t len = strlen(order);

	assert_true(len < sizeof(order) - 3);
	order[len] = *(const char *)ctx;
	order[len + 1] = data ? (char)('0' + data) : '\0';
	order[len + 2] = '\0';
}

static inline uint64_t function(struct boot *b, const char *name, const char *letter, action_fn fn)
{
	uint64_t addr = text_symbol(&b->kernel, name);

	text_define(text_lookup(&b->kernel, addr), (void (*)(void))fn, (void *)letter, NULL);
	order[0] = '\0';
	return addr;
}

#endif
