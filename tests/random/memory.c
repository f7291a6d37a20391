/* SPDX-License-Identifier: MIT */
/*
 * Random accesses, right and wrong ones, against rules of its own for what
 * KASAN, red zones, poison and injected failures say of each.
 * Usage: random-memory [--seed N] [--sequences N] [--ops N]; prints TAP.
 *
 * A thing is an object as the rules see it: where it begins, how much of it
 * may be touched, and what each byte of it and of the 8 bytes around it holds.
 * Written from what Linux does: the model is asked for addresses alone. After
 * every operation the bytes, the reports and machine_fsck() must agree.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/fsck.h"
#include "mm/kmem_cache.h"
#include "mm/slub_debug.h"

enum { AROUND = 8, LIVE_MAX = 24, THINGS_MAX = 64, BUCKET_MAX = 32768, SLAB_MAX = 8192 };
enum { RED_FREE = 0xbb, RED_USED = 0xcc };

/* CONFIG_SLAB */
#define WORD_FREE 0x09f911029d74e35bull
#define WORD_USED 0xd84156c5635688c0ull

/* --- machines ---------------------------------------------------------------- */

struct setup {
	int release;            /* 6012 */
	bool arm64, kasan;
	const char *letters;    /* of slub_debug= */
};

static const struct setup setups[] = {
	{ 6012, false, true, "FZPU" }, { 6012, false, false, "FZPU" }, { 6001, false, true, "FZPU" },
	{ 6001, false, false, "FZPU" }, { 7002, false, true, "FZPU" }, { 7002, true, false, "FZPU" },
	{ 4019, false, false, "FZPU" }, { 4019, false, true, "FPU" }, { 6012, true, true, "-" },
	{ 6012, false, false, "FZ" }, { 6012, false, false, "FP" }, { 6012, false, false, "-" },
	{ 6001, true, true, "FZPU" }, { 4009, false, false, "FZPU" }, { 4009, true, false, "FZPU" },
};

#define SETUPS (sizeof(setups) / sizeof(setups[0]))

static bool has(const struct setup *s, char letter)
{
	return strchr(s->letters, letter) != NULL;
}

/* 4.9 stands for CONFIG_SLAB. */
static bool config_slab(const struct setup *s)
{
	return s->release < 4010;
}

static size_t bucket_of(const struct setup *s, size_t bytes)
{
	size_t min = s->arm64 && s->release < 6005 ? 128 : config_slab(s) ? 32 : 8, size = min;

	if (bytes > 64 && bytes <= 96 && min <= 32)
		return 96;
	if (bytes > 128 && bytes <= 192 && min <= 64)
		return 192;
	if (bytes > SLAB_MAX)
		size = 4096;
	while (size < bytes)
		size *= 2;
	return size;
}

static size_t header_of(const struct setup *s)
{
	if (s->arm64 && s->release >= 5000)
		return 128;
	return s->release >= 7001 ? 56 : s->release >= 5014 ? 40 : 24;
}

/* --- sequences ------------------------------------------------------------------ */

enum kind {
	KMALLOC, DEVM, FREE, WRITE, READ, FREE_TWICE, FREE_INSIDE, VALIDATE, FAILSLAB, FAIL_NTH, KINDS
};

static const char *const kind_name[KINDS] = {
	"kmalloc", "devm_kmalloc", "free", "write", "read", "free again", "free inside", "validate",
	"failslab", "fail-nth",
};

struct op {
	enum kind kind;
	unsigned pick, size, value;
	int off;
	bool zero;
};

struct sequence {
	uint64_t seed;
	const struct setup *setup;
	struct op *op;
	int count;
};

static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static unsigned below(uint64_t *state, unsigned n)
{
	return (unsigned)(next(state) % n);
}

static struct op make_op(uint64_t *r)
{
	static const unsigned char often[] = {
		KMALLOC, KMALLOC, KMALLOC, DEVM, DEVM, FREE, FREE, FREE, WRITE, WRITE, WRITE, WRITE,
		WRITE, READ, READ, FREE_TWICE, FREE_INSIDE, VALIDATE, FAILSLAB, FAIL_NTH,
	};
	static const unsigned sizes[] = { 1, 7, 8, 9, 16, 24, 40, 64, 88, 96, 100, 128, 152, 192, 200 };
	struct op op = {
		.kind = often[below(r, sizeof(often))], .pick = below(r, 1u << 30),
		.value = below(r, 256), .zero = below(r, 4) == 0,
	};

	op.size = below(r, 3) ? sizes[below(r, sizeof(sizes) / sizeof(sizes[0]))]
			      : below(r, 30) ? 1 + below(r, 2000) : 1 + below(r, 20000);
	op.off = (int)below(r, 1u << 30);
	return op;
}

static void sequence_make(struct sequence *s, uint64_t seed, int ops)
{
	uint64_t state = seed * 0x2545f4914f6cdd1dull + 1;

	*s = (struct sequence){
		.seed = seed, .setup = &setups[seed % SETUPS], .count = ops,
		.op = malloc((size_t)ops * sizeof(*s->op)),
	};
	if (!s->op)
		abort();
	for (int i = 0; i < ops; i++)
		s->op[i] = make_op(&state);
}

/* --- the rules --------------------------------------------------------------------- */

struct thing {
	bool live, devm;
	uint64_t start;         /* of the object */
	char *host;             /* the same */
	size_t bucket, open;    /* bytes; those that may be touched */
	size_t asked;           /* 0 where no red zone begins before the bucket's end */
	uint8_t was[AROUND + BUCKET_MAX + AROUND];
};

struct run {
	const struct sequence *s;
	const struct setup *setup;
	struct machine *m;
	struct device *dev;
	struct thing *thing[THINGS_MAX];
	unsigned things;
	uint32_t kasan, slab, warns, bugs; /* reports that there should be */
	const char *type;            /* the last one's, NULL: not looked at */
	unsigned times, interval, count, nth;
	int space;
	char why[400];
};

__attribute__((format(printf, 2, 3)))
static bool wrong(struct run *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
	return false;
}

static bool is_slab(const struct thing *t)
{
	return t->bucket <= SLAB_MAX;
}

/* CONFIG_SLAB has no zones where objects are aligned to more than 8, or fill pages. */
static bool has_zones(const struct run *r, const struct thing *t)
{
	bool room = !config_slab(r->setup) || (!r->setup->arm64 && t->bucket < 4096);

	return is_slab(t) && room && has(r->setup, 'Z');
}

/* Bytes around it that can be told apart from a neighbour's. */
static size_t in_front(const struct run *r, const struct thing *t)
{
	return has_zones(r, t) ? AROUND : 0;
}

static size_t behind(const struct run *r, const struct thing *t)
{
	return in_front(r, t);
}

/* A part of it that holds one value while nobody errs. */
struct band {
	int from, to;           /* seen from the object; to is outside */
	uint64_t word;          /* from `from` on again and again */
};

#define BYTES(value) ((value) * 0x0101010101010101ull)

static uint8_t band_byte(const struct band *z, int at)
{
	return (uint8_t)(z->word >> 8 * ((at - z->from) % 8));
}

/* KASAN of 6.12 writes to the first 16 bytes of freed objects that have them. */
static int kmalloc_red(const struct run *r, const struct thing *t)
{
	bool spared = r->setup->kasan && r->setup->release < 7000 && t->bucket >= 16;

	return spared && t->asked < 16 ? 16 : (int)t->asked;
}

/* The byte that ends the poison of a new object. */
static int poison_end(const struct run *r, const struct thing *t)
{
	bool sized = r->setup->release >= 6002 && has(r->setup, 'U') && t->asked;

	return (sized ? kmalloc_red(r, t) : (int)t->bucket) - 1;
}

/* What a new object holds with poison. */
static uint8_t fresh_byte(const struct run *r, const struct thing *t, int at)
{
	if (config_slab(r->setup))
		return 0x5a;
	return at == poison_end(r, t) ? 0xa5 : 0x6b;
}

static unsigned zones_of(const struct run *r, const struct thing *t, struct band *z)
{
	uint64_t red = BYTES(t->live ? RED_USED : RED_FREE);
	int bucket = (int)t->bucket;
	unsigned n = 0;

	if (!is_slab(t))
		return 0;
	if (config_slab(r->setup))
		red = t->live ? WORD_USED : WORD_FREE;
	if (has_zones(r, t)) {
		z[n++] = (struct band){ -AROUND, 0, red };
		z[n++] = (struct band){ bucket, bucket + AROUND, red };
		if (t->live && t->asked && r->setup->release >= 6002 && has(r->setup, 'U'))
			z[n++] = (struct band){ kmalloc_red(r, t), bucket, red };
	}
	if (!t->live && has(r->setup, 'P')) {
		z[n++] = (struct band){ 0, bucket - 1, BYTES(0x6b) };
		z[n++] = (struct band){ bucket - 1, bucket, BYTES(0xa5) };
	}
	return n;
}

static bool band_intact(const struct thing *t, const struct band *z)
{
	for (int at = z->from; at < z->to; at++)
		if (t->was[AROUND + at] != band_byte(z, at))
			return false;
	return true;
}

/* Reports that CONFIG_SLAB makes about an object: one of its zones, one of its poison. */
static uint32_t slab_reports(const struct run *r, const struct thing *t)
{
	struct band zone[8];
	unsigned n = zones_of(r, t, zone);
	bool outside = false, inside = false;

	for (unsigned i = 0; i < n; i++) {
		bool around = zone[i].from < 0 || zone[i].from >= (int)t->bucket;

		if (!band_intact(t, &zone[i]))
			*(around ? &outside : &inside) = true;
	}
	return (uint32_t)outside + inside;
}

/* How many; and they are as many as the objects elsewhere. */
static uint32_t reports_of(const struct run *r, const struct thing *t)
{
	return config_slab(r->setup) ? slab_reports(r, t) : 1;
}

/* True: a report. What it found is as it should be afterwards; old releases stop at the first. */
static bool damaged(const struct run *r, struct thing *t, bool repair)
{
	struct band zone[8];
	bool first = r->setup->release < 6012 && !config_slab(r->setup), found = false;
	unsigned n = zones_of(r, t, zone);

	for (unsigned i = 0; i < n && !(found && first); i++)
		for (int at = zone[i].from; at < zone[i].to; at++) {
			uint8_t *byte = &t->was[AROUND + at];

			found |= *byte != band_byte(&zone[i], at);
			if (repair)
				*byte = band_byte(&zone[i], at);
		}
	return found;
}

static void fill_zones(const struct run *r, struct thing *t)
{
	struct band zone[8];
	unsigned n = zones_of(r, t, zone);

	for (unsigned i = 0; i < n; i++)
		for (int at = zone[i].from; at < zone[i].to; at++)
			t->was[AROUND + at] = band_byte(&zone[i], at);
}

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

static void forget(struct run *r, unsigned i)
{
	free(r->thing[i]);
	r->thing[i] = r->thing[--r->things];
}

/* False: it lies on something that is in use. What was freed there is gone. */
static bool makes_room(struct run *r, uint64_t start, size_t bucket)
{
	for (unsigned i = r->things; i-- > 0; ) {
		const struct thing *t = r->thing[i];

		if (start >= t->start + t->bucket || t->start >= start + bucket)
			continue;
		if (t->live)
			return false;
		forget(r, i);
	}
	return true;
}

/* Does this allocation fail? */
static bool injected(struct run *r, size_t bucket)
{
	if (r->nth) {
		if (--r->nth)
			return false;
		/* every failure counts; that of a large one for fail_page_alloc */
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
		return true; /* what a free object holds is not said */
	for (size_t i = 0; i < len; i++)
		if (is[i] != was[i] && !(t->devm && i >= front && i < front + header_of(r->setup)))
			return wrong(r, "byte %d of the %zu at %016" PRIx64 " is %02x, not %02x",
				     (int)i - (int)front, t->bucket, t->start, is[i], was[i]);
	return true;
}

static bool as_expected(struct run *r)
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

static bool do_alloc(struct run *r, const struct op *op)
{
	bool devm = op->kind == DEVM;
	size_t header = devm ? header_of(r->setup) : 0, bytes = op->size + header;
	gfp_t gfp = GFP_KERNEL | (op->zero ? __GFP_ZERO : 0);
	bool whole = devm && r->setup->release >= 6002;
	bool keeps = r->setup->release >= 6012 && has(r->setup, 'U');
	bool fails;
	struct thing *t;
	char *p;

	/* its larger objects are none of pages: these are another test's */
	if (r->things == THINGS_MAX || bytes > (config_slab(r->setup) ? SLAB_MAX : BUCKET_MAX))
		return true;
	for (unsigned i = 0, live = 0; i < r->things; i++)
		if (r->thing[i]->live && ++live == LIVE_MAX)
			return true;
	fails = injected(r, bucket_of(r->setup, bytes));
	p = devm ? devm_kmalloc(r->dev, op->size, gfp) : kmalloc(&r->m->mm, op->size, gfp);
	if (!p != fails)
		return wrong(r, fails ? "it did not fail" : "it failed");
	if (!p)
		return true;
	t = calloc(1, sizeof(*t));
	if (!t)
		abort();
	t->live = true;
	t->devm = devm;
	t->host = p - header;
	t->start = mm_addr(&r->m->mm, t->host);
	t->bucket = bucket_of(r->setup, bytes);
	/* KASAN opens the whole bucket of kmalloc_track_caller() up to 5.10 */
	whole |= devm && r->setup->kasan && r->setup->release < 6001 && is_slab(t);
	t->open = whole ? t->bucket : bytes;
	t->asked = t->open == t->bucket ? 0 : bytes;
	if (!makes_room(r, t->start, t->bucket)) {
		free(t);
		return wrong(r, "two objects overlap");
	}
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
	/* newer ones zero what was asked for, where it is kept */
	for (size_t i = bytes; op->zero && !keeps && i < t->bucket; i++)
		if (t->was[AROUND + i])
			return wrong(r, "byte %zu of a new object is %02x", i, t->was[AROUND + i]);
	return true;
}

static bool do_free(struct run *r, const struct op *op)
{
	struct thing *t = pick(r, op->pick, true);
	bool bad;

	if (!t)
		return true;
	bad = is_slab(t) && has(r->setup, 'F') && damaged(r, t, true);
	r->slab += bad;
	if (bad && !config_slab(r->setup)) {
		/* the node is off its list, and its memory stays */
		if (!t->devm) {
			kfree(&r->m->mm, t->host);
			return true;
		}
		devm_kfree(r->dev, t->host + header_of(r->setup));
		memcpy(t->was + AROUND, t->host, header_of(r->setup));
		t->devm = false;
		return true;
	}
	if (t->devm)
		devm_kfree(r->dev, t->host + header_of(r->setup));
	else
		kfree(&r->m->mm, t->host);
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

/* Everybody of this size is looked at. */
static bool validate(struct run *r, size_t bucket)
{
	struct kmem_cache *c = kmalloc_cache(&r->m->mm, bucket, GFP_KERNEL);
	size_t map = (c->objects + 63u) / 64 * 8; /* a bit for each object of a slab */
	int64_t bad = 0, found;
	uint32_t reports = 0;

	if (!strcmp(r->setup->letters, "-"))
		return true;
	if (injected(r, bucket_of(r->setup, map))) {
		found = kmem_cache_validate(&r->m->mm, c);
		return found == -ENOMEM ? validate(r, bucket)
			: wrong(r, "validate found %" PRId64 " without memory", found);
	}
	for (unsigned i = 0; i < r->things; i++)
		if (r->thing[i]->bucket == bucket && damaged(r, r->thing[i], false)) {
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

	return !t || !is_slab(t) || validate(r, t->bucket);
}

static bool do_access(struct run *r, const struct op *op)
{
	struct thing *t = pick(r, op->pick, op->pick % 8 != 0);
	uint8_t buffer[64];
	int from, first, last;
	unsigned len = 1 + op->size % 12;

	/* without poison the free pointer is somewhere in there */
	if (!t || (!t->live && !has(r->setup, 'P')))
		return true;
	/* links of nodes are for another test */
	first = t->devm ? (int)header_of(r->setup) : -(int)in_front(r, t);
	last = (int)(t->bucket + behind(r, t));
	/* near the end of what may be touched more often than not */
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
		r->type = "slab-out-of-bounds";
	}
	/* the red zones of a free object are no memory that was freed */
	if (!t->live && (from < 0 || from >= (int)t->bucket))
		r->type = NULL;
	memset(buffer, (int)op->value, sizeof(buffer));
	if (op->kind == WRITE) {
		mm_write(&r->m->mm, t->start + (uint64_t)(int64_t)from, buffer, len);
		memset(&t->was[AROUND + from], (int)op->value, len);
		/* nobody may be handed out damaged: the rules do not know who comes next */
		while (!t->live && damaged(r, t, false))
			if (!validate(r, t->bucket))
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

	if (!t || t->devm || !is_slab(t) || t->bucket < 16)
		return true;
	/* nothing looks: silence, or a BUG where it was freed last */
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

static bool (*const do_op[KINDS])(struct run *r, const struct op *op) = {
	do_alloc, do_alloc, do_free, do_access, do_access, do_bad_free, do_bad_free, do_validate,
	do_inject, do_inject,
};

/* --- runs -------------------------------------------------------------------------------- */

/* The index of the first operation that differs, or -1. */
static int sequence_run(const struct sequence *s, char *why, size_t size)
{
	const struct setup *setup = s->setup;
	const struct device_config config = { .name = "d0", .numa_node = NUMA_NO_NODE };
	struct run r = { .s = s, .setup = setup };
	char cmdline[160], text[200];
	int i;

	snprintf(cmdline, sizeof(cmdline), "mem=16M release=%d.%d arch=%s kasan=%s slub_debug=%s",
		 setup->release / 1000, setup->release % 1000, setup->arm64 ? "arm64" : "x86_64",
		 setup->kasan ? "on" : "off", setup->letters);
	r.m = machine_create(cmdline, text, sizeof(text));
	if (!r.m || device_register(&r.m->core, &config, &r.dev))
		abort();
	for (i = 0; i < s->count; i++)
		if (!do_op[s->op[i].kind](&r, &s->op[i]) || !as_expected(&r))
			break;
	while (r.things)
		forget(&r, 0);
	machine_destroy(r.m);
	snprintf(why, size, "%s", r.why);
	return i < s->count ? i : -1;
}

/* Drops halves, quarters, single operations that are not needed. */
static void sequence_shrink(struct sequence *s)
{
	char why[400];

	for (int n = s->count / 2; n; n = n > 1 ? n / 2 : 0)
		for (int at = 0; at + n <= s->count; ) {
			struct sequence less = *s;
			int failed;

			less.op = malloc((size_t)s->count * sizeof(*less.op));
			if (!less.op)
				abort();
			memcpy(less.op, s->op, (size_t)at * sizeof(*s->op));
			memcpy(less.op + at, s->op + at + n, (size_t)(s->count - at - n) * sizeof(*s->op));
			less.count = s->count - n;
			failed = sequence_run(&less, why, sizeof(why));
			if (failed < 0) {
				free(less.op);
				at += n;
				continue;
			}
			less.count = failed + 1;
			free(s->op);
			*s = less;
		}
}

static void print_sequence(const struct sequence *s, const char *why)
{
	printf("# release %d, %s, kasan %s, slub_debug=%s; the shortest sequence:\n",
	       s->setup->release, s->setup->arm64 ? "arm64" : "x86_64",
	       s->setup->kasan ? "on" : "off", s->setup->letters);
	for (int i = 0; i < s->count; i++) {
		const struct op *op = &s->op[i];

		printf("#   %s pick=%u size=%u off=%d value=%02x%s\n", kind_name[op->kind], op->pick,
		       op->size, op->off, op->value, op->zero ? " zero" : "");
	}
	printf("# %s\n", why);
}

int main(int argc, char **argv)
{
	long long seed = 1, sequences = 1300, ops = 400;
	int failed = 0;

	for (int i = 1; i + 1 < argc; i += 2) {
		long long n = strtoll(argv[i + 1], NULL, 0);

		if (!strcmp(argv[i], "--seed"))
			seed = n;
		else if (!strcmp(argv[i], "--sequences"))
			sequences = n;
		else if (!strcmp(argv[i], "--ops"))
			ops = n;
	}
	printf("1..1\n");
	for (long long i = 0; i < sequences && !failed; i++) {
		struct sequence s;
		char why[400];
		int at;

		sequence_make(&s, (uint64_t)(seed + i), (int)ops);
		at = sequence_run(&s, why, sizeof(why));
		if (at >= 0) {
			failed = 1;
			printf("# seed %lld, operation %d: %s\n", seed + i, at + 1, why);
			s.count = at + 1;
			sequence_shrink(&s);
			sequence_run(&s, why, sizeof(why));
			print_sequence(&s, why);
		}
		free(s.op);
	}
	printf("%sok 1 - %lld sequences of %lld operations on memory\n", failed ? "not " : "", sequences,
	       ops);
	return failed;
}
