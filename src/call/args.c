/* SPDX-License-Identifier: MIT */
/* Arguments from text: the one place that knows what a parameter accepts. */
#include "call/entry.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/distance.h"
#include "lib/size.h"

struct bind {
	struct machine *m;
	const struct param *p;
	const char *text;
	struct value *out;
	char *why;
	size_t whysize;
};

__attribute__((format(printf, 3, 4)))
static int bad(const struct bind *b, int err, const char *fmt, ...)
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

static int bind_device(const struct bind *b)
{
	struct driver_core *core = &b->m->core;
	struct nearest n = { .word = b->text };
	struct device *dev, *it;

	dev = device_by_name(core, b->text);
	if (!strcmp(b->text, "NULL") && !dev) {
		*b->out = v_device(0);
		return 0;
	}
	if (dev) {
		*b->out = v_device(dev->id);
		return 0;
	}
	if (driver_by_name(core, b->text))
		return bad(b, -ENODEV, "is a driver, and a device is wanted here");
	list_each(it, &core->devices, struct device, all)
		nearest_offer(&n, it->name);
	if (n.best)
		return bad(b, -ENODEV, "no such device; did you mean '%.40s'?", n.best);
	return bad(b, -ENODEV, "no such device; make it with 'device %.40s'", b->text);
}

static int bind_driver(const struct bind *b)
{
	struct driver_core *core = &b->m->core;
	struct nearest n = { .word = b->text };
	struct device_driver *drv, *it;
	struct bus_type *bus;

	drv = driver_by_name(core, b->text);
	if (drv) {
		*b->out = (struct value){ .type = V_DRIVER, .id = drv->id };
		return 0;
	}
	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		list_each(it, &bus->drivers, struct device_driver, on_bus)
			nearest_offer(&n, it->name);
	if (n.best)
		return bad(b, -ENODEV, "no such driver; did you mean '%.40s'?", n.best);
	return bad(b, -ENODEV, "no such driver; make it with 'driver %.40s'", b->text);
}

static int bind_size(const struct bind *b)
{
	const struct arch *a = b->m->kernel.arch;
	uint64_t u, max = arch_size_max(a);
	int rc = !strcmp(b->text, "SIZE_MAX") ? (u = max, 0) : parse_size(b->text, &u);

	if (rc == -ERANGE || (!rc && u > max))
		return bad(b, -ERANGE, "more than %d bits hold", 8 * a->word);
	if (rc && b->text[0] == '-' && isdigit((unsigned char)b->text[1]))
		return bad(b, rc, "is negative");
	if (rc)
		return bad(b, rc, "wants a number: 64, 0x40, 4k, 16M, SIZE_MAX");
	*b->out = v_uint(u);
	return 0;
}

static int bind_int(const struct bind *b)
{
	bool minus = b->text[0] == '-';
	const char *digits = b->text + minus;
	int err = errno_value(digits);
	uint64_t u;

	if (err)
		u = (uint64_t)err;
	else if (!strcmp(b->text, "true") || !strcmp(b->text, "false"))
		u = b->text[0] == 't'; /* as a match function may answer */
	else if (parse_size(digits, &u))
		return bad(b, -EINVAL, "wants a whole number or an errno, as -12 or -ENOMEM");
	if (u > INT64_MAX)
		return bad(b, -ERANGE, "is out of range");
	*b->out = v_int(minus ? -(int64_t)u : (int64_t)u);
	return 0;
}

static int bind_bool(const struct bind *b)
{
	static const struct { const char *word; bool is; } words[] = {
		{ "yes", true }, { "no", false }, { "true", true }, { "false", false },
		{ "1", true }, { "0", false }, { "on", true }, { "off", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].word, b->text)) {
			*b->out = v_bool(words[i].is);
			return 0;
		}
	return bad(b, -EINVAL, "wants yes or no");
}

static int bind_node(const struct bind *b)
{
	int rc = !strcmp(b->text, "NUMA_NO_NODE") ? (*b->out = v_int(-1), 0) : bind_int(b);

	if (rc)
		return bad(b, rc, "wants a NUMA node, -1 for none");
	if (b->out->i < -1 || b->out->i >= b->m->mm.nodes)
		return bad(b, -ERANGE, b->m->mm.nodes > 1
			   ? "this machine has nodes 0 to %d; see 'help boot' for numa=fake=N"
			   : "this machine has only node %d; see 'help boot' for numa=fake=N",
			   b->m->mm.nodes - 1);
	return 0;
}

/* The first of the flags between '|' that is none; a name is at most 63 bytes. */
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

/* A flag of other releases. */
static int flag_of_others(const struct bind *b, const char *flag)
{
	const struct profile *p = b->m->kernel.profile;
	int since = 0, until = 0;

	gfp_releases(flag, &since, &until);
	if (since && p->version < since)
		return bad(b, -ENOSYS, "%s exists since %d.%d; this machine runs %s", flag,
			   since / 1000, since % 1000, p->release);
	return bad(b, -ENOSYS, "%s is gone after %d.%d; this machine runs %s", flag, until / 1000,
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
		return bad(b, -EINVAL, "no such flag; did you mean %s?", n.best);
	return bad(b, -EINVAL, "wants flags, as GFP_KERNEL or GFP_ATOMIC|__GFP_ZERO");
}

/* All hex digits of an address, as dumps print it. */
static bool dumped_address(const struct bind *b)
{
	size_t digits = (size_t)addr_digits(b->m->kernel.arch);

	return strlen(b->text) == digits &&
	       strspn(b->text, "0123456789abcdefABCDEF") == digits &&
	       (digits == 16 || !isdigit((unsigned char)b->text[0]));
}

static int bind_addr(const struct bind *b);

/* "ADDR+N", "ADDR-N" */
static bool address_sum(const struct bind *b, uint64_t *out)
{
	size_t len = strlen(b->text);
	char base[40];
	struct bind of = *b;
	struct value v;
	uint64_t n;

	while (len > 1 && b->text[len - 1] != '+' && b->text[len - 1] != '-')
		len--;
	if (len <= 1 || len > sizeof(base) || parse_size(b->text + len, &n))
		return false;
	snprintf(base, sizeof(base), "%.*s", (int)len - 1, b->text);
	of.text = base;
	of.out = &v;
	if (strpbrk(base, "+-") || bind_addr(&of))
		return false;
	*out = b->text[len - 1] == '+' ? v.u + n : v.u - n;
	return true;
}

static int bind_addr(const struct bind *b)
{
	uint64_t u;

	if (!strcmp(b->text, "NULL"))
		u = 0;
	else if (!strcmp(b->text, "ZERO_SIZE_PTR"))
		u = 16;
	else if (dumped_address(b))
		u = strtoull(b->text, NULL, 16);
	else if (parse_size(b->text, &u) && !address_sum(b, &u))
		return bad(b, -EINVAL, "wants a pointer: $p, an address, or NULL");
	*b->out = v_addr(u);
	return 0;
}

/* Text, unless it can only be a pointer. */
static int bind_cstr(const struct bind *b)
{
	if (!strcmp(b->text, "NULL") || !strncmp(b->text, "0x", 2) || dumped_address(b))
		return bind_addr(b);
	*b->out = (struct value){ .type = V_STR, .s = b->text };
	return 0;
}

/* The word's own address in .rodata: as good an id as any, and the same each time. */
static int bind_group(const struct bind *b)
{
	uint64_t id;

	if (!isalpha((unsigned char)b->text[0]) && b->text[0] != '_')
		return bind_addr(b);
	if (!strcmp(b->text, "NULL") || !strcmp(b->text, "ZERO_SIZE_PTR") || dumped_address(b))
		return bind_addr(b);
	id = rodata_string(&b->m->kernel, b->text);
	if (!id)
		return bad(b, -ENOMEM, "no room for one more constant");
	*b->out = v_addr(id);
	return 0;
}

/* Names come first; what begins as a number or is NULL is an address, -12 an error pointer. */
static int bind_thing(const struct bind *b)
{
	uint64_t u;

	/* what ERR_PTR() makes of it */
	if (*b->text == '-' && !device_by_name(&b->m->core, b->text) && !bind_int(b)) {
		*b->out = v_addr((uint64_t)b->out->i & arch_size_max(b->m->kernel.arch));
		return 0;
	}
	if (!device_by_name(&b->m->core, b->text) && driver_by_name(&b->m->core, b->text))
		return bind_driver(b);
	if (!device_by_name(&b->m->core, b->text) &&
	    (isdigit((unsigned char)*b->text) || dumped_address(b) ||
	     !strcmp(b->text, "NULL") || !strcmp(b->text, "ZERO_SIZE_PTR") || address_sum(b, &u)))
		return bind_addr(b);
	if (strchr(b->text, '+') && !device_by_name(&b->m->core, b->text))
		return bad(b, -ENODEV, "wants an address and a number, as $p+10");
	return bind_device(b);
}

/* A name out of those that exist; the call looks it up again. */
static int bind_name(const struct bind *b, bool found, const char *what, const char *nearest)
{
	if (found) {
		*b->out = (struct value){ .type = V_STR, .s = b->text };
		return 0;
	}
	if (nearest)
		return bad(b, -ENOENT, "no such %s; did you mean '%.40s'?", what, nearest);
	return bad(b, -ENOENT, "no such %s", what);
}

static int bind_bus(const struct bind *b)
{
	struct driver_core *core = &b->m->core;
	struct nearest n = { .word = b->text };
	struct bus_type *bus;

	list_each(bus, &core->buses, struct bus_type, all)
		nearest_offer(&n, bus->name);
	return bind_name(b, bus_by_name(core, b->text), "bus", n.best);
}

static int bind_class(const struct bind *b)
{
	struct driver_core *core = &b->m->core;
	struct nearest n = { .word = b->text };
	struct class *class;

	list_each(class, &core->classes, struct class, all)
		nearest_offer(&n, class->name);
	return bind_name(b, class_by_name(core, b->text), "class", n.best);
}

static int bind_module(const struct bind *b)
{
	struct kernel *k = &b->m->kernel;
	struct nearest n = { .word = b->text };
	struct module *m;

	list_each(m, &k->modules, struct module, all)
		nearest_offer(&n, m->name);
	return bind_name(b, module_find(k, b->text), "module", n.best);
}

static int bind_call(const struct bind *b)
{
	const char *near;

	if (call_find(b->text) || apropos_topic(b->text)) {
		*b->out = (struct value){ .type = V_STR, .s = b->text };
		return 0;
	}
	near = call_suggest(b->text);
	return near ? bad(b, -ENOENT, "no such call; did you mean '%s'?", near)
		    : bad(b, -ENOENT, "no such call; 'apropos %.20s' looks for the word", b->text);
}

int call_value(struct machine *m, const struct call *c, const struct param *p,
	       const char *text, struct value *out, char *why, size_t whysize)
{
	const struct bind b = { m, p, text, out, why, whysize };

	(void)c;
	switch (p->type) {
	case P_DEVICE: return bind_device(&b);
	case P_DRIVER: return bind_driver(&b);
	case P_SIZE: return bind_size(&b);
	case P_INT: return bind_int(&b);
	case P_NODE: return bind_node(&b);
	case P_BOOL: return bind_bool(&b);
	case P_GFP: return bind_gfp(&b);
	case P_ADDR: return bind_addr(&b);
	case P_CSTR: return bind_cstr(&b);
	case P_GROUP: return bind_group(&b);
	case P_CALL: return bind_call(&b);
	case P_THING: return bind_thing(&b);
	case P_BUS: return bind_bus(&b);
	case P_CLASS: return bind_class(&b);
	case P_MODULE: return bind_module(&b);
	case P_MATCH:
		if (!strcmp(text, "NULL") || !strncmp(text, "0x", 2) || dumped_address(&b))
			return bind_addr(&b);
		__attribute__((fallthrough));
	case P_FN:
		if (check_name(text))
			return bad(&b, -EINVAL, "wants a function's name or { calls }");
		break;
	case P_CODE:
	case P_CALLS:
		return bad(&b, -EINVAL, "wants { calls }");
	default:
		break;
	}
	*out = (struct value){ .type = V_STR, .s = text };
	return 0;
}

int call_defaults(struct machine *m, const struct call *c, struct value *arg,
		  char *why, size_t whysize)
{
	char usage[256];

	for (int i = 0; c->param[i].type != P_NONE; i++) {
		const struct param *p = &c->param[i];

		if (arg[i].type != V_NONE)
			continue;
		if (!p->def) {
			call_usage(c, usage, sizeof(usage));
			snprintf(why, whysize, "needs %s: %s", p->name, usage);
			return -EINVAL;
		}
		/* an empty default is "not given": the call sees V_NONE */
		if (*p->def && call_value(m, c, p, p->def, &arg[i], why, whysize))
			return -EINVAL;
	}
	return 0;
}
