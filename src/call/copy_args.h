/* SPDX-License-Identifier: MIT */
/* Arguments that the calls that copy have in common. */
#ifndef DEVSH_CALL_COPY_ARGS_H
#define DEVSH_CALL_COPY_ARGS_H

#include "call/entry.h"
#include "lib/buf.h"

#define FMT_PARAM { "fmt", P_STR, NULL, false, "text with %s %d %u %x %c %p %%" }
#define FMT_ARGS                                           \
	{ "a", P_STR, "", false, "for the first %" },      \
	{ "b", P_STR, "", false, "for the second" },       \
	{ "c", P_STR, "", false, "for the third" },        \
	{ "d", P_STR, "", false, "for the fourth" }

/* The string of a P_CSTR argument; NULL for NULL, and after an Oops. */
const char *arg_cstring(struct call_ctx *c, int i, struct buf *text);
/* True: argument i is a constant, which becomes the result. */
bool arg_constant(struct call_ctx *c, int i);
/*
 * The bytes of argument i; constants can be read up to the end of their text. NULL after
 * an Oops.
 */
const void *arg_bytes(struct call_ctx *c, int i, size_t len);
/* The product of argument i and the next one; false: it overflows size_t. */
bool arg_product(struct call_ctx *c, int i, size_t *bytes);
/*
 * Argument i is FMT_PARAM; FMT_ARGS or a list of names follow it. 0, or the call's error.
 */
int arg_formatted(struct call_ctx *c, int i, struct buf *text);

#endif
