/* SPDX-License-Identifier: MIT */
/* The options of devsh run. */
#include "run/run.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "run/reporter.h"
#include "shell/options.h"

#define WORKERS_MAX 256

/* As many as the machine has for this process. */
static int workers_default(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

void run_options_init(struct run_options *o)
{
	static const char *names[REPORT_FORMATS_MAX + 1];

	for (int i = 0; report_formats[i] && i < REPORT_FORMATS_MAX; i++)
		names[i] = report_formats[i]->name;
	option_set_choices(OPT_FORMAT, names);
	*o = (struct run_options){
		.format = report_formats[0], .workers = workers_default(), .timeout = RUN_TIMEOUT,
		.repeat = 1,
	};
}

void run_options_finish(struct run_options *o)
{
	selection_finish(&o->select);
	free(o->report);
}

static int set_format(struct run_options *o, const char *name)
{
	int choice = option_choose(OPT_FORMAT, name);

	if (choice >= 0)
		o->format = report_formats[choice];
	return choice < 0 ? EXIT_USAGE : EXIT_OK;
}

static int add_report(struct run_options *o, const char *text)
{
	const char *file = strchr(text, '=');
	char name[20];
	int choice, room = o->reports;

	if (!file || !file[1] || (size_t)(file - text) >= sizeof(name))
		return option_misuse("--report %s: wants FORMAT=FILE, such as junit=report.xml", text);
	memcpy(name, text, (size_t)(file - text));
	name[file - text] = '\0';
	choice = option_choice(option_find(OPT_FORMAT), name);
	if (choice < 0)
		return option_unknown(OPT_REPORT, name, option_find(OPT_FORMAT)->choice);
	if (!array_room(o->report, o->reports, room, 4))
		return option_misuse("--report %s: the host has no memory", text);
	o->report[o->reports++] = (struct report_target){ report_formats[choice], file + 1 };
	return EXIT_OK;
}

static int set_seed(struct run_options *o, const char *seed)
{
	uint64_t n;

	o->seed = seed;
	return parse_size(seed, &n) ? option_misuse("--seed %s: wants a number", seed) : EXIT_OK;
}

static int set_workers(struct run_options *o, const char *n)
{
	uint64_t workers;

	if (parse_size(n, &workers) || workers > WORKERS_MAX)
		return option_misuse("-j %s: wants a number of processes, 0 to 256", n);
	o->workers = (int)workers;
	return EXIT_OK;
}

static int set_timeout(struct run_options *o, const char *text)
{
	static const struct { const char *name; double ms; } unit[] = {
		{ "ms", 1 }, { "s", 1000 }, { "", 1000 }, { "m", 60000 }, { "h", 3600000 },
	};
	char *end;
	double n = strtod(text, &end);

	for (size_t i = 0; end > text && i < COUNT(unit); i++)
		if (!strcmp(end, unit[i].name) && n >= 0 && n * unit[i].ms < 1e9) {
			o->timeout = (unsigned)(n * unit[i].ms);
			return EXIT_OK;
		}
	return option_misuse("--timeout %s: wants a time: 500ms, 10s, 2m, 1h; 0 for no limit", text);
}

static int set_memory(struct run_options *o, const char *size)
{
	uint64_t n;

	if (parse_size(size, &n) || n < 1 << 20 || n > SIZE_MAX)
		return option_misuse("--mem %s: wants a size of 1M or more", size);
	o->memory = (size_t)n;
	return EXIT_OK;
}

static int add_pattern(struct patterns *p, const char *option, const char *text)
{
	const char *why = patterns_add(p, text);
	struct buf fmt = BUF_INIT;

	if (!why)
		return EXIT_OK;
	buf_printf(&fmt, "--%s %%s: wants a regular expression: %s", option, why);
	option_misuse(buf_str(&fmt), text);
	buf_finish(&fmt);
	return EXIT_USAGE;
}

static int add_word(struct words *w, const char *word)
{
	return words_add(w, word) ? EXIT_OK : option_misuse("%s: the host has no memory", word);
}

/* From 1 on, or what is wrong; text: NULL for the default. */
static int set_count(const char *text, uint64_t least, uint64_t most, int by_default,
		     const char *wrong, int *out)
{
	uint64_t n = 0;

	if (text && (parse_size(text, &n) || n < least || n > most))
		return option_misuse(wrong, text);
	*out = text ? (int)n : by_default;
	return EXIT_OK;
}

static int set_repeat(struct run_options *o, const char *text)
{
	int n = 1, rc = set_count(text, 1, 1000000, 1, "--repeat %s: wants a number, 1 to 1000000", &n);

	o->repeat = (unsigned)n;
	return rc;
}

static int set_retries(struct run_options *o, const char *text)
{
	int n = 0, rc = set_count(text, 0, 1000, 0, "--retries %s: wants a number, 0 to 1000", &n);

	o->retries = (unsigned)n;
	return rc;
}

static int set_shard(struct run_options *o, const char *text)
{
	const char *slash = strchr(text, '/');
	char first[20];
	uint64_t k, n;

	snprintf(first, sizeof(first), "%.*s", slash ? (int)(slash - text) : 0, text);
	if (!slash || parse_size(first, &k) || parse_size(slash + 1, &n) || !k || k > n || n > 1000000)
		return option_misuse("--shard %s: wants K/N, such as 1/4 to 4/4", text);
	o->select.shard = (unsigned)k;
	o->select.shards = (unsigned)n;
	return EXIT_OK;
}

int run_option(struct run_options *o, int letter, const char *arg)
{
	switch (letter) {
	case OPT_FORMAT: return set_format(o, arg);
	case OPT_REPORT: return add_report(o, arg);
	case OPT_FILTER: return add_pattern(&o->select.filter, "filter", arg);
	case OPT_EXCLUDE: return add_pattern(&o->select.exclude, "exclude", arg);
	case OPT_TAG: return add_word(&o->select.tag, arg);
	case OPT_EXCLUDE_TAG: return add_word(&o->select.exclude_tag, arg);
	case OPT_SHARD: return set_shard(o, arg);
	case OPT_LAST_FAILED: o->last_failed = true; return EXIT_OK;
	case OPT_FAIL_FAST:
		return set_count(arg, 1, 1000000, 1, "--fail-fast=%s: wants a number, from 1 on", &o->fail_fast);
	case OPT_SHUFFLE: o->shuffle = true; return EXIT_OK;
	case OPT_REPEAT: return set_repeat(o, arg);
	case OPT_RETRIES: return set_retries(o, arg);
	case OPT_DURATIONS:
		return set_count(arg, 1, 1000000, 10, "--durations=%s: wants a number, from 1 on", &o->durations);
	case OPT_WATCH: o->watch = true; return EXIT_OK;
	case OPT_UNTRUSTED: o->untrusted = true; return EXIT_OK;
	case OPT_DEBUG: o->debug = true; return EXIT_OK;
	case OPT_LIST: o->list = true; return EXIT_OK;
	case OPT_SEED: return set_seed(o, arg);
	case 'j': return set_workers(o, arg);
	case OPT_TIMEOUT: return set_timeout(o, arg);
	case OPT_MEM: return set_memory(o, arg);
	default: return -1;
	}
}
