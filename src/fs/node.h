/* SPDX-License-Identifier: MIT */
/*
 * The table of nodes, private to fs/. Each path has one entry:
 *
 *   /sys/bus/<bus>/drivers/<driver>/bind   0200   "bind a device: ..."   store_bind
 *
 * A component in <> is a placeholder: place.c iterates over the objects that it stands
 * for. An entry with show or store is a file, one with link is a link, and the rest are
 * directories. The entries of a directory are the nodes that are one component longer.
 * The mode of a file follows from what it can do, unless the kernel's is stricter.
 */
#ifndef DEVSH_FS_NODE_H
#define DEVSH_FS_NODE_H

#include <sys/types.h>

#include "base/driver_core.h"
#include "fs/fs.h"

struct node {
	const char *path;
	const char *help;
	unsigned mode;           /* permissions; 0: the default of a directory or link */
	int since;               /* RELEASE() that introduced it; 0: all have it */
	/* NULL: it always exists */
	bool (*exists)(const struct place *at);
	void (*show)(const struct place *at, struct buf *out);
	/*
	 * text is what was written, including '\n', and NUL-terminated. `len`, or -errno.
	 */
	ssize_t (*store)(const struct place *at, const char *text, size_t len);
	/* The absolute path of the target, without links in it. */
	void (*link)(const struct place *at, struct buf *out);
	const char *writer;      /* Linux' name of store; appears in call traces */
	const char *wants;       /* what store accepts, for error messages */
	const char *as;          /* continue as this path: a child is a device */
};

/* Each ends with an entry without a path; the first entry of sysfs_nodes is the root. */
extern const struct node sysfs_nodes[], link_nodes[], slab_nodes[], proc_nodes[],
	debugfs_nodes[], trace_nodes[], fault_nodes[], kmemleak_nodes[];

/* The i-th of all nodes; NULL past the end. */
const struct node *node_at(size_t i);
const struct node *node_find(const char *path);

/* --- placeholders (place.c) -------------------------------------------- */

struct cursor {
	struct list *at, *inner;
	unsigned i;
	char text[4 * NAME_MAX_BYTES + 16];
};

/*
 * Sets *at to the next object that <word> stands for; start with an empty cursor. Returns
 * its name, which is valid until the next call; NULL: no more.
 */
const char *place_next(const char *placeholder, struct place *at, struct cursor *c);

/* Paths of objects, for links. */
void path_of_device(const struct device *dev, struct buf *out);
void path_of_driver(const struct device_driver *drv, struct buf *out);
void path_of_bus(const struct bus_type *bus, struct buf *out);

/* --- for store (written.c) ----------------------------------------------- */

/* The text without the newline that echo adds. NULL: no memory. */
char *written_word(const char *text, size_t len);
/*
 * A number in the syntax of the kernel's files: decimal or 0x, optional newline. -EINVAL.
 */
int written_number(const char *text, size_t len, uint64_t *out);

#endif
