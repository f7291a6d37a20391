/* SPDX-License-Identifier: MIT */
/* What a call's entry in the table says: parameters, usage, releases. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

int call_params(const struct call *c)
{
	int n = 0;

	while (c->param[n].type)
		n++;
	return n;
}

int call_param(const struct call *c, const char *name)
{
	for (int i = 0; c->param[i].type; i++)
		if (!strcmp(c->param[i].name, name))
			return i;
	return -1;
}

void call_usage(const struct call *c, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "%s", c->name);

	for (const struct param *p = c->param; p->type && len < size; p++) {
		const char *open = p->def ? "[" : "", *close = p->def ? "]" : "";
		const char *braces = p->type->code == CODE && p->type->takes == ONE_WORD && !p->type->fits ? "{...}" : "";
		char upper[32];
		size_t n = 0;

		for (; p->name[n] && n < sizeof(upper) - 1; n++)
			upper[n] = (char)(p->name[n] >= 'a' && p->name[n] <= 'z'
					  ? p->name[n] - 32 : p->name[n]);
		upper[n] = '\0';
		len += p->named
			? (size_t)snprintf(out + len, size - len, " %s%s=%s%s", open, p->name,
						  *braces ? braces : upper, close)
			: (size_t)snprintf(out + len, size - len, " %s%s%s", open,
						  *braces ? braces : upper, close);
	}
}

/* "since 6.15, and in the stable releases of 6.12" */
static size_t since_text(const struct call *c, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "since %d.%d", c->since / 1000, c->since % 1000);

	if (c->backport && n < size)
		n += (size_t)snprintf(out + n, size - n, ", and in the stable releases of %d.%d",
				      c->backport / 1000, c->backport % 1000);
	return n < size ? n : size - 1;
}

void call_versions(const struct call *c, char *out, size_t size)
{
	size_t n = 0;

	*out = '\0';
	if (c->since)
		n = since_text(c, out, size);
	if (c->until)
		snprintf(out + n, size - n, "%suntil %d.%d", n ? "; " : "", c->until / 1000,
			 c->until % 1000);
}

bool call_exists(const struct machine *m, const struct call *c, char *why, size_t size)
{
	const struct profile *p = m->kernel.profile;
	char since[80];

	if (p->version < (c->backport ? c->backport : c->since)) {
		since_text(c, since, sizeof(since));
		snprintf(why, size, "exists %s; this machine runs %s", since, p->release);
		return false;
	}
	if (c->until && p->version > c->until) {
		snprintf(why, size, "is gone after %d.%d; this machine runs %s", c->until / 1000,
			 c->until % 1000, p->release);
		return false;
	}
	return true;
}
