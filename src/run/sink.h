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

struct sink {
	void *ctx;
	/* The session of a file is there, and has this script; NULL: it ends. Or not asked for. */
	void (*loaded)(void *ctx, struct script *script);
	/* A file was loaded and has this scenario, too; only where somebody asks. */
	void (*found)(void *ctx, const struct scenario *s);
	/* The one that was found as the nth, from 0, begins. */
	void (*begins)(void *ctx, size_t nth);
	/* It ended. The sink takes nothing of the outcome. */
	void (*ended)(void *ctx, const struct scenario *s, const struct outcome *o);
};

#endif
