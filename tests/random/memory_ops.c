/* SPDX-License-Identifier: MIT */
/* Each operation of the random test for memory, on the model and according to the rules. */
#include "memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/devm.h"
#include "machine/fsck.h"
#include "mm/access.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/failslab.h"
#include "mm/gfp.h"
#include "mm/kmalloc.h"
#include "mm/kmem_cache.h"
#include "mm/vmalloc.h"

bool wrong(struct run *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
	return false;
}

/* --- things ------------------------------------------------------------------------ */

static struct thing *pick(struct run *r, unsigned n, bool live)
{
	unsigned count = 0;

	for (unsigned i = 0; i < r->things; i++)
		count += r->thing[i]->live == live;
	for (unsigned i = 0, at = count ? n % count : 0; count && i < r->things; i++)
		if (r->thing[i]->live == live && !at--)
			return r->thing[i];
	return NULL;
}

void forget(struct run *r, unsigned i)
{
	free(r->thing[i]);
	r->thing[i] = r->thing[--r->things];
}

/* False: it overlaps something that is in use. Freed things in its place are forgotten. */
static bool makes_room(struct run *r, uint64_t start, size_t bucket)
{
	for (unsigned i = r->things; i-- > 0;) {
		const struct thing *t = r->thing[i];

		if (start >= t->start + t->bucket || t->start >= start + bucket)
			continue;
		if (t->live)
			return false;
		forget(r, i);
	}
	return true;
}

/* Whether this allocation has to fail. */
static bool injected(struct run *r, size_t bucket)
{
	if (r->nth) {
		if (--r->nth)
			return false;
		/* every failure counts; that of a large allocation for fail_page_alloc */
		r->times -= r->times > 0 && bucket <= SLAB_MAX;
		return true;
	}
	if (bucket > SLAB_MAX || !r->times)
		return false;
	if (r->space > 0 && (size_t)r->space > bucket) {
		r->space -= (int)bucket;
		return false;
	}
	if (r->interval > 1 && ++r->count % r->interval)
		return false;
	r->times--;
	return true;
}

/* --- comparing ------------------------------------------------------------------------- */

static void finding(void *ctx, const struct fsck_finding *f)
{
	struct run *r = ctx;

	if (!*r->why && f->kind == FSCK_UNSOUND)
		wrong(r, "fsck: %s: %s", f->where, f->text);
}

static bool same_bytes(struct run *r, const struct thing *t)
{
	size_t front = in_front(r, t), len = front + t->bucket + behind(r, t);
	const uint8_t *is = (const uint8_t *)t->host - front, *was = t->was + AROUND - front;

	if (!t->live && !has(r->setup, 'P'))
		return true; /* the contents of a free object are not specified */
	for (size_t i = 0; i < len; i++)
		if (is[i] != was[i] && !(t->devm && i >= front && i < front + header_of(r->setup)))
			return wrong(r, "byte %d of the %zu at %016" PRIx64 " is %02x, not %02x",
				     (int)i - (int)front, t->bucket, t->start, is[i], was[i]);
	return true;
}

bool as_expected(struct run *r)
{
	const struct kernel *k = &r->m->kernel;
	const struct kasan *kasan = &r->m->mm.kasan;

	if (kasan->reports != r->kasan)
		return wrong(r, "%u reports of KASAN, not %u", kasan->reports, r->kasan);
	if (r->type && strcmp(kasan->last.type, r->type))
		return wrong(r, "KASAN says %s, not %s", kasan->last.type, r->type);
	if (k->reports[REPORT_SLAB] != r->slab)
		return wrong(r, "%u reports of the allocator, not %u", k->reports[REPORT_SLAB], r->slab);
	if (k->reports[REPORT_WARN] != r->warns)
		return wrong(r, "%u warnings, not %u", k->reports[REPORT_WARN], r->warns);
	if (k->reports[REPORT_BUG] != r->bugs)
		return wrong(r, "%u BUGs, not %u", k->reports[REPORT_BUG], r->bugs);
	for (unsigned i = 0; i < r->things; i++)
		if (!same_bytes(r, r->thing[i]))
			return false;
	if (machine_fsck(r->m, finding, r) < 0)
		return wrong(r, "fsck had no memory");
	return !*r->why;
}

/* --- operations ------------------------------------------------------------------------ */

/* Where it begins, or NULL; *t gets the rest. */
static char *allocate(struct run *r, const struct op *op, gfp_t gfp, struct thing *t)
{
	struct mm *mm = &r->m->mm;
	size_t header = t->devm ? header_of(r->setup) : 0;
	uint64_t area;
	char *p;

	switch (op->kind) {
	case CACHE:
		return kmem_cache_alloc(mm, t->cache, gfp);
	case AREA:
		area = vmalloc(mm, "vmalloc", op->size, gfp);
		return area ? mm_ptr(mm, area, op->size) : NULL;
	case DEVM:
		p = devm_kmalloc(r->dev, op->size, gfp);
		return p ? p - header : NULL;
	default:
		return kmalloc(mm, op->size, gfp);
	}
}

/* What the rules know before the allocation. */
static void describe(struct run *r, const struct op *op, struct thing *t)
{
	size_t bytes = op->size;
	bool whole = false;

	t->devm = op->kind == DEVM;
	t->area = op->kind == AREA;
	t->own = op->kind == CACHE;
	if (t->own) {
		t->cache = r->own[op->off % OWN];
		t->bucket = t->open = t->cache->object_size;
		return;
	}
	if (t->area) {
		t->bucket = (bytes + 4095) / 4096 * 4096;
		/* KASAN checks each byte of an area since 5.10 */
		t->open = r->setup->release < 5010 ? t->bucket : bytes;
		return;
	}
	if (t->devm) {
		bytes += header_of(r->setup);
		whole = r->setup->release >= 6002;
	}
	t->bucket = bucket_of(r->setup, bytes);
	if (t->bucket <= SLAB_MAX)
		t->cache = kmalloc_cache(&r->m->mm, t->bucket, GFP_KERNEL);
	/* up to 5.10 KASAN opens the whole bucket to kmalloc_track_caller() */
	whole |= t->devm && r->setup->kasan && r->setup->release < 6001 && t->cache;
	t->open = whole ? t->bucket : bytes;
	t->asked = t->open == t->bucket ? 0 : bytes;
}

static bool do_alloc(struct run *r, const struct op *op)
{
	size_t header = op->kind == DEVM ? header_of(r->setup) : 0, bytes = op->size + header;
	gfp_t gfp = GFP_KERNEL | (op->zero ? __GFP_ZERO : 0);
	bool keeps = r->setup->release >= 6012 && has(r->setup, 'U');
	bool fails;
	struct thing *t, about = { .live = true };

	/* larger objects are not pages here: that is for another test */
	if (r->things == THINGS_MAX || bytes > (config_slab(r->setup) ? SLAB_MAX : BUCKET_MAX))
		return true;
	/* what an area allocates for itself is for another test */
	if (op->kind == AREA && (r->nth || r->times))
		return true;
	for (unsigned i = 0, live = 0; i < r->things; i++)
		if (r->thing[i]->live && ++live == LIVE_MAX)
			return true;
	describe(r, op, &about);
	if (about.own)
		bytes = about.bucket;
	fails = !about.area && injected(r, about.bucket);
	about.host = allocate(r, op, gfp, &about);
	if (!about.host != fails)
		return wrong(r, fails ? "it did not fail" : "it failed");
	if (!about.host)
		return true;
	about.start = mm_addr(&r->m->mm, about.host);
	if (!makes_room(r, about.start, about.bucket))
		return wrong(r, "two objects overlap");
	t = malloc(sizeof(*t));
	if (!t)
		abort();
	*t = about;
	r->thing[r->things++] = t;
	memcpy(t->was + AROUND - in_front(r, t), t->host - in_front(r, t),
	       in_front(r, t) + t->bucket + behind(r, t));
	fill_zones(r, t);
	for (size_t i = header; i < bytes; i++) {
		uint8_t is = t->was[AROUND + i];

		if (op->zero ? is : is_slab(t) && has(r->setup, 'P') &&
				    is != fresh_byte(r, t, (int)i))
			return wrong(r, "byte %zu of a new object is %02x", i, is);
	}
	/* newer releases zero the requested size, if it is kept */
	for (size_t i = bytes; op->zero && (!keeps || !t->cache) && i < t->bucket; i++)
		if (t->was[AROUND + i])
			return wrong(r, "byte %zu of a new object is %02x", i, t->was[AROUND + i]);
	return true;
}

static void let_go(struct run *r, struct thing *t)
{
	struct mm *mm = &r->m->mm;

	if (t->devm)
		devm_kfree(r->dev, t->host + header_of(r->setup));
	else if (t->own)
		kmem_cache_free(mm, t->cache, t->host);
	else if (t->area)
		vfree(mm, t->start);
	else
		kfree(mm, t->host);
}

static bool do_free(struct run *r, const struct op *op)
{
	struct thing *t = pick(r, op->pick, true);
	bool bad;

	if (!t)
		return true;
	bad = is_slab(t) && has(r->setup, 'F') && damaged(r, t, true);
	r->slab += bad;
	let_go(r, t);
	if (bad && !config_slab(r->setup)) {
		if (!t->devm)
			return true;
		/* the node is off its list, and its memory stays allocated */
		memcpy(t->was + AROUND, t->host, header_of(r->setup));
		t->devm = false;
		return true;
	}
	t->live = t->devm = false;
	if (!is_slab(t) || (!r->setup->kasan && !has(r->setup, 'F') && !has(r->setup, 'P'))) {
		for (unsigned i = 0; i < r->things; i++)
			if (r->thing[i] == t)
				forget(r, i--);
		return true;
	}
	fill_zones(r, t);
	return true;
}

/* Checks all objects of the cache. */
static bool validate(struct run *r, struct kmem_cache *c)
{
	size_t map = (c->objects + 63u) / 64 * 8; /* one bit per object of a slab */
	int64_t bad = 0, found;
	uint32_t reports = 0;

	if (!strcmp(r->setup->letters, "-"))
		return true;
	if (injected(r, bucket_of(r->setup, map))) {
		found = kmem_cache_validate(&r->m->mm, c);
		return found == -ENOMEM ? validate(r, c)
			: wrong(r, "validate found %" PRId64 " without memory", found);
	}
	for (unsigned i = 0; i < r->things; i++)
		if (r->thing[i]->cache == c && damaged(r, r->thing[i], false)) {
			reports += reports_of(r, r->thing[i]);
			bad += damaged(r, r->thing[i], true);
		}
	r->slab += reports;
	found = kmem_cache_validate(&r->m->mm, c);
	return found == bad || wrong(r, "validate found %" PRId64 ", not %" PRId64, found, bad);
}

static bool do_validate(struct run *r, const struct op *op)
{
	struct thing *t = pick(r, op->pick, op->pick & 1);

	return !t || !is_slab(t) || validate(r, t->cache);
}

static bool do_access(struct run *r, const struct op *op)
{
	struct thing *t = pick(r, op->pick, op->pick % 8 != 0);
	uint8_t buffer[64];
	int from, first, last;
	unsigned len = 1 + op->size % 12;

	/* without poison the free pointer is somewhere in it */
	if (!t || (!t->live && !has(r->setup, 'P')))
		return true;
	if (t->area && !t->live)
		return true;
	/* the links of nodes are for another test */
	first = t->devm ? (int)header_of(r->setup) : -(int)in_front(r, t);
	last = (int)(t->bucket + behind(r, t));
	/* usually near the end of what may be accessed */
	from = op->off % 3 ? (int)t->open - 16 + op->off % 24 : first + op->off % (last - first);
	if (from < first)
		from = first;
	if (from >= last)
		from = last - 1;
	if ((int)len > last - from)
		len = (unsigned)(last - from);
	r->type = NULL;
	if (r->setup->kasan && !t->live) {
		r->kasan++;
		r->type = r->setup->release >= 6012 ? "slab-use-after-free" : "use-after-free";
	} else if (r->setup->kasan && (from < 0 || from + (int)len > (int)t->open)) {
		r->kasan++;
		r->type = t->area ? "vmalloc-out-of-bounds" : "slab-out-of-bounds";
	}
	/* the red zones of a free object are not freed memory */
	if (!t->live && (from < 0 || from >= (int)t->bucket))
		r->type = NULL;
	memset(buffer, (int)op->value, sizeof(buffer));
	if (op->kind == WRITE) {
		mm_write(&r->m->mm, t->start + (uint64_t)(int64_t)from, buffer, len);
		memset(&t->was[AROUND + from], (int)op->value, len);
		/*
		 * damaged free objects must not be handed out: the rules cannot predict
		 * the next one
		 */
		while (!t->live && damaged(r, t, false))
			if (!validate(r, t->cache))
				return false;
		return true;
	}
	mm_read(&r->m->mm, t->start + (uint64_t)(int64_t)from, buffer, len);
	if (t->live && memcmp(buffer, &t->was[AROUND + from], len))
		return wrong(r, "what was read is not what was written");
	return true;
}

static bool do_bad_free(struct run *r, const struct op *op)
{
	bool twice = op->kind == FREE_TWICE;
	struct thing *t = pick(r, op->pick, !twice);

	if (!t || t->devm || t->own || !is_slab(t) || t->bucket < 16)
		return true;
	/* nothing is checked: silence, or a BUG if it was freed last */
	if (!r->setup->kasan && !has(r->setup, 'F'))
		return true;
	r->type = NULL;
	if (r->setup->kasan) {
		r->kasan++;
		r->type = r->setup->release < 6001 ? "double-free or invalid-free"
						   : twice ? "double-free" : "invalid-free";
	} else if (config_slab(r->setup) && !twice) {
		r->bugs++;
	} else if (!config_slab(r->setup) || has_zones(r, t)) {
		r->slab++;
		if (config_slab(r->setup))
			fill_zones(r, t); /* it is freed once more */
	}
	kfree(&r->m->mm, t->host + (twice ? 0 : 8));
	return true;
}

static bool do_inject(struct run *r, const struct op *op)
{
	struct faults *f = &r->m->mm.faults;

	if (op->kind == FAIL_NTH) {
		r->nth = f->fail_nth = 1 + op->pick % 5;
	} else {
		r->times = 1 + op->pick % 3;
		r->interval = op->pick / 8 % 3;
		r->space = (int)(op->pick / 32 % 2 * op->size);
		r->count = 0;
		f->slab.probability = 100;
		f->slab.times = (int)r->times;
		f->slab.interval = r->interval;
		f->slab.space = r->space;
		f->slab.count = 0;
		f->slab.verbose = 0;
	}
	f->slab.ignore_gfp_wait = f->pages.ignore_gfp_wait = false;
	f->pages.min_order = 0;
	faults_changed(&r->m->mm);
	return true;
}

bool (*const do_op[KINDS])(struct run *r, const struct op *op) = {
	do_alloc, do_alloc, do_alloc, do_alloc, do_free, do_access, do_access, do_bad_free, do_bad_free, do_validate,
	do_inject, do_inject,
};
