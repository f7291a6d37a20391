/* SPDX-License-Identifier: MIT */
/*
 * Caches created by drivers, and their objects. Corresponds to kmem_cache_create() and
 * the like in Linux' mm/slab_common.c and mm/slub.c. Differs: caches are not merged;
 * there are no constructors; struct kmem_cache is an object of 256 bytes without
 * contents, in a cache that is created with the first one.
 */
#include "mm/kmem_cache.h"

#include <errno.h>
#include <stdio.h>

#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/slab.h"
#include "mm/slub_debug.h"
#include "mm/track.h"

#define CACHE_LINE 64
#define OBJECT_MAX (4u << 20)

/* Differences between releases. */
static const struct rule {
	int since;
	const char *alloc;      /* name of the function in a stack */
	bool word_at_least;     /* no objects smaller than a pointer */
	bool warns_of_name;     /* creating a name that exists WARNs; else sysfs fails */
	bool destroy_warns;     /* destroying a cache with objects WARNs and names the caller */
	bool destroyed_goes;    /* ... and removes the cache all the same */
} rules[] = {
	{ 0, "kmem_cache_alloc", true, false, false, false },
	{ RELEASE(5, 10), "kmem_cache_alloc", false, false, false, false },
	{ RELEASE(6, 1), "kmem_cache_alloc", false, false, true, false },
	{ RELEASE(6, 12), "kmem_cache_alloc_noprof", false, true, true, true },
};

static const struct rule *rule_of(const struct mm *mm)
{
	size_t i = COUNT(rules) - 1;

	while (rules[i].since > mm->kernel->profile->version)
		i--;
	return &rules[i];
}

/* --- what a driver refers to a cache by -------------------------------------------- */

static struct kmem_cache *of_caches(struct mm *mm)
{
	return &mm->caches[KMALLOC_CACHES];
}

uint64_t kmem_cache_addr(const struct mm *mm, const struct kmem_cache *c)
{
	return mm_addr(mm, object_start(mm, c->number));
}

struct kmem_cache *kmem_cache_at(struct mm *mm, uint64_t addr)
{
	const char *p = mm_ptr(mm, addr, 1);
	struct object o;

	if (!p || !object_find(mm, p, &o) || o.start != p || object_tag(mm, &o) != TAG_CACHE)
		return NULL;
	for (int i = KMALLOC_CACHES; i < CACHES; i++)
		if (mm->caches[i].object_size && mm->caches[i].number == object_number(mm, p))
			return &mm->caches[i];
	return NULL;
}

/* --- creation ---------------------------------------------------------------------- */

static size_t alignment(const struct mm *mm, size_t size, size_t align, unsigned flags)
{
	size_t line = CACHE_LINE;

	if (flags & CACHE_HWALIGN) {
		while (size <= line / 2)
			line /= 2;
		align = align > line ? align : line;
	}
	if (align < 8) /* ARCH_SLAB_MINALIGN: the larger of a word and unsigned long long */
		align = 8;
	return align < mm->word ? mm->word : align;
}

static struct kmem_cache *unused_cache(struct mm *mm)
{
	/* the first one is the cache for struct kmem_cache */
	for (int i = KMALLOC_CACHES + 1; i < CACHES; i++)
		if (!mm->caches[i].object_size && !mm->caches[i].lost)
			return &mm->caches[i];
	return NULL;
}

static void set_up(struct mm *mm, struct kmem_cache *c, uint32_t number, const char *name,
		   size_t size, size_t align, unsigned flags)
{
	struct spare *sheaf[NODES_MAX];

	for (int n = 0; n < NODES_MAX; n++)
		sheaf[n] = c->node[n].sheaf;
	*c = (struct kmem_cache){
		.object_size = (uint32_t)size, .align = (uint32_t)align,
		.number = number, .asked_debug = (uint8_t)flags,
	};
	snprintf(c->name, sizeof(c->name), "%s", name);
	cache_setup(mm, c);
	for (int n = 0; n < NODES_MAX; n++)
		c->node[n].sheaf = sheaf[n];
}

static bool taken(const struct mm *mm, const char *name)
{
	for (int i = 0; i < CACHES; i++)
		if (mm->caches[i].object_size && !strcmp(mm->caches[i].name, name))
			return true;
	return false;
}

static struct kmem_cache *failed(struct mm *mm, const char *name, int err)
{
	struct kernel *k = mm->kernel;

	printk(k, KERN_WARNING, "kmem_cache_create(%s) failed with error %d", name, err);
	dump_stack(k, KERN_WARNING, "kmem_cache_create");
	return NULL;
}

/* The functions that create a cache's directory, for the report that the name exists. */
static const char *const sysfs_way[] = {
	"sysfs_warn_dup", "sysfs_create_dir_ns", "kobject_add_internal", "kobject_add", NULL,
};

/* 0, or the error of kmem_cache_create(). */
static int check(struct mm *mm, const char *name, size_t size)
{
	const struct rule *rule = rule_of(mm);
	struct kernel *k = mm->kernel;

	if (!size || (rule->word_at_least && size < mm->word) || size > OBJECT_MAX) {
		printk(k, KERN_ERR, "kmem_cache_create(%s) integrity check failed", name);
		return -EINVAL;
	}
	if (strchr(name, ' '))
		kernel_warn(k, "kmem_cache_create", NULL);
	if (!taken(mm, name))
		return 0;
	if (rule->warns_of_name) {
		kernel_warn(k, "kmem_cache_create", "kmem_cache of name '%s' already exists", name);
		return 0;
	}
	if (k->profile->slab)
		return 0;
	printk(k, KERN_WARNING, "sysfs: cannot create duplicate filename '/kernel/slab/%s'", name);
	dump_stack_above(k, KERN_WARNING, sysfs_way);
	return -EEXIST;
}

static struct kmem_cache *create(struct mm *mm, const char *name, size_t size, size_t align,
				 unsigned flags)
{
	struct kmem_cache *c, *all = of_caches(mm);
	int err = check(mm, name, size);
	struct object o;

	if (err)
		return failed(mm, name, err);
	if (!all->object_size)
		set_up(mm, all, UINT32_MAX, "kmem_cache", 256, CACHE_LINE, 0);
	c = unused_cache(mm);
	if (!c || !slab_alloc_from(mm, all, GFP_KERNEL | __GFP_ZERO, TAG_CACHE,
				   "kmem_cache_create", &o))
		return failed(mm, name, -ENOMEM);
	set_up(mm, c, object_number(mm, o.start), name, size, alignment(mm, size, align, flags),
	       flags);
	return c;
}

struct kmem_cache *kmem_cache_create(struct mm *mm, const char *name, size_t size, size_t align,
				     unsigned flags)
{
	struct kmem_cache *c;

	fn_enter(mm->kernel, "kmem_cache_create");
	c = create(mm, name, size, align, flags);
	fn_exit(mm->kernel);
	return c;
}

/* --- objects ----------------------------------------------------------------------- */

void *kmem_cache_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp)
{
	struct object o;

	return slab_alloc_from(mm, c, gfp, TAG_KMALLOC, rule_of(mm)->alloc, &o) ? o.start : NULL;
}

void kmem_cache_free(struct mm *mm, struct kmem_cache *c, const void *p)
{
	struct kernel *k = mm->kernel;
	struct object o;

	fn_enter(k, kmem_cache_free_name);
	if (object_find(mm, p, &o) && o.cache && o.cache != c)
		kernel_warn(k, kmem_cache_free_name, "cache_from_obj: Wrong slab cache. %s but object is "
			    "from %s", c->name, o.cache->name);
	kfree_object(mm, p);
	fn_exit(k);
}

/* --- destruction ------------------------------------------------------------------- */

static uint64_t objects_in_use(const struct mm *mm, const struct kmem_cache *c)
{
	uint64_t n = 0;

	for (int i = 0; i < mm->nodes; i++)
		n += cache_node_inuse(&c->node[i]);
	return n;
}

static bool has_slabs(const struct mm *mm, const struct kmem_cache *c)
{
	for (int i = 0; i < mm->nodes; i++)
		if (c->node[i].slabs)
			return true;
	return false;
}

static bool has_objects(const struct mm *mm, const struct page *page, uint32_t objects)
{
	for (uint32_t i = 0; i < objects; i++)
		if (mm->slots[page->slots + i] & SLOT_ALLOCATED)
			return true;
	return false;
}

static void count_report(struct mm *mm, struct kmem_cache *c)
{
	struct slab_walk w = slabs_of(mm, c);
	struct kernel *k = mm->kernel;
	struct page *page;
	char sym[96];

	while ((page = slabs_next(mm, &w)))
		if (has_objects(mm, page, c->objects))
			slub_report_remaining(mm, page);
	if (rule_of(mm)->destroy_warns) {
		kernel_warn(k, "kmem_cache_destroy", "kmem_cache_destroy %s: Slab cache still has "
			    "objects when called from %s", c->name,
			    symbolic(k->context.caller, sym));
	} else {
		printk(k, KERN_ERR, "kmem_cache_destroy %s: Slab cache still has objects", c->name);
		dump_stack(k, KERN_ERR, "kmem_cache_destroy");
	}
}

/* Frees its struct kmem_cache, unless a driver already did. */
static void free_struct(struct mm *mm, const struct kmem_cache *c)
{
	struct object o;

	object_starting(mm, object_start(mm, c->number), &o);
	if (object_tag(mm, &o) == TAG_CACHE)
		slab_free(mm, &o);
}

void kmem_cache_destroy(struct mm *mm, struct kmem_cache *c)
{
	uint64_t used;

	fn_enter(mm->kernel, "kmem_cache_destroy");
	slab_shrink_cache(mm, c);
	used = objects_in_use(mm, c);
	if (used)
		count_report(mm, c);
	if (!used || rule_of(mm)->destroyed_goes) {
		free_struct(mm, c);
		/* a damaged object that was set aside also keeps its slab */
		c->lost = has_slabs(mm, c);
		if (!c->lost)
			c->object_size = 0;
	}
	fn_exit(mm->kernel);
}

int64_t kmem_cache_validate(struct mm *mm, const struct kmem_cache *c)
{
	if (c->debug && !slab_could_alloc(mm, (c->objects + 63u) / 64 * 8, GFP_KERNEL))
		return -ENOMEM;
	return slub_validate(mm, c);
}
