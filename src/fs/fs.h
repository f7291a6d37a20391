/* SPDX-License-Identifier: MIT */
/*
 * The paths of a machine: /sys and /proc. There is no real file system: a table of nodes
 * defines what each path shows, what writing to it does, and where a link leads (node.h).
 * Files of the host are not touched.
 */
#ifndef DEVSH_FS_FS_H
#define DEVSH_FS_FS_H

#include "lib/buf.h"
#include "machine/machine.h"

/* The objects that the placeholders of a path stand for, as far as it was walked. */
struct place {
	struct machine *m;
	struct bus_type *bus;
	struct device *dev;
	struct device_driver *drv;
	struct class *class;
	struct module *module;
	struct device_link *link;
	const struct kmem_cache *cache;
	int node;                /* NUMA node */
};

/* A path that was found. It holds no references: valid until the machine changes. */
struct fs_file {
	const struct node *node;
	struct place at;
	struct buf path;         /* without links, dots and repeated slashes */
};

/*
 * fs_find - look up a path
 * @follow: also follow a link at the end
 *
 * 0, -ENOENT, -ENOTDIR, -ELOOP (more than 40 links), -ENOMEM. On failure *f is the last
 * directory that was reached, and *rest (may be NULL) the part of `path` that was not
 * found. The caller must call fs_finish() in any case.
 */
int fs_find(struct machine *m, const char *path, bool follow, struct fs_file *f,
	    const char **rest);
void fs_finish(struct fs_file *f);

/* Lists a directory, sorted by name. -ENOTDIR, -ENOMEM. */
typedef void (*fs_entry_fn)(void *ctx, const char *name, const struct fs_file *entry);
int fs_list(const struct fs_file *dir, fs_entry_fn fn, void *ctx);

/*
 * The RELEASE() since which the directory has a file `name`, if this machine is older;
 * else 0.
 */
int fs_since(const struct fs_file *dir, const char *name);

/* Reads a file: 0, -EISDIR, -EACCES. */
int fs_read(const struct fs_file *f, struct buf *out);
/* 0 if the file can be opened for writing: -EISDIR, -EACCES. */
int fs_writable(const struct fs_file *f);
/* 0, or the -errno of write(). */
int fs_write(const struct fs_file *f, const char *text, size_t len);
/* The target of a link, relative to it, like readlink(): 0, -EINVAL. */
int fs_readlink(const struct fs_file *f, struct buf *out);

/* "-rw-r--r--" */
void fs_mode(const struct fs_file *f, char out[11]);
bool fs_is_directory(const struct fs_file *f);
const char *fs_help(const struct fs_file *f);
/* What may be written to it, such as "0 or 1"; NULL: not known. */
const char *fs_wants(const struct fs_file *f);

/* Whether a path belongs to the machine, not to the host. */
bool fs_is_simulated(const char *path);
/* True: it begins in /sys or /proc and ends elsewhere: "/sys/../tmp/x". */
bool fs_leaves_machine(const char *path);

/* All paths in the table, with placeholders in <>, and their help; NULL past the end. */
const char *fs_path(size_t i, const char **help);

#endif
