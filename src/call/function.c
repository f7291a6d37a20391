/* SPDX-License-Identifier: MIT */
/*
 * Functions of the front end as functions of the simulated kernel: they get an address,
 * nodes can refer to them, and the model can call them.
 */
#include "call/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/devres.h"
#include "kernel/symbol.h"
#include "lib/host_memory.h"

static void run_code(void *ctx, struct device *dev, uint64_t data, enum symbol_use use)
{
	/* the kernel's arguments, in its order */
	struct value arg[2] = { v_device(dev->id), v_addr(data) };
	struct value action_arg[2] = { arg[1], arg[0] };
	struct code *code = ctx;

	code_run(code, use == USE_ACTION ? action_arg : arg, 2);
}

static void drop_code(void *ctx)
{
	struct code *code = ctx;

	code->drop(code);
}

uint64_t call_function(struct machine *m, const char *name, struct code *code)
{
	uint64_t addr = text_function(&m->kernel, name);

	if (addr)
		text_define(text_lookup(&m->kernel, addr), (void (*)(void))run_code, code,
			    drop_code);
	else
		code->drop(code);
	return addr;
}

struct code *symbol_code(const struct symbol *s)
{
	return s->fn == (void (*)(void))run_code ? s->ctx : NULL;
}

uint64_t arg_function(struct call_ctx *c, int i)
{
	struct kernel *k = ctx_kernel(c);
	uint32_t known = k->text.count;
	struct code *code;
	char name[32];

	if (c->arg[i].type == V_STR) {
		uint64_t addr = text_symbol(k, c->arg[i].s);

		/* once: most likely the name was misspelt */
		if (k->text.count > known)
			note(c, "%.40s has no body yet: 'define %.40s { ... }' gives it one",
			     c->arg[i].s, c->arg[i].s);
		return addr;
	}
	if (c->arg[i].type == V_ADDR)
		return c->arg[i].u;
	code = take_code(c, i);
	snprintf(name, sizeof(name), "function_%u", ++c->machine->functions);
	return call_function(c->machine, name, code);
}

void code_run(struct code *code, const struct value *arg, int args)
{
	struct value ret = { 0 };

	code->answer = ANSWER_ANY;
	code->run(code, arg, args, &ret);
}

static int number(struct code *code, enum code_answer answer, const struct value *arg, int args)
{
	struct value ret = { 0 };
	int rc;

	code->answer = answer;
	rc = code->run(code, arg, args, &ret);
	if (rc)
		return rc;
	return ret.type == V_INT ? (int)ret.i : ret.type == V_BOOL ? ret.b : 0;
}

int code_call(struct code *code, const struct value *arg, int args)
{
	return number(code, ANSWER_ERRNO, arg, args);
}

int code_match(struct code *code, const struct value *arg, int args)
{
	return number(code, ANSWER_MATCH, arg, args);
}

static char **split(char *text, const char *between)
{
	size_t n = 2;
	char **table, *save;

	for (char *s = text; *s; s++)
		n += strchr(between, *s) != NULL;
	table = host_calloc(n, sizeof(*table));
	n = 0;
	for (char *s = strtok_r(text, between, &save); table && s; s = strtok_r(NULL, between, &save))
		table[n++] = s;
	return table;
}

char **split_names(char *names)
{
	return split(names, ", ");
}

char **split_strings(char *strings)
{
	return split(strings, " ");
}
