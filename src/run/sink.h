/* SPDX-License-Identifier: MIT */
/*
 * Where results go, in the order in which they come:
 *
 *   file.c  ->  sink  =  reporter                            (in one process)
 *   file.c  ->  sink  =  records -> pipe -> supervisor -> reporter
 */
#ifndef DEVSH_RUN_SINK_H
#define DEVSH_RUN_SINK_H

#include "lua/script.h"

struct shell;

struct sink {
	void *ctx;
	/* The file runs in this shell from now on; NULL: it ends. Or not asked for. */
	void (*loaded)(void *ctx, struct shell *sh);
	/* A file was loaded and has this scenario, too; only where somebody asks. */
	void (*found)(void *ctx, const struct scenario *s);
	/* The one that was found as the nth, from 0, begins. */
	void (*begins)(void *ctx, size_t nth);
	/* True: what is left is not run. Or not asked for. */
	bool (*stops)(void *ctx);
	/* It ended. The outcome stays the caller's. */
	void (*ended)(void *ctx, const struct scenario *s, struct outcome *o);
};

#endif
