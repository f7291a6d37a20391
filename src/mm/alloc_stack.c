/* SPDX-License-Identifier: MIT */
/*
 * What a call stack shows of the allocator's functions. Corresponds to functions of
 * Linux' mm/slub.c and mm/page_alloc.c as compilers left them: a function that was
 * inlined or tail-called its successor is in no stack. Taken from console logs of
 * Debian's kernels; a release and architecture without a log uses the rows of its
 * neighbours.
 */
#include "mm/alloc_stack.h"

#include <string.h>

#include "lib/array.h"

enum part {
	PART_WARN,         /* from the report to the entry of the page allocator */
	PART_SLAB_POLICY,  /* from there to the function that makes a slab */
	PART_LARGE_POLICY, /* ... to a large kmalloc */
	PART_PAGES_POLICY, /* ... to __get_free_pages() */
	PART_SLAB_PAGES,   /* the function that asks for a slab's pages */
	PART_NEW_SLAB,     /* the function that makes a slab, when flags are corrected */
	PART_SLAB_ALLOC,   /* from there to the call */
	PART_SHEAF,        /* the same when a sheaf is filled */
	PART_LARGE,
	PART_PAGES,
};

enum { X86 = 1, ARM64 = 2, RISCV = 4, ARM = 8, ALL = 15, REST = ALL & ~X86 };

/* Innermost first. The last row that matches applies. */
static const struct row {
	uint8_t part;
	uint8_t arches;
	int since;
	const char *function[4];
} rows[] = {
	{ PART_WARN, X86, 0, { "__alloc_pages_slowpath" } },

	{ PART_SLAB_POLICY, ARM64, 0, { "alloc_pages_current" } },
	{ PART_SLAB_POLICY, ARM64 | RISCV, RELEASE(6, 1), { "alloc_pages" } },
	{ PART_SLAB_POLICY, X86, RELEASE(6, 12), { "alloc_pages_mpol_noprof" } },
	{ PART_SLAB_POLICY, ARM64 | RISCV, RELEASE(6, 12),
	  { "alloc_pages_mpol_noprof", "alloc_pages_noprof" } },
	{ PART_SLAB_POLICY, X86, RELEASE(7, 2), { "alloc_pages_mpol" } },
	{ PART_SLAB_POLICY, ARM64 | RISCV, RELEASE(7, 2),
	  { "alloc_pages_mpol", "alloc_frozen_pages_noprof" } },

	{ PART_LARGE_POLICY, X86, RELEASE(6, 12), { "alloc_pages_mpol_noprof" } },
	{ PART_LARGE_POLICY, ARM64 | RISCV, RELEASE(6, 12),
	  { "alloc_pages_mpol_noprof", "alloc_pages_noprof" } },
	{ PART_LARGE_POLICY, X86, RELEASE(7, 2), { "alloc_pages_mpol" } },
	{ PART_LARGE_POLICY, ARM64 | RISCV, RELEASE(7, 2),
	  { "alloc_pages_mpol", "alloc_frozen_pages_noprof" } },

	{ PART_PAGES_POLICY, ARM64, 0, { "alloc_pages_current" } },
	{ PART_PAGES_POLICY, ARM64 | RISCV, RELEASE(6, 1), { "alloc_pages" } },
	{ PART_PAGES_POLICY, X86, RELEASE(6, 12), { "alloc_pages_mpol_noprof" } },
	{ PART_PAGES_POLICY, ARM64 | RISCV, RELEASE(6, 12),
	  { "alloc_pages_mpol_noprof", "alloc_pages_noprof" } },
	{ PART_PAGES_POLICY, X86, RELEASE(7, 2), { "alloc_pages_mpol", "alloc_pages_noprof" } },
	{ PART_PAGES_POLICY, ARM64 | RISCV, RELEASE(7, 2),
	  { "alloc_pages_mpol", "alloc_frozen_pages_noprof", "alloc_pages_noprof" } },

	{ PART_SLAB_PAGES, ALL, 0, { "new_slab" } },
	{ PART_SLAB_PAGES, ALL, RELEASE(5, 10), { "allocate_slab" } },
	{ PART_SLAB_PAGES, REST, RELEASE(6, 1), { "new_slab" } },

	{ PART_NEW_SLAB, ALL, 0, { "new_slab" } },
	{ PART_NEW_SLAB, ALL, RELEASE(5, 10), { NULL } },
	{ PART_NEW_SLAB, REST, RELEASE(6, 1), { "new_slab" } },

	{ PART_SLAB_ALLOC, ALL, 0, { "___slab_alloc", "__slab_alloc" } },
	{ PART_SLAB_ALLOC, ARM, 0, { "___slab_alloc" } },
	{ PART_SLAB_ALLOC, ALL, RELEASE(6, 1), { "___slab_alloc", "__kmem_cache_alloc_node" } },
	{ PART_SLAB_ALLOC, ALL, RELEASE(6, 12), { "___slab_alloc" } },
	{ PART_SLAB_ALLOC, ARM64 | RISCV, RELEASE(7, 2), { "___slab_alloc", "__slab_alloc_node" } },

	{ PART_SHEAF, ALL, 0, { "refill_objects", "__pcs_replace_empty_main" } },

	{ PART_LARGE, ALL, 0, { "kmalloc_large_node" } },
	{ PART_LARGE, ALL, RELEASE(6, 1), { "__kmalloc_large_node" } },
	{ PART_LARGE, ALL, RELEASE(6, 12), { "___kmalloc_large_node", "__kmalloc_large_node_noprof" } },

	{ PART_PAGES, ALL, 0, { "__get_free_pages" } },
	{ PART_PAGES, ALL, RELEASE(6, 12), { "get_free_pages_noprof" } },
};

static unsigned arch_bit(const struct arch *a)
{
	static const char *const name[] = { "x86_64", "arm64", "riscv64", "arm" };
	unsigned i = 0;

	while (i < 3 && strcmp(name[i], a->name))
		i++;
	return 1u << i;
}

struct frames {
	const char *at[ALLOC_STACK_MAX];
	int n;
};

static void add(struct frames *f, const char *function)
{
	if (f->n < ALLOC_STACK_MAX)
		f->at[f->n++] = function;
}

static void add_part(const struct kernel *k, enum part part, struct frames *f)
{
	const struct row *found = NULL;
	unsigned arch = arch_bit(k->arch);

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].part == part && rows[i].arches & arch &&
		    rows[i].since <= k->profile->version)
			found = &rows[i];
	for (int i = 0; found && i < 4 && found->function[i]; i++)
		add(f, found->function[i]);
}

/* No log shows CONFIG_SLAB's functions: only the call itself is named. */
static void add_way(const struct mm *mm, unsigned where, struct frames *f)
{
	const struct kernel *k = mm->kernel;
	enum alloc_at at = (enum alloc_at)(where & ~AT_SLOW_PATH);
	bool pages = at == AT_NEW_SLAB_PAGES || at == AT_LARGE_PAGES || at == AT_PAGES;

	if (pages && !k->profile->slab) {
		if (where & AT_SLOW_PATH)
			add_part(k, PART_WARN, f);
		add(f, k->profile->pages_function);
	}
	if (at == AT_PAGES) {
		add_part(k, PART_PAGES_POLICY, f);
		add_part(k, PART_PAGES, f);
		return;
	}
	if (k->profile->slab) {
		/* nothing is known */
	} else if (at == AT_LARGE || at == AT_LARGE_PAGES) {
		if (pages)
			add_part(k, PART_LARGE_POLICY, f);
		add_part(k, PART_LARGE, f);
	} else {
		if (pages)
			add_part(k, PART_SLAB_POLICY, f);
		add_part(k, pages ? PART_SLAB_PAGES : PART_NEW_SLAB, f);
		add_part(k, mm->way.sheaf && !pages ? PART_SHEAF : PART_SLAB_ALLOC, f);
	}
	if (mm->way.entry)
		add(f, mm->way.entry);
}

void alloc_stack_begin(struct mm *mm, unsigned at, struct alloc_stack *s)
{
	struct kernel *k = mm->kernel;
	struct frames f = { .n = 0 };

	add_way(mm, at, &f);
	s->depth = k->depth;
	s->n = 0;
	/*
	 * while functions are traced, the stack has other names for this part, which are
	 * replaced
	 */
	k->depth = mm->way.depth;
	for (int i = f.n; i-- > 0 && k->depth < STACK_MAX;) {
		s->was[s->n++] = k->stack[k->depth];
		k->stack[k->depth++] = f.at[i];
	}
}

void alloc_stack_end(struct mm *mm, const struct alloc_stack *s)
{
	struct kernel *k = mm->kernel;

	for (int i = 0; i < s->n; i++)
		k->stack[mm->way.depth + i] = s->was[i];
	k->depth = s->depth;
}
