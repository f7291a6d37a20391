/* SPDX-License-Identifier: MIT */
/* What may stand at the cursor. Looks things up, runs nothing. */
#include "shell/prompt.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "fs/fs.h"

struct offer {
	const char *prefix;    /* what is typed of the word */
	size_t len;
	const char *front;     /* put in front of a candidate: "parent=" */
	size_t skip;           /* bytes that the editor holds to be an earlier word */
	void (*fn)(void *to, const char *candidate);
	void *to;
};

static void offer(const struct offer *o, const char *word)
{
	char text[512];

	if (strncmp(word, o->prefix, o->len))
		return;
	snprintf(text, sizeof(text), "%s%s", o->front, word);
	if (strlen(text) >= o->skip)
		o->fn(o->to, text + o->skip);
}

static void offer_calls(const struct offer *o)
{
	const struct call *c;

	for (size_t i = 0; (c = call_at(i)); i++)
		offer(o, c->name);
}

static void offer_devices(struct shell *sh, const struct offer *o)
{
	struct driver_core *core = &sh->session->machine->core;
	struct device *dev;

	list_each(dev, &core->devices, struct device, all)
		if (dev->registered && dev != core->root)
			offer(o, dev->name);
}

static void offer_drivers(struct shell *sh, const struct offer *o)
{
	struct driver_core *core = &sh->session->machine->core;
	struct device_driver *drv;
	struct bus_type *bus;

	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		list_each(drv, &bus->drivers, struct device_driver, on_bus)
			offer(o, drv->name);
}

static void offer_buses(struct shell *sh, const struct offer *o)
{
	struct bus_type *bus;

	list_each(bus, &sh->session->machine->core.buses, struct bus_type, all)
		offer(o, bus->name);
}

static void offer_classes(struct shell *sh, const struct offer *o)
{
	struct class *class;

	list_each(class, &sh->session->machine->core.classes, struct class, all)
		offer(o, class->name);
}

static void offer_modules(struct shell *sh, const struct offer *o)
{
	struct module *m;

	list_each(m, &sh->session->machine->kernel.modules, struct module, all)
		offer(o, m->name);
}

static void offer_variable(void *ctx, const char *name)
{
	char text[128];

	snprintf(text, sizeof(text), "$%s", name);
	offer(ctx, text);
}

static void offer_variables(struct shell *sh, struct offer *o, bool in_block)
{
	script_globals(sh->session->script, offer_variable, o);
	if (in_block) {
		offer(o, "$dev");
		offer(o, "$drv");
		offer(o, "$data");
	}
}

static void offer_functions(struct shell *sh, const struct offer *o)
{
	const struct symbols *text = &sh->session->machine->kernel.text;

	for (uint32_t i = 0; i < text->count; i++)
		if (text->at[i].fn)
			offer(o, text->at[i].name);
}

static void offer_matches(struct shell *sh, struct offer *o)
{
	const struct kernel_match *m;

	for (size_t i = 0; (m = kernel_match_at(i)); i++)
		if (kernel_match(&sh->session->machine->kernel, m->name))
			offer(o, m->name);
	offer_functions(sh, o);
	script_globals(sh->session->script, offer_variable, o);
}

static void offer_errnos(const struct offer *o)
{
	const char *name;
	char text[32];
	int value;

	for (size_t i = 0; (name = errno_at(i, &value)); i++) {
		snprintf(text, sizeof(text), "-%s", name);
		offer(o, text);
	}
}

/* Behind the last '|' of flags. */
static void offer_gfp(const struct offer *o)
{
	const char *bar = strrchr(o->prefix, '|');
	char front[512];
	struct offer last = *o;

	if (bar) {
		snprintf(front, sizeof(front), "%s%.*s", o->front, (int)(bar + 1 - o->prefix), o->prefix);
		last.prefix = bar + 1;
		last.len = strlen(bar + 1);
		last.front = front;
	}
	for (size_t i = 0; gfp_name(i); i++)
		offer(&last, gfp_name(i));
}

static char offer_boot(const struct offer *o)
{
	char text[64];

	if (!strncmp(o->prefix, "release=", 8) || !strncmp(o->prefix, "arch=", 5)) {
		for (size_t i = 0; profile_at(i); i++) {
			snprintf(text, sizeof(text), "release=%s", profile_at(i)->release);
			offer(o, text);
		}
		for (size_t i = 0; arch_at(i); i++) {
			snprintf(text, sizeof(text), "arch=%s", arch_at(i)->name);
			offer(o, text);
		}
		return ' ';
	}
	if (!strncmp(o->prefix, "page_size=", 10)) {
		offer(o, "page_size=4k");
		offer(o, "page_size=16k");
		offer(o, "page_size=64k");
		return ' ';
	}
	if (!strncmp(o->prefix, "kasan=", 6) || !strncmp(o->prefix, "kmemleak=", 9)) {
		const char *name = o->prefix[1] == 'a' ? "kasan" : "kmemleak";

		snprintf(text, sizeof(text), "%s=on", name);
		offer(o, text);
		snprintf(text, sizeof(text), "%s=off", name);
		offer(o, text);
		return ' ';
	}
	if (!strncmp(o->prefix, "numa=", 5)) {
		offer(o, "numa=fake=");
		return '\0';
	}
	for (size_t i = 0; params_name(i); i++) {
		snprintf(text, sizeof(text), "%s=", params_name(i));
		offer(o, text);
	}
	return '\0';
}

static char offer_files(const struct offer *o)
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
		if (!strncmp(path, o->prefix, o->len) && e->d_type == DT_DIR)
			last = '/';
		offer(o, path);
	}
	closedir(d);
	return last;
}

/* Words "release=6.12", which name no arguments of the call. */
static bool boot_params(const struct param *p)
{
	return !strcmp(p->name, "params");
}

struct path_offer {
	const struct offer *o;
	struct machine *m;
	size_t dir_len;        /* of what is typed, up to its last slash */
	char last;
};

static void offer_entry(void *ctx, const char *name, const struct fs_file *entry)
{
	struct path_offer *p = ctx;
	struct buf path = BUF_INIT;
	struct fs_file to;

	buf_add(&path, p->o->prefix, p->dir_len);
	buf_puts(&path, name);
	if (path.len < 400 && !strncmp(buf_str(&path), p->o->prefix, p->o->len)) {
		offer(p->o, buf_str(&path));
		/* also a link to a directory */
		if (!fs_find(p->m, buf_str(&entry->path), true, &to, NULL) && fs_is_directory(&to))
			p->last = '/';
		fs_finish(&to);
	}
	buf_finish(&path);
}

/* Paths of the machine. */
static char offer_paths(struct shell *sh, const struct offer *o)
{
	const char *slash = strrchr(o->prefix, '/');
	struct path_offer p = {
		.o = o, .m = sh->session->machine, .last = ' ',
		.dir_len = slash ? (size_t)(slash - o->prefix) + 1 : 0,
	};
	char dir[512];
	struct fs_file f;

	if (!o->len) {
		offer(o, "/sys");
		offer(o, "/proc");
		return '/';
	}
	if (!slash || p.dir_len >= sizeof(dir))
		return ' ';
	snprintf(dir, sizeof(dir), "%.*s", (int)p.dir_len, o->prefix);
	if (!fs_find(sh->session->machine, dir, true, &f, NULL))
		fs_list(&f, offer_entry, &p);
	fs_finish(&f);
	return p.last;
}

/* Behind '>': the machine's files, or the host's. */
static char offer_redirection(struct shell *sh, const struct offer *o)
{
	if (fs_is_simulated(o->prefix) ||
	    (o->len > 1 && (!strncmp("/sys", o->prefix, o->len) || !strncmp("/proc", o->prefix, o->len))))
		return offer_paths(sh, o);
	return offer_files(o);
}

static void offer_caches(struct shell *sh, const struct offer *o)
{
	const struct mm *mm = &sh->session->machine->mm;

	for (int i = 0; i < CACHES; i++)
		if (mm->caches[i].object_size && !mm->caches[i].lost)
			offer(o, mm->caches[i].name);
}

static char offer_param(struct shell *sh, const struct call *c, const struct param *p,
			struct offer *o)
{
	switch (p->type) {
	case P_DEVICE: offer_devices(sh, o); break;
	case P_DRIVER: offer_drivers(sh, o); break;
	case P_BUS: offer_buses(sh, o); break;
	case P_CLASS: offer_classes(sh, o); break;
	case P_MODULE: offer_modules(sh, o); break;
	case P_GFP: offer_gfp(o); break;
	case P_THING:
		offer_devices(sh, o);
		offer_drivers(sh, o);
		script_globals(sh->session->script, offer_variable, o);
		break;
	case P_ADDR: case P_CSTR: case P_GROUP: script_globals(sh->session->script, offer_variable, o); break;
	case P_FN: offer_functions(sh, o); break;
	case P_MATCH: offer_matches(sh, o); break;
	case P_INT: offer_errnos(o); break;
	case P_CALL: case P_CALLS: offer_calls(o); break;
	case P_WORDS: return boot_params(p) ? offer_boot(o) : ' ';
	case P_STR:
		if (boot_params(p))
			return offer_boot(o);
		if (!strcmp(p->name, "file"))
			return offer_files(o);
		if (!strcmp(p->name, "state")) {
			offer(o, "on");
			offer(o, "off");
		}
		if (!strcmp(p->name, "cache"))
			offer_caches(sh, o);
		if (!strcmp(c->name, "leaks"))
			offer(o, "all");
		break;
	case P_PATH: return offer_paths(sh, o);
	case P_NODE: offer(o, "-1"); offer(o, "0"); break;
	case P_BOOL: offer(o, "no"); offer(o, "yes"); break;
	default: break;
	}
	return ' ';
}

/* Where the statement that the cursor is in begins. */
static size_t statement_start(const char *line, size_t end)
{
	size_t start = 0;
	char quote = 0;

	for (size_t i = 0; i < end; i++) {
		if (quote)
			quote = line[i] == quote ? 0 : quote;
		else if (line[i] == '"' || line[i] == '\'')
			quote = line[i];
		else if (line[i] == ';' || line[i] == '{' || line[i] == '}')
			start = i + 1;
	}
	return start;
}

/* "trace CALL ...": what is traced counts. */
static bool runs_a_call(const char *name)
{
	const struct call *c = call_find(name);

	return c && c->param[0].type == P_CALLS;
}

/* The words in front of the cursor: the call, and how many arguments. */
struct before {
	char call[64];
	int words, positional;
};

static void read_before(const char *line, size_t at, size_t end, struct before *b)
{
	*b = (struct before){ 0 };
	while (at < end) {
		size_t len;

		at += strspn(line + at, " \t");
		if (at >= end)
			break;
		len = strcspn(line + at, " \t");
		if (at + len > end)
			len = end - at;
		if (b->words == 1 && len == 1 && line[at] == '=') {
			*b = (struct before){ 0 }; /* "p =": the call comes behind it */
		} else if (!(len == 1 && line[at] == '!')) {
			if (!b->words)
				snprintf(b->call, sizeof(b->call), "%.*s", (int)len, line + at);
			else if (!memchr(line + at, '=', len))
				b->positional++;
			b->words++;
			if (b->words == 1 && runs_a_call(b->call))
				*b = (struct before){ 0 };
		}
		at += len;
	}
}

static char offer_argument(struct shell *sh, const struct call *c, const struct before *b,
			   const char *word, struct offer *o)
{
	const char *eq = strchr(word, '=');
	char name[40], front[48];
	int n = b->positional;

	if (eq && c->param[0].type != P_WORDS && !boot_params(&c->param[0]) &&
	    (size_t)(eq - word) < sizeof(name)) {
		snprintf(name, sizeof(name), "%.*s", (int)(eq - word), word);
		snprintf(front, sizeof(front), "%s=", name);
		if (call_param(c, name) < 0)
			return ' ';
		o->prefix = eq + 1;
		o->len = strlen(eq + 1);
		o->front = front;
		return offer_param(sh, c, &c->param[call_param(c, name)], o);
	}
	for (const struct param *p = c->param; p->type != P_NONE; p++) {
		if (p->named) {
			snprintf(front, sizeof(front), "%s=", p->name);
			if (!b->positional && !call_params(c))
				continue;
			if (b->positional) {
				o->front = "";
				offer(o, front);
			}
		} else if (n-- == 0 || (p->type == P_WORDS && n < 0)) {
			char end = offer_param(sh, c, p, o);

			if (p->type == P_WORDS || p->type == P_STR || p->type == P_PATH)
				return end;
		}
	}
	return b->positional && c->param[1].named ? '\0' : ' ';
}

static bool follows_redirection(const char *line, size_t begin, size_t at)
{
	while (at > begin && (line[at - 1] == ' ' || line[at - 1] == '\t'))
		at--;
	return at > begin + 1 && line[at - 1] == '>' &&
	       (line[at - 2] == ' ' || line[at - 2] == '\t');
}

char shell_complete(void *ctx, const char *line, size_t start, size_t end,
		    void (*fn)(void *to, const char *candidate), void *to)
{
	struct shell *sh = ctx;
	char word[512];
	struct offer o = { .prefix = word, .front = "", .fn = fn, .to = to };
	size_t begin = statement_start(line, end);
	const struct call *c;
	struct before b;

	/* our words end at blanks only: "parent=et" and "GFP_KERNEL|__G" are one */
	for (; start > begin && line[start - 1] != ' ' && line[start - 1] != '\t'; start--)
		o.skip++;
	snprintf(word, sizeof(word), "%.*s", (int)(end - start), line + start);
	o.len = strlen(word);
	read_before(line, begin, start, &b);
	if (b.words && word[0] == '>') {
		o.prefix++;
		o.len--;
		o.front = ">";
		return offer_redirection(sh, &o);
	}
	if (follows_redirection(line, begin, start))
		return offer_redirection(sh, &o);
	if (word[0] == '$') {
		offer_variables(sh, &o, begin > 0 && memchr(line, '{', begin));
		return ' ';
	}
	if (!b.words) {
		offer_calls(&o);
		return ' ';
	}
	c = call_find(b.call);
	return c ? offer_argument(sh, c, &b, word, &o) : ' ';
}
