/* SPDX-License-Identifier: MIT */
/*
 * JSON lines: an object about the run, one for each scenario, and one at the end, without
 * which the report is incomplete. New versions may add members, but never remove any.
 */
#include "run/formats.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"
#include "view/glyph.h"

#define SCHEMA "devsh.run/1"

/* text: any bytes. */
static void set_text(json_t *to, const char *key, const char *text)
{
	struct buf valid = BUF_INIT;

	glyphs_repair(&valid, text);
	json_object_set_new(to, key, json_string(buf_str(&valid)));
	buf_finish(&valid);
}

static void set_number(json_t *to, const char *key, uint64_t n)
{
	json_object_set_new(to, key, json_integer((json_int_t)n));
}

static void set_id(json_t *to, const struct scenario *s)
{
	char id[20];

	snprintf(id, sizeof(id), "%016" PRIx64, s->id);
	set_text(to, "id", id);
	set_text(to, "name", s->name);
	set_text(to, "file", s->file);
	set_number(to, "line", (uint64_t)s->line);
}

static void set_tags(json_t *to, const char *tags)
{
	json_t *list = json_array();

	while (tags && *tags) {
		size_t len = strcspn(tags, " ");
		struct buf tag = BUF_INIT, valid = BUF_INIT;

		buf_add(&tag, tags, len);
		glyphs_repair(&valid, buf_str(&tag));
		json_array_append_new(list, json_string(buf_str(&valid)));
		buf_finish(&tag);
		buf_finish(&valid);
		tags += len + (tags[len] == ' ');
	}
	json_object_set_new(to, "tags", list);
}

static char *line_text(const json_t *line)
{
	return line ? json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9)) : NULL;
}

void json_list(const struct scenario *s, struct buf *out)
{
	json_t *line;
	char *text;

	json_set_alloc_funcs(host_malloc, free);
	line = json_object();
	set_id(line, s);
	set_tags(line, s->tags);
	text = line_text(line);
	buf_puts(out, text ? text : "");
	free(text);
	json_decref(line);
}

static void write_line(struct report *r, json_t *line)
{
	char *text = line_text(line);

	if (text)
		fprintf(r->out, "%s\n", text);
	else if (!r->error)
		r->error = -ENOMEM;
	free(text);
	json_decref(line);
}

static void json_begin(struct report *r)
{
	const struct report_about *a = r->about;
	json_t *line;

	json_set_alloc_funcs(host_malloc, free);
	line = json_object();
	set_text(line, "event", "begin");
	set_text(line, "schema", SCHEMA);
	set_text(line, "devsh", DEVSH_VERSION);
	set_text(line, "release", a->release);
	set_text(line, "arch", a->arch);
	set_text(line, "boot", a->boot);
	set_number(line, "seed", a->seed);
	set_text(line, "started", a->started);
	if (a->shuffled)
		json_object_set_new(line, "shuffled", json_true());
	if (a->shards) {
		set_number(line, "shard", a->shard);
		set_number(line, "shards", a->shards);
	}
	write_line(r, line);
}

static void json_scenario(struct report *r, const struct scenario *s, const struct outcome *o)
{
	json_t *line = json_object();

	set_text(line, "event", "scenario");
	set_text(line, "status", outcome_status_name[o->status]);
	set_id(line, s);
	set_tags(line, s->tags);
	set_number(line, "nth", s->nth);
	set_number(line, "repeat", s->repeat);
	set_number(line, "tries", o->tries ? o->tries : 1);
	json_object_set_new(line, "seconds", json_real((double)o->us / 1e6));
	for (int i = 0; i < OUTCOME_TEXTS; i++)
		if (o->text[i].len)
			set_text(line, outcome_text_name[i], buf_str(&o->text[i]));
	write_line(r, line);
}

static void json_end(struct report *r)
{
	json_t *line = json_object();

	set_text(line, "event", "end");
	set_number(line, "passed", (uint64_t)r->count->passed);
	set_number(line, "flaky", (uint64_t)r->count->flaky);
	set_number(line, "failed", (uint64_t)r->count->failed);
	set_number(line, "pending", (uint64_t)r->count->pending);
	set_number(line, "not run", (uint64_t)r->count->not_run);
	write_line(r, line);
}

const struct report_format format_json = {
	.name = "json", .begin = json_begin, .scenario = json_scenario, .end = json_end,
};
