/* SPDX-License-Identifier: MIT */
/* Caches created by drivers. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kasan.h"
#include "mm/kmem_cache.h"
#include "mm/object.h"

static const struct {
	const char *name;
	unsigned means;
	int since;
} cache_flags[] = {
	{ "SLAB_CONSISTENCY_CHECKS", SLUB_F, RELEASE(4, 6) },
	{ "SLAB_RED_ZONE", SLUB_Z, 0 },
	{ "SLAB_POISON", SLUB_P, 0 },
	{ "SLAB_HWCACHE_ALIGN", CACHE_HWALIGN, 0 },
	{ "SLAB_STORE_USER", SLUB_U, 0 },
	{ "SLAB_PANIC", 0, 0 },
	{ "SLAB_TRACE", SLUB_T, 0 },
	{ "SLAB_RECLAIM_ACCOUNT", 0, 0 },
	{ "SLAB_ACCOUNT", 0, RELEASE(4, 5) },
	{ "SLAB_NO_MERGE", 0, RELEASE(6, 5) },
};

#define FLAGS COUNT(cache_flags)

static int one_flag(struct call_ctx *c, const char *name, unsigned *flags)
{
	const struct profile *p = ctx_kernel(c)->profile;

	for (size_t i = 0; i < FLAGS; i++) {
		if (strcmp(cache_flags[i].name, name))
			continue;
		if (cache_flags[i].since > p->version)
			return result_error(c->result, -EINVAL, "flags '%s': exists since %d.%d; this "
					    "machine runs %s", name, cache_flags[i].since / 1000,
					    cache_flags[i].since % 1000, p->release);
		*flags |= cache_flags[i].means;
		return 0;
	}
	return strcmp(name, "0") ? result_error(c->result, -EINVAL, "flags '%.40s': no such flag; "
						"SLAB_HWCACHE_ALIGN, SLAB_POISON, SLAB_RED_ZONE, "
						"SLAB_STORE_USER and others are", name) : 0;
}

static int parse_flags(struct call_ctx *c, const char *text, unsigned *flags)
{
	char list[200], *save;

	*flags = 0;
	if (strlen(text) >= sizeof(list))
		return result_error(c->result, -EINVAL, "flags: longer than %zu bytes", sizeof(list) - 1);
	strcpy(list, text);
	for (char *s = strtok_r(list, "| ", &save); s; s = strtok_r(NULL, "| ", &save))
		if (one_flag(c, s, flags))
			return c->result->err;
	return 0;
}

static int run_kmem_cache_create(struct call_ctx *c)
{
	uint64_t align = c->arg[2].u;
	struct kmem_cache *cache;
	unsigned flags;

	if (parse_flags(c, c->arg[3].s, &flags))
		return c->result->err;
	if (!*c->arg[0].s || strlen(c->arg[0].s) >= CACHE_NAME || strchr(c->arg[0].s, '/'))
		return result_error(c->result, -EINVAL, "name: wants 1 to %d letters, and no '/'",
				    CACHE_NAME - 1);
	if (align & (align - 1) || align > page_size(&c->machine->mm))
		return result_error(c->result, -EINVAL, "align: wants a power of two, a page at most");
	cache = kmem_cache_create(&c->machine->mm, c->arg[0].s, c->arg[1].u, align, flags);
	c->result->value = v_addr(cache ? kmem_cache_addr(&c->machine->mm, cache) : 0);
	if (!cache)
		note(c, "the kernel's message says why");
	return 0;
}

/* The cache of argument 0; NULL after an Oops, because the pointer is not a cache. */
static struct kmem_cache *arg_cache(struct call_ctx *c)
{
	struct mm *mm = &c->machine->mm;
	struct kmem_cache *cache = kmem_cache_at(mm, c->arg[0].u);
	struct kernel *k = ctx_kernel(c);
	uint64_t addr = c->arg[0].u;

	if (cache)
		return cache;
	fn_enter(k, c->call->name);
	if (mm_ptr(mm, c->arg[0].u, 8)) {
		kasan_check(mm, c->arg[0].u, 8, false);
		addr = mm->poison ? 0x6b6b6b6b6b6b6b6bull & arch_size_max(k->arch) : 0;
	}
	kernel_oops(k, c->call->name, addr);
	fn_exit(k);
	return NULL;
}

static int alloc(struct call_ctx *c, gfp_t gfp)
{
	struct kmem_cache *cache = arg_cache(c);

	if (!cache)
		return -EFAULT;
	return result_pointer(c, kmem_cache_alloc(&c->machine->mm, cache, gfp));
}

static int run_kmem_cache_alloc(struct call_ctx *c)
{
	return alloc(c, (gfp_t)c->arg[1].u);
}

static int run_kmem_cache_zalloc(struct call_ctx *c)
{
	return alloc(c, (gfp_t)c->arg[1].u | __GFP_ZERO);
}

static int run_kmem_cache_free(struct call_ctx *c)
{
	struct kmem_cache *cache = arg_cache(c);
	uint32_t before = report_complaints(c->machine);
	struct object o;
	bool other;

	if (!cache)
		return -EFAULT;
	other = object_find(&c->machine->mm, arg_ptr(c, 1), &o) && o.cache != cache &&
		object_allocated(&c->machine->mm, &o);
	note_release(c, 1);
	kmem_cache_free(&c->machine->mm, cache, arg_ptr(c, 1));
	if (other)
		note(c, "it is an object of %.40s, not of %.40s, and went back to its own cache",
		     object_cache_name(&o), cache->name);
	else if (report_complaints(c->machine) != before)
		note_kfree(c, c->arg[1].u);
	return 0;
}

static int run_kmem_cache_destroy(struct call_ctx *c)
{
	struct kmem_cache *cache;

	if (!c->arg[0].u)
		return 0;
	cache = arg_cache(c);
	if (!cache)
		return -EFAULT;
	kmem_cache_destroy(&c->machine->mm, cache);
	return 0;
}

#define CACHE_PARAM { "s", P_ADDR, NULL, false, "what kmem_cache_create returned" }
#define SUBJECT .subject = "Caches"

const struct call kmem_cache_calls[] = {
	{
		.name = "kmem_cache_create", SUBJECT,
		.summary = "create a cache for objects of one size",
		.param = {
			{ "name", P_STR, NULL, false, "its name in /proc/slabinfo" },
			{ "size", P_SIZE, NULL, false, "bytes of an object" },
			{ "align", P_SIZE, "0", false, "power of two; 0: that of a word" },
			{ "flags", P_STR, "0", false, "SLAB_HWCACHE_ALIGN, SLAB_POISON, ... with | between" },
		},
		.returns = "pointer to the cache, NULL after a message",
		.detail = "An object has exactly its size: no bucket, no slack. The cache is in "
			  "/proc/slabinfo and /sys/kernel/slab until it is destroyed.",
		.example = "c = kmem_cache_create foo 40\np = kmem_cache_alloc $c\n"
			   "kmem_cache_free $c $p\nkmem_cache_destroy $c",
		.flags = CALL_POINTER, .run = run_kmem_cache_create,
	},
	{
		.name = "kmem_cache_alloc", SUBJECT,
		.summary = "allocate an object of a cache",
		.param = { CACHE_PARAM, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "c = kmem_cache_create foo 40\np = kmem_cache_alloc $c GFP_KERNEL\nx $p",
		.flags = CALL_POINTER, .run = run_kmem_cache_alloc,
	},
	{
		.name = "kmem_cache_zalloc", SUBJECT,
		.summary = "kmem_cache_alloc, zeroed",
		.param = { CACHE_PARAM, GFP_PARAM },
		.returns = "pointer, NULL when memory runs out",
		.example = "c = kmem_cache_create foo 40\np = kmem_cache_zalloc $c\nx $p",
		.flags = CALL_POINTER, .run = run_kmem_cache_zalloc,
	},
	{
		.name = "kmem_cache_free", SUBJECT,
		.summary = "free an object",
		.param = { CACHE_PARAM, { "p", P_ADDR, NULL, false, "what kmem_cache_alloc returned" } },
		.returns = "nothing; WARNs when it is another cache's",
		.example = "c = kmem_cache_create foo 40\np = kmem_cache_alloc $c\nkmem_cache_free $c $p",
		.run = run_kmem_cache_free,
	},
	{
		.name = "kmem_cache_destroy", SUBJECT,
		.summary = "destroy a cache whose objects are all free",
		.param = { { "s", P_ADDR, NULL, false, "what kmem_cache_create returned; NULL is fine" } },
		.returns = "nothing; a report when objects are still in use",
		.detail = "Up to 6.1 a cache with objects stays; since then it is gone from "
			  "/proc/slabinfo, and its memory is lost.",
		.example = "c = kmem_cache_create foo 40\nkmem_cache_destroy $c",
		.run = run_kmem_cache_destroy,
	},
	{ 0 },
};
