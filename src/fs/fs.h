/* SPDX-License-Identifier: MIT */
/*
 * The paths of a machine: /sys and /proc. There is no file system behind
 * them: one table of nodes says what each path shows, what a text written to
 * it does, and where a link leads (node.h). No file of the host is touched.
 */
#ifndef DEVSH_FS_FS_H
#define DEVSH_FS_FS_H

#include "lib/buf.h"
#include "machine/machine.h"

/* What the placeholders of a path stand for, as far as one has been met. */
struct place {
	struct machine *m;
	struct bus_type *bus;
	struct device *dev;
	struct device_driver *drv;
	struct class *class;
	struct module *module;
	struct device_link *link;
	const struct kmem_cache *cache;
	int node;                /* NUMA */
};

/* A path that was found. Holds no references: good until the machine changes. */
struct fs_file {
	const struct node *node;
	struct place at;
	struct buf path;         /* without links, dots and doubled slashes */
};

/*
 * fs_find - what is at a path
 * @follow: a link at the end is followed, too
 *
 * 0, -ENOENT, -ENOTDIR, -ELOOP (more than 40 links), -ENOMEM. Also when it
 * fails *f is the last directory on the way, and *rest (may be NULL) the part
 * of `path` that is not there. The caller calls fs_finish() in any case.
 */
int fs_find(struct machine *m, const char *path, bool follow, struct fs_file *f,
	    const char **rest);
void fs_finish(struct fs_file *f);

/* A directory's entries in the order of their names. -ENOTDIR, -ENOMEM. */
typedef void (*fs_entry_fn)(void *ctx, const char *name, const struct fs_file *entry);
int fs_list(const struct fs_file *dir, fs_entry_fn fn, void *ctx);

/* The RELEASE() that brings the file `name` to a directory, where this machine's is older; else 0. */
int fs_since(const struct fs_file *dir, const char *name);

/* The text of a file: 0, -EISDIR, -EACCES. */
int fs_read(const struct fs_file *f, struct buf *out);
/* 0 when it can be opened to write: -EISDIR, -EACCES. */
int fs_writable(const struct fs_file *f);
/* 0, or the -errno that write() answers. */
int fs_write(const struct fs_file *f, const char *text, size_t len);
/* Where a link leads, relative to it, as readlink says: 0, -EINVAL. */
int fs_readlink(const struct fs_file *f, struct buf *out);

/* "-rw-r--r--" */
void fs_mode(const struct fs_file *f, char out[11]);
bool fs_is_directory(const struct fs_file *f);
const char *fs_help(const struct fs_file *f);
/* "0 or 1": what may be written to it; NULL: nothing more is known. */
const char *fs_wants(const struct fs_file *f);

/* True for the paths that are the machine's, not the host's. */
bool fs_is_simulated(const char *path);

/* The paths that may exist, with placeholders in <>, and what each is; NULL behind the end. */
const char *fs_path(size_t i, const char **help);

#endif
