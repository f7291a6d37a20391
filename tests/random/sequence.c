/* SPDX-License-Identifier: MIT */
/* A sequence: what it can run on, copying and freeing it. */
#include "generate.h"

#include <stdlib.h>

const char *const release_name[RELEASES] = { "4.19", "5.10.223", "5.10", "6.1", "6.12", "7.2" };
const int release_number[RELEASES] = { 4019, 5010, 5010, 6001, 6012, 7002 };
const bool release_repaired[RELEASES] = { false, false, true, true, true, true };
const char *const arch_name[ARCHES] = { "x86_64", "arm64", "arm" };
const struct page_size_row page_sizes[PAGE_SIZES] = { { 4, 10 }, { 16, 11 }, { 64, 13 } };

/* Debian's arm has one more order. */
unsigned sequence_max_order(const struct sequence *s)
{
	return page_sizes[s->page].max_order + (s->arch == 2);
}

uint64_t sequence_block_max(const struct sequence *s)
{
	return (uint64_t)page_sizes[s->page].kib * 1024 << sequence_max_order(s);
}

struct body *new_body(void)
{
	struct body *b = calloc(1, sizeof(*b));

	if (!b)
		abort();
	return b;
}

static struct body *body_copy(const struct body *from)
{
	struct body *b = from ? new_body() : NULL;

	if (b)
		*b = *from; /* ops of a body have no bodies */
	return b;
}

void sequence_copy(struct sequence *to, const struct sequence *from)
{
	*to = *from;
	to->op = calloc((size_t)from->count + 1, sizeof(*to->op));
	if (!to->op)
		abort();
	for (int i = 0; i < from->count; i++) {
		to->op[i] = from->op[i];
		to->op[i].body = body_copy(from->op[i].body);
		to->op[i].body2 = body_copy(from->op[i].body2);
	}
}

void op_free(struct op *op)
{
	free(op->body);
	free(op->body2);
}

void sequence_free(struct sequence *s)
{
	for (int i = 0; i < s->count; i++)
		op_free(&s->op[i]);
	free(s->op);
	s->op = NULL;
	s->count = 0;
}
