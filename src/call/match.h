/* SPDX-License-Identifier: MIT */
/* What devres_find() and the others of its kind search for. */
#ifndef DEVSH_CALL_MATCH_H
#define DEVSH_CALL_MATCH_H

#include "call/entry.h"

#define MATCH_PARAMS                                                                        \
	{ "match", P_MATCH, "", false, "name, { calls } that return 1 for it, or a pointer" },  \
	{ "data", P_ADDR, "NULL", false, "what the match function gets as match_data" },    \
	{ "res", P_ADDR, "NULL", true, "only this one; NULL takes the newest" }

/* What to match with: this resource, or a function of the kernel's or the front end's. */
struct wanted {
	void *res;
	const struct kernel_match *kernel;
	struct code *code;
	uint64_t data;
	uint64_t release;
};

/* From the parameters of MATCH_PARAMS and `release`, where there is one; or the call's error. */
int arg_wanted(struct call_ctx *c, struct wanted *w);
/* For devres_find() and the others; match_data is the struct wanted. */
bool match_wanted(struct device *dev, void *res, void *match_data);
/* A callback like any other: calls from there are not the outermost ones. */
int run_on(struct code *code, const char *name, struct device *dev, void *res,
	   uint64_t match_data, struct value *ret);
/* Nothing was found: a name that the list shows may be no function's, or another one's. */
void explain_not_found(struct call_ctx *c, struct device *dev, const struct wanted *w);

#endif
