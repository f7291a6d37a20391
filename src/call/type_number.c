/* SPDX-License-Identifier: MIT */
/* Parameters that take a number: sizes, integers, NUMA nodes, gfp flags, yes or no. */
#include "call/entry.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/distance.h"
#include "lib/size.h"
#include "mm/gfp.h"

/* Writes "64", "4k" or "SIZE_MAX" in Lua's syntax. */
static void lua_number(struct buf *out, const char *text)
{
	uint64_t n;

	if (!parse_size(text, &n))
		buf_printf(out, n > INT64_MAX ? "%#" PRIx64 : "%" PRIu64, n);
	else
		buf_puts(out, text);
}

/* --- sizes ------------------------------------------------------------------- */

static int bind_size(const struct bind *b)
{
	const struct arch *a = b->m->kernel.arch;
	uint64_t u, max = arch_size_max(a);
	int rc = !strcmp(b->text, "SIZE_MAX") ? (u = max, 0) : parse_size(b->text, &u);

	if (rc == -ERANGE || (!rc && u > max))
		return bind_error(b, -ERANGE, "more than %d bits hold", 8 * a->word);
	if (rc && b->text[0] == '-' && isdigit((unsigned char)b->text[1]))
		return bind_error(b, rc, "is negative");
	if (rc)
		return bind_error(b, rc, "wants a number: 64, 0x40, 4k, 16M, SIZE_MAX");
	*b->out = v_uint(u);
	return 0;
}

static int fits_size(const struct bind *b, struct value *v)
{
	if (v->type == V_INT && (v->i >= 0 || b->c_numbers))
		*v = v_uint((uint64_t)v->i & arch_size_max(b->m->kernel.arch));
	return v->type == V_UINT ? 0 : -EINVAL;
}

const struct param_type type_size = {
	.wants = "a whole number", .bind = bind_size, .fits = fits_size, .lua = lua_number,
};

/* --- integers ------------------------------------------------------------------ */

static int bind_int(const struct bind *b)
{
	bool minus = b->text[0] == '-';
	const char *digits = b->text + minus;
	int err = errno_value(digits);
	uint64_t u;

	if (err)
		u = (uint64_t)err;
	else if (!strcmp(b->text, "true") || !strcmp(b->text, "false"))
		u = b->text[0] == 't'; /* a match function may return these */
	else if (parse_size(digits, &u))
		return bind_error(b, -EINVAL, "wants a whole number or an errno, as -12 or -ENOMEM");
	if (u > INT64_MAX)
		return bind_error(b, -ERANGE, "is out of range");
	*b->out = v_int(minus ? -(int64_t)u : (int64_t)u);
	return 0;
}

static int fits_int(const struct bind *b, struct value *v)
{
	/* a match function may return a boolean */
	if (v->type == V_BOOL && !b->c_numbers)
		*v = v_int(v->b);
	return v->type == V_INT ? 0 : -EINVAL;
}

static char offer_errnos(const struct offers *o)
{
	const char *name;
	char text[32];
	int value;

	for (size_t i = 0; (name = errno_at(i, &value)); i++) {
		snprintf(text, sizeof(text), "-%s", name);
		o->fn(o->to, text);
	}
	return ' ';
}

const struct param_type type_int = {
	.wants = "a whole number", .bind = bind_int, .fits = fits_int, .offer = offer_errnos,
	.lua = lua_number,
};

/* --- NUMA nodes ------------------------------------------------------------------ */

static int bind_node(const struct bind *b)
{
	int rc = !strcmp(b->text, "NUMA_NO_NODE") ? (*b->out = v_int(-1), 0) : bind_int(b);

	if (rc)
		return bind_error(b, rc, "wants a NUMA node, -1 for none");
	if (b->out->i < -1 || b->out->i >= b->m->mm.nodes)
		return bind_error(b, -ERANGE, b->m->mm.nodes > 1
			   ? "this machine has nodes 0 to %d; see 'help boot' for numa=fake=N"
			   : "this machine has only node %d; see 'help boot' for numa=fake=N",
			   b->m->mm.nodes - 1);
	return 0;
}

static int fits_node(const struct bind *b, struct value *v)
{
	struct bind text = *b;
	char digits[24];

	if (v->type != V_INT || !b->c_numbers)
		return -EINVAL;
	snprintf(digits, sizeof(digits), "%" PRId64, v->i);
	text.text = digits;
	return bind_node(&text);
}

static char offer_nodes(const struct offers *o)
{
	char text[16];

	for (int node = -1; node < o->m->mm.nodes; node++) {
		snprintf(text, sizeof(text), "%d", node);
		o->fn(o->to, text);
	}
	return ' ';
}

const struct param_type type_node = {
	.wants = "a whole number", .bind = bind_node, .fits = fits_node, .offer = offer_nodes,
	.lua = lua_number,
};

/* --- flags ------------------------------------------------------------------------ */

/* The first unknown flag in a list separated by '|'; names are cut at 63 bytes. */
static void wrong_flag(const struct profile *p, const char *text, char out[64])
{
	gfp_t gfp;

	for (;; text++) {
		size_t len = strcspn(text, "|");

		snprintf(out, 64, "%.*s", len < 64 ? (int)len : 63, text);
		text += len;
		if (gfp_parse(p, out, &gfp) || !*text)
			return;
	}
}

/* A flag that only other releases have. */
static int flag_of_others(const struct bind *b, const char *flag)
{
	const struct profile *p = b->m->kernel.profile;
	int since = 0, until = 0;

	gfp_releases(flag, &since, &until);
	if (since && p->version < since)
		return bind_error(b, -ENOSYS, "%s exists since %d.%d; this machine runs %s", flag,
				  since / 1000, since % 1000, p->release);
	return bind_error(b, -ENOSYS, "%s is gone after %d.%d; this machine runs %s", flag, until / 1000,
			  until % 1000, p->release);
}

static int bind_gfp(const struct bind *b)
{
	char wrong[64];
	struct nearest n = { .word = wrong };
	gfp_t gfp;
	int rc = gfp_parse(b->m->kernel.profile, b->text, &gfp);

	if (!rc) {
		*b->out = v_uint(gfp);
		return 0;
	}
	wrong_flag(b->m->kernel.profile, b->text, wrong);
	if (rc == -ENOSYS)
		return flag_of_others(b, wrong);
	for (size_t i = 0; gfp_name(i); i++)
		nearest_offer(&n, gfp_name(i));
	if (n.best)
		return bind_error(b, -EINVAL, "no such flag; did you mean %s?", n.best);
	return bind_error(b, -EINVAL, "wants flags, as GFP_KERNEL or GFP_ATOMIC|__GFP_ZERO");
}

static int fits_gfp(const struct bind *b, struct value *v)
{
	if (v->type != V_INT || !b->c_numbers)
		return -EINVAL;
	if ((uint64_t)v->i > UINT32_MAX) {
		snprintf(b->why, b->whysize, "%s: wants flags, 32 bits", b->p->name);
		return -ERANGE;
	}
	*v = v_uint(gfp_from_number(b->m->kernel.profile, (uint32_t)v->i));
	return 0;
}

/* Completes the flag after the last '|'. */
static char offer_flags(const struct offers *o)
{
	const char *bar = strrchr(o->prefix, '|');
	int front = bar ? (int)(bar + 1 - o->prefix) : 0;
	char text[512];

	for (size_t i = 0; gfp_name(i); i++) {
		snprintf(text, sizeof(text), "%.*s%s", front, o->prefix, gfp_name(i));
		o->fn(o->to, text);
	}
	return ' ';
}

static void lua_flags(struct buf *out, const char *text)
{
	for (; *text; text++)
		if (*text == '|')
			buf_puts(out, " | ");
		else
			buf_putc(out, *text);
}

const struct param_type type_gfp = {
	.wants = "a whole number", .bind = bind_gfp, .fits = fits_gfp, .offer = offer_flags,
	.lua = lua_flags,
};

/* --- yes or no ---------------------------------------------------------------------- */

static int bind_bool(const struct bind *b)
{
	static const struct { const char *word; bool is; } words[] = {
		{ "yes", true }, { "no", false }, { "true", true }, { "false", false },
		{ "1", true }, { "0", false }, { "on", true }, { "off", false },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(words[i].word, b->text)) {
			*b->out = v_bool(words[i].is);
			return 0;
		}
	return bind_error(b, -EINVAL, "wants yes or no");
}

static int fits_bool(const struct bind *b, struct value *v)
{
	(void)b;
	return v->type == V_BOOL ? 0 : -EINVAL;
}

static char offer_bools(const struct offers *o)
{
	o->fn(o->to, "no");
	o->fn(o->to, "yes");
	return ' ';
}

const struct param_type type_bool = {
	.wants = "true or false", .bind = bind_bool, .fits = fits_bool, .offer = offer_bools,
};
