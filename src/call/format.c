/* SPDX-License-Identifier: MIT */
/* printf as in devm_kasprintf(), with arguments given as text. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "kernel/params.h"
#include "lib/buf.h"
#include "lib/size.h"

/* A conversion such as "%-8s", "%04x", "%lu": flags, width and letter. */
struct conversion {
	char spec[16];   /* for the host's printf; no length modifiers */
	char letter;
	size_t length;   /* in the format, including the % */
};

static bool parse(const char *at, struct conversion *v)
{
	size_t flags = 1 + strspn(at + 1, "-+ #0"), width = strspn(at + flags, "0123456789");
	size_t keep = flags + width, size = strspn(at + keep, "lhzjt");

	if (width > 4 || keep > 8)
		return false;
	v->letter = at[keep + size];
	v->length = keep + size + 1;
	memcpy(v->spec, at, keep);
	v->spec[keep] = '\0';
	return v->letter && strchr("sdiuxXcp%", v->letter);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static int number(struct call_ctx *c, const struct conversion *v, const char *arg, struct buf *out)
{
	bool minus = arg[0] == '-';
	char spec[24];
	uint64_t u;

	if (parse_size(arg + minus, &u))
		return result_error(c->result, -EINVAL, "%%%c: '%.40s' is not a number", v->letter, arg);
	snprintf(spec, sizeof(spec), "%s%s%c", v->spec, "ll", v->letter);
	buf_printf(out, spec, minus ? -(long long)u : (long long)u);
	return 0;
}

static void text(const struct conversion *v, const char *arg, struct buf *out)
{
	char spec[24];

	snprintf(spec, sizeof(spec), "%ss", v->spec);
	buf_printf(out, spec, arg);
}

#pragma GCC diagnostic pop

static int convert(struct call_ctx *c, const struct conversion *v, const char *arg, struct buf *out)
{
	char one[2] = { arg[0], '\0' };

	switch (v->letter) {
	case 's': case 'p':
		text(v, arg, out);
		return 0;
	case 'c':
		text(v, one, out);
		return 0;
	default:
		return number(c, v, arg, out);
	}
}

int call_format(struct call_ctx *c, const char *fmt, char *const *args, size_t n, struct buf *out)
{
	struct conversion v;
	size_t used = 0;

	for (; *fmt; fmt += v.length) {
		if (*fmt != '%') {
			v.length = strcspn(fmt, "%");
			buf_add(out, fmt, v.length);
			continue;
		}
		if (!parse(fmt, &v))
			return result_error(c->result, -EINVAL, "fmt: '%.8s': wants %%s %%d %%i %%u %%x "
					    "%%X %%c %%p or %%%%", fmt);
		if (v.letter == '%')
			buf_putc(out, '%');
		else if (used == n)
			return result_error(c->result, -EINVAL, "fmt: has more conversions than the %zu "
					    "argument%s", n, plural(n));
		else if (convert(c, &v, args[used++], out))
			return c->result->err;
	}
	return 0;
}
