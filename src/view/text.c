/* SPDX-License-Identifier: MIT */
/* A call's result for people: selects the view that draws it. */
#include "view/draw.h"

#include <string.h>

#define WIDTH_MIN 40 /* on narrower terminals, lines are this wide */

struct view {
	const char *name;   /* call->view, or the call's name */
	void (*draw)(const struct draw *d);
	const char *empty;  /* printed if there are no rows */
};

static const struct view views[] = {
	{ "devres", view_devres, "no managed resources" },
	{ "devices", view_devices, "no devices" },
	{ "drivers", view_drivers, "no drivers" },
	{ "x", view_memory, "no bytes" },
	{ "dmesg", view_log, "the log is empty" },
	{ "slabinfo", view_table, "no cache has a slab" },
	{ "objects", view_objects, "nothing is allocated" },
	{ "faults", view_faults, "nothing ran" },
	{ "trace", view_trace, "no function was entered" },
	{ "help", view_help, "no call has this word in its description" },
	{ "fsck", view_table, "the machine is sound" },
	{ "why", view_why, "nothing to say" },
	{ "ls", view_files, "an empty directory" },
	{ "pairs", view_pairs, "nothing to show" },
	{ "steps", view_steps, "nothing was done yet" },
	{ "diff", view_diff, "no difference" },
	{ "compare", view_compare, "nothing to compare" },
	{ "", view_table, "nothing to show" },
};

static const struct view *find_view(const struct call *c)
{
	const char *name = c->view ? c->view : c->name;
	const struct view *v = views;

	while (*v->name && strcmp(v->name, name))
		v++;
	return v;
}

/*
 * Success is silent if the call returns 0 or -errno, or something that was named in it.
 * If there are rows, they are all that is shown.
 */
static bool is_silent(const struct call *c, const struct result *r)
{
	const struct value *v = &r->value;

	if (r->rows || v->type == V_NONE || v->type == V_DEVICE || v->type == V_DRIVER ||
	    v->type == V_CODE)
		return true;
	/* "0, or -ENOMEM": the table shows which calls these are */
	return v->type == V_INT && !v->i && c->returns[0] == '0';
}

static void draw_value(const struct draw *d, const char *name)
{
	const struct value *v = &d->result->value;

	if (name ? v->type == V_NONE : is_silent(d->call, d->result))
		return;
	if (name && *name) {
		buf_puts(d->out, name);
		buf_puts(d->out, " = ");
	}
	draw_on(d, v->type == V_ADDR ? COLOUR_ADDR : COLOUR_NONE);
	view_value(d->machine, v, d->out);
	draw_off(d, v->type == V_ADDR ? COLOUR_ADDR : COLOUR_NONE);
	/* the text of a file has its own newlines, or is empty */
	if (!d->call->view || strcmp(d->call->view, "verbatim") || (name && !*v->s))
		buf_putc(d->out, '\n');
}

void view_result(const struct machine *m, const struct call *c, const struct result *r,
		 const char *name, const struct view_style *style, struct buf *out)
{
	const struct view *v = find_view(c);
	struct draw d = {
		.machine = m, .call = c, .result = r, .style = style, .out = out,
		.width = style->width < WIDTH_MIN ? WIDTH_MIN : style->width,
	};

	if (r->rows)
		v->draw(&d);
	else if (r->columns && !r->err)
		buf_printf(out, "%s\n", v->empty);
	if (!r->err)
		draw_value(&d, name);
}
