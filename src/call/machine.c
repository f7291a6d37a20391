/* SPDX-License-Identifier: MIT */
/* The machine as a whole, and help. */
#include "call/entry.h"
#include "call/topic.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "kernel/clock.h"
#include "kernel/report.h"
#include "lib/array.h"
#include "machine/leaks.h"
#include "mm/cache.h"

/*
 * Hardening that changes memory without being asked; off by default here, so that bugs
 * stay visible.
 */
static const char *hardening(const struct kernel *k, char out[128])
{
	const struct params *p = &k->params;

	snprintf(out, 128, "%s%s%s", p->init_on_alloc ? " init_on_alloc" : "",
		 p->init_on_free ? " init_on_free" : "", p->freelist_random ? " freelist_random" : "");
	if (*out)
		return out + 1;
	return k->profile->version < RELEASE(5, 3) ? "none" :
	       "none; Debian boots with init_on_alloc=1 freelist_random=on";
}

static int run_boot(struct call_ctx *c)
{
	/* boot is a step like others: the step count goes on */
	uint32_t step = ctx_kernel(c)->step;
	char why[200];
	int rc = machine_reboot(c->machine, c->arg[0].type == V_STR ? c->arg[0].s : "", why,
				sizeof(why));

	ctx_kernel(c)->step = step;
	return rc ? result_error(c->result, rc, "%s", why) : 0;
}

/* What the caches check after slub_debug= was applied, and which checkers are on. */
static const char *checking(const struct mm *mm, char out[128])
{
	static const char *const words[] = {
		"consistency", "red zones", "poison", "tracking", "trace",
	};
	uint8_t any = 0, all = UINT8_MAX;
	size_t len = 0;

	for (int i = 0; i < KMALLOC_CACHES; i++)
		if (mm->caches[i].object_size) {
			any |= mm->caches[i].debug;
			all &= mm->caches[i].debug;
		}
	out[0] = '\0';
	for (size_t i = 0; i < COUNT(words); i++)
		if (any & 1u << i)
			len += (size_t)sprintf(out + len, "%s%s", len ? ", " : "", words[i]);
	if (any != (any & all))
		len += (size_t)sprintf(out + len, " (some caches)");
	if (mm->kasan.shadow)
		len += (size_t)sprintf(out + len, "%sKASAN", len ? ", " : "");
	if (mm->kmemleak.on)
		len += (size_t)sprintf(out + len, "%skmemleak", len ? ", " : "");
	return len ? out : "off";
}

static int run_machine(struct call_ctx *c)
{
	struct machine *m = c->machine;
	const struct kernel *k = &m->kernel;
	uint64_t free = 0;
	char taint[32], text[128];

	for (int n = 0; n < m->mm.nodes; n++)
		for (int z = 0; z < ZONES; z++)
			free += m->mm.node[n].zone[z].free;
	RESULT_COLUMNS(c->result, PAIRS);
	fact(c, "release", "%s: %s", k->profile->point, k->profile->about);
	if (k->arch->page_sizes[1].shift)
		fact(c, "arch", "%s, pages of %zu KiB", k->arch->name, page_size(&m->mm) >> 10);
	else
		fact(c, "arch", "%s", k->arch->name);
	fact(c, "memory", "%llu MiB, %llu MiB free", (unsigned long long)(m->mm.size >> 20),
	     (unsigned long long)(free >> 8));
	if (m->mm.mem_nodes < m->mm.nodes)
		fact(c, "nodes", "%d, %d of them without memory", m->mm.nodes,
		     m->mm.nodes - m->mm.mem_nodes);
	else
		fact(c, "nodes", "%d", m->mm.nodes);
	fact(c, "devres header", "%u bytes, data aligned to %u", m->core.header,
	     m->core.header & -m->core.header);
	fact(c, "smallest kmalloc", "%u bytes", 1u << m->mm.shift_low);
	fact(c, "checking", "%s", checking(&m->mm, text));
	fact(c, "hardening", "%s", hardening(k, text));
	fact(c, "time", "%llu.%06llu s", (unsigned long long)(k->now / NS_PER_SECOND),
	     (unsigned long long)(k->now / 1000u % 1000000u));
	fact(c, "devices", "%u", m->core.device_count);
	fact(c, "drivers", "%u", m->core.driver_count);
	fact(c, "taint", "%s", print_tainted(k, taint));
	if (k->panic.panicked)
		fact(c, "state", "Kernel panic - not syncing: %s", k->panic.text);
	return c->result->err;
}

static int run_advance(struct call_ctx *c)
{
	static const struct { const char *unit; uint64_t ns; } unit[] = {
		{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", NS_PER_SECOND },
	};
	const char *s = c->arg[0].s;
	size_t digits = strspn(s, "0123456789");
	uint64_t n = 0;

	for (size_t i = 0; i < digits && digits < 10; i++)
		n = n * 10 + (uint64_t)(s[i] - '0');
	for (size_t i = 0; digits && digits < 10 && i < COUNT(unit); i++)
		if (!strcmp(s + digits, unit[i].unit)) {
			machine_advance(c->machine, n * unit[i].ns);
			return 0;
		}
	return result_error(c->result, -EINVAL, "time '%.20s': wants 10ns, 10us, 10ms or 10s", s);
}

/* --- help ------------------------------------------------------------------ */

static void list_row(struct call_ctx *c, const struct call *about)
{
	struct value *row = result_row(c->result);

	if (!row)
		return;
	row[CALLS_subject] = v_str(c->result, about->subject);
	row[CALLS_call] = v_str(c->result, about->name);
	row[CALLS_summary] = v_str(c->result, about->summary);
}

static void manual_row(struct call_ctx *c, const char *part, const char *name, const char *text)
{
	struct value *row = text ? result_row(c->result) : NULL;

	if (!row)
		return;
	row[MANUAL_part] = v_str(c->result, part);
	row[MANUAL_name] = v_str(c->result, name);
	row[MANUAL_text] = v_str(c->result, text);
}

/* Boot parameter i and its choices. */
static void boot_row(struct call_ctx *c, size_t i)
{
	struct buf text = BUF_INIT;
	const char *choice;

	buf_puts(&text, params_help(i));
	/* a choice that ends with '=' is part of the description */
	for (size_t n = 0; (choice = params_choice(i, n)) && !strchr(choice, '='); n++)
		buf_printf(&text, "%s%s", n ? " " : ": ", choice);
	manual_row(c, "argument", params_name(i), buf_str(&text));
	buf_finish(&text);
}

static void manual(struct call_ctx *c, const struct call *about)
{
	char text[256];

	RESULT_COLUMNS(c->result, MANUAL);
	manual_row(c, "summary", about->name, about->summary);
	call_usage(about, text, sizeof(text));
	manual_row(c, "usage", "", text);
	for (const struct param *p = about->param; p->type; p++) {
		if (p->def && *p->def)
			snprintf(text, sizeof(text), "%s; default %s", p->help, p->def);
		else
			snprintf(text, sizeof(text), "%s", p->help);
		manual_row(c, "argument", p->name, text);
	}
	for (size_t i = 0; about->flags & CALL_BOOT && params_name(i); i++)
		boot_row(c, i);
	call_versions(about, text, sizeof(text));
	if (*text)
		manual_row(c, "release", "", text);
	manual_row(c, "returns", "", about->returns);
	manual_row(c, "detail", "", about->detail);
	manual_row(c, "others", "", about->others);
	manual_row(c, "example", "", about->example);
}

/* --- a call's name ------------------------------------------------------------- */

static int bind_call(const struct bind *b)
{
	const char *near;

	if (call_find_word(b->text) || topic_find(b->text) || apropos_topic(b->text))
		return 0;
	near = call_suggest(b->text);
	return near ? bind_error(b, -ENOENT, "no such call; did you mean '%s'?", near)
		    : bind_error(b, -ENOENT, "no such call; 'apropos %.20s' looks for the word", b->text);
}

static char offer_calls(const struct offers *o)
{
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		o->fn(o->to, c->name);
	for (size_t i = 0; topic_at(i); i++)
		o->fn(o->to, topic_at(i)->name);
	return ' ';
}

static const struct param_type type_call = {
	.wants = "text", .bind = bind_call, .offer = offer_calls, .digits = true,
};

static int run_help(struct call_ctx *c)
{
	const char *name = c->arg[0].type == V_STR ? c->arg[0].s : NULL;
	const struct call *about = name ? call_find_word(name) : NULL;

	if (about)
		manual(c, about);
	else if (name && topic_find(name))
		topic_show(c, topic_find(name));
	else if (name)
		apropos(c, name);
	if (name)
		return c->result->err;
	RESULT_COLUMNS(c->result, CALLS);
	for (size_t i = 0; (about = call_at(i)); i++)
		list_row(c, about);
	return c->result->err;
}

static int run_apropos(struct call_ctx *c)
{
	return apropos(c, c->arg[0].s);
}

#define SUBJECT .subject = "Machine and help"

const struct call machine_calls[] = {
	{
		.name = "boot", SUBJECT,
		.summary = "throw the machine away and boot a new one",
		.param = { { "params", P_CMDLINE, "", false, "boot parameters" } },
		.returns = "nothing",
		.detail = "Parameters are name=value, as on a kernel's command line; those that are "
			  "not given have their defaults.",
		.example = "boot release=4.19 arch=arm64 numa=fake=2\nmachine",
		.flags = CALL_BOOT, .run = run_boot,
	},
	{
		.name = "machine", SUBJECT,
		.summary = "show the properties of the machine",
		.returns = "a row for each property",
		.example = "machine",
		.view = "pairs", .flags = CALL_LOOKS, .run = run_machine,
	},
	{
		.name = "advance", SUBJECT,
		.summary = "let simulated time pass",
		.param = { { "time", P_STR, NULL, false, "10us, 10ms, 2s" } },
		.returns = "nothing",
		.example = "advance 10ms",
		.run = run_advance,
	},
	{
		.name = "help", SUBJECT,
		.summary = "show all calls, or all about one",
		.param = { { "call", &type_call, "", false, "a call's name, or a topic: help syntax" } },
		.returns = "rows of text",
		.example = "help devm_kmalloc",
		.view = "help", .others = "? man", .flags = CALL_LOOKS, .run = run_help,
	},
	{
		.name = "apropos", SUBJECT,
		.summary = "find calls, boot parameters and files by a word",
		.param = { { "word", P_STR, NULL, false, "what to look for" } },
		.returns = "a row for each of them",
		.example = "apropos zeroed",
		.view = "help", .flags = CALL_LOOKS, .run = run_apropos,
	},
	{ 0 },
};
