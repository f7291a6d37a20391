/* SPDX-License-Identifier: MIT */
/* Parameters that take words: text, choices, names of existing things, paths. */
#include "call/entry.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/bus.h"
#include "base/driver_core.h"
#include "fs/fs.h"
#include "kernel/module.h"
#include "kernel/params.h"
#include "lib/distance.h"
#include "mm/cache.h"

const struct param_type type_str = { .wants = "text", .digits = true };
const struct param_type type_names = { .wants = "text", .list = ',', .digits = true };
const struct param_type type_strings = { .wants = "text", .list = ' ', .digits = true };
const struct param_type type_words = {
	.wants = "text", .takes = REST_AS_TEXT, .list = ' ', .digits = true,
};

/* --- choices --------------------------------------------------------------------- */

static bool is_choice(const char *const *choice, const char *text)
{
	while (*choice && strcmp(*choice, text))
		choice++;
	return *choice != NULL;
}

static int bind_choice(const struct bind *b)
{
	const char *const *choice = b->p->choices;
	struct buf all = BUF_INIT;

	if (is_choice(choice, b->text))
		return 0;
	for (size_t i = 0; choice[i]; i++)
		buf_printf(&all, "%s%s", !i ? "" : choice[i + 1] ? ", " : " or ", choice[i]);
	bind_error(b, -EINVAL, "wants %s%s", buf_str(&all), b->p->def && !*b->p->def &&
		   !choice[1] ? ", or nothing" : "");
	buf_finish(&all);
	return -EINVAL;
}

static char offer_choices(const struct offers *o)
{
	for (const char *const *choice = o->p->choices; *choice; choice++)
		o->fn(o->to, *choice);
	return ' ';
}

const struct param_type type_choice = {
	.wants = "text", .bind = bind_choice, .offer = offer_choices, .digits = true,
};

/* --- names of existing things ------------------------------------------------------ */

/* A name that must exist; the call looks it up again. */
static int bind_name(const struct bind *b, bool found, const char *what, const char *nearest)
{
	if (found) {
		*b->out = (struct value){ .type = V_STR, .s = b->text };
		return 0;
	}
	if (nearest)
		return bind_error(b, -ENOENT, "no such %s; did you mean '%.40s'?", what, nearest);
	return bind_error(b, -ENOENT, "no such %s", what);
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

static char offer_buses(const struct offers *o)
{
	struct bus_type *bus;

	list_each(bus, &o->m->core.buses, struct bus_type, all)
		o->fn(o->to, bus->name);
	return ' ';
}

const struct param_type type_bus = {
	.wants = "text", .bind = bind_bus, .offer = offer_buses, .digits = true,
};

static int bind_class(const struct bind *b)
{
	struct driver_core *core = &b->m->core;
	struct nearest n = { .word = b->text };
	struct class *class;

	list_each(class, &core->classes, struct class, all)
		nearest_offer(&n, class->name);
	return bind_name(b, class_by_name(core, b->text), "class", n.best);
}

static char offer_classes(const struct offers *o)
{
	struct class *class;

	list_each(class, &o->m->core.classes, struct class, all)
		o->fn(o->to, class->name);
	return ' ';
}

const struct param_type type_class = {
	.wants = "text", .bind = bind_class, .offer = offer_classes, .digits = true,
};

static int bind_module(const struct bind *b)
{
	struct kernel *k = &b->m->kernel;
	struct nearest n = { .word = b->text };
	struct module *m;

	list_each(m, &k->modules, struct module, all)
		nearest_offer(&n, m->name);
	return bind_name(b, module_find(k, b->text), "module", n.best);
}

static char offer_modules(const struct offers *o)
{
	struct module *m;

	list_each(m, &o->m->kernel.modules, struct module, all)
		o->fn(o->to, m->name);
	return ' ';
}

const struct param_type type_module = {
	.wants = "text", .bind = bind_module, .offer = offer_modules, .digits = true,
};

static char offer_caches(const struct offers *o)
{
	const struct mm *mm = &o->m->mm;

	for (int i = 0; i < CACHES; i++)
		if (mm->caches[i].object_size && !mm->caches[i].lost)
			o->fn(o->to, mm->caches[i].name);
	return ' ';
}

const struct param_type type_cache = { .wants = "text", .offer = offer_caches, .digits = true };

/* --- boot parameters --------------------------------------------------------------- */

static char offer_boot(const struct offers *o)
{
	const char *eq = strchr(o->prefix, '='), *name, *choice;
	char text[80], last = ' ';

	for (size_t i = 0; (name = params_name(i)); i++) {
		if (!eq) {
			snprintf(text, sizeof(text), "%s=", name);
			o->fn(o->to, text);
			continue;
		}
		if (strncmp(o->prefix, name, (size_t)(eq - o->prefix)) || name[eq - o->prefix])
			continue;
		for (size_t n = 0; (choice = params_choice(i, n)); n++) {
			snprintf(text, sizeof(text), "%s=%s", name, choice);
			o->fn(o->to, text);
			/* after numa=fake= a number follows */
			last = choice[strlen(choice) - 1] == '=' ? '\0' : ' ';
		}
	}
	return eq ? last : '\0';
}

const struct param_type type_boot = { .wants = "text", .offer = offer_boot, .digits = true };
const struct param_type type_cmdline = {
	.wants = "text", .offer = offer_boot, .takes = REST_AS_TEXT, .list = ' ', .digits = true,
};

/* --- paths ---------------------------------------------------------------------------- */

struct path_offer {
	const struct offers *o;
	size_t dir_len;        /* length of the input up to its last slash */
	char last;
};

static void offer_entry(void *ctx, const char *name, const struct fs_file *entry)
{
	struct path_offer *p = ctx;
	struct buf path = BUF_INIT;
	struct fs_file to;

	buf_add(&path, p->o->prefix, p->dir_len);
	buf_puts(&path, name);
	if (path.len < 400 && !strncmp(buf_str(&path), p->o->prefix, strlen(p->o->prefix))) {
		p->o->fn(p->o->to, buf_str(&path));
		/* also for a link to a directory */
		if (!fs_find(p->o->m, buf_str(&entry->path), true, &to, NULL) && fs_is_directory(&to))
			p->last = '/';
		fs_finish(&to);
	}
	buf_finish(&path);
}

/* Paths of the machine. */
static char offer_paths(const struct offers *o)
{
	const char *slash = strrchr(o->prefix, '/');
	struct path_offer p = {
		.o = o, .last = ' ', .dir_len = slash ? (size_t)(slash - o->prefix) + 1 : 0,
	};
	char dir[512];
	struct fs_file f;

	if (!*o->prefix) {
		o->fn(o->to, "/sys");
		o->fn(o->to, "/proc");
		return '/';
	}
	if (!slash || p.dir_len >= sizeof(dir))
		return ' ';
	snprintf(dir, sizeof(dir), "%.*s", (int)p.dir_len, o->prefix);
	if (!fs_find(o->m, dir, true, &f, NULL))
		fs_list(&f, offer_entry, &p);
	fs_finish(&f);
	return p.last;
}

const struct param_type type_path = { .wants = "text", .offer = offer_paths, .digits = true };

char offer_files(const struct offers *o)
{
	const char *slash = strrchr(o->prefix, '/');
	size_t dir_len = slash ? (size_t)(slash - o->prefix) + 1 : 0;
	char dir[512], path[1024];
	struct dirent *e;
	char last = ' ';
	DIR *d;

	if (dir_len >= sizeof(dir))
		return ' ';
	memcpy(dir, o->prefix, dir_len);
	dir[dir_len] = '\0';
	d = opendir(dir_len ? dir : ".");
	if (!d)
		return ' ';
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.' && o->prefix[dir_len] != '.')
			continue;
		snprintf(path, sizeof(path), "%s%s", dir, e->d_name);
		if (!strncmp(path, o->prefix, strlen(o->prefix)) && e->d_type == DT_DIR)
			last = '/';
		o->fn(o->to, path);
	}
	closedir(d);
	return last;
}

const struct param_type type_file = { .wants = "text", .offer = offer_files, .digits = true };
