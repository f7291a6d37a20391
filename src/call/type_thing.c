/* SPDX-License-Identifier: MIT */
/* Parameters that take a device, a driver, a pointer, or code. */
#include "call/entry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/devres.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "kernel/report.h"
#include "kernel/symbol.h"
#include "lib/distance.h"
#include "lib/size.h"

/* --- devices and drivers ------------------------------------------------------- */

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
		return bind_error(b, -ENODEV, "is a driver, and a device is wanted here");
	list_each(it, &core->devices, struct device, all)
		nearest_offer(&n, it->name);
	if (n.best)
		return bind_error(b, -ENODEV, "no such device; did you mean '%.40s'?", n.best);
	return bind_error(b, -ENODEV, "no such device; make it with 'device %.40s'", b->text);
}

static int fits_device(const struct bind *b, struct value *v)
{
	(void)b;
	return v->type == V_DEVICE ? 0 : -EINVAL;
}

static char offer_devices(const struct offers *o)
{
	struct driver_core *core = &o->m->core;
	struct device *dev;

	list_each(dev, &core->devices, struct device, all)
		if (dev->registered && dev != core->root)
			o->fn(o->to, dev->name);
	return ' ';
}

const struct param_type type_device = {
	.wants = "device", .bind = bind_device, .fits = fits_device, .offer = offer_devices,
};

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
		return bind_error(b, -ENODEV, "no such driver; did you mean '%.40s'?", n.best);
	return bind_error(b, -ENODEV, "no such driver; make it with 'driver %.40s'", b->text);
}

static int fits_driver(const struct bind *b, struct value *v)
{
	(void)b;
	return v->type == V_DRIVER ? 0 : -EINVAL;
}

static char offer_drivers(const struct offers *o)
{
	struct driver_core *core = &o->m->core;
	struct device_driver *drv;
	struct bus_type *bus;

	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		list_each(drv, &bus->drivers, struct device_driver, on_bus)
			o->fn(o->to, drv->name);
	return ' ';
}

const struct param_type type_driver = {
	.wants = "driver", .bind = bind_driver, .fits = fits_driver, .offer = offer_drivers,
};

/* --- pointers --------------------------------------------------------------------- */

/* An address as dumps print it, with all its hex digits. */
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
		return bind_error(b, -EINVAL, "wants a pointer: $p, an address, or NULL");
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

/* A word's id is its address in .rodata, which is the same each time. */
static int bind_group(const struct bind *b)
{
	uint64_t id;

	if (!isalpha((unsigned char)b->text[0]) && b->text[0] != '_')
		return bind_addr(b);
	if (!strcmp(b->text, "NULL") || !strcmp(b->text, "ZERO_SIZE_PTR") || dumped_address(b))
		return bind_addr(b);
	id = rodata_string(&b->m->kernel, b->text);
	if (!id)
		return bind_error(b, -ENOMEM, "no room for one more constant");
	*b->out = v_addr(id);
	return 0;
}

/* nil is NULL. */
static int fits_addr(const struct bind *b, struct value *v)
{
	if (b->c_numbers && (v->type == V_INT || v->type == V_NONE))
		*v = v_addr(v->type == V_INT ? (uint64_t)v->i : 0);
	return v->type == V_ADDR ? 0 : -EINVAL;
}

static int fits_cstr(const struct bind *b, struct value *v)
{
	return v->type == V_INT ? -EINVAL : fits_addr(b, v);
}

static void lua_pointer(struct buf *out, const char *text)
{
	if (!strcmp(text, "NULL"))
		buf_puts(out, "nil");
	else
		buf_printf(out, "%s%s", strlen(text) == 16 && text[1] != 'x' ? "0x" : "", text);
}

const struct param_type type_addr = {
	.wants = "a pointer", .bind = bind_addr, .fits = fits_addr, .lua = lua_pointer,
};

const struct param_type type_cstr = {
	.wants = "a pointer", .bind = bind_cstr, .fits = fits_cstr, .digits = true,
};

const struct param_type type_group = {
	.wants = "a pointer", .bind = bind_group, .fits = fits_addr,
};

/* --- any of these -------------------------------------------------------------------- */

/*
 * Names come first; what begins with a digit or is NULL is an address; -12 is an error
 * pointer.
 */
static int bind_thing(const struct bind *b)
{
	uint64_t u;

	/* the value of ERR_PTR() */
	if (*b->text == '-' && !device_by_name(&b->m->core, b->text) && !P_INT->bind(b)) {
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
		return bind_error(b, -ENODEV, "wants an address and a number, as $p+10");
	return bind_device(b);
}

static int fits_thing(const struct bind *b, struct value *v)
{
	return v->type == V_DEVICE || v->type == V_DRIVER ? 0 : fits_addr(b, v);
}

static char offer_things(const struct offers *o)
{
	offer_devices(o);
	return offer_drivers(o);
}

const struct param_type type_thing = {
	.wants = "a pointer", .bind = bind_thing, .fits = fits_thing, .offer = offer_things,
};

/* --- code ------------------------------------------------------------------------------ */

static int bind_code(const struct bind *b)
{
	return bind_error(b, -EINVAL, "wants { calls }");
}

static int bind_fn(const struct bind *b)
{
	if (check_name(b->text))
		return bind_error(b, -EINVAL, "wants a function's name or { calls }");
	return 0;
}

static int bind_match(const struct bind *b)
{
	if (!strcmp(b->text, "NULL") || !strncmp(b->text, "0x", 2) || dumped_address(b))
		return bind_addr(b);
	return bind_fn(b);
}

static char offer_functions(const struct offers *o)
{
	const struct symbols *text = &o->m->kernel.text;

	for (uint32_t i = 0; i < text->count; i++)
		if (text->at[i].fn)
			o->fn(o->to, text->at[i].name);
	return ' ';
}

static char offer_matches(const struct offers *o)
{
	const struct kernel_match *m;

	for (size_t i = 0; (m = kernel_match_at(i)); i++)
		if (kernel_match(&o->m->kernel, m->name))
			o->fn(o->to, m->name);
	return offer_functions(o);
}

const struct param_type type_code = {
	.wants = "a function", .bind = bind_code, .code = CODE, .args = "dev",
};

const struct param_type type_fn = {
	.wants = "text", .bind = bind_fn, .offer = offer_functions, .code = NAMED_CODE,
	.args = "dev, data", .digits = true,
};

const struct param_type type_match = {
	.wants = "a pointer", .bind = bind_match, .fits = fits_addr, .offer = offer_matches,
	.code = CODE, .args = "dev, data",
};

/* The front end completes calls, because it parses the rest of the line. */
const struct param_type type_calls = {
	.wants = "a function", .bind = bind_code, .takes = REST_AS_CALLS, .code = CODE, .args = "",
};
