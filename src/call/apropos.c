/* SPDX-License-Identifier: MIT */
/* Finds calls, boot parameters, files and documents by a word. */
#include "call/entry.h"
#include "call/topic.h"

#include <stdio.h>
#include <string.h>

#include "fs/fs.h"
#include "kernel/params.h"
#include "lib/array.h"

/* Words that are in no call's description, and calls that deal with them. */
static const struct { const char *words, *calls; } topics[] = {
	{ "overrun out-of-bounds use-after-free", "memset memcpy x who slab_validate" },
	{ "kasan kmemleak slub_debug", "boot machine" },
};

static const struct { const char *name, *summary, *words; } documents[] = {
	{ "doc/memory.md", "what watches memory, and how to read its reports",
	  "memory kasan kmemleak slub_debug slab poison tracks leaks overrun out-of-bounds "
	  "use-after-free" },
	{ "doc/faults.md", "make allocations fail, each in its turn",
	  "failslab fail_page_alloc faults injection" },
};

static void row(struct call_ctx *c, const char *subject, const char *name, const char *text)
{
	struct value *row = result_row(c->result);

	if (!row)
		return;
	row[CALLS_subject] = v_str(c->result, subject);
	row[CALLS_call] = v_str(c->result, name);
	row[CALLS_summary] = v_str(c->result, text);
}

/* Whether `word` is one of the words, as a whole. */
static bool among(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; len && (at = strcasestr(at, word)); at += len)
		if ((at == words || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

static bool is_about(const struct call *call, const char *word)
{
	if (strcasestr(call->name, word) || strcasestr(call->summary, word) ||
	    (call->detail && strcasestr(call->detail, word)))
		return true;
	for (size_t i = 0; i < COUNT(topics); i++)
		if (among(topics[i].words, word) && among(topics[i].calls, call->name))
			return true;
	return false;
}

bool apropos_topic(const char *word)
{
	for (size_t i = 0; params_name(i); i++)
		if (!strcmp(params_name(i), word))
			return true;
	for (size_t i = 0; i < COUNT(documents); i++)
		if (among(documents[i].words, word))
			return true;
	return false;
}

int apropos(struct call_ctx *c, const char *word)
{
	const struct topic *topic;
	const struct call *about;
	const char *file, *text;

	RESULT_COLUMNS(c->result, CALLS);
	for (size_t i = 0; (about = call_at(i)); i++)
		if (is_about(about, word))
			row(c, about->subject, about->name, about->summary);
	for (size_t i = 0; (topic = topic_at(i)); i++)
		if (strcasestr(topic->name, word) || strcasestr(topic->summary, word))
			row(c, "Topics of help", topic->name, topic->summary);
	for (size_t i = 0; params_name(i); i++)
		if (strcasestr(params_name(i), word))
			row(c, "Boot parameters", params_name(i), params_help(i));
	/* files of the driver core are better found by looking around in /sys */
	for (size_t i = 0; (file = fs_path(i, &text)); i++)
		if (!strncmp(file, "/sys/kernel/debug/", 18) && strcasestr(file + 18, word))
			row(c, "Files", file, text);
	for (size_t i = 0; i < COUNT(documents); i++)
		if (among(documents[i].words, word))
			row(c, "Documents", documents[i].name, documents[i].summary);
	return c->result->err;
}
