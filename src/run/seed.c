/* SPDX-License-Identifier: MIT */
#include "kernel/params.h"
#include "lib/size.h"
#include "run/run.h"

uint64_t run_seed(const struct run_options *o)
{
	struct params p;
	char why[200];

	params_default(&p);
	params_parse(&p, o->boot ? o->boot : "", why, sizeof(why));
	if (o->seed)
		parse_size(o->seed, &p.seed);
	return p.seed;
}
