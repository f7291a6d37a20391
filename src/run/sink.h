/* SPDX-License-Identifier: MIT */
/*
 * Receives results, in the order in which they occur:
 *
 *   file.c -> sink = reporter                                    (in one process)
 *   file.c -> sink = records -> pipe -> supervisor -> reporter
 */
#ifndef DEVSH_RUN_SINK_H
#define DEVSH_RUN_SINK_H

#include "lua/script.h"

struct shell;

struct sink {
	void *ctx;
	/* the file runs in this shell from now on; NULL: it is finished. May be NULL */
	void (*loaded)(void *ctx, struct shell *sh);
	/* a loaded file has this scenario; may be NULL */
	void (*found)(void *ctx, const struct scenario *s);
	/* scenario `nth`, counted from 0 in the order of found(), starts */
	void (*begins)(void *ctx, size_t nth);
	/* True: skip the rest. May be NULL */
	bool (*stops)(void *ctx);
	/* The scenario ended. The caller keeps the outcome. */
	void (*ended)(void *ctx, const struct scenario *s, struct outcome *o);
};

#endif
