/* SPDX-License-Identifier: MIT */
/*
 * From a path to a node and back: walking, listing, links. Corresponds to Linux'
 * fs/namei.c, fs/kernfs/ and fs/proc/. Differs: there are no inodes and no open files;
 * each call looks up its path in the table.
 */
#include "fs/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/trace.h"
#include "lib/array.h"
#include "lib/host_memory.h"

#define LINKS_MAX 40

/* --- the table ------------------------------------------------------------- */

const struct node *node_at(size_t i)
{
	static const struct node *const tables[] = {
		sysfs_nodes, link_nodes, slab_nodes, proc_nodes, debugfs_nodes,
		trace_nodes, fault_nodes, kmemleak_nodes,
	};

	for (size_t t = 0; t < COUNT(tables); t++)
		for (const struct node *n = tables[t]; n->path; n++)
			if (!i--)
				return n;
	return NULL;
}

const char *fs_path(size_t i, const char **help)
{
	const struct node *n = node_at(i);

	*help = n && n->help ? n->help : "";
	return n ? n->path : NULL;
}

const struct node *node_find(const char *path)
{
	const struct node *n;

	for (size_t i = 0; (n = node_at(i)); i++)
		if (!strcmp(n->path, path))
			return n;
	return NULL;
}

/* The name of n in dir; NULL: n is not an entry of dir. */
static const char *entry_name(const struct node *dir, const struct node *n)
{
	size_t len = strlen(dir->path);

	if (len == 1)
		len = 0; /* the root's path is only a slash */
	if (strncmp(n->path, dir->path, len) || n->path[len] != '/' || !n->path[len + 1] ||
	    strchr(n->path + len + 1, '/'))
		return NULL;
	return n->path + len + 1;
}

static bool is_directory(const struct node *n)
{
	return !n->show && !n->store && !n->link && !n->as;
}

static bool is_there(const struct node *n, const struct place *at)
{
	return at->m->kernel.profile->version >= n->since && (!n->exists || n->exists(at));
}

int fs_since(const struct fs_file *dir, const char *name)
{
	const struct node *n;

	for (size_t i = 0; (n = node_at(i)); i++) {
		const char *entry = entry_name(dir->node, n);

		if (entry && !strcmp(entry, name) && dir->at.m->kernel.profile->version < n->since)
			return n->since;
	}
	return 0;
}

/* --- walking ----------------------------------------------------------------- */

/* Looks up a name in the directory *f; fills *next except for its path. */
static bool find_entry(const struct fs_file *f, const char *name, size_t len,
		       struct fs_file *next)
{
	const struct node *n;
	const char *entry;

	for (size_t i = 0; (n = node_at(i)); i++) {
		struct place at = f->at;
		struct cursor c = { 0 };
		const char *known;

		entry = entry_name(f->node, n);
		if (!entry)
			continue;
		known = entry[0] == '<' ? place_next(entry, &at, &c) : entry;
		while (known && (strncmp(known, name, len) || known[len]))
			known = entry[0] == '<' ? place_next(entry, &at, &c) : NULL;
		if (!known || !is_there(n, &at))
			continue;
		next->node = n->as ? node_find(n->as) : n;
		next->at = at;
		return true;
	}
	return false;
}

static void to_root(struct machine *m, struct fs_file *f)
{
	f->node = node_find("/");
	f->at = (struct place){ .m = m };
	buf_reset(&f->path);
}

static int walk(struct fs_file *f, const char *path, bool follow, int *links, const char **rest);

/*
 * Goes to the parent: walks the directory's path again from the root, without the last
 * name.
 */
static int walk_up(struct fs_file *f, int *links)
{
	char *path = host_strdup(buf_str(&f->path)), *slash;
	const char *rest;
	int rc;

	if (!path)
		return -ENOMEM;
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	to_root(f->at.m, f);
	rc = walk(f, path, false, links, &rest);
	free(path);
	return rc;
}

static int walk_link(struct fs_file *f, const struct fs_file *link, int *links)
{
	struct buf target = BUF_INIT;
	const char *rest;
	int rc;

	link->node->link(&link->at, &target);
	if (target.cut) {
		rc = -ENOMEM;
	} else if (++*links > LINKS_MAX) {
		rc = -ELOOP;
	} else {
		to_root(f->at.m, f);
		rc = walk(f, buf_str(&target), false, links, &rest);
	}
	buf_finish(&target);
	return rc;
}

static int walk_name(struct fs_file *f, const char *name, size_t len, bool follow, int *links)
{
	struct fs_file next;

	if (!is_directory(f->node))
		return -ENOTDIR;
	if (len == 1 && name[0] == '.')
		return 0;
	if (len == 2 && !strncmp(name, "..", 2))
		return walk_up(f, links);
	if (!find_entry(f, name, len, &next))
		return -ENOENT;
	if (next.node->link && follow)
		return walk_link(f, &next, links);
	buf_putc(&f->path, '/');
	buf_add(&f->path, name, len);
	f->node = next.node;
	f->at = next.at;
	return f->path.cut ? -ENOMEM : 0;
}

/* Walks on from *f, which is where the walk stopped if there is an error. */
static int walk(struct fs_file *f, const char *path, bool follow, int *links, const char **rest)
{
	int rc = 0;

	for (*rest = path; !rc;) {
		size_t slashes = strspn(path, "/"), len;

		*rest = path += slashes;
		len = strcspn(path, "/");
		if (!len)
			return slashes && !is_directory(f->node) ? -ENOTDIR : 0;
		rc = walk_name(f, path, len, follow || path[len], links);
		path += len;
		if (!rc)
			*rest = path;
	}
	return rc;
}

int fs_find(struct machine *m, const char *path, bool follow, struct fs_file *f,
	    const char **rest)
{
	const char *unused;
	int links = 0;

	*f = (struct fs_file){ 0 };
	to_root(m, f);
	if (!rest)
		rest = &unused;
	*rest = path;
	if (path[0] != '/')
		return -ENOENT; /* there is no current directory */
	return walk(f, path, follow, &links, rest);
}

void fs_finish(struct fs_file *f)
{
	buf_finish(&f->path);
}

/* --- listing ------------------------------------------------------------------ */

struct entry {
	char *name;
	const struct node *node;
	struct place at;
};

struct entries {
	struct entry *at;
	size_t count, room;
};

static int add_entry(struct entries *all, const char *name, const struct node *n,
		     const struct place *at)
{
	char *copy;

	if (!array_room(all->at, all->count, all->room, 32))
		return -ENOMEM;
	copy = host_strdup(name);
	if (!copy)
		return -ENOMEM;
	all->at[all->count++] = (struct entry){ copy, n->as ? node_find(n->as) : n, *at };
	return 0;
}

static int collect(const struct fs_file *dir, struct entries *all)
{
	const struct node *n;
	int rc = 0;

	for (size_t i = 0; !rc && (n = node_at(i)); i++) {
		const char *entry = entry_name(dir->node, n), *name;
		struct place at = dir->at;
		struct cursor c = { 0 };

		if (!entry)
			continue;
		if (entry[0] != '<') {
			if (is_there(n, &at))
				rc = add_entry(all, entry, n, &at);
			continue;
		}
		while (!rc && (name = place_next(entry, &at, &c)))
			if (is_there(n, &at))
				rc = add_entry(all, name, n, &at);
	}
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

int fs_list(const struct fs_file *dir, fs_entry_fn fn, void *ctx)
{
	struct entries all = { 0 };
	int rc;

	if (!is_directory(dir->node))
		return -ENOTDIR;
	rc = collect(dir, &all);
	if (all.count)
		qsort(all.at, all.count, sizeof(*all.at), by_name);
	for (size_t i = 0; i < all.count && !rc; i++) {
		struct fs_file entry = { .node = all.at[i].node, .at = all.at[i].at };

		/* a device with the name of one of its parent's files is hidden by it */
		if (i && !strcmp(all.at[i].name, all.at[i - 1].name))
			continue;
		buf_add(&entry.path, dir->path.s, dir->path.len);
		buf_putc(&entry.path, '/');
		buf_puts(&entry.path, all.at[i].name);
		fn(ctx, all.at[i].name, &entry);
		buf_finish(&entry.path);
	}
	for (size_t i = 0; i < all.count; i++)
		free(all.at[i].name);
	free(all.at);
	return rc;
}

/* --- files and links -------------------------------------------------------------- */

int fs_read(const struct fs_file *f, struct buf *out)
{
	if (is_directory(f->node))
		return -EISDIR;
	if (f->node->link)
		return -ELOOP;
	if (!f->node->show)
		return -EACCES;
	f->node->show(&f->at, out);
	return out->cut ? -ENOMEM : 0;
}

/* Files without store that can still be opened for writing: kernfs refuses to open them. */
static bool opens(const struct fs_file *f)
{
	return !strncmp(f->node->path, "/proc/", 6) ||
	       !strncmp(f->node->path, "/sys/kernel/debug/", 18);
}

int fs_writable(const struct fs_file *f)
{
	if (is_directory(f->node))
		return -EISDIR;
	if (f->node->link)
		return -ELOOP;
	return f->node->store || opens(f) ? 0 : -EACCES;
}

int fs_write(const struct fs_file *f, const char *text, size_t len)
{
	ssize_t rc = fs_writable(f);
	bool pushed = false;

	if (rc)
		return (int)rc;
	if (!len)
		return 0; /* write() is not called for an empty text */
	if (!f->node->store)
		return !strncmp(f->node->path, "/proc/", 6) ? -EIO : -EINVAL;
	if (f->node->writer)
		pushed = frame_push(&f->at.m->kernel, f->node->writer);
	rc = f->node->store(&f->at, text, len);
	frame_pop(&f->at.m->kernel, pushed);
	return rc < 0 ? (int)rc : 0;
}

/*
 * The path from one file to another, through the last directory that both have in common.
 */
static void relative(const char *from, const char *to, struct buf *out)
{
	size_t same = 0;

	for (size_t i = 0; from[i] && from[i] == to[i]; i++)
		if (from[i] == '/')
			same = i + 1;
	for (const char *up = strchr(from + same, '/'); up; up = strchr(up + 1, '/'))
		buf_puts(out, "../");
	buf_puts(out, to + same);
}

int fs_readlink(const struct fs_file *f, struct buf *out)
{
	struct buf target = BUF_INIT;

	if (!f->node->link)
		return -EINVAL;
	f->node->link(&f->at, &target);
	relative(buf_str(&f->path), buf_str(&target), out);
	buf_finish(&target);
	return out->cut ? -ENOMEM : 0;
}

void fs_mode(const struct fs_file *f, char out[11])
{
	static const char bit[] = "rwxrwxrwx";
	const struct node *n = f->node;
	unsigned mode = n->mode ? n->mode : n->link ? 0777 : 0755;

	out[0] = n->link ? 'l' : is_directory(n) ? 'd' : '-';
	for (int i = 0; i < 9; i++)
		out[1 + i] = mode & (0400u >> i) ? bit[i] : '-';
	out[10] = '\0';
}

bool fs_is_directory(const struct fs_file *f)
{
	return is_directory(f->node);
}

const char *fs_help(const struct fs_file *f)
{
	return f->node->help;
}

const char *fs_wants(const struct fs_file *f)
{
	return f->node->wants;
}

static bool is_top(const char *name, size_t len)
{
	return (len == 3 && !strncmp(name, "sys", 3)) || (len == 4 && !strncmp(name, "proc", 4));
}

bool fs_is_simulated(const char *path)
{
	const char *top = "";
	size_t top_len = 0, depth = 0;

	if (path[0] != '/')
		return false;
	/* "//sys" and "/tmp/../sys" are the same directory, on any host */
	for (size_t len; *(path += strspn(path, "/")); path += len) {
		len = strcspn(path, "/");
		if (len == 2 && !strncmp(path, "..", 2)) {
			depth -= depth > 0;
		} else if (len != 1 || path[0] != '.') {
			if (!depth++) {
				top = path;
				top_len = len;
			}
		}
	}
	return depth && is_top(top, top_len);
}

bool fs_leaves_machine(const char *path)
{
	const char *first = path + strspn(path, "/");

	return path[0] == '/' && is_top(first, strcspn(first, "/")) && !fs_is_simulated(path);
}
