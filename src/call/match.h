/* SPDX-License-Identifier: MIT */
/* What devres_find() and the like search for. */
#ifndef DEVSH_CALL_MATCH_H
#define DEVSH_CALL_MATCH_H

#include "call/entry.h"

#define MATCH_PARAMS                                                                        \
	{ "match", P_MATCH, "", false, "name, { calls } that return 1 for it, or a pointer" },  \
	{ "data", P_ADDR, "NULL", false, "what the match function gets as match_data" },    \
	{ "res", P_ADDR, "NULL", true, "only this one; NULL takes the newest" }

/* What to match: this resource, or a match function of the kernel or the front end. */
struct wanted {
	void *res;
	const struct kernel_match *kernel;
	struct code *code;
	uint64_t data;
	uint64_t release;
};

/*
 * From the arguments of MATCH_PARAMS and, if there is one, `release`; or the call's
 * error.
 */
int arg_wanted(struct call_ctx *c, struct wanted *w);
/* The match function for devres_find() and so on; match_data is the struct wanted. */
bool match_wanted(struct device *dev, void *res, void *match_data);
/* Runs the code as a callback, so that calls it makes are not outermost ones. */
int run_on(struct code *code, const char *name, struct device *dev, void *res,
	   uint64_t match_data, struct value *ret);
/* Adds a note if the release's name is on the list, but belongs to a different function. */
void explain_not_found(struct call_ctx *c, struct device *dev, const struct wanted *w);

#endif
