/* SPDX-License-Identifier: MIT */
#include "run/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/host_memory.h"
#include "run/json_read.h"
#include "run/results.h"

struct merged {
	struct kept *at;
	size_t count, room;
	struct json_about *part; /* the key of each result is an index into this */
	size_t parts, part_room;
	bool lost;            /* there was no memory for a result */
};

static void add(void *ctx, struct scenario *s, struct outcome *o)
{
	struct merged *m = ctx;

	if (!array_room(m->at, m->count, m->room, 64)) {
		scenario_free(s);
		outcome_finish(o);
		m->lost = true;
		return;
	}
	s->key = m->parts;
	m->at[m->count++] = (struct kept){ *s, *o };
}

/* By place, as in a single run; several results of a scenario by report. */
static int compare(const void *a, const void *b)
{
	const struct scenario *s = &((const struct kept *)a)->s, *t = &((const struct kept *)b)->s;
	int by_file = strcmp(s->file, t->file);

	if (by_file)
		return by_file;
	if (s->nth != t->nth)
		return s->nth < t->nth ? -1 : 1;
	if (s->key != t->key)
		return s->key < t->key ? -1 : 1;
	return s->repeat < t->repeat ? -1 : s->repeat > t->repeat;
}

static bool alike(const struct report_about *a, const struct report_about *b)
{
	return !strcmp(a->release, b->release) && !strcmp(a->arch, b->arch) &&
	       !strcmp(a->boot, b->boot) && a->seed == b->seed;
}

static bool all_alike(const struct merged *m)
{
	for (size_t i = 1; i < m->parts; i++)
		if (!alike(&m->part[0].about, &m->part[i].about))
			return false;
	return true;
}

/* A broken file is reported by each shard, but counts once. */
static bool is_known(const struct merged *m, size_t i)
{
	const struct kept *k = &m->at[i];

	for (size_t j = i; !k->s.line && j-- && !strcmp(m->at[j].s.file, k->s.file);)
		if (!m->at[j].s.line && m->at[j].o.status == k->o.status &&
		    alike(&m->part[m->at[j].s.key].about, &m->part[k->s.key].about))
			return true;
	return false;
}

/* For runs that differ, adds the boot: "net probes (4.19, arch=arm64, seed 1)". */
static void add_boot(struct scenario *s, const struct report_about *a)
{
	struct buf name = BUF_INIT;

	buf_printf(&name, "%s (%s%s%s, seed %llu)", s->name, a->release, *a->boot ? ", " : "", a->boot,
		   (unsigned long long)a->seed);
	free(s->name);
	s->name = buf_steal(&name);
}

static void report_all(struct merged *m, struct reporter *r)
{
	const bool same = all_alike(m);

	for (size_t i = 0; i < m->count; i++) {
		struct kept *k = &m->at[i];

		if (is_known(m, i))
			continue;
		if (!same)
			add_boot(&k->s, &m->part[k->s.key].about);
		if (k->s.name)
			reporter_scenario(r, &k->s, &k->o);
	}
}

/* The first missing shard of 1/4 to 4/4; 0: all are there. */
static unsigned missing_shard(const struct merged *m, unsigned *of)
{
	for (size_t i = 0; i < m->parts; i++)
		*of = m->part[i].about.shards > *of ? m->part[i].about.shards : *of;
	for (unsigned k = 1; k <= *of; k++) {
		bool there = false;

		for (size_t i = 0; i < m->parts && !there; i++)
			there = m->part[i].about.shard == k && m->part[i].about.shards == *of;
		if (!there)
			return k;
	}
	return 0;
}

static bool read_one(struct merged *m, const char *path)
{
	struct buf why = BUF_INIT;
	int rc;

	if (!array_room(m->part, m->parts, m->part_room, 8))
		return false;
	rc = json_read(path, &m->part[m->parts], add, m, &why);
	if (rc)
		fprintf(stderr, "devsh: %s: %s\n", path, buf_str(&why));
	buf_finish(&why);
	/* keep what an incomplete report has */
	if (m->part[m->parts].begun)
		m->parts++;
	else
		json_about_finish(&m->part[m->parts]);
	return !rc;
}

static void finish(struct merged *m)
{
	for (size_t i = 0; i < m->count; i++) {
		scenario_free(&m->at[i].s);
		outcome_finish(&m->at[i].o);
	}
	for (size_t i = 0; i < m->parts; i++)
		json_about_finish(&m->part[i]);
	free(m->at);
	free(m->part);
}

static int report_merged(const struct run_options *o, struct merged *m)
{
	struct report_about about = m->part[0].about;
	struct reporter r;

	about.shard = about.shards = 0;
	if (m->count)
		qsort(m->at, m->count, sizeof(*m->at), compare);
	if (!reporter_begin(&r, o, &about))
		return EXIT_USAGE;
	report_all(m, &r);
	if (!reporter_end(&r))
		return EXIT_USAGE;
	if (!report_total(&r.count))
		fprintf(stderr, "devsh: no scenario ran\n");
	return report_verdict(&r.count);
}

int run_merge(const struct run_options *o)
{
	struct merged m = { 0 };
	bool whole = true;
	unsigned shard, shards = 0;
	int status = EXIT_USAGE;

	for (int i = 0; o->path[i]; i++)
		whole &= read_one(&m, o->path[i]);
	if (m.lost || host_memory_failures) {
		fprintf(stderr, "devsh: out of memory\n");
		status = EXIT_NO_MEMORY;
	} else if (m.parts) {
		status = report_merged(o, &m);
		shard = missing_shard(&m, &shards);
		if (shard)
			fprintf(stderr, "devsh: shard %u/%u is missing\n", shard, shards);
		if (!whole || shard)
			status = EXIT_USAGE;
	}
	finish(&m);
	return status;
}
