/* SPDX-License-Identifier: MIT */
#include "run/json_read.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"
#include "run/results.h"
#include "shell/source.h"

static const char *text_of(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text ? text : "";
}

static uint64_t number_of(const json_t *line, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(line, key));

	return n < 0 ? 0 : (uint64_t)n;
}

static bool read_begin(const json_t *line, struct json_about *a)
{
	a->begun = true;
	a->release = host_strdup(text_of(line, "release"));
	a->arch = host_strdup(text_of(line, "arch"));
	a->boot = host_strdup(text_of(line, "boot"));
	a->about = (struct report_about){
		.release = a->release, .arch = a->arch, .boot = a->boot, .seed = number_of(line, "seed"),
		.shuffled = json_is_true(json_object_get(line, "shuffled")),
		.shard = (unsigned)number_of(line, "shard"), .shards = (unsigned)number_of(line, "shards"),
	};
	snprintf(a->about.started, sizeof(a->about.started), "%s", text_of(line, "started"));
	return a->release && a->arch && a->boot;
}

static char *joined(const json_t *tags)
{
	struct buf all = BUF_INIT;

	for (size_t i = 0; i < json_array_size(tags); i++)
		buf_printf(&all, "%s%s", i ? " " : "", json_string_value(json_array_get(tags, i)) ?: "");
	return buf_steal(&all);
}

/* False: not a result, or no memory. */
static bool read_result(const json_t *line, struct scenario *s, struct outcome *o)
{
	const char *status = text_of(line, "status");

	*o = (struct outcome){
		.tries = (uint32_t)number_of(line, "tries"),
		.us = (uint64_t)(json_number_value(json_object_get(line, "seconds")) * 1e6 + 0.5),
	};
	while (o->status < OUTCOMES && strcmp(outcome_status_name[o->status], status))
		o->status++;
	if (o->status == OUTCOMES)
		return false;
	*s = (struct scenario){
		.name = host_strdup(text_of(line, "name")), .file = host_strdup(text_of(line, "file")),
		.tags = joined(json_object_get(line, "tags")), .line = (int)number_of(line, "line"),
		.id = strtoull(text_of(line, "id"), NULL, 16), .nth = (uint32_t)number_of(line, "nth"),
		.repeat = (uint32_t)number_of(line, "repeat"),
	};
	for (int i = 0; i < OUTCOME_TEXTS; i++)
		buf_puts(&o->text[i], text_of(line, outcome_text_name[i]));
	if (s->name && s->file)
		return true;
	scenario_free(s);
	outcome_finish(o);
	return false;
}

static bool read_line(const json_t *line, struct json_about *a,
		      void (*each)(void *ctx, struct scenario *s, struct outcome *o), void *ctx)
{
	const char *event = text_of(line, "event");
	struct scenario s;
	struct outcome o;

	if (!strcmp(event, "begin") && !a->begun)
		return read_begin(line, a);
	if (!a->begun || a->ended)
		return false;
	if (!strcmp(event, "end")) {
		a->ended = true;
		return true;
	}
	if (strcmp(event, "scenario"))
		return true; /* written by a later version */
	if (!read_result(line, &s, &o))
		return false;
	each(ctx, &s, &o);
	return true;
}

int json_read(const char *path, struct json_about *a,
	      void (*each)(void *ctx, struct scenario *s, struct outcome *o), void *ctx,
	      struct buf *why)
{
	struct buf text = BUF_INIT;
	int rc = read_file(path, &text), n = 0;

	*a = (struct json_about){ 0 };
	json_set_alloc_funcs(host_malloc, free);
	if (rc)
		buf_puts(why, strerror(-rc));
	for (const char *at = buf_str(&text); !rc && *at; n++) {
		size_t len = strcspn(at, "\n");
		json_t *line = json_loadb(at, len, 0, NULL);

		/* a truncated report ends in the middle of a line */
		if (!line || !read_line(line, a, each, ctx)) {
			buf_printf(why, "line %d is not one of a report by --format=json", n + 1);
			rc = -EINVAL;
		}
		json_decref(line);
		at += len + (at[len] != '\0');
	}
	if (!rc && !a->ended) {
		buf_puts(why, "the report is not whole: its last line is missing");
		rc = -EINVAL;
	}
	buf_finish(&text);
	return rc;
}

void json_about_finish(struct json_about *a)
{
	free(a->release);
	free(a->arch);
	free(a->boot);
}
