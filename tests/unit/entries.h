/* SPDX-License-Identifier: MIT */
/* Checks for each entry of the table of calls, for a machine's calls and a front end's. */
#ifndef DEVSH_TESTS_ENTRIES_H
#define DEVSH_TESTS_ENTRIES_H

#include "unit.h"

#include <ctype.h>
#include <string.h>

#include "call/type.h"
#include "lib/array.h"
#include "machine/machine.h"

static inline struct machine *boot(const char *cmdline)
{
	char why[200] = "";
	struct machine *m = machine_create(cmdline, why, sizeof(why));

	if (!m)
		fail_msg("%s: %s", cmdline, why);
	return m;
}

static inline bool is_word(const char *s)
{
	if (!islower((unsigned char)*s) && *s != '_')
		return false;
	for (; *s; s++)
		if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) && *s != '_')
			return false;
	return true;
}

static inline void check_param(struct machine *m, const struct call *c, const struct param *p)
{
	struct value v = { 0 };
	char why[200] = "";

	if (!is_word(p->name))
		fail_msg("%s: parameter '%s'", c->name, p->name);
	if (!p->help || !*p->help || strlen(p->help) > 60)
		fail_msg("%s: %s is not described", c->name, p->name);
	if (p->def && *p->def && call_value(m, c, p, p->def, &v, why, sizeof(why)))
		fail_msg("%s: the default of %s is refused: %s", c->name, p->name, why);
}

static inline void every_call_is_described(void **state)
{
	struct machine *m = boot("");
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++) {
		bool optional = false;
		int n = 0;

		if (!is_word(c->name))
			fail_msg("call '%s'", c->name);
		if (!c->subject || !*c->subject)
			fail_msg("%s: no subject", c->name);
		if (!c->summary || !*c->summary || strlen(c->summary) > 60 ||
		    c->summary[strlen(c->summary) - 1] == '.')
			fail_msg("%s: summary '%s'", c->name, c->summary ? c->summary : "");
		if (!c->returns || !*c->returns)
			fail_msg("%s: does not say what it returns", c->name);
		if (c->example && (!strstr(c->example, c->name) ||
				   c->example[strlen(c->example) - 1] == '\n'))
			fail_msg("%s: example '%s'", c->name, c->example);
		for (; c->param[n].type; n++) {
			check_param(m, c, &c->param[n]);
			assert_int_equal(call_param(c, c->param[n].name), n);
			/* required parameters come first */
			if (!c->param[n].named && optional && !c->param[n].def)
				fail_msg("%s: %s must be given behind what need not", c->name,
					 c->param[n].name);
			optional |= c->param[n].def != NULL;
			if (c->param[n].type->takes != ONE_WORD && c->param[n + 1].type)
				fail_msg("%s: %s takes the rest of the line", c->name,
					 c->param[n].name);
		}
		assert_true(n <= PARAMS_MAX);
		assert_int_equal(call_params(c), n);
		assert_int_equal(call_param(c, "nosuch"), -1);
	}
	machine_destroy(m);
}

static inline void names_are_unique_and_found(void **state)
{
	const struct call *c;
	size_t n = 0;

	for (; (c = call_at(n)); n++)
		assert_ptr_equal(call_find(c->name), c);
	assert_true(n > 50);
	assert_null(call_at(n));
	assert_null(call_at(SIZE_MAX));
}

static inline void subjects_stand_together(void **state)
{
	const char *seen[20];
	const struct call *c;
	size_t n = 0;

	for (size_t i = 0; (c = call_at(i)); i++) {
		if (n && !strcmp(seen[n - 1], c->subject))
			continue;
		for (size_t s = 0; s < n; s++)
			assert_string_not_equal(seen[s], c->subject);
		assert_true(n < COUNT(seen));
		seen[n++] = c->subject;
	}
}

#endif
