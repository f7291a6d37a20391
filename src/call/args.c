/* SPDX-License-Identifier: MIT */
/* Arguments: from text, from typed values, from defaults. */
#include "call/entry.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/interrupt.h"

int bind_error(const struct bind *b, int err, const char *fmt, ...)
{
	size_t n = (size_t)snprintf(b->why, b->whysize, "%s '%.40s%s': ", b->p->name, b->text,
				    strlen(b->text) > 40 ? "..." : "");
	va_list ap;

	va_start(ap, fmt);
	if (n < b->whysize)
		vsnprintf(b->why + n, b->whysize - n, fmt, ap);
	va_end(ap);
	return err;
}

int call_value(struct machine *m, const struct call *c, const struct param *p,
	       const char *text, struct value *out, char *why, size_t whysize)
{
	const struct bind b = { .m = m, .p = p, .text = text, .out = out, .why = why, .whysize = whysize };
	sig_atomic_t before;
	int rc;

	(void)c;
	*out = (struct value){ .type = V_STR, .s = text };
	if (!p->type->bind)
		return 0;
	before = interrupt_hold();
	rc = p->type->bind(&b);
	interrupt_release(before);
	return rc;
}

int call_fits(struct machine *m, const struct param *p, struct value *v, bool c_numbers,
	      char *why, size_t whysize)
{
	const struct bind b = {
		.m = m, .p = p, .out = v, .c_numbers = c_numbers, .why = why, .whysize = whysize,
	};

	sig_atomic_t before;
	int rc;

	*why = '\0';
	if (!p->type->fits)
		return -EINVAL;
	before = interrupt_hold();
	rc = p->type->fits(&b, v);
	interrupt_release(before);
	return rc;
}

bool takes_pointer(struct machine *m, const struct param *p)
{
	struct value v = { .type = V_ADDR, .u = 16 };
	char why[8];

	return !call_fits(m, p, &v, false, why, sizeof(why));
}

int call_defaults(struct machine *m, const struct call *c, struct value *arg,
		  char *why, size_t whysize)
{
	char usage[256];

	for (int i = 0; c->param[i].type; i++) {
		const struct param *p = &c->param[i];

		if (arg[i].type != V_NONE)
			continue;
		if (!p->def) {
			call_usage(c, usage, sizeof(usage));
			snprintf(why, whysize, "needs %s: %s", p->name, usage);
			return -EINVAL;
		}
		/* an empty default means "not given": the call sees V_NONE */
		if (*p->def && call_value(m, c, p, p->def, &arg[i], why, whysize))
			return -EINVAL;
	}
	return 0;
}
