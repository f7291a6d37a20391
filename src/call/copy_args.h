/* SPDX-License-Identifier: MIT */
/* What the calls that copy share: their arguments. */
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

/* What a P_CSTR argument says; NULL for NULL, and after an Oops. */
const char *arg_cstring(struct call_ctx *c, int i, struct buf *text);
/* True: argument i is constant, and the answer is it. */
bool arg_constant(struct call_ctx *c, int i);
/* The bytes of argument i, a constant's as far as its text goes; NULL after an Oops. */
const void *arg_bytes(struct call_ctx *c, int i, size_t len);
/* Argument i times the next one; false: more than size_t holds. */
bool arg_product(struct call_ctx *c, int i, size_t *bytes);
/* Argument i is FMT_PARAM; FMT_ARGS or a list of names are behind it. 0, or the call's error. */
int arg_formatted(struct call_ctx *c, int i, struct buf *text);

#endif
